"""A case on its way from a proven person to an answer, with systems that fail and attempts killed."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from fulfilment.adapter import Misconfigured, NeedsOfficer, TryLater
from fulfilment.adapters.sql import SqlAdapter
from fulfilment.decisions import approve, tick_manual
from fulfilment.package import File, open_package
from fulfilment.progress import do_step, plan_case, settle_case
from fulfilment.records import StepRecord, StepState
from fulfilment.results import corrections
from fulfilment.sealed import open_plan
from fulfilment.tools import LEASE, MANY
from fulfilment.work import current_plan, results_of
from intake.case import Act, State
from intake.log import DESK, PERSON, entries, record, verify_chain
from intake.records import Case
from intake.unit_of_work import UnitOfWork
from intake.vault import Vault
from law.rights import Right
from tests.fulfilment.shop import KARI, OLA, SHOP, company, table
from tests.fulfilment.world import Killed, Troubled, World


async def approved(world: World, case_id: str) -> None:
    """Plan the case and let an officer approve what is shown."""
    await world.sweep()
    digest = await world.digest(case_id)
    async with world.unit_of_work() as session:
        case = await session.get_one(Case, case_id)
        await approve(session, world.vault, case, digest, "anna", world.now)


async def acts(world: World, case_id: str) -> list[str]:
    """The log, and that it hangs together."""
    case = await world.read(case_id)
    async with world.unit_of_work() as session:
        log = await entries(session, case_id)
        verify_chain(case, log)
        return [one.act for one in log]


async def test_access_ends_in_a_package_and_a_letter(world: World) -> None:
    """Found, exported, packed and answered without anybody's help; the letter goes to the proven address."""
    case_id = await world.case(Right.ACCESS)
    await world.run()
    assert (await world.read(case_id)).state == State.ANSWERED
    [(name, letter)] = await world.letters(case_id)
    assert (name, letter.to) == ("answer", KARI)
    assert "Kari Nordmann" not in letter.text
    async with world.unit_of_work() as session:
        package = await open_package(session, world.vault, case_id, world.now)
    assert package is not None


async def test_exported_rows_are_not_left_on_the_step(world: World) -> None:
    """After packing, the step no longer holds a second copy of the person's data."""
    case_id = await world.case(Right.ACCESS)
    await world.run()
    [step] = await world.steps(case_id)
    assert step.outcome is not None
    assert b"Nordmann" not in world.vault.open(step.dossier_id, f"step.outcome:{step.id}", step.outcome)


async def test_erasure_waits_for_an_officer_and_tells_what_is_kept(world: World, store: AsyncEngine) -> None:
    """Nothing is erased before approval; the letter then names the kept payment, its law and its last day."""
    case_id = await world.case(Right.ERASURE)
    await world.run(hours=48)
    assert (await world.read(case_id)).state == State.AWAITING_DECISION
    assert "erase" not in world.systems["shop"].calls
    await approved(world, case_id)
    await world.run()
    assert (await world.read(case_id)).state == State.PARTLY
    [(name, letter)] = await world.letters(case_id)
    assert name == "partial"
    assert "31. desember 2031" in letter.text
    assert "bokføringsloven § 13" in letter.text
    assert KARI not in str(await table(store, "account"))
    assert await acts(world, case_id) == [
        "open", "confirm_identity", "propose", "approve", "step_done", "read_back", "answer_partly",
    ]  # fmt: skip


async def test_rectification_changes_and_answers(world: World, store: AsyncEngine) -> None:
    """The letter says where something was changed, not what it says now."""
    case_id = await world.case(Right.RECTIFICATION, change=("address", None, "Nygata 3, Oslo"))
    await world.run()
    assert (await world.read(case_id)).state == State.ANSWERED
    assert (await table(store, "account"))[0]["address"] == "Nygata 3, Oslo"
    [(_, letter)] = await world.letters(case_id)
    assert "Nygata" not in letter.text
    assert "Accounts (Nettbutikken): Vi har rettet én oppføring" in letter.text
    async with world.unit_of_work() as session:
        known = await results_of(session, world.vault, case_id)
    assert known is not None
    [correction] = corrections(world.operator, known[1])
    assert (correction.old, correction.new) == ("Storgata 1, Oslo", "Nygata 3, Oslo")


