"""The manual adapter keeps the contract by making tasks."""

from dataclasses import replace

import pytest

from fulfilment.adapter import Action, OutcomeKind, Person
from fulfilment.adapters.manual import TICK, ManualAdapter
from tests.fulfilment.adapter_contract import TODAY, AdapterContract
from tests.fulfilment.shop import PAPER


class TestManual(AdapterContract):
    """The contract."""

    person = Person({"email": ("kari@example.com",)})
    other = Person({"email": ("ola@example.org",)})
    name = "Kari"
    other_name = "Ola"
    holdings = ("letters",)

    @pytest.fixture
    def adapter(self) -> ManualAdapter:
        """A paper archive."""
        return ManualAdapter(PAPER)

    async def test_a_tick_counts_as_read_back(self, adapter: ManualAdapter) -> None:
        """The officer's tick makes the task done; a task without it stays open."""
        task = await adapter.erase(self.person, self.holdings, (), today=TODAY)
        ticked = replace(task, kind=OutcomeKind.DONE, evidence=f"{TICK}anna")
        assert not (await adapter.verify(self.person, task)).clean
        assert (await adapter.verify(self.person, ticked)).clean
        assert ticked.action is Action.ERASE
