"""Carrying out one step: in time, and by an officer where no program can."""

import asyncio
from datetime import date, timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from fulfilment.adapter import Action, KeepRule, Outcome, OutcomeKind, Person, TryLater
from fulfilment.adapters.manual import TICK, ManualAdapter
from fulfilment.adapters.sql import SqlAdapter
from fulfilment.run import Task, act, patience, read_back
from tests.fulfilment.shop import PAPER, SHOP


def task(action: Action) -> Task:
    """A task for Kari."""
    return Task(action, Person({"email": ("kari@example.com",)}), ("letters",), date(2026, 11, 25))


async def test_a_system_that_hangs_is_tried_later() -> None:
    """A call that never returns is given up in time and counts as a passing fault."""
    with pytest.raises(TryLater) as fault:
        async with patience(timedelta(milliseconds=5)):
            await asyncio.Event().wait()
    assert fault.value.why == "slow"


@pytest.mark.parametrize("action", [Action.FORWARD, Action.ANSWER])
async def test_an_officers_work_calls_no_system(action: Action) -> None:
    """Passing on and answering are manual whatever the system."""
    done = await act(None, task(action))
    assert done.outcome.kind is OutcomeKind.MANUAL


@pytest.mark.parametrize("action", [Action.EXPORT, Action.ERASE, Action.RESTRICT, Action.OBJECT])
async def test_a_manual_system_makes_every_action_a_task(action: Action) -> None:
    """An export too: that nothing came out is not that nothing is there."""
    done = await act(ManualAdapter(PAPER), task(action))
    assert (done.outcome.kind, done.outcome.action) == (OutcomeKind.MANUAL, action)


async def test_a_correction_nobody_understood_is_an_officers() -> None:
    """Without a change to make no system is asked to change anything."""
    done = await act(ManualAdapter(PAPER), task(Action.RECTIFY))
    assert done.outcome.kind is OutcomeKind.MANUAL


@pytest.mark.parametrize(("named", "left"), [((), 1), (("1000",), 1), (("1000", "1001"), 0)])
async def test_what_is_kept_by_hand_is_forgiven_once(
    store: AsyncEngine, named: tuple[str, ...], left: int
) -> None:
    """One payment may stay for each that is said to stay, whether a program has named it before or not."""
    outcome = Outcome(
        OutcomeKind.DONE,
        Action.ERASE,
        holdings=("payments",),
        kept=(KeepRule("payments", "G17-3B", "BOKF-5Y", "2031-12-31", max(1, len(named))),),
        kept_keys={"payments": named},
        evidence=f"{TICK}anna",
    )
    residue = await read_back(SqlAdapter(SHOP, store), task(Action.ERASE), outcome)
    assert residue.left.get("payments", 0) == left
