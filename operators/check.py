"""What is wrong with a company that loads: the gaps that would make the desk answer badly."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from stdnum.no import orgnr

from law.language import LANGS, Words
from operators.register import Role
from operators.systems import Holding, System

if TYPE_CHECKING:
    from operators.profile import Operator


@dataclass(frozen=True, slots=True)
class Problem:
    """One gap: its code, where it is ("systems.shop.accounts") and what it means, in three languages."""

    code: str
    where: str
    words: Words


def check(operator: Operator) -> tuple[Problem, ...]:
    """Look for gaps in a loaded company; an empty tuple is a clean bill."""
    texts = _texts()
    found = (*_identity(operator), *_contents(operator), *_systems(operator))
    return tuple(Problem(code, where, texts[code]) for code, where in found)


@cache
def _texts() -> dict[str, Words]:
    said = tomllib.loads((Path(__file__).parent / "problems.toml").read_text(encoding="utf-8"))
    return {code: {lang: str(words[lang]) for lang in LANGS} for code, words in said.items()}


Found = Iterator[tuple[str, str]]


def _identity(operator: Operator) -> Found:
    if operator.fictional and operator.org_number:
        yield "invented_number", "org_number"
    if operator.org_number and not orgnr.is_valid(operator.org_number):
        yield "bad_org_number", "org_number"
    topics = {conflict.topic for conflict in operator.conflicts}
    if not operator.contact.reachable and "controller_contact" not in topics:
        yield "no_contact", "contact"
    if operator.dpo is not None and not operator.dpo.reachable:
        yield "no_contact", "dpo"
    if not operator.documents:
        yield "no_documents", "document"
    if not operator.channels:
        yield "no_channels", "channels"


def _contents(operator: Operator) -> Found:
    if not operator.register:
        yield "no_register", "processing"
    if Role.PROCESSOR in operator.acts_as and operator.processor is None:
        yield "no_processor_rule", "processor"
    for fact in operator.facts:
        if fact.stated and not fact.evidence:
            yield "no_evidence", f"fact.{fact.id}"
        if not fact.stated and fact.evidence:
            yield "evidence_of_silence", f"fact.{fact.id}"
    used = {one for processing in operator.register for one in processing.recipients}
    for recipient in operator.recipients:
        if recipient.id not in used:
            yield "idle_recipient", f"recipient.{recipient.id}"


def _systems(operator: Operator) -> Found:
    if not operator.systems:
        yield "no_systems", "system"
    held = {holding.processing for system in operator.systems for holding in system.holdings}
    for processing in operator.register:
        if operator.systems and processing.id not in held:
            yield "held_nowhere", f"processing.{processing.id}"
    roles = {processing.id: processing.role for processing in operator.register}
    for system in operator.systems:
        if not system.holdings:
            yield "holds_nothing", f"system.{system.id}"
        if not system.identifiers:
            yield "no_way_to_find", f"system.{system.id}"
        for holding in system.holdings:
            where = f"system.{system.id}.{holding.id}"
            if roles[holding.processing] is not system.role:
                yield "role_differs", where
            yield from _holding(system, holding, where)


def _holding(system: System, holding: Holding, where: str) -> Found:
    if system.adapter != "sql":
        return
    if not holding.identifiers and holding.parent is None:
        yield "no_way_to_find", where
    if system.role is Role.PROCESSOR and holding.customer is None and holding.parent is None:
        yield "no_customer_column", where
    if set(holding.secret) & set(holding.shown or ()):
        yield "secret_shown", where
    if set(holding.masked) - set(holding.personal):
        yield "masked_not_personal", where
