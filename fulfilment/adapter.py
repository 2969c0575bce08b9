"""The contract every adapter keeps, and the values that pass through it."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Protocol


class Capability(StrEnum):
    """How a system can serve a right: by itself, in part, by an officer's hand, or not here."""

    API = "api"
    PARTIAL = "partial"
    MANUAL = "manual"
    REFER = "refer"


class Action(StrEnum):
    """What a step does in a system. FORWARD and ANSWER are always an officer's work."""

    EXPORT = "export"
    RECTIFY = "rectify"
    RESTRICT = "restrict"
    OBJECT = "object"
    ERASE = "erase"
    FORWARD = "forward"
    ANSWER = "answer"


class OutcomeKind(StrEnum):
    """What became of an action."""

    DONE = "done"
    PARTIAL = "partial"
    NO_MATCH = "no_match"
    BLOCKED = "blocked"
    MANUAL = "manual"
    REFERRED = "referred"
    REFUSED = "refused"


# The three faults are not frozen: a context manager must be able to set their traceback.
@dataclass(slots=True, eq=False)
class TryLater(Exception):
    """The system is down or busy; the same attempt may succeed after `wait` seconds."""

    wait: float
    why: str = ""


@dataclass(slots=True, eq=False)
class NeedsOfficer(Exception):
    """Only a human can go on; `why` is for the officer and holds no personal data."""

    why: str


@dataclass(slots=True, eq=False)
class Misconfigured(Exception):
    """The engineer must mend the description or the access; `why` holds no personal data."""

    why: str


@dataclass(frozen=True, slots=True)
class Person:
    """Who is looked for: proven identifiers only, by kind (email, phone, customer_number, username).

    `known` are the rows a plan found (holding -> keys). They are only ever read, to recognise work that an
    attempt cut short had already done; a row is changed because an identifier leads to it, never by its key.
    """

    identifiers: Mapping[str, tuple[str, ...]]
    known: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Found:
    """Rows of one holding that are the person's.

    `keep_until` has (row key, last ISO day) for the rows of a holding kept by law, also where the day has
    passed; None where the row does not say from when its period counts.
    """

    holding: str
    count: int
    keys: tuple[str, ...] = ()
    keep_until: tuple[tuple[str, str | None], ...] = ()


@dataclass(frozen=True, slots=True)
class Controller:
    """A customer whose data it is, in a system the company only runs for them (Art. 28).

    `name` is what the person is told. `email` is the main contact's, whom the request is passed on to; None
    where the system knows none.
    """

    name: str
    email: str | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """What a system holds on the person. `learnt` are identifiers met on the way (not proven ones).

    `unknown`: the system cannot be asked by a program; only an officer can say what it holds.
    """

    found: tuple[Found, ...] = ()
    learnt: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    controllers: tuple[Controller, ...] = ()  # processor systems: the customers whose data it is
    unknown: bool = False

    @property
    def total(self) -> int:
        """Rows in all holdings."""
        return sum(f.count for f in self.found)


@dataclass(frozen=True, slots=True)
class Record:
    """One exported row, secrets left out and cards masked."""

    holding: str
    key: str
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Change:
    """A rectification: the field (email, phone, address, name, ...), what stands and what shall stand."""

    field: str
    new_value: str
    old_value: str | None = None


@dataclass(frozen=True, slots=True)
class KeepRule:
    """Rows that stay: which, by which ground and period, until when (ISO dates, the latest one counts)."""

    holding: str
    ground: str
    period: str | None
    until: str | None
    count: int


@dataclass(frozen=True, slots=True)
class Replaced:
    """One value changed in one place."""

    holding: str
    key: str
    column: str
    old: str | None
    new: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an action did. `evidence` names the proof in the system's own terms, without personal data.

    holdings   the holdings acted on
    removed    holding -> rows without the person now, deleted or blanked
    keys       holding -> keys of rows exported, or deleted and to be found gone
    blanked    holding -> keys of rows that remain with the person written over
    kept_keys  holding -> keys of the rows `kept` speaks of
    """

    kind: OutcomeKind
    action: Action
    holdings: tuple[str, ...] = ()
    removed: Mapping[str, int] = field(default_factory=dict)
    changed: tuple[Replaced, ...] = ()
    kept: tuple[KeepRule, ...] = ()
    keys: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    blanked: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    kept_keys: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    evidence: str = ""
    verify_after: datetime | None = None


@dataclass(frozen=True, slots=True)
class Residue:
    """What reading back still found: holding -> rows. Empty means done."""

    left: Mapping[str, int] = field(default_factory=dict)

    @property
    def clean(self) -> bool:
        """Nothing is left that should be gone or changed."""
        return not any(self.left.values())


@dataclass(frozen=True, slots=True)
class AdapterSpec:
    """What an adapter is: its settings as JSON Schema, the identifiers it accepts, what it can do."""

    name: str
    settings: Mapping[str, Any]
    identifiers: frozenset[str]
    capabilities: Mapping[str, Capability]  # export, rectify, restrict, erase


@dataclass(frozen=True, slots=True)
class Reference:
    """A column that points into another table."""

    table: str
    column: str
    target: str
    target_column: str


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What a system holds, by its own account: table -> columns, and how tables refer to each other.

    `undescribed` are tables that no holding speaks of and that refer to one that does, or look personal.
    """

    tables: Mapping[str, tuple[str, ...]]
    references: tuple[Reference, ...] = ()
    undescribed: tuple[str, ...] = ()


class Adapter(Protocol):
    """One system of the company. Never a speculative destructive call: find comes before erase."""

    @property
    def spec(self) -> AdapterSpec:
        """What the adapter is and can."""

    async def check(self) -> None:
        """Reachable, allowed, described rightly; cheap. Raises Misconfigured or TryLater."""

    async def discover(self) -> Catalogue:
        """What the system itself says it holds."""

    async def find(self, person: Person) -> Match:
        """Counts per holding under the person's proven identifiers."""

    def export(self, person: Person) -> AsyncIterator[Record]:
        """Every row of the person, streamed."""

    async def rectify(self, person: Person, change: Change) -> Outcome:
        """Old to new in every place the field stands."""

    async def restrict(self, person: Person, on: bool) -> Outcome:
        """Set or lift the restriction."""

    async def object(self, person: Person) -> Outcome:
        """Stop marketing to the person (Art. 21(3), Art. 7(3))."""

    async def erase(
        self, person: Person, holdings: Sequence[str], keep: Sequence[KeepRule], *, today: date
    ) -> Outcome:
        """Remove what may go; what stays has a ground. Again on what is gone: harmless."""

    async def verify(self, person: Person, outcome: Outcome) -> Residue:
        """Read back what an outcome promised."""
