"""Codes sent and answered, on both databases: what proves, what does not, and how often one may ask."""

import asyncio
from collections import Counter
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from intake.log import entries, verify_chain
from intake.records import Case, Letter
from tests.company import company
from tests.verification.acting import KARI, Desk, wrong
from verification.challenges import Sent, Verdict, send_code
from verification.codes import LIFETIME, PAUSE, PER_ADDRESS, PER_DOSSIER, TRIES, WINDOW
from verification.ladder import Assurance
from verification.proofs import NotProven, person, proven
from verification.records import Challenge

SECOND = timedelta(seconds=1)


async def test_a_code_proves_the_address_it_went_to(desk: Desk, now: datetime) -> None:
    """The right code, in time, makes the address proven with low assurance, and nothing but the address."""
    dossier = await desk.dossier(now)
    await desk.ask(dossier, now)
    [(code, to)] = await desk.codes(dossier)
    assert to == KARI
    assert await desk.answer(dossier, code, now + LIFETIME - SECOND) is Verdict.PROVEN
    async with desk.unit_of_work() as session:
        [one] = await proven(session, desk.vault, dossier)
        assert await person(session, desk.vault, dossier) == {"email": (KARI,)}
    assert (one.kind, one.value, one.assurance) == ("email", KARI, Assurance.LOW)


async def test_neither_code_nor_address_lies_in_the_clear(desk: Desk, now: datetime) -> None:
    """Who reads the table learns neither where the code went nor what it is."""
    dossier = await desk.dossier(now)
    await desk.ask(dossier, now)
    [(code, _)] = await desk.codes(dossier)
    async with desk.unit_of_work() as session:
        row = (await session.scalars(select(Challenge))).one()
    assert code not in row.code_hash
    assert b"kari" not in row.address
    assert "kari" not in row.address_hash


async def test_a_code_runs_out(desk: Desk, now: datetime) -> None:
    """After ten minutes the code proves nothing; a new one does."""
    dossier = await desk.dossier(now)
    await desk.ask(dossier, now)
    [(code, _)] = await desk.codes(dossier)
    assert await desk.answer(dossier, code, now + LIFETIME) is Verdict.EXPIRED
    await desk.prove(dossier, now + LIFETIME)


async def test_a_code_works_once(desk: Desk, now: datetime) -> None:
    """A used code never works again."""
    dossier = await desk.dossier(now)
    await desk.prove(dossier, now)
    [(code, _)] = await desk.codes(dossier)
    assert await desk.answer(dossier, code, now) is Verdict.USED


async def test_a_new_code_makes_the_old_one_void(desk: Desk, now: datetime) -> None:
    """Of two codes only the newer works, also when both were asked for in the same instant."""
    dossier = await desk.dossier(now)
    await desk.ask(dossier, now, "forste@example.com")
    await desk.ask(dossier, now, "andre@example.com")
    codes = {to: code for code, to in await desk.codes(dossier)}
    if codes["forste@example.com"] != codes["andre@example.com"]:
        assert await desk.answer(dossier, codes["forste@example.com"], now) is Verdict.WRONG
    assert await desk.answer(dossier, codes["andre@example.com"], now) is Verdict.PROVEN
    async with desk.unit_of_work() as session:
        assert await person(session, desk.vault, dossier) == {"email": ("andre@example.com",)}


async def test_a_code_answers_no_other_dossier_or_purpose(desk: Desk, now: datetime) -> None:
    """Read aloud to a stranger, a code opens nothing in their dossier, nor a download in one's own."""
    mine, stranger = await desk.dossier(now), await desk.dossier(now)
    await desk.ask(mine, now)
    [(code, _)] = await desk.codes(mine)
    assert await desk.answer(stranger, code, now) is Verdict.NONE
    assert await desk.answer(mine, code, now, "download") is Verdict.NONE
    assert await desk.answer(mine, code, now) is Verdict.PROVEN


