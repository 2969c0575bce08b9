"""check(): each gap is found, and said in three languages."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from law.language import LANGS
from operators.profile import Contact, Operator, Processing, Role, check, load
from tests.operators.small import written


@pytest.fixture
def lampe(tmp_path: Path) -> Operator:
    """The small company, which has no gaps."""
    return load(written(tmp_path))


def test_a_whole_company_has_no_problems(lampe: Operator) -> None:
    """The small company passes, so that what the others find is their own doing."""
    assert check(lampe) == ()


def first_processing(lampe: Operator, **changes: Any) -> Operator:
    return replace(lampe, register=(replace(lampe.register[0], **changes), *lampe.register[1:]))


def first_system(lampe: Operator, **changes: Any) -> Operator:
    return replace(lampe, systems=(replace(lampe.systems[0], **changes), *lampe.systems[1:]))


def first_holding(lampe: Operator, **changes: Any) -> Operator:
    first, *rest = lampe.systems[0].holdings
    return first_system(lampe, holdings=(replace(first, **changes), *rest))


def processor_only(lampe: Operator) -> Operator:
    return first_processing(lampe, role=Role.PROCESSOR)


def gifts(lampe: Operator) -> Processing:
    return replace(lampe.register[0], id="gifts")


NOBODY = Contact(None, None, None, None)

GAPS: list[tuple[str, str, Callable[[Operator], Operator]]] = [
    ("invented_number", "org_number", lambda o: replace(o, org_number="971049669")),
    ("bad_org_number", "org_number", lambda o: replace(o, org_number="971049660", fictional=False)),
    ("no_contact", "contact", lambda o: replace(o, contact=NOBODY)),
    ("no_contact", "dpo", lambda o: replace(o, dpo=NOBODY)),
    ("no_documents", "document", lambda o: replace(o, documents=())),
    ("no_channels", "channels", lambda o: replace(o, channels=())),
    ("no_register", "processing", lambda o: replace(o, register=(), recipients=(), systems=())),
    ("no_processor_rule", "processor", lambda o: replace(processor_only(o), processor=None)),
    ("no_evidence", "fact.price", lambda o: replace(o, facts=(replace(o.facts[0], evidence=()),))),
    ("evidence_of_silence", "fact.price", lambda o: replace(o, facts=(replace(o.facts[0], stated=False),))),
    ("idle_recipient", "recipient.bud", lambda o: first_processing(o, recipients=())),
    ("no_systems", "system", lambda o: replace(o, systems=())),
    ("held_nowhere", "processing.gifts", lambda o: replace(o, register=(*o.register, gifts(o)))),
    ("holds_nothing", "system.shop", lambda o: first_system(o, holdings=())),
    ("no_way_to_find", "system.shop", lambda o: first_system(o, identifiers=())),
    ("no_way_to_find", "system.shop.accounts", lambda o: first_holding(o, identifiers={})),
    ("role_differs", "system.shop.accounts", processor_only),
    ("no_customer_column", "system.shop.accounts", lambda o: first_system(o, role=Role.PROCESSOR)),
    ("secret_shown", "system.shop.accounts", lambda o: first_holding(o, shown=("password_hash",))),
    ("masked_not_personal", "system.shop.accounts", lambda o: first_holding(o, masked=("card",))),
]


@pytest.mark.parametrize(("code", "where", "broken"), GAPS, ids=[f"{gap[0]}-{gap[1]}" for gap in GAPS])
def test_a_gap_is_found(
    lampe: Operator, code: str, where: str, broken: Callable[[Operator], Operator]
) -> None:
    """Breaking one thing brings up its problem, with words for the officer."""
    found = {(problem.code, problem.where): problem for problem in check(broken(lampe))}
    assert (code, where) in found
    assert set(found[code, where].words) == set(LANGS)


def test_a_missing_contact_may_be_explained_by_a_conflict(lampe: Operator) -> None:
    """Where the document itself gives no address, the conflict that says so closes the gap."""
    conflict = replace(lampe.conflicts[0], topic="controller_contact")
    assert check(replace(lampe, contact=NOBODY, conflicts=(conflict,))) == ()


def test_shown_columns_may_leave_secrets_out(lampe: Operator) -> None:
    """Naming what is shown is fine as long as no secret is among it."""
    assert check(first_holding(lampe, shown=("email",))) == ()
