"""The log: the one writer of a case's state, and a chain nobody can change unseen."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from sqlalchemy import delete, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm.exc import StaleDataError

from intake.case import Act, NotAllowed, State
from intake.log import DESK, PERSON, BrokenLog, clock_events, entries, officer, record, verify_chain
from intake.opening import open_case, open_dossier
from intake.records import Case, LogEntry
from intake.unit_of_work import UnitOfWork
from intake.vault import Vault
from law.deadlines import ClockEventType
from law.rights import Right
from tests.company import company


async def opened(session: AsyncSession, vault: Vault, now: datetime) -> Case:
    """A case with one entry in its log."""
    dossier = await open_dossier(session, "fjordlys", now)
    made = await open_case(
        session,
        vault,
        company(),
        dossier_id=dossier.id,
        conversation_id=None,
        right=Right.ACCESS,
        channel="chat",
        lang="nb",
        received_at=now,
        now=now,
        wish="Hva har dere om meg?",
    )
    return made.case


async def carried_through(session: AsyncSession, vault: Vault, now: datetime) -> Case:
    """A case with four entries, awaiting a decision."""
    case = await opened(session, vault, now)
    for minutes, (act, actor) in enumerate(
        [(Act.ASK_IDENTITY, PERSON), (Act.CONFIRM_IDENTITY, DESK), (Act.PROPOSE, DESK)], start=1
    ):
        moment = now + timedelta(minutes=minutes)
        await record(session, vault, case, act, now=moment, actor=actor, detail={"minutt": minutes})
    return case


async def read(unit_of_work: UnitOfWork, case_id: str) -> tuple[Case, Sequence[LogEntry]]:
    """The case and its log as the database has them."""
    async with unit_of_work() as session:
        case = await session.get_one(Case, case_id)
        return case, await entries(session, case_id)


async def test_a_case_moves_with_its_log(unit_of_work: UnitOfWork, vault: Vault, now: datetime) -> None:
    """After four acts the state is the last entry's and the chain holds, read afresh from the database."""
    async with unit_of_work() as session:
        made = await carried_through(session, vault, now)
    case, log = await read(unit_of_work, made.id)
    verify_chain(case, log)
    assert [entry.act for entry in log] == ["open", "ask_identity", "confirm_identity", "propose"]
    assert case.state == log[-1].after == State.AWAITING_DECISION


async def test_an_act_that_does_not_fit_leaves_no_trace(
    unit_of_work: UnitOfWork, vault: Vault, now: datetime
) -> None:
    """A refused act changes neither the state nor the log, and the case goes on from where it was."""
    async with unit_of_work() as session:
        case = await opened(session, vault, now)
        with pytest.raises(NotAllowed):
            await record(session, vault, case, Act.APPROVE, now=now, actor=officer("o1"))
        await record(session, vault, case, Act.CONFIRM_IDENTITY, now=now, actor=DESK)
    case, log = await read(unit_of_work, case.id)
    verify_chain(case, log)
    assert [entry.act for entry in log] == ["open", "confirm_identity"]


async def test_the_end_of_a_case_is_dated_once(unit_of_work: UnitOfWork, vault: Vault, now: datetime) -> None:
    """A case is closed by the act that ends it; a later remark does not close it again."""
    async with unit_of_work() as session:
        case = await opened(session, vault, now)
        await record(session, vault, case, Act.WITHDRAW, now=now, actor=PERSON)
        await record(session, vault, case, Act.NOTE, now=now + timedelta(days=1), actor=officer("o1"))
        assert case.closed_at == now


async def test_a_changed_entry_is_found(unit_of_work: UnitOfWork, vault: Vault, now: datetime) -> None:
    """Whoever changes who did it, what was sealed with it, or the state, breaks the chain there."""
    for change in ({"actor": "desk2"}, {"detail": b"x" * 40}, {"before": "planning"}):
        async with unit_of_work() as session:
            case = await carried_through(session, vault, now)
            second = update(LogEntry).where(LogEntry.case_id == case.id, LogEntry.seq == 2)
            await session.execute(second.values(change))
        with pytest.raises(BrokenLog) as found:
            verify_chain(*await read(unit_of_work, case.id))
        assert (found.value.seq, found.value.why) == (2, "changed")


