"""An officer's decisions: only what the law bears, on the plan that was shown, and in time."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest

from fulfilment.adapter import KeepRule, Misconfigured
from fulfilment.decisions import (
    Flaw,
    StalePlan,
    Unsound,
    answer_by_hand,
    approve,
    extend,
    refuse,
    retry,
    tick_manual,
)
from fulfilment.records import StepRecord, StepState
from intake.case import Act, NotAllowed, State
from intake.log import DESK, record
from intake.records import Case, Letter
from law.rights import Right
from tests.fulfilment.shop import KARI, PAPER, SHOP, company
from tests.fulfilment.world import World

FACTS = {"purpose_alive": "Avtalen løper", "legal_basis": "6(1)(b)", "elements": "kontoen"}
ABUSE = {"objective_element": "a", "subjective_element": "b", "sources": "c"}


async def waiting(world: World, right: Right = Right.ERASURE) -> str:
    """A case with a plan before an officer."""
    world.operator = company(SHOP, officer=(right,))
    case_id = await world.case(right)
    await world.run()
    assert (await world.read(case_id)).state == State.AWAITING_DECISION
    return case_id


async def no(
    world: World,
    case_id: str,
    code: str,
    facts: Mapping[str, str],
    subcode: str | None = None,
    by: str = "anna",
) -> Letter | None:
    """Refuse in one unit of work."""
    async with world.unit_of_work() as session:
        case = await session.get_one(Case, case_id)
        return await refuse(session, world.vault, world.operator, case, code, subcode, facts, by, world.now)


async def test_a_plan_that_changed_is_not_approved(world: World) -> None:
    """A row more since the officer looked: the old digest approves nothing, the new one does."""
    case_id = await waiting(world)
    shown = await world.digest(case_id)
    async with world.unit_of_work() as session:
        case = await session.get_one(Case, case_id)
        await record(session, world.vault, case, Act.REPLAN, now=world.now, actor=DESK)
    world.proven = {"email": (KARI,), "phone": ("91122333",)}
    await world.run()
    async with world.unit_of_work() as session:
        case = await session.get_one(Case, case_id)
        with pytest.raises(StalePlan):
            await approve(session, world.vault, case, shown, "anna", world.now)
    fresh = await world.digest(case_id)
    async with world.unit_of_work() as session:
        case = await session.get_one(Case, case_id)
        await approve(session, world.vault, case, fresh, "anna", world.now)
    await world.run()
    assert (await world.read(case_id)).state == State.PARTLY


async def test_a_plan_is_approved_once(world: World) -> None:
    """A second approval of a case that is under way is not allowed."""
    case_id = await waiting(world)
    digest = await world.digest(case_id)
    async with world.unit_of_work() as session:
        await approve(session, world.vault, await session.get_one(Case, case_id), digest, "anna", world.now)
    async with world.unit_of_work() as session:
        case = await session.get_one(Case, case_id)
        with pytest.raises(NotAllowed):
            await approve(session, world.vault, case, digest, "berit", world.now)


async def test_a_refusal_needs_every_fact(world: World) -> None:
    """Blank evidence is named; complete, the case ends with a letter of ground, facts and complaint."""
    case_id = await waiting(world)
    with pytest.raises(Unsound) as flaw:
        await no(world, case_id, "G17-0", {**FACTS, "elements": "  "})
    assert (flaw.value.flaw, flaw.value.missing) == (Flaw.EVIDENCE, ("elements",))
    assert await no(world, case_id, "G17-0", FACTS) is not None
    assert (await world.read(case_id)).state == State.REFUSED
    [(name, letter)] = await world.letters(case_id)
    assert (name, letter.to) == ("refusal", KARI)
    assert "Avtalen løper" in letter.text
    assert "Datatilsynet" in letter.text


@pytest.mark.parametrize(
    ("right", "code", "subcode", "flaw"),
    [
        (Right.ACCESS, "G17-0", None, Flaw.NO_GROUND),
        (Right.WITHDRAW_CONSENT, "G12-5A", None, Flaw.NO_GROUND),
        (Right.OBJECTION, "G21-1B", None, Flaw.NO_GROUND),
        (Right.ERASURE, "G12-6P", None, Flaw.NO_GROUND),
        (Right.ERASURE, "G17-3B", None, Flaw.SUBCODE),
        (Right.ACCESS, "G15-4", None, Flaw.PARTIAL_ONLY),
    ],
)
async def test_a_ground_that_does_not_bear_a_refusal(
    world: World, right: Right, code: str, subcode: str | None, flaw: Flaw
) -> None:
    """Another right's ground, none at all, a mere doubt, no statute named, or a ground for a part only."""
    case_id = await waiting(world, right)
    with pytest.raises(Unsound) as found:
        await no(world, case_id, code, {}, subcode)
    assert found.value.flaw is flaw


async def test_an_abuse_takes_two_officers(world: World) -> None:
    """The first only proposes; the same one cannot agree with themselves; another one ends the case."""
    case_id = await waiting(world, Right.ACCESS)
    assert await no(world, case_id, "G12-5C", ABUSE) is None
    assert (await world.read(case_id)).state == State.AWAITING_DECISION
    with pytest.raises(Unsound) as flaw:
        await no(world, case_id, "G12-5C", ABUSE)
    assert flaw.value.flaw is Flaw.SAME_OFFICER
    assert await no(world, case_id, "G12-5C", ABUSE, by="berit") is not None


async def more_time(world: World, case_id: str, reason: str = "Mange systemer") -> Letter:
    """Extend in one unit of work."""
    async with world.unit_of_work() as session:
        case = await session.get_one(Case, case_id)
        return await extend(session, world.vault, world.operator, case, reason, "anna", world.now)


