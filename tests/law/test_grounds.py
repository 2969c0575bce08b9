"""The register of refusal grounds: complete, concrete, and silent where the law allows no refusal."""

import re
from datetime import date
from pathlib import Path

import pytest

from law.grounds import Kind, UnknownGround, ground, grounds, register
from law.language import LANGS
from law.periods import UnknownPeriod, kept_until, period, periods
from law.rights import Right, card

STATUTE = Path(__file__).resolve().parents[3] / "shared" / "law" / "statute.md"


def codes_of(text: str) -> set[str]:
    """The codes in the first column of section 5, with «A/B», «A…F» and «1…6» written out."""
    table = text.split("## 5. Refusal-ground register")[1].split("\n## 6.")[0]
    found: set[str] = set()
    for row in re.findall(r"^\| ([GN][^|]*) \|", table, re.MULTILINE):
        for cell in row.split(", "):
            head, *rest = re.split(r"[/…]", cell)
            found.add(head)
            if "…" in cell:
                found |= {head[:-1] + chr(n) for n in range(ord(head[-1]), ord(rest[0]) + 1)}
            else:
                found |= {head[:-1] + end for end in rest}
    return found


def test_the_register_has_the_codes_of_the_statute_sheet() -> None:
    """No code missing, none invented."""
    if not STATUTE.exists():
        pytest.skip("../shared/law/statute.md is not beside this checkout")
    expected = codes_of(STATUTE.read_text(encoding="utf-8"))
    assert {found.code for found in register()} == expected


@pytest.mark.parametrize("right", [Right.WITHDRAW_CONSENT, Right.COMPLAINT])
def test_no_ground_is_offered_where_the_law_has_none(right: Right) -> None:
    """Arts. 7(3) and 77."""
    assert grounds(right) == ()


def test_marketing_cannot_be_refused() -> None:
    """Art. 21(2)-(3): an objection to direct marketing has no ground, another objection has."""
    assert grounds(Right.OBJECTION, marketing=True) == ()
    assert ground("G21-1B") in grounds(Right.OBJECTION)


def test_the_register_agrees_with_the_cards() -> None:
    """A right is refusable exactly when an officer has grounds to choose from."""
    assert {right for right in Right if grounds(right)} == {r for r in Right if card(r).refusable}


def test_every_ground_forces_facts_and_speaks_three_languages() -> None:
    """Free text alone is never enough: each code asks for at least one fact."""
    for found in register():
        assert found.evidence
        assert set(found.label) == set(found.text) == set(LANGS)
        assert len({item.id for item in found.evidence}) == len(found.evidence)


def test_bookkeeping_needs_its_sub_code() -> None:
    """G17-3B is no ground without the statute; another one may be named, with its section."""
    law = ground("G17-3B")
    assert [law.accepts(code) for code in ("BOKF-5Y", "SKBL-5-13c", "OTHER:hvitvaskingsloven § 35")] == [
        True
    ] * 3
    assert [law.accepts(code) for code in (None, "OTHER:", "BOKF-99Y", "")] == [False] * 4
    assert ground("G17-0").accepts(None)
    assert not ground("G17-0").accepts("OTHER:§ 1")


def test_missing_evidence_is_named() -> None:
    """Blanks do not count as evidence."""
    given = {"document_type": "faktura", "accounting_year_end": " "}
    assert [item.id for item in ground("G17-3B").missing(given)] == ["accounting_year_end", "erase_after"]


def test_abuse_takes_two_officers_and_analogies_do_too() -> None:
    """C-526/24 for access, and Art. 12(5) outside access, which the EDPB has not worked out."""
    approvals = {
        (code, right): ground(code).approvals_for(right)
        for code in ("G12-5A", "G12-5C")
        for right in (Right.ACCESS, Right.ERASURE)
    }
    assert approvals == {
        ("G12-5A", Right.ACCESS): 1,
        ("G12-5A", Right.ERASURE): 2,
        ("G12-5C", Right.ACCESS): 2,
        ("G12-5C", Right.ERASURE): 2,
    }


def test_a_ground_for_another_right_is_refused() -> None:
    """An erasure ground cannot carry an access refusal."""
    with pytest.raises(ValueError, match="does not apply"):
        ground("G17-3B").approvals_for(Right.ACCESS)


def test_doubt_fee_and_no_data_are_no_refusals() -> None:
    """They have their own letters."""
    kinds = {found.code: found.kind for found in register() if found.kind is not Kind.REFUSAL}
    assert kinds == {"G2-0": Kind.NO_DATA, "G12-6P": Kind.PENDING, "G12-5F": Kind.FEE}


def test_an_unknown_code_is_an_error() -> None:
    """Grounds and periods alike."""
    with pytest.raises(UnknownGround):
        ground("G99")
    with pytest.raises(UnknownPeriod):
        period("10Y")


def test_sub_codes_are_periods_and_periods_serve_their_ground() -> None:
    """The two catalogues name each other."""
    named = {(found.code, sub) for found in register() for sub in found.subcodes}
    assert named == {(found.ground, found.code) for found in periods()}


@pytest.mark.parametrize(
    ("code", "until"),
    [
        ("BOKF-5Y", date(2031, 12, 31)),
        ("BOKF-3_5Y", date(2030, 6, 30)),
        ("BOKF-10Y", date(2036, 12, 31)),
        ("DESK-3Y", date(2029, 3, 15)),
    ],
)
def test_a_period_ends_as_its_statute_counts(code: str, until: date) -> None:
    """Bookkeeping counts from the year's end, a closed case from its own day."""
    assert kept_until(code, date(2026, 3, 15), "12-31") == until


def test_an_order_from_the_tax_office_only_sets_the_earliest_date() -> None:
    """The order itself says how long, so the officer must look."""
    assert [found.code for found in periods() if found.at_least] == ["SKBL-5-13c"]