async def test_a_missing_entry_is_found(unit_of_work: UnitOfWork, vault: Vault, now: datetime) -> None:
    """An entry taken out of the middle or off the end is missed, there."""
    for gone in (2, 4):
        async with unit_of_work() as session:
            case = await carried_through(session, vault, now)
            await session.execute(delete(LogEntry).where(LogEntry.case_id == case.id, LogEntry.seq == gone))
        with pytest.raises(BrokenLog) as found:
            verify_chain(*await read(unit_of_work, case.id))
        assert (found.value.seq, found.value.why) == (gone, "missing")


async def test_a_state_written_past_the_log_is_found(
    unit_of_work: UnitOfWork, vault: Vault, now: datetime
) -> None:
    """A case somebody moved without the log does not pass, and no act goes on from a shortened log."""
    async with unit_of_work() as session:
        case = await carried_through(session, vault, now)
        await session.execute(update(Case).where(Case.id == case.id).values(state="answered"))
    with pytest.raises(BrokenLog, match="the case stands elsewhere"):
        verify_chain(*await read(unit_of_work, case.id))


async def test_the_chain_outlives_the_key(unit_of_work: UnitOfWork, vault: Vault, now: datetime) -> None:
    """After a dossier is erased its log still proves what happened: the hashes run over the ciphertext."""
    async with unit_of_work() as session:
        case = await carried_through(session, vault, now)
    vault.forget(case.dossier_id)
    verify_chain(*await read(unit_of_work, case.id))


async def test_two_writers_do_not_both_move_a_case(
    unit_of_work: UnitOfWork, vault: Vault, now: datetime
) -> None:
    """Whoever read the case before the other wrote collides with it; the case moved once and can go on."""
    async with unit_of_work() as session:
        stale = await opened(session, vault, now)
        case_id = stale.id
    async with unit_of_work() as session:
        fresh = await session.get_one(Case, case_id)
        await record(session, vault, fresh, Act.CONFIRM_IDENTITY, now=now, actor=DESK)

    async def withdraw_the_stale_one() -> None:
        async with unit_of_work() as session:
            session.add(stale)
            await record(session, vault, stale, Act.WITHDRAW, now=now, actor=PERSON)

    with pytest.raises(StaleDataError):
        await withdraw_the_stale_one()
    async with unit_of_work() as session:
        again = await session.get_one(Case, case_id)
        await record(session, vault, again, Act.WITHDRAW, now=now, actor=PERSON)
    case, log = await read(unit_of_work, case_id)
    verify_chain(case, log)
    assert [entry.act for entry in log] == ["open", "confirm_identity", "withdraw"]


async def test_only_an_officers_doubt_stops_the_clock(
    unit_of_work: UnitOfWork, vault: Vault, now: datetime
) -> None:
    """A code sent is no reasonable doubt (GDPR Art. 12(6)); an officer's question is, until answered."""
    async with unit_of_work() as session:
        case = await opened(session, vault, now)
        await record(session, vault, case, Act.ASK_IDENTITY, now=now, actor=PERSON)
        assert clock_events(await entries(session, case.id)) == ()
        later = now + timedelta(days=2)
        await record(session, vault, case, Act.ASK_IDENTITY, now=later, actor=officer("o1"))
        await record(session, vault, case, Act.CONFIRM_IDENTITY, now=later + timedelta(days=3), actor=DESK)
        await record(session, vault, case, Act.EXTEND, now=later + timedelta(days=4), actor=officer("o1"))
        events = clock_events(await entries(session, case.id))
    assert [(event.type, (event.at - now).days) for event in events] == [
        (ClockEventType.IDENTITY_REQUESTED, 2),
        (ClockEventType.IDENTITY_CONFIRMED, 5),
        (ClockEventType.EXTENDED, 6),
    ]
