"""Passing on what a company only processes for others: at once, once, and told, whoever decides the rest."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from fulfilment.adapters.sql import SqlAdapter
from fulfilment.decisions import approve, tick_manual
from fulfilment.records import StepRecord, StepState
from intake.case import Act, State
from intake.log import DESK, entries, record
from intake.records import Case
from law.rights import Right
from tests.fulfilment.shop import HOSTED, KARI, SHOP, company
from tests.fulfilment.world import Killed, Troubled, World

CONTACT = "hoved@kraft.example.com"


@pytest.fixture
async def both(world: World, store: AsyncEngine) -> World:
    """A desk whose company sells to Kari itself, and keeps data about her for Fjellkraft."""
    world.operator = company(SHOP, HOSTED)
    world.systems["hosted"] = Troubled(SqlAdapter(HOSTED, store))
    await reached_at(store, CONTACT)
    return world


async def reached_at(store: AsyncEngine, address: str | None) -> None:
    """Let Fjellkraft's main contact have this address."""
    async with store.begin() as connection:
        values = {"address": address}
        await connection.execute(text("update member set company_email = :address where id = 7"), values)


async def let_go(world: World, case_id: str) -> None:
    """An officer approves what is shown."""
    digest = await world.digest(case_id)
    async with world.unit_of_work() as session:
        case = await session.get_one(Case, case_id)
        await approve(session, world.vault, case, digest, "anna", world.now)


async def names(world: World, case_id: str) -> list[str]:
    """The letters of the case, by template."""
    return sorted(name for name, _ in await world.letters(case_id))


async def test_passing_on_waits_for_no_decision(both: World) -> None:
    """Her own data wait for an officer; the customer has the request and she knows, the same day and once."""
    case_id = await both.case(Right.ERASURE)
    await both.run()
    assert (await both.read(case_id)).state == State.AWAITING_DECISION
    letters = dict(await both.letters(case_id))
    assert letters["forward"].to == CONTACT
    assert letters["forwarded"].to == KARI
    assert "Fjellkraft AS" in letters["forwarded"].text
    assert both.systems["shop"].calls == ["find"]
    await let_go(both, case_id)
    await both.run()
    assert (await both.read(case_id)).state == State.PARTLY
    assert await names(both, case_id) == ["forward", "forwarded", "partial"]


async def test_what_has_no_address_can_be_ticked_off_before_the_decision(
    both: World, store: AsyncEngine
) -> None:
    """The officer sends the letter without deciding the rest, and she is told then."""
    await reached_at(store, None)
    case_id = await both.case(Right.ERASURE)
    await both.run()
    assert await names(both, case_id) == ["forward"]
    step = next(one for one in await both.steps(case_id) if one.state == StepState.MANUAL)
    async with both.unit_of_work() as session:
        row = await session.get_one(StepRecord, step.id)
        await tick_manual(session, both.vault, row, "Sendt i posten", (), "anna", both.now)
    await both.run()
    assert (await both.read(case_id)).state == State.AWAITING_DECISION
    assert await names(both, case_id) == ["forward", "forwarded"]
    await let_go(both, case_id)
    await both.run()
    assert await names(both, case_id) == ["forward", "forwarded", "partial"]


async def test_a_new_plan_passes_nothing_on_twice(both: World, store: AsyncEngine) -> None:
    """Another proven address: the customer who has the request is left in peace, a new one is written to."""
    case_id = await both.case(Right.ERASURE)
    await both.run()
    await plan_anew(both, case_id)
    assert await names(both, case_id) == ["forward", "forwarded"]
    async with store.begin() as connection:
        values = "(9, 'kari@old.example.com', 'Bygdekraft', 'hoved@bygd.example.com')"
        await connection.execute(text(f"insert into member values {values}"))
    both.proven = {"email": (KARI, "kari@old.example.com")}
    await plan_anew(both, case_id)
    letters = await both.letters(case_id)
    assert sorted(one.to or "" for name, one in letters if name == "forward") == [
        "hoved@bygd.example.com",
        CONTACT,
    ]
    assert "Bygdekraft" in [one.text for name, one in letters if name == "forwarded"][-1]


async def plan_anew(world: World, case_id: str) -> None:
    """What proving another address does to a case that waits for a decision, a minute later."""
    world.now += timedelta(minutes=1)
    async with world.unit_of_work() as session:
        case = await session.get_one(Case, case_id)
        await record(session, world.vault, case, Act.REPLAN, now=world.now, actor=DESK)
    await world.run()
    assert (await world.read(case_id)).state == State.AWAITING_DECISION


async def test_a_kill_between_writes_each_letter_once(both: World) -> None:
    """Letters and step are one unit of work: killed before its commit there is nothing, afterwards all."""
    case_id = await both.case(Right.ERASURE)
    await both.sweep()
    both.die_on_commit = {both.commits + 1}
    with pytest.raises(Killed):
        await both.sweep()
    assert await names(both, case_id) == []
    await both.run(hours=1)
    assert await names(both, case_id) == ["forward", "forwarded"]
    async with both.unit_of_work() as session:
        assert [one.act for one in await entries(session, case_id)].count(Act.STEP_DONE.value) == 1


async def test_only_passing_on_is_done_before_the_decision(both: World) -> None:
    """Nothing is erased by the hurry: the shop's step still waits."""
    case_id = await both.case(Right.ERASURE)
    await both.run(hours=48)
    states = {one.system: one.state for one in await both.steps(case_id)}
    assert states == {"shop": StepState.WAITING, "hosted": StepState.VERIFIED}
    assert "erase" not in both.systems["shop"].calls