async def test_a_mistaken_old_value_waits_for_an_officer(world: World, store: AsyncEngine) -> None:
    """What the person says stands there does not: nothing is changed and the step is shown as blocked."""
    case_id = await world.case(Right.RECTIFICATION, change=("address", "Gamlegata 9", "Nygata 3"))
    await world.run()
    [step] = await world.steps(case_id)
    assert (step.state, step.fault) == (StepState.BLOCKED, "no_match")
    assert (await world.read(case_id)).state == State.FULFILLING
    await tick(world, step, "Adressen sto riktig fra før.")
    await world.run()
    [(_, letter)] = await world.letters(case_id)
    assert "Adressen sto riktig fra før." in letter.text
    assert "Vi har rettet" not in letter.text


async def test_objection_stops_marketing_at_once(world: World, store: AsyncEngine) -> None:
    """One round of work after the proof, the flag is off."""
    case_id = await world.case(Right.OBJECTION, wish="Slutt å sende meg reklame.")
    await world.run()
    assert (await world.read(case_id)).state == State.ANSWERED
    assert [row["wants_news"] for row in await table(store, "account")] == [0, 1]


@pytest.mark.parametrize(
    ("right", "wish", "remark"),
    [
        (Right.OBJECTION, "Jeg protesterer mot at dere analyserer kjøpene mine.", "beyond_marketing"),
        (Right.ERASURE, "Slett telefonnummeret mitt, resten kan dere beholde.", "one_item"),
    ],
)
async def test_what_is_narrower_or_wider_than_the_plan_waits_for_an_officer(
    world: World, store: AsyncEngine, right: Right, wish: str, remark: str
) -> None:
    """Nothing more than was asked is erased, and nothing less is reported done, whatever the company lets run."""
    world.operator = replace(world.operator, release=replace(world.operator.release, by={right: "auto"}))
    before = await table(store, "account")
    case_id = await world.case(right, wish=wish)
    await world.run()
    assert (await world.read(case_id)).state == State.AWAITING_DECISION
    assert await table(store, "account") == before
    async with world.unit_of_work() as session:
        made = await current_plan(session, case_id)
    assert made is not None
    assert remark in open_plan(world.vault, made).remarks


async def test_nothing_found_asks_for_another_address(world: World) -> None:
    """The person is told once, the case stays open, and another proven address brings it to its end."""
    world.proven = {"email": ("kari@unknown.example",)}
    case_id = await world.case(Right.ACCESS, address="kari@unknown.example")
    await world.run(hours=48)
    assert (await world.read(case_id)).state == State.IDENTIFYING
    [(name, _)] = await world.letters(case_id)
    assert name == "nothing_found"
    world.proven = {"email": ("kari@unknown.example", KARI)}
    await confirm(world, case_id)
    await world.run()
    assert (await world.read(case_id)).state == State.ANSWERED


async def confirm(world: World, case_id: str) -> None:
    """What verification.identify does after a proof."""
    async with world.unit_of_work() as session:
        case = await session.get_one(Case, case_id)
        await record(session, world.vault, case, Act.CONFIRM_IDENTITY, now=world.now, actor=DESK)


async def test_the_same_nothing_is_told_once(world: World) -> None:
    """Planning again under the same addresses writes no second letter."""
    world.proven = {"email": ("kari@unknown.example",)}
    case_id = await world.case(Right.ACCESS, address="kari@unknown.example")
    await world.run()
    await confirm(world, case_id)
    await world.run()
    assert (await world.read(case_id)).state == State.IDENTIFYING
    assert len(await world.letters(case_id)) == 1


async def test_an_unproven_address_gets_no_answer(world: World) -> None:
    """The address given in the chat was not the one proven: the letter goes to the proven one."""
    case_id = await world.case(Right.ACCESS, address=OLA)
    await world.run()
    [(_, letter)] = await world.letters(case_id)
    assert letter.to == KARI


async def test_a_customers_data_are_passed_on_by_an_officer(hosted: World) -> None:
    """The letter to the customer is ready; the person is told once an officer has sent it."""
    case_id = await hosted.case(Right.ACCESS)
    await hosted.run()
    [step] = await hosted.steps(case_id)
    assert step.state == StepState.MANUAL
    assert [name for name, _ in await hosted.letters(case_id)] == ["forward"]
    await tick(hosted, step, "Sendt til kunden")
    await hosted.run()
    assert (await hosted.read(case_id)).state == State.FORWARDED
    told = dict(await hosted.letters(case_id))
    assert "Fjellkraft AS" in told["forwarded"].text
    assert "export" not in hosted.systems["hosted"].calls


