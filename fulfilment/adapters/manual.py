"""A system that only an officer can work in: every action is a task, ticked off with a note."""

from collections.abc import AsyncIterator, Sequence
from datetime import date

from fulfilment.adapter import (
    Action,
    AdapterSpec,
    Capability,
    Catalogue,
    Change,
    KeepRule,
    Match,
    Outcome,
    OutcomeKind,
    Person,
    Record,
    Residue,
)
from operators.systems import System

TICK = "tick:"  # evidence of a task done begins so, then who ticked it off


class ManualAdapter:
    """The contract where no program reaches: it never guesses what is held; an officer's tick is its word."""

    def __init__(self, system: System) -> None:
        self.system = system

    @property
    def spec(self) -> AdapterSpec:
        """Everything is manual."""
        return AdapterSpec(
            name="manual",
            settings={"type": "object", "properties": {}},
            identifiers=frozenset(self.system.identifiers),
            capabilities=dict.fromkeys(
                ("export", "rectify", "restrict", "object", "erase"), Capability.MANUAL
            ),
        )

    async def check(self) -> None:
        """There is nothing to reach."""

    async def discover(self) -> Catalogue:
        """What the description says, since the system cannot be asked."""
        return Catalogue({holding.id: holding.personal for holding in self.system.holdings})

    async def find(self, person: Person) -> Match:
        """Unknown until an officer has looked."""
        return Match(unknown=True)

    async def export(self, person: Person) -> AsyncIterator[Record]:
        """Nothing: the officer adds files to the task."""
        nothing: tuple[Record, ...] = ()
        for record in nothing:
            yield record

    async def rectify(self, person: Person, change: Change) -> Outcome:
        """A task."""
        return Outcome(OutcomeKind.MANUAL, Action.RECTIFY)

    async def restrict(self, person: Person, on: bool) -> Outcome:
        """A task."""
        return Outcome(OutcomeKind.MANUAL, Action.RESTRICT)

    async def object(self, person: Person) -> Outcome:
        """A task."""
        return Outcome(OutcomeKind.MANUAL, Action.OBJECT)

    async def erase(
        self, person: Person, holdings: Sequence[str], keep: Sequence[KeepRule], *, today: date
    ) -> Outcome:
        """A task."""
        return Outcome(OutcomeKind.MANUAL, Action.ERASE, holdings=tuple(holdings), kept=tuple(keep))

    async def verify(self, person: Person, outcome: Outcome) -> Residue:
        """A task is done when an officer has ticked it off."""
        return Residue() if outcome.evidence.startswith(TICK) else Residue({self.system.id: 1})