async def test_an_extension_comes_once_and_in_time(world: World) -> None:
    """Two further months with the reason told; a second one is refused."""
    case_id = await waiting(world)
    await more_time(world, case_id)
    [(name, letter)] = await world.letters(case_id)
    assert name == "extension"
    assert "Mange systemer" in letter.text
    assert "25. februar 2027" in letter.text
    with pytest.raises(Unsound) as flaw:
        await more_time(world, case_id)
    assert flaw.value.flaw is Flaw.EXTENDED


async def test_an_extension_after_the_first_month_is_too_late(world: World) -> None:
    """Art. 12(3): the person is told within one month of receipt."""
    case_id = await waiting(world)
    world.now += timedelta(days=40)
    with pytest.raises(Unsound) as flaw:
        await more_time(world, case_id)
    assert flaw.value.flaw is Flaw.TOO_LATE


async def test_an_extension_needs_a_reason_and_a_right_that_knows_it(world: World) -> None:
    """Blanks are no reason; a complaint has no extension."""
    case_id = await waiting(world)
    with pytest.raises(Unsound) as flaw:
        await more_time(world, case_id, " ")
    assert flaw.value.flaw is Flaw.NO_REASON
    complaint = await waiting(world, Right.COMPLAINT)
    with pytest.raises(Unsound) as other:
        await more_time(world, complaint)
    assert other.value.flaw is Flaw.NOT_EXTENDABLE


async def test_a_complaint_is_answered_by_hand(world: World) -> None:
    """Approved, the plan is one task; the officer's note is the answer the person gets."""
    case_id = await waiting(world, Right.COMPLAINT)
    digest = await world.digest(case_id)
    async with world.unit_of_work() as session:
        await approve(session, world.vault, await session.get_one(Case, case_id), digest, "anna", world.now)
    await world.run()
    [step] = await world.steps(case_id)
    assert step.state == StepState.MANUAL
    async with world.unit_of_work() as session:
        row = await session.get_one(StepRecord, step.id)
        await tick_manual(session, world.vault, row, "Vi har sett på saken igjen.", (), "anna", world.now)
    await world.run()
    assert (await world.read(case_id)).state == State.ANSWERED
    [(_, letter)] = await world.letters(case_id)
    assert "Vi har sett på saken igjen." in letter.text


@pytest.mark.parametrize(("nothing", "name"), [(False, "answer"), (True, "nothing_found")])
async def test_an_officer_can_end_an_undecided_case(world: World, nothing: bool, name: str) -> None:
    """With an answer in own words, or by saying that nothing is held."""
    case_id = await waiting(world)
    async with world.unit_of_work() as session:
        case = await session.get_one(Case, case_id)
        text = "" if nothing else "Se vedlagt."
        await answer_by_hand(
            session, world.vault, world.operator, case, text, "anna", world.now, nothing_held=nothing
        )
    assert (await world.read(case_id)).state == State.ANSWERED
    assert [one for one, _ in await world.letters(case_id)] == [name]


async def test_a_tick_needs_a_note_and_a_task(archive: World) -> None:
    """Neither a blank note nor a step that a program does can be ticked off."""
    case_id = await archive.case(Right.ACCESS)
    await archive.run()
    shop, paper = await archive.steps(case_id)
    for step, note, flaw in ((paper, " ", Flaw.NO_NOTE), (shop, "Gjort", Flaw.NOT_BY_HAND)):
        async with archive.unit_of_work() as session:
            row = await session.get_one(StepRecord, step.id)
            with pytest.raises(Unsound) as found:
                await tick_manual(session, archive.vault, row, note, (), "anna", archive.now)
            assert found.value.flaw is flaw


async def test_what_an_officer_keeps_needs_a_ground_for_erasure(archive: World) -> None:
    """A ground of another right is refused; with a real one the letter tells what stays and until when."""
    archive.operator = replace(archive.operator, systems=(PAPER,))
    del archive.systems["shop"]
    case_id = await archive.case(Right.ERASURE)
    await archive.run()
    digest = await archive.digest(case_id)
    async with archive.unit_of_work() as session:
        await approve(session, archive.vault, await session.get_one(Case, case_id), digest, "a", archive.now)
    await archive.run()
    [step] = await archive.steps(case_id)

    async def tick(ground: str) -> None:
        kept = (KeepRule("letters", ground, "BOKF-5Y", "2030-12-31", 3),)
        async with archive.unit_of_work() as session:
            row = await session.get_one(StepRecord, step.id)
            await tick_manual(session, archive.vault, row, "Bilag", (), "a", archive.now, kept=kept)

    with pytest.raises(Unsound):
        await tick("G15-4")
    await tick("G17-3B")
    await archive.run()
    assert (await archive.read(case_id)).state == State.PARTLY
    [(_, letter)] = await archive.letters(case_id)
    assert "31. desember 2030" in letter.text
    assert "Letters (Papirarkivet): Vi har slettet opplysningene" in letter.text


async def test_a_blocked_step_can_be_tried_at_once(world: World) -> None:
    """The officer does not wait for tomorrow's attempt."""
    case_id = await world.case(Right.ACCESS)
    await world.sweep()
    world.systems["shop"].faults = [Misconfigured("no table")]
    await world.run()
    [step] = await world.steps(case_id)
    assert step.state == StepState.BLOCKED
    async with world.unit_of_work() as session:
        await retry(session, world.vault, await session.get_one(StepRecord, step.id), "anna", world.now)
    await world.run()
    assert (await world.read(case_id)).state == State.ANSWERED