async def test_five_wrong_tries_end_the_code_and_bring_a_pause(desk: Desk, now: datetime) -> None:
    """After the fifth wrong try the right code is no use, and none is sent for 15 minutes; then one is."""
    dossier = await desk.dossier(now)
    await desk.ask(dossier, now)
    [(code, _)] = await desk.codes(dossier)
    verdicts = [await desk.answer(dossier, wrong(code), now) for _ in range(TRIES)]
    assert verdicts == [Verdict.WRONG] * (TRIES - 1) + [Verdict.PAUSED]
    assert await desk.answer(dossier, code, now) is Verdict.PAUSED
    assert await desk.ask(dossier, now + PAUSE - SECOND) == Sent(None, now + PAUSE)
    assert await desk.answer(dossier, code, now + PAUSE) is Verdict.EXPIRED
    await desk.prove(dossier, now + PAUSE)


async def test_a_pause_holds_for_the_dossier_and_for_the_address(desk: Desk, now: datetime) -> None:
    """Neither another address nor another dossier gets round the pause of the one or the other."""
    dossier, other, third = [await desk.dossier(now) for _ in range(3)]
    await desk.ask(dossier, now)
    [(code, _)] = await desk.codes(dossier)
    for _ in range(TRIES):
        await desk.answer(dossier, wrong(code), now)
    paused = Sent(None, now + PAUSE)
    assert await desk.ask(dossier, now, "annen@example.com") == paused
    assert await desk.ask(other, now, "KARI@example.com") == paused
    assert (await desk.ask(third, now, "ola@example.com")).challenge_id is not None


async def test_what_is_no_code_costs_no_try(desk: Desk, now: datetime) -> None:
    """A person who writes words or half a code has not used up a try."""
    dossier = await desk.dossier(now)
    await desk.ask(dossier, now)
    [(code, _)] = await desk.codes(dossier)
    assert {await desk.answer(dossier, text, now) for text in ("", "hei", "123", "x" * 99_999)} == {
        Verdict.WRONG
    }
    async with desk.unit_of_work() as session:
        assert (await session.scalars(select(Challenge.tries))).one() == 0
    assert await desk.answer(dossier, f" {code[:3]} {code[3:]} ", now) is Verdict.PROVEN


async def test_tries_at_the_same_moment_are_all_counted(desk: Desk, now: datetime) -> None:
    """Twelve wrong answers at once: four are told wrong, the rest are paused, the right code is lost."""
    dossier = await desk.dossier(now)
    await desk.ask(dossier, now)
    [(code, _)] = await desk.codes(dossier)
    verdicts = await asyncio.gather(*(desk.answer(dossier, wrong(code), now) for _ in range(12)))
    assert Counter(verdicts) == {Verdict.WRONG: TRIES - 1, Verdict.PAUSED: 12 - TRIES + 1}
    assert await desk.answer(dossier, code, now) is Verdict.PAUSED


async def test_a_double_click_proves_once(desk: Desk, now: datetime) -> None:
    """The right code sent twice at once is proven once and used once, with one proof in the table."""
    dossier = await desk.dossier(now)
    await desk.ask(dossier, now)
    [(code, _)] = await desk.codes(dossier)
    verdicts = await asyncio.gather(*(desk.answer(dossier, code, now) for _ in range(2)))
    assert Counter(verdicts) == {Verdict.PROVEN: 1, Verdict.USED: 1}
    async with desk.unit_of_work() as session:
        assert len(await proven(session, desk.vault, dossier)) == 1


async def test_an_address_gets_five_codes_an_hour(desk: Desk, now: datetime) -> None:
    """However many dossiers ask, a mailbox is not flooded: the sixth waits until the first is an hour old."""
    sent = [await desk.ask(await desk.dossier(now), now + i * SECOND) for i in range(PER_ADDRESS)]
    assert all(one.challenge_id for one in sent)
    last = await desk.dossier(now)
    assert await desk.ask(last, now + timedelta(minutes=30)) == Sent(None, now + WINDOW)
    assert (await desk.ask(last, now + WINDOW)).challenge_id is not None


