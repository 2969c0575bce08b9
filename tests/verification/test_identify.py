"""What a proof sets going, and what waits for an officer."""

from datetime import datetime, timedelta

import pytest

from intake.case import Act, NotAllowed, State
from intake.log import DESK, clock_events, entries, officer, record
from intake.records import Case
from law.deadlines import ClockEventType
from law.rights import Right
from tests.verification.acting import KARI, Desk
from verification.identify import confirm, confirm_by_officer
from verification.ladder import Assurance
from verification.proofs import address_hash, store

MINUTE = timedelta(minutes=1)


async def go(desk: Desk, dossier_id: str, now: datetime) -> list[str]:
    """Confirm in a unit of work; the references moved."""
    async with desk.unit_of_work() as session:
        return [case.reference for case in await confirm(session, desk.vault, dossier_id, now)]


async def act(desk: Desk, case_id: str, what: Act, now: datetime, actor: str = DESK) -> None:
    """One act on a case."""
    async with desk.unit_of_work() as session:
        await record(session, desk.vault, await session.get_one(Case, case_id), what, now=now, actor=actor)


async def state(desk: Desk, case_id: str) -> State:
    """Where the case stands."""
    return State((await desk.read(case_id)).state)


async def test_a_proof_sets_every_case_of_the_dossier_going(desk: Desk, now: datetime) -> None:
    """Two requests in one message need one proof; another dossier's case stays where it is."""
    dossier, other = await desk.dossier(now), await desk.dossier(now)
    one, two = await desk.case(dossier, now), await desk.case(dossier, now, Right.ERASURE)
    elsewhere = await desk.case(other, now)
    assert await go(desk, dossier, now) == []
    await desk.prove(dossier, now)
    assert await go(desk, dossier, now) == ["FJL-2026-0001", "FJL-2026-0002"]
    states = [await state(desk, case_id) for case_id in (one, two, elsewhere)]
    assert states == [State.PLANNING, State.PLANNING, State.RECEIVED]


async def test_a_case_opened_after_the_proof_needs_no_other(desk: Desk, now: datetime) -> None:
    """Who has shown an address once is not asked again for the next request."""
    dossier = await desk.dossier(now)
    await desk.prove(dossier, now)
    case_id = await desk.case(dossier, now + MINUTE)
    assert await go(desk, dossier, now + MINUTE) == ["FJL-2026-0001"]
    assert await state(desk, case_id) is State.PLANNING


async def test_a_complaint_goes_to_its_officer_unproven(desk: Desk, now: datetime) -> None:
    """GDPR Art. 77: nobody proves who they are to complain; a withdrawn consent has to be found first."""
    dossier = await desk.dossier(now)
    complaint = await desk.case(dossier, now, Right.COMPLAINT)
    consent = await desk.case(dossier, now, Right.WITHDRAW_CONSENT)
    await go(desk, dossier, now)
    assert await state(desk, complaint) is State.PLANNING
    assert await state(desk, consent) is State.RECEIVED


async def test_a_go_between_waits_for_an_officer(desk: Desk, now: datetime) -> None:
    """A code moves no request on somebody else's behalf; an officer who has seen the authority does."""
    dossier = await desk.dossier(now)
    case_id = await desk.case(dossier, now, on_behalf=True)
    await desk.prove(dossier, now)
    assert await go(desk, dossier, now) == []
    assert await state(desk, case_id) is State.IDENTIFYING
    assert await go(desk, dossier, now) == []
    async with desk.unit_of_work() as session:
        case = await session.get_one(Case, case_id)
        await confirm_by_officer(session, desk.vault, case, "o1", "Fullmakt sett", now)
        log = await entries(session, case_id)
    assert await state(desk, case_id) is State.PLANNING
    assert (log[-1].actor, clock_events(log)) == ("officer:o1", ())


async def test_the_surest_proof_of_oneself_is_no_authority(desk: Desk, now: datetime) -> None:
    """Who asks for somebody else waits for an officer, however well it is known who they themselves are."""
    dossier = await desk.dossier(now)
    case_id = await desk.case(dossier, now, on_behalf=True)
    async with desk.unit_of_work() as session:
        await store(
            session,
            desk.vault,
            dossier_id=dossier,
            kind="email",
            value=KARI,
            value_hash=address_hash(desk.vault, "fjordlys", KARI),
            assurance=Assurance.HIGH,
            by="officer",
            now=now,
        )
    assert await go(desk, dossier, now) == []
    assert await state(desk, case_id) is State.IDENTIFYING


async def test_an_officers_doubt_is_settled_by_an_officer(desk: Desk, now: datetime) -> None:
    """A code does not answer an officer's question, and the clock stands still until it is answered."""
    dossier = await desk.dossier(now)
    case_id = await desk.case(dossier, now)
    await act(desk, case_id, Act.ASK_IDENTITY, now, officer("o1"))
    await desk.prove(dossier, now + MINUTE)
    assert await go(desk, dossier, now + MINUTE) == []
    async with desk.unit_of_work() as session:
        case = await session.get_one(Case, case_id)
        await confirm_by_officer(session, desk.vault, case, "o1", "Svarte riktig", now + 2 * MINUTE)
        events = clock_events(await entries(session, case_id))
    expected = [ClockEventType.IDENTITY_REQUESTED, ClockEventType.IDENTITY_CONFIRMED]
    assert [event.type for event in events] == expected


async def test_a_second_address_plans_anew(desk: Desk, now: datetime) -> None:
    """A plan awaiting a decision is made again when another address is proven, and only then."""
    dossier = await desk.dossier(now)
    case_id = await desk.case(dossier, now)
    await desk.prove(dossier, now)
    await go(desk, dossier, now)
    await act(desk, case_id, Act.PROPOSE, now + MINUTE)
    assert await go(desk, dossier, now + 2 * MINUTE) == []
    await desk.prove(dossier, now + 3 * MINUTE, "kari.jobb@example.com")
    assert await go(desk, dossier, now + 3 * MINUTE) == ["FJL-2026-0001"]
    assert await state(desk, case_id) is State.PLANNING


async def test_after_nothing_was_found_only_a_new_proof_searches_again(desk: Desk, now: datetime) -> None:
    """A case sent back for another address is not searched again under the old one."""
    dossier = await desk.dossier(now)
    case_id = await desk.case(dossier, now)
    await desk.prove(dossier, now)
    await go(desk, dossier, now)
    await act(desk, case_id, Act.ASK_IDENTITY, now + MINUTE)
    assert await go(desk, dossier, now + 2 * MINUTE) == []
    await desk.prove(dossier, now + 3 * MINUTE, "kari.jobb@example.com")
    assert await go(desk, dossier, now + 3 * MINUTE) == ["FJL-2026-0001"]


async def test_what_is_under_way_is_left_alone(desk: Desk, now: datetime) -> None:
    """A further proof moves neither a case being carried out nor a closed one; nor does an officer."""
    dossier = await desk.dossier(now)
    running, closed = await desk.case(dossier, now), await desk.case(dossier, now)
    await desk.prove(dossier, now)
    await go(desk, dossier, now)
    await act(desk, running, Act.RELEASE, now)
    await act(desk, closed, Act.WITHDRAW, now)
    await desk.prove(dossier, now + MINUTE, "kari.jobb@example.com")
    assert await go(desk, dossier, now + MINUTE) == []
    assert [await state(desk, one) for one in (running, closed)] == [State.FULFILLING, State.WITHDRAWN]
    case = await desk.read(closed)
    async with desk.unit_of_work() as session:
        with pytest.raises(NotAllowed):
            await confirm_by_officer(session, desk.vault, case, "o1", "Sett", now)
