"""What an officer did by hand in a system that a program can read is read back all the same."""

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from fulfilment.adapter import Misconfigured, NeedsOfficer
from fulfilment.decisions import approve, tick_manual
from fulfilment.package import File, open_package
from fulfilment.records import StepRecord, StepState
from intake.case import State
from intake.records import Case
from law.rights import Right
from tests.fulfilment.world import World

# Kari's rows but for the payment of 2026, which must stay until the end of 2031.
BY_HAND = (
    "delete from order_line where order_id in (10, 11)",
    "delete from orders where account_id = 1",
    "delete from payment where id = 1001",
    "update review set author = 'Slettet', author_email = '' where id = 5",
)


async def blocked(world: World, right: Right, fault: Exception) -> str:
    """A case whose one step the shop's database refused."""
    case_id = await world.case(right)
    await world.sweep()
    if right is Right.ERASURE:
        digest = await world.digest(case_id)
        async with world.unit_of_work() as session:
            case = await session.get_one(Case, case_id)
            await approve(session, world.vault, case, digest, "anna", world.now)
    world.systems["shop"].faults = [fault]
    await world.run()
    assert await states(world, case_id) == [StepState.BLOCKED]
    return case_id


async def states(world: World, case_id: str) -> list[str]:
    """Where the steps of the case stand."""
    return [step.state for step in await world.steps(case_id)]


async def tick(world: World, case_id: str, *files: File) -> None:
    """The officer says it is done."""
    [step] = await world.steps(case_id)
    async with world.unit_of_work() as session:
        row = await session.get_one(StepRecord, step.id)
        await tick_manual(session, world.vault, row, "Gjort", files, "anna", world.now)
    await world.run()


async def test_an_erasure_that_was_not_done_comes_back(world: World) -> None:
    """Ticked off with every row still there: nobody is told that they are gone."""
    case_id = await blocked(world, Right.ERASURE, NeedsOfficer("integrity"))
    await tick(world, case_id)
    [step] = await world.steps(case_id)
    assert step.state == StepState.MANUAL
    assert step.fault is not None
    assert step.fault.startswith("residue:")
    assert await world.letters(case_id) == []


@pytest.mark.parametrize("spared", [True, False])
async def test_an_erasure_done_by_hand_is_answered(world: World, store: AsyncEngine, spared: bool) -> None:
    """Once the rows are gone; those the plan keeps may stay, and one more may not."""
    case_id = await blocked(world, Right.ERASURE, NeedsOfficer("integrity"))
    async with store.begin() as connection:
        for statement in (*BY_HAND, "update account set email = 'gone', phone = null where id = 1"):
            await connection.execute(text(statement))
        if not spared:
            await connection.execute(text("insert into review values (9, 'Kari', 'kari@example.com', 1)"))
    await tick(world, case_id)
    assert await states(world, case_id) == [StepState.VERIFIED if spared else StepState.MANUAL]
    assert (await world.read(case_id)).state == (State.PARTLY if spared else State.FULFILLING)


async def test_rows_that_must_stay_are_no_residue(world: World, store: AsyncEngine) -> None:
    """The kept payment is found again, and no more than that is forgiven."""
    case_id = await blocked(world, Right.ERASURE, NeedsOfficer("integrity"))
    async with store.begin() as connection:
        for statement in BY_HAND:
            await connection.execute(text(statement))
    await tick(world, case_id)
    [step] = await world.steps(case_id)
    assert step.fault == "residue:accounts=1"


async def test_a_copy_made_by_hand_is_the_officers_word(world: World) -> None:
    """A system that stays out of reach does not hold the answer up beyond its day."""
    case_id = await blocked(world, Right.ACCESS, Misconfigured("no access"))
    world.systems["shop"].faults = [Misconfigured("no access")] * 9
    await tick(world, case_id, File("utskrift.txt", "text/plain", b"Kari Nordmann"))
    assert (await world.read(case_id)).state == State.ANSWERED
    async with world.unit_of_work() as session:
        assert await open_package(session, world.vault, case_id, world.now) is not None
