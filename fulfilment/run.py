"""Carries out one step of a plan in its system, and reads it back; knows no table of ours."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta

from fulfilment.adapter import (
    Action,
    Adapter,
    Change,
    KeepRule,
    Outcome,
    OutcomeKind,
    Person,
    Residue,
    TryLater,
)
from fulfilment.adapters.manual import TICK
from fulfilment.sealed import Done
from fulfilment.tools import FIRST_WAIT, PATIENCE


@dataclass(frozen=True, slots=True)
class Task:
    """One action for one person; `found` is holding -> rows when the plan was made."""

    action: Action
    person: Person
    holdings: tuple[str, ...]
    today: date
    keep: tuple[KeepRule, ...] = ()
    change: Change | None = None
    found: Mapping[str, int] = field(default_factory=dict)


async def act(adapter: Adapter | None, task: Task) -> Done:
    """Do it. Every action can be repeated: a second time finds it done and says the same.

    `adapter` None, FORWARD and ANSWER are an officer's work. Raises TryLater, NeedsOfficer, Misconfigured.
    """
    if adapter is None or task.action in (Action.FORWARD, Action.ANSWER):
        return Done(Outcome(OutcomeKind.MANUAL, task.action, holdings=task.holdings))
    async with patience():
        if task.action is Action.EXPORT:
            return await _export(adapter, task)
        return Done(await _change(adapter, task))


async def read_back(adapter: Adapter | None, task: Task, outcome: Outcome) -> Residue:
    """What the action should have changed and did not. Raises as `act`.

    An officer's word stands for a copy made by hand. An erasure by hand is read back like any other, but for as
    many rows as the officer, or else the plan, says must stay.
    """
    by_hand = outcome.evidence.startswith(TICK)
    if adapter is None or (by_hand and outcome.action is Action.EXPORT):
        return Residue()
    async with patience():
        residue = await adapter.verify(task.person, outcome)
    if not by_hand or outcome.action is not Action.ERASE:
        return residue
    spared = Counter[str]()
    for rule in outcome.kept or task.keep:
        spared[rule.holding] += rule.count
    for name, keys in outcome.kept_keys.items():
        spared[name] = max(0, spared[name] - len(keys))  # an earlier attempt named them: they are no residue
    left = {holding: count - spared[holding] for holding, count in residue.left.items()}
    return Residue({holding: count for holding, count in left.items() if count > 0})


@asynccontextmanager
async def patience(limit: timedelta = PATIENCE) -> AsyncIterator[None]:
    """Calls to a system in here end in time, with TryLater at the latest."""
    try:
        async with asyncio.timeout(limit.total_seconds()):
            yield
    except TimeoutError:
        raise TryLater(FIRST_WAIT, "slow") from None


async def _export(adapter: Adapter, task: Task) -> Done:
    if (await adapter.find(task.person)).unknown:
        return Done(Outcome(OutcomeKind.MANUAL, Action.EXPORT, holdings=task.holdings))
    records = [one async for one in adapter.export(task.person)]
    keys: dict[str, list[str]] = {}
    for one in records:
        keys.setdefault(one.holding, []).append(one.key)
    outcome = Outcome(
        kind=OutcomeKind.DONE if records else OutcomeKind.NO_MATCH,
        action=Action.EXPORT,
        holdings=task.holdings,
        keys={holding: tuple(rows) for holding, rows in keys.items()},
        evidence=f"{len(records)} rows",
    )
    return Done(outcome, tuple(one for one in records if one.holding in task.holdings))


async def _change(adapter: Adapter, task: Task) -> Outcome:
    if task.action is Action.ERASE:
        return await adapter.erase(task.person, task.holdings, task.keep, today=task.today)
    if task.action is Action.RESTRICT:
        return await adapter.restrict(task.person, True)
    if task.action is Action.OBJECT:
        return await adapter.object(task.person)
    if task.change is None:
        return Outcome(OutcomeKind.MANUAL, Action.RECTIFY, holdings=task.holdings)
    return await adapter.rectify(task.person, task.change)