async def test_a_customer_with_an_address_is_written_to(hosted: World, store: AsyncEngine) -> None:
    """Where the system names the customer by an e-mail address, the request goes there by itself."""
    async with store.begin() as connection:
        await connection.execute(text("update member set company = 'dpo@kraft.example.com' where id = 7"))
    case_id = await hosted.case(Right.ERASURE)
    await hosted.run()
    assert (await hosted.read(case_id)).state == State.FORWARDED
    assert {name: one.to for name, one in await hosted.letters(case_id)} == {
        "forward": "dpo@kraft.example.com",
        "forwarded": KARI,
    }


async def test_the_main_contact_is_written_to_and_the_name_is_told(hosted: World, store: AsyncEngine) -> None:
    """No officer's hand: the letter goes to the address beside the name; the person hears the name alone."""
    await with_address(store, "hoved@kraft.example.com")
    case_id = await hosted.case(Right.ACCESS)
    await hosted.run()
    assert (await hosted.read(case_id)).state == State.FORWARDED
    sent = dict(await hosted.letters(case_id))
    assert sent["forward"].to == "hoved@kraft.example.com"
    assert "Fjellkraft AS" in sent["forwarded"].text
    assert "hoved@kraft.example.com" not in sent["forwarded"].text + sent["forwarded"].html
    async with hosted.unit_of_work() as session:
        assert Act.STEP_DONE.value in [entry.act for entry in await entries(session, case_id)]


@pytest.mark.parametrize("address", ["ring oss", "a@b.example.com, c@d.example.com"])
async def test_an_address_no_letter_can_go_to_waits_for_an_officer(
    hosted: World, store: AsyncEngine, address: str
) -> None:
    """Whatever stands in the column: the letter is kept, nothing is told before an officer has sent it."""
    await with_address(store, address)
    case_id = await hosted.case(Right.ACCESS)
    await hosted.run()
    assert [step.state for step in await hosted.steps(case_id)] == [StepState.MANUAL]
    assert [(name, one.to) for name, one in await hosted.letters(case_id)] == [("forward", None)]


@pytest.mark.parametrize("said", [(), ("Bygdekraft",)])
async def test_one_with_an_address_and_one_without_are_both_told(
    hosted: World, store: AsyncEngine, said: tuple[str, ...]
) -> None:
    """Naming the one written to by hand does not make the one that was mailed go untold."""
    await with_address(store, "hoved@kraft.example.com")
    async with store.begin() as connection:
        await connection.execute(text(f"insert into member values (9, '{KARI}', 'Bygdekraft', null)"))
    case_id = await hosted.case(Right.ACCESS)
    await hosted.run()
    assert {one.to for _, one in await hosted.letters(case_id)} == {"hoved@kraft.example.com", None}
    [step] = await hosted.steps(case_id)
    async with hosted.unit_of_work() as session:
        row = await session.get_one(StepRecord, step.id)
        await tick_manual(session, hosted.vault, row, "Sendt", (), "anna", hosted.now, controllers=said)
    await hosted.run()
    told = dict(await hosted.letters(case_id))["forwarded"].text
    assert "Fjellkraft AS" in told
    assert "Bygdekraft" in told


async def with_address(store: AsyncEngine, address: str) -> None:
    """Let Kari's customer have this main contact."""
    async with store.begin() as connection:
        await connection.execute(
            text("update member set company_email = :address where id = 7"), {"address": address}
        )


async def tick(world: World, step: StepRecord, note: str, *files: File) -> None:
    """An officer notes that a step was done."""
    async with world.unit_of_work() as session:
        row = await session.get_one(StepRecord, step.id)
        await tick_manual(session, world.vault, row, note, files, "anna", world.now)


