"""The promises every adapter keeps, as one inherited class; an adapter's test says how to plant."""

from collections.abc import Sequence
from datetime import date

from fulfilment.adapter import Adapter, Capability, Outcome, OutcomeKind, Person, Record

TODAY = date(2026, 11, 25)


class AdapterContract:
    """Subclasses give the adapter with two people planted in its system, and who they are.

    `adapter` is a fixture of the subclass; `person` is found in the system, `other` must never be touched,
    `name` stands in the person's rows and `other_name` in the other's.
    """

    person: Person
    other: Person
    name: str
    other_name: str
    holdings: tuple[str, ...]

    async def exported(self, adapter: Adapter, person: Person) -> Sequence[Record]:
        """The whole export at once."""
        return [record async for record in adapter.export(person)]

    def automatic(self, adapter: Adapter, what: str) -> bool:
        """Whether a program does it; a manual system makes a task instead."""
        return adapter.spec.capabilities[what] is Capability.API

    async def erased(self, adapter: Adapter) -> Outcome:
        """Erase the person everywhere."""
        return await adapter.erase(self.person, self.holdings, (), today=TODAY)

    async def test_check_passes(self, adapter: Adapter) -> None:
        """A system that is there and rightly described passes its check."""
        await adapter.check()

    async def test_the_planted_name_is_in_the_export(self, adapter: Adapter) -> None:
        """What the system holds comes out; a manual one says that it cannot know."""
        match = await adapter.find(self.person)
        if not self.automatic(adapter, "export"):
            assert match.unknown
            assert await self.exported(adapter, self.person) == []
            return
        records = await self.exported(adapter, self.person)
        assert self.name in str(records)
        assert len(records) == match.total > 0

    async def test_an_export_shows_nobody_else(self, adapter: Adapter) -> None:
        """The other person's name is not in it."""
        assert self.other_name not in str(await self.exported(adapter, self.person))

    async def test_an_unknown_person_is_not_found(self, adapter: Adapter) -> None:
        """No row belongs to somebody the system has never met, nor to nobody at all."""
        for nobody in ({"email": ("nobody@example.net",)}, {"email": ("",), "phone": ("", "-")}, {}):
            assert (await adapter.find(Person(nobody))).total == 0

    async def test_erased_is_gone(self, adapter: Adapter) -> None:
        """After an erasure reading back finds nothing without a ground."""
        outcome = await self.erased(adapter)
        residue = await adapter.verify(self.person, outcome)
        if not self.automatic(adapter, "erase"):
            assert outcome.kind is OutcomeKind.MANUAL
            assert not residue.clean
            return
        assert outcome.kind is OutcomeKind.DONE
        assert residue.clean

    async def test_what_stays_has_a_ground(self, adapter: Adapter) -> None:
        """Each row still found after an erasure is one the outcome names as kept or blanked."""
        outcome = await self.erased(adapter)
        for found in (await adapter.find(self.person)).found:
            named = {*outcome.kept_keys.get(found.holding, ()), *outcome.blanked.get(found.holding, ())}
            assert set(found.keys) <= named
        for rule in outcome.kept:
            assert rule.ground
            assert rule.count == len(outcome.kept_keys[rule.holding])

    async def test_erasing_again_is_harmless(self, adapter: Adapter) -> None:
        """A second erasure removes nothing more of anybody's and reads back clean too."""
        await self.erased(adapter)
        before = await self.exported(adapter, self.other)
        again = await self.erased(adapter)
        assert await self.exported(adapter, self.other) == before
        if self.automatic(adapter, "erase"):
            assert (await adapter.verify(self.person, again)).clean

    async def test_the_other_person_is_untouched(self, adapter: Adapter) -> None:
        """Erasing one person leaves every row of another as it was."""
        before = await self.exported(adapter, self.other)
        await self.erased(adapter)
        assert await self.exported(adapter, self.other) == before