async def test_codes_asked_for_at_once_keep_to_the_limit(desk: Desk, now: datetime) -> None:
    """Ten dossiers asking for the same address in the same moment get five codes together."""
    dossiers = [await desk.dossier(now) for _ in range(10)]
    sent = await asyncio.gather(*(desk.ask(dossier, now) for dossier in dossiers))
    assert sum(one.challenge_id is not None for one in sent) == PER_ADDRESS
    async with desk.unit_of_work() as session:
        assert (
            len((await session.scalars(select(Letter.id).where(Letter.name == "code"))).all()) == PER_ADDRESS
        )


async def test_a_dossier_gets_ten_codes_an_hour(desk: Desk, now: datetime) -> None:
    """One requester cannot have us write to mailbox after mailbox."""
    dossier = await desk.dossier(now)
    for number in range(PER_DOSSIER):
        assert (await desk.ask(dossier, now, f"a{number}@example.com")).challenge_id is not None
    assert await desk.ask(dossier, now, "en-til@example.com") == Sent(None, now + WINDOW)


async def test_what_is_no_address_gets_no_code(desk: Desk, now: datetime) -> None:
    """Nothing is written to what is not one address; the same dossier may then give a right one."""
    dossier = await desk.dossier(now)
    for address in ("", "kari", "kari@example.com\nBcc: ola@example.com", "🙂@example.com"):
        assert await desk.ask(dossier, now, address) == Sent(None, None)
    assert (await desk.ask(dossier, now)).challenge_id is not None


async def test_a_download_needs_a_proven_address(desk: Desk, now: datetime) -> None:
    """Whoever has the status link cannot have the code for the package sent to a mailbox of their own."""
    dossier = await desk.dossier(now)
    await desk.prove(dossier, now)

    async def ask_elsewhere() -> None:
        async with desk.unit_of_work() as session:
            await send_code(
                session,
                desk.vault,
                company(),
                dossier_id=dossier,
                address="tyv@example.com",
                purpose="download",
                lang="nb",
                now=now,
            )

    with pytest.raises(NotProven):
        await ask_elsewhere()
    assert (await desk.ask(dossier, now, " Kari@Example.com", "download")).challenge_id is not None
    code, to = (await desk.codes(dossier))[-1]
    assert to == "Kari@Example.com"
    assert await desk.answer(dossier, code, now + SECOND, "download") is Verdict.PROVEN
    async with desk.unit_of_work() as session:
        assert [proof.at for proof in await proven(session, desk.vault, dossier)] == [
            now
        ]  # proves nothing new


async def test_one_address_may_be_proven_in_two_dossiers(desk: Desk, now: datetime) -> None:
    """Each conversation is a requester of its own; proving again in one of them makes no second proof."""
    one, two = await desk.dossier(now), await desk.dossier(now)
    for dossier, later in ((one, 0), (two, 1), (one, 2)):
        await desk.prove(dossier, now + timedelta(minutes=later))
    async with desk.unit_of_work() as session:
        assert await person(session, desk.vault, one) == await person(session, desk.vault, two)
        assert [proof.at for proof in await proven(session, desk.vault, one)] == [now + timedelta(minutes=2)]


async def test_a_proof_is_noted_and_the_acknowledgement_leaves(desk: Desk, now: datetime) -> None:
    """Once an address is proven the open cases' logs say so, and receipts that had no address go to it."""
    dossier = await desk.dossier(now)
    case_id = await desk.case(dossier, now)
    await desk.prove(dossier, now)
    async with desk.unit_of_work() as session:
        case = await session.get_one(Case, case_id)
        log = await entries(session, case_id)
        verify_chain(case, log)
        receipt = (await session.scalars(select(Letter).where(Letter.case_id == case_id))).one()
    assert [entry.act for entry in log] == ["open", "prove_address"]
    assert (receipt.name, receipt.state) == ("acknowledgement", "queued")