async def test_a_manual_system_is_ticked_off_with_its_files(archive: World) -> None:
    """The case waits for the archive, and the letter found there is in the package."""
    case_id = await archive.case(Right.ACCESS)
    await archive.run()
    shop, paper = await archive.steps(case_id)
    assert (shop.state, paper.state) == (StepState.VERIFIED, StepState.MANUAL)
    await tick(archive, paper, "Fant ett brev", File("brev 2019.pdf", "application/pdf", b"%PDF-kari"))
    await archive.run()
    assert (await archive.read(case_id)).state == State.ANSWERED
    async with archive.unit_of_work() as session:
        package = await open_package(session, archive.vault, case_id, archive.now)
    assert package is not None
    assert b"files/01-brev 2019.pdf" in package


async def test_a_system_that_is_down_at_planning_is_asked_again(world: World) -> None:
    """The case stays in planning with growing waits, and goes on when the system is back."""
    world.systems["shop"].faults = [TryLater(30, "down"), TryLater(30, "down")]
    case_id = await world.case(Right.ACCESS)
    await world.sweep()
    await world.sweep()  # not due yet
    assert world.systems["shop"].calls == ["find"]
    world.now += timedelta(seconds=31)
    await world.sweep()
    world.now += timedelta(seconds=31)
    await world.sweep()  # the second wait is longer
    assert world.systems["shop"].calls == ["find", "find"]
    assert (await world.read(case_id)).state == State.PLANNING
    await world.run(hours=1)
    assert (await world.read(case_id)).state == State.ANSWERED


async def test_a_system_that_is_down_at_a_step_is_never_given_up(world: World) -> None:
    """After many attempts an officer sees the step as blocked; it is tried on until the system is back."""
    case_id = await world.case(Right.ACCESS)
    await plan_case(world.tools, case_id)
    world.systems["shop"].faults = [TryLater(30, "down") for _ in range(MANY + 2)]
    waits = []
    for _ in range(MANY + 2):
        [step] = await world.steps(case_id)
        world.now = step.not_before
        await world.sweep()
        [step] = await world.steps(case_id)
        waits.append(step.not_before - world.now)
    assert step.state == StepState.BLOCKED
    assert step.fault == "try_later:down"
    assert waits[:3] == [timedelta(seconds=30), timedelta(seconds=60), timedelta(seconds=120)]
    assert max(waits) <= timedelta(hours=6)
    assert (await acts(world, case_id)).count("step_failed") == 1
    await world.run(hours=7)
    assert (await world.read(case_id)).state == State.ANSWERED


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (NeedsOfficer("integrity"), "needs_officer:integrity"),
        (Misconfigured("no table"), "misconfigured:no table"),
    ],
)
async def test_what_a_human_must_mend_blocks_the_step(world: World, fault: Exception, said: str) -> None:
    """The fault stands on the step and in the log; a day later it is tried again by itself."""
    case_id = await world.case(Right.ACCESS)
    await plan_case(world.tools, case_id)
    world.systems["shop"].faults = [fault]
    await world.run(hours=1)
    [step] = await world.steps(case_id)
    assert (step.state, step.fault) == (StepState.BLOCKED, said)
    await world.run(hours=24)
    assert (await world.read(case_id)).state == State.ANSWERED


@pytest.mark.parametrize("commit", range(1, 6))
async def test_an_erasure_killed_before_any_commit_ends_the_same(
    world: World, store: AsyncEngine, commit: int
) -> None:
    """Whichever commit is lost, the next attempts end in one letter and the same tables."""
    case_id = await world.case(Right.ERASURE)
    await approved(world, case_id)
    world.commits = 0
    world.die_on_commit = {commit}
    for _ in range(2):
        try:
            await world.run()
        except Killed:
            world.now += LEASE
    await world.run(hours=1)
    assert (await world.read(case_id)).state == State.PARTLY
    [(_, letter)] = await world.letters(case_id)
    assert "31. desember 2031" in letter.text
    assert "Orders (Nettbutikken): Vi har slettet 2 oppføringer" in letter.text
    assert [row["id"] for row in await table(store, "payment")] == [1000, 2000]
    assert (await acts(world, case_id)).count("answer_partly") == 1


