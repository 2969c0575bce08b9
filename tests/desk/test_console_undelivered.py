"""A letter that the recipient's mail server refused: seen in the queue, sent again, or told in another way."""

import pytest
from sqlalchemy import select

from desk.console.queue import Queue, Wanted, load
from desk.leaving import CAPPED
from intake.case import Act
from intake.letters import FAILED, QUEUED
from intake.log import entries
from intake.records import Case, Letter
from law.rights import Right
from tests.desk.cases import acted, opened
from tests.desk.web import Web

pytestmark = pytest.mark.slow


async def refused(web: Web) -> tuple[Case, Letter]:
    """A case that is answered, whose letter nobody has got; an officer is signed in."""
    case = (await opened(web.desk, Right.COMPLAINT)).case
    await acted(web.desk, case, Act.ANSWER)
    async with web.desk.unit_of_work() as session:
        letter = (await session.scalars(select(Letter).where(Letter.case_id == case.id))).one()
        letter.state = FAILED
    await web.sign_in(await web.add_officer())
    return case, letter


async def queue(web: Web) -> Queue:
    """What an officer finds when the day begins."""
    async with web.desk.unit_of_work() as session:
        return await load(session, ("fjordlys",), Wanted(), web.clock())


async def state(web: Web, letter: Letter) -> str:
    """Where the letter stands."""
    async with web.desk.unit_of_work() as session:
        return (await session.get_one(Letter, letter.id)).state


async def test_an_answer_nobody_got_stands_in_the_queue(web: Web) -> None:
    """The case is ended, and is shown all the same, with the reason."""
    case, letter = await refused(web)
    assert [(row.reference, row.undelivered) for row in (await queue(web)).rows] == [(case.reference, True)]
    assert "Brev kom ikke fram" in (await web.get("/console")).text
    assert f'href="#letter-{letter.id}"' in (await web.get(f"/console/cases/{case.reference}")).text


async def test_a_code_nobody_got_is_no_matter_of_the_queue(web: Web) -> None:
    """Who mistyped an address asks for another code."""
    _, letter = await refused(web)
    async with web.desk.unit_of_work() as session:
        (await session.get_one(Letter, letter.id)).name = "code"
    assert (await queue(web)).total == 0


async def test_a_letter_is_sent_again_once(web: Web) -> None:
    """It is queued under another attempt; a second click does nothing; the log names the officer."""
    case, letter = await refused(web)
    path = f"/console/cases/{case.reference}/letters/{letter.id}/again"
    assert (await web.post(path)).headers["location"].endswith("m=again")
    async with web.desk.unit_of_work() as session:
        row = await session.get_one(Letter, letter.id)
        assert (row.state, row.attempts > letter.attempts) == ("queued", True)
        log = await entries(session, case.id)
    assert (log[-1].act, log[-1].actor.partition(":")[0]) == (Act.LETTER_AGAIN, "officer")
    assert (await web.post(path)).headers["location"].endswith("m=changed")
    assert (await queue(web)).total == 0


async def test_the_person_was_told_in_another_way(web: Web) -> None:
    """How must be written; then the case is over and the letter can be read on the status page."""
    case, letter = await refused(web)
    path = f"/console/cases/{case.reference}/letters/{letter.id}/settled"
    missing = await web.post(path)
    assert (missing.status_code, await state(web, letter)) == (422, FAILED)
    assert f'href="#settled-{letter.id}"' in missing.text
    told = await web.post(path, {f"settled-{letter.id}": "Ringte 25.11."})
    assert told.headers["location"].endswith("m=settled")
    assert (await queue(web)).total == 0
    assert await state(web, letter) == "kept"
    assert "Ringte 25.11." in (await web.get(f"/console/cases/{case.reference}")).text


async def test_another_cases_letter_is_not_found(web: Web) -> None:
    """The letter's number alone opens nothing."""
    _, letter = await refused(web)
    other = (await opened(web.desk, Right.COMPLAINT)).case
    answer = await web.post(f"/console/cases/{other.reference}/letters/{letter.id}/again")
    assert (answer.status_code, await state(web, letter)) == (404, FAILED)


async def test_a_letter_that_waits_says_so(web: Web) -> None:
    """Put off by its own server, or by the cap of the day: the case says when it is tried, and why."""
    case, letter = await refused(web)
    page = f"/console/cases/{case.reference}"
    for fault, words in ((CAPPED, "så mange brev"), ("recipient deferred (451)", "Vi prøver igjen")):
        async with web.desk.unit_of_work() as session:
            row = await session.get_one(Letter, letter.id)
            row.state, row.fault = QUEUED, fault
        assert words in (await web.get(page)).text
    async with web.desk.unit_of_work() as session:
        (await session.get_one(Letter, letter.id)).fault = None
    assert "Vi prøver igjen" not in (await web.get(page)).text
