"""What a company's documents say: its record of processing, facts, promises, and where they meet the law."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from law.language import Words
from law.periods import period
from law.rights import Right
from operators.table import Table


class Role(StrEnum):
    """GDPR Art. 4(7) and 4(8)."""

    CONTROLLER = "controller"
    PROCESSOR = "processor"


class Severity(StrEnum):
    """How much harm answering as the document says would do; CRITICAL breaks the law or hurts someone."""

    CRITICAL = "CRITICAL"
    HIGH = "HIGH"
    MEDIUM = "MEDIUM"
    LOW = "LOW"


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who gets the data (GDPR Art. 13(1)(e), 15(1)(c)); `country` None where the document does not say."""

    id: str
    name: str
    purpose: Words
    country: str | None
    transfer: Words | None
    clause: str
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Processing:
    """One entry of the record (GDPR Art. 30).

    `basis` reads "6(1)(b)"; None where the document states none, as `basis_words` then says. `retention_code`
    is a code of law/periods.toml for what a statute makes the company keep; `recipients` are Recipients' ids;
    `clause` is a section number or, in a document without numbers, a heading.
    """

    id: str
    role: Role
    purpose: Words
    people: Words
    data: Words
    basis: str | None
    basis_words: Words
    retention: Words
    retention_code: str | None
    source: Words
    recipients: tuple[str, ...]
    clause: str
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing people ask about, in one sentence of ours; without `stated`, that the document is silent.

    `also`: other topics under which people ask about it.
    """

    id: str
    topic: str
    words: Words
    clause: str
    evidence: tuple[str, ...]
    stated: bool = True
    also: tuple[str, ...] = ()

    @property
    def topics(self) -> tuple[str, ...]:
        """Every topic it is about, the nearest first."""
        return (self.topic, *self.also)


@dataclass(frozen=True, slots=True)
class Promise:
    """A time the company set itself; where it `yields_to_law`, the law's own time comes first."""

    id: str
    clause: str
    subject: Words
    days: int
    months: int
    years: int
    yields_to_law: bool
    note: Words


@dataclass(frozen=True, slots=True)
class Conflict:
    """Where a document and the law part: what it says, in our words, and what holds instead.

    `against`: other clauses of the document that `clause` contradicts; then a human must say which of them holds.
    """

    id: str
    severity: Severity
    clause: str
    article: str
    topic: str
    says: Words
    holds: Words
    right: Right | None
    against: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Register:
    """The contents of register.toml."""

    recipients: tuple[Recipient, ...]
    processings: tuple[Processing, ...]


def read_register(table: Table) -> Register:
    """Read register.toml. Raises ProfileError, also for a recipient that no [[recipient]] defines."""
    recipients = tuple(_recipient(row) for row in table.rows("recipient"))
    known = {recipient.id for recipient in recipients}
    processings = tuple(_processing(row, known) for row in table.rows("processing"))
    table.done()
    return Register(recipients, processings)


def read_facts(table: Table) -> tuple[tuple[Fact, ...], tuple[Promise, ...]]:
    """Read facts.toml: [[fact]] and [[promise]]."""
    facts = tuple(_fact(row) for row in table.rows("fact"))
    promises = tuple(_promise(row) for row in table.rows("promise"))
    table.done()
    return facts, promises


def read_conflicts(table: Table) -> tuple[Conflict, ...]:
    """Read conflicts.toml: [[conflict]]."""
    conflicts = tuple(_conflict(row) for row in table.rows("conflict"))
    table.done()
    return conflicts


def _recipient(row: Table) -> Recipient:
    recipient = Recipient(
        id=row.text("id"),
        name=row.text("name"),
        purpose=row.words("purpose"),
        country=row.maybe_text("country"),
        transfer=row.maybe_words("transfer"),
        clause=row.text("clause"),
        evidence=row.texts("evidence"),
    )
    row.done()
    return recipient


def _processing(row: Table, recipients: Collection[str]) -> Processing:
    named = row.texts("recipients")
    for one in named:
        if one not in recipients:
            raise row.wrong("recipients", f"{one!r} is not the id of a [[recipient]]")
    processing = Processing(
        id=row.text("id"),
        role=row.one_of("role", Role),
        purpose=row.words("purpose"),
        people=row.words("people"),
        data=row.words("data"),
        basis=row.maybe_text("basis"),
        basis_words=row.words("basis_words"),
        retention=row.words("retention"),
        retention_code=row.known("retention_code", period) if "retention_code" in row.values else None,
        source=row.words("source"),
        recipients=named,
        clause=row.text("clause"),
        evidence=row.texts("evidence"),
    )
    row.done()
    return processing


def _fact(row: Table) -> Fact:
    fact = Fact(
        id=row.text("id"),
        topic=row.text("topic"),
        also=row.texts("also"),
        words=row.words("words"),
        clause=row.maybe_text("clause") or "",
        evidence=row.texts("evidence"),
        stated=row.flag("stated", True),
    )
    row.done()
    if fact.stated and not fact.clause:
        raise row.wrong("clause", "is missing; a fact without a clause must say stated = false")
    return fact


def _promise(row: Table) -> Promise:
    promise = Promise(
        id=row.text("id"),
        clause=row.text("clause"),
        subject=row.words("subject"),
        days=row.number("days"),
        months=row.number("months"),
        years=row.number("years"),
        yields_to_law=row.flag("yields_to_law", False),
        note=row.words("note"),
    )
    row.done()
    if not (promise.days or promise.months or promise.years):
        raise row.wrong("days", "a promise needs days, months or years")
    return promise


def _conflict(row: Table) -> Conflict:
    conflict = Conflict(
        id=row.text("id"),
        severity=row.one_of("severity", Severity),
        clause=row.text("clause"),
        article=row.text("article"),
        topic=row.text("topic"),
        says=row.words("says"),
        holds=row.words("holds"),
        right=row.one_of("right", Right) if "right" in row.values else None,
        against=row.texts("against"),
    )
    row.done()
    return conflict
