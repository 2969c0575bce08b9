"""What is due: every new attempt has a number that none before it had."""

from datetime import timedelta

from fulfilment.progress import do_step, due_work, plan_case
from intake.case import Act
from intake.log import DESK, record
from intake.records import Case
from law.rights import Right
from tests.fulfilment.world import World


async def test_a_case_that_moved_while_it_was_being_ended_is_ended_by_another_attempt(world: World) -> None:
    """A note comes between: the attempt that saw the case before writes nothing, and the next is not taken for it."""
    case_id = await world.case(Right.ACCESS)
    await plan_case(world.tools, case_id)
    [step] = await world.steps(case_id)
    await do_step(world.tools, step.id)

    async def number() -> int:
        async with world.unit_of_work() as session:
            work = await due_work(session, world.now)
        assert work.settles == (case_id,)
        return work.attempts[case_id]

    first = await number()
    async with world.unit_of_work() as session:
        case = await session.get_one(Case, case_id)
        await record(session, world.vault, case, Act.NOTE, now=world.now, actor="officer:anna")
    assert await number() > first


async def test_a_search_that_failed_holds_up_no_other_case(world: World) -> None:
    """More cases wait for a system that is down than are looked at in one sweep: a new one is planned all the same,
    and each of the old ones gets its turn again."""
    old = [await world.case(Right.ACCESS) for _ in range(3)]
    failing = [world.now.replace(minute=number) for number in range(3)]
    for case_id, at in zip(old, failing, strict=True):
        async with world.unit_of_work() as session:
            case = await session.get_one(Case, case_id)
            await record(session, world.vault, case, Act.STEP_FAILED, now=at, actor=DESK)

    world.now += timedelta(days=1)
    new = await world.case(Right.ACCESS)

    async def due(at_once: int) -> list[str]:
        async with world.unit_of_work() as session:
            return list((await due_work(session, world.now, at_once)).plans)

    assert await due(2) == [new, old[0]]
    for case_id in (new, old[0]):
        await plan_case(world.tools, case_id)
    assert await due(2) == old[1:]