@pytest.mark.parametrize("call", ["erase", "verify"])
async def test_an_erasure_killed_after_its_effect_ends_the_same(
    world: World, store: AsyncEngine, call: str
) -> None:
    """The system did it, nobody wrote it down: the next attempt finds it gone and tells what was planned."""
    case_id = await world.case(Right.ERASURE)
    await approved(world, case_id)
    world.systems["shop"].die_after = {call}
    with pytest.raises(Killed):
        await world.run()
    others = await table(store, "account")
    await world.run(hours=1)
    assert (await world.read(case_id)).state == State.PARTLY
    [(_, letter)] = await world.letters(case_id)
    assert "Orders (Nettbutikken): Vi har slettet 2 oppføringer" in letter.text
    assert await table(store, "account") == others


async def test_a_killed_attempt_is_taken_up_after_a_while(world: World) -> None:
    """Right after the kill the attempt may still be running elsewhere; when its lease is over it is due."""
    case_id = await world.case(Right.ACCESS)
    await plan_case(world.tools, case_id)
    world.systems["shop"].die_after = {"export"}
    with pytest.raises(Killed):
        await world.sweep()
    assert not await world.sweep()
    world.now += LEASE
    assert await world.sweep()


async def test_a_correction_killed_after_its_effect_ends_the_same(world: World, store: AsyncEngine) -> None:
    """The e-mail address itself was changed, so that the old one finds nothing; the rows are recognised."""
    case_id = await world.case(Right.RECTIFICATION, change=("email", KARI, "kari@example.net"))
    world.systems["shop"].die_after = {"rectify"}
    await plan_case(world.tools, case_id)
    with pytest.raises(Killed):
        await world.run()
    await world.run(hours=1)
    assert (await world.read(case_id)).state == State.ANSWERED
    assert [row["email"] for row in await table(store, "account")] == ["kari@example.net", OLA]


async def test_data_that_come_back_before_the_answer_are_erased_again(
    world: World, store: AsyncEngine
) -> None:
    """The last reading back finds a new row: the case goes back, erases it too, and only then answers."""
    case_id = await world.case(Right.ERASURE)
    await approved(world, case_id)
    [step] = await world.steps(case_id)
    await do_step(world.tools, step.id)
    async with store.begin() as connection:
        await connection.execute(text("insert into review values (9, 'K', 'kari@example.com', 1)"))
    assert not await settle_case(world.tools, case_id)
    [step] = await world.steps(case_id)
    assert (step.state, step.fault) == (StepState.READY, "residue:reviews=1")
    await world.run(hours=1)
    assert (await world.read(case_id)).state == State.PARTLY
    [(_, letter)] = await world.letters(case_id)
    assert "Reviews (Nettbutikken): Vi har fjernet det som peker på deg, fra 2 oppføringer" in letter.text
    assert "residue" in await acts(world, case_id)


async def test_two_attempts_at_once_answer_once(world: World, store: AsyncEngine) -> None:
    """The same step and case started twice give one outcome and one letter."""
    case_id = await world.case(Right.ERASURE)
    await approved(world, case_id)
    [step] = await world.steps(case_id)
    await do_step(world.tools, step.id)
    await do_step(world.tools, step.id)
    assert await settle_case(world.tools, case_id)
    assert not await settle_case(world.tools, case_id)
    assert len(await world.letters(case_id)) == 1
    assert world.systems["shop"].calls.count("erase") == 1


async def test_a_withdrawn_case_is_left_alone(world: World) -> None:
    """A step whose case has ended is not tried any more."""
    case_id = await world.case(Right.ERASURE)
    await world.sweep()
    async with world.unit_of_work() as session:
        case = await session.get_one(Case, case_id)
        await record(session, world.vault, case, Act.WITHDRAW, now=world.now, actor=PERSON)
    [step] = await world.steps(case_id)
    await do_step(world.tools, step.id)
    await world.run(hours=24)
    assert "erase" not in world.systems["shop"].calls


async def test_the_whole_way_on_both_databases(
    unit_of_work: UnitOfWork, vault: Vault, store: AsyncEngine
) -> None:
    """Access and erasure end the same with our tables on SQLite and on PostgreSQL."""
    world = World(unit_of_work, vault, company(SHOP), {"shop": Troubled(SqlAdapter(SHOP, store))})
    access = await world.case(Right.ACCESS)
    erasure = await world.case(Right.ERASURE)
    await world.run()
    await approved(world, erasure)
    await world.run()
    assert (await world.read(access)).state == State.ANSWERED
    assert (await world.read(erasure)).state == State.PARTLY
