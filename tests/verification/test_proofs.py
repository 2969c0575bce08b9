"""Which address may fetch a package, and what is kept of a proof: the first that showed itself, whatever comes later."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from intake.case import State
from intake.letters import write
from intake.log import entries
from intake.records import Case, Letter
from tests.company import company
from tests.verification.acting import KARI, Desk
from verification.ladder import Assurance
from verification.proofs import address_hash, fetching, proven, store

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

OLA = "ola@example.com"
MINUTE = timedelta(minutes=1)


async def stored(
    desk: Desk,
    dossier: str,
    value: str,
    now: datetime,
    *,
    kind: str = "email",
    by: str = "officer",
    assurance: Assurance = Assurance.HIGH,
) -> None:
    """An identifier is proven in another way than by a code sent there."""
    async with desk.unit_of_work() as session:
        hashed = address_hash(desk.vault, "fjordlys", value)
        await store(
            session, desk.vault, dossier_id=dossier, kind=kind, value=value, value_hash=hashed,
            assurance=assurance, by=by, now=now,
        )  # fmt: skip


async def may_fetch(desk: Desk, dossier: str) -> str | None:
    """The address a package may be fetched with."""
    async with desk.unit_of_work() as session:
        return await fetching(session, desk.vault, dossier)


async def test_the_first_address_fetches_however_often_another_is_proven(desk: Desk, now: datetime) -> None:
    """Whoever has the link can add an address; that the first is proven again later makes it no later one."""
    dossier = await desk.dossier(now)
    await desk.prove(dossier, now)
    await desk.prove(dossier, now + MINUTE, OLA)
    await desk.prove(dossier, now + 2 * MINUTE)
    assert await may_fetch(desk, dossier) == KARI


async def test_what_an_officer_wrote_down_fetches_nothing(desk: Desk, now: datetime) -> None:
    """Nor does a telephone number; the address that a code or the sender's domain showed does."""
    dossier = await desk.dossier(now)
    await stored(desk, dossier, OLA, now)
    await stored(desk, dossier, "99887766", now, kind="phone", by="code")
    assert await may_fetch(desk, dossier) is None
    await stored(desk, dossier, KARI, now + MINUTE, by="mail", assurance=Assurance.LOW)
    assert await may_fetch(desk, dossier) == KARI


async def test_an_officers_surer_word_takes_no_fetching_away(desk: Desk, now: datetime) -> None:
    """Else the next address that somebody adds would be the first."""
    dossier = await desk.dossier(now)
    await desk.prove(dossier, now)
    await stored(desk, dossier, KARI, now + MINUTE)
    await desk.prove(dossier, now + 2 * MINUTE, OLA)
    assert await may_fetch(desk, dossier) == KARI


async def test_a_weaker_proof_takes_nothing_from_a_surer_one(desk: Desk, now: datetime) -> None:
    """Proven to an officer and then by a code: as sure as before, and known later."""
    dossier = await desk.dossier(now)
    await stored(desk, dossier, KARI, now)
    await desk.prove(dossier, now + MINUTE)
    async with desk.unit_of_work() as session:
        (one,) = await proven(session, desk.vault, dossier)
    assert (one.assurance, one.at) == (Assurance.HIGH, now + MINUTE)


async def test_a_case_that_has_ended_is_told_of_no_proof(desk: Desk, now: datetime) -> None:
    """Its log is closed; the open one beside it says so."""
    dossier = await desk.dossier(now)
    ended, going = await desk.case(dossier, now), await desk.case(dossier, now)
    async with desk.unit_of_work() as session:
        (await session.get_one(Case, ended)).state = State.WITHDRAWN.value
    await desk.prove(dossier, now)
    async with desk.unit_of_work() as session:
        acts = [[one.act for one in await entries(session, case)] for case in (ended, going)]
    assert acts == [["open"], ["open", "prove_address"]]


async def test_a_proof_sends_this_dossiers_acknowledgements_and_nothing_else(
    desk: Desk, now: datetime
) -> None:
    """Not another requester's, nor a letter of another name, nor one whose words another letter has carried."""
    mine, others = await desk.dossier(now), await desk.dossier(now)
    await desk.case(mine, now)
    await desk.case(others, now)
    values = {"code": "012345", "minutes": 10, "purpose": "identify"}
    async with desk.unit_of_work() as session:
        for told, name in ((False, "code"), (True, "code"), (True, "acknowledgement")):
            made = await write(
                session, desk.vault, company(), name="code", lang="nb", dossier_id=mine, values=values, now=now,
                told=told,
            )  # fmt: skip
            made.name = name
    await desk.prove(mine, now, KARI)
    async with desk.unit_of_work() as session:
        letters = list(await session.scalars(select(Letter)))
    states = sorted((one.dossier_id == mine, one.name, one.state) for one in letters)
    assert states == [
        (False, "acknowledgement", "kept"),
        (True, "acknowledgement", "queued"),
        (True, "acknowledgement", "shown"),
        (True, "code", "kept"),
        (True, "code", "queued"),  # the one that was asked for
        (True, "code", "shown"),
    ]
    hashes = {one.to_hash for one in letters if one.state == "queued"}
    assert hashes == {desk.vault.lookup("email", KARI)}


async def test_a_letter_that_another_carried_is_not_mailed(desk: Desk, now: datetime) -> None:
    """Even where there is an address: it stands on the status page."""
    dossier = await desk.dossier(now)
    values = {"code": "012345", "minutes": 10, "purpose": "identify"}
    async with desk.unit_of_work() as session:
        made = await write(
            session, desk.vault, company(), name="code", lang="nb", dossier_id=dossier, to=KARI, values=values,
            now=now, told=True,
        )  # fmt: skip
    assert made.state == "shown"
