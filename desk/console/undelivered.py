"""What an officer does about a letter that the receiving mail server refused for good."""

from fastapi import HTTPException
from fastapi.datastructures import FormData
from sqlalchemy.ext.asyncio import AsyncSession

from desk.console.acts import Changed, needed_text
from desk.console.doors import Inside
from intake.case import Act
from intake.letters import FAILED, KEPT, send_again
from intake.log import officer, record
from intake.records import Case, Letter


async def again(visit: Inside, session: AsyncSession, case: Case, letter_id: str) -> str:
    """Send it once more to the same address: a full mailbox may have been emptied. Raises Changed."""
    letter = await _refused(session, case, letter_id)
    send_again(letter, visit.now)
    await _record(visit, session, case, letter, Act.LETTER_AGAIN)
    return "again"


async def settled(visit: Inside, session: AsyncSession, case: Case, letter_id: str, form: FormData) -> str:
    """The person has been told in another way, which the officer writes down. Raises Changed and Incomplete.

    The letter stays to be read on the status page (Art. 12(3): the person is to be told, by whatever means).
    """
    letter = await _refused(session, case, letter_id)
    note = needed_text(visit, form, f"settled-{letter_id}", "console.case.undelivered.error")
    letter.state = KEPT
    await _record(visit, session, case, letter, Act.LETTER_SETTLED, note)
    return "settled"


async def _refused(session: AsyncSession, case: Case, letter_id: str) -> Letter:
    """The letter of this case; 404 for another one's. Raises Changed where it is dealt with already."""
    letter = await session.get(Letter, letter_id, with_for_update=True)
    if letter is None or letter.case_id != case.id:
        raise HTTPException(404)
    if letter.state != FAILED:
        raise Changed
    return letter


async def _record(
    visit: Inside, session: AsyncSession, case: Case, letter: Letter, act: Act, note: str | None = None
) -> None:
    detail = {"letter": letter.id, "name": letter.name} | ({"note": note} if note else {})
    actor = officer(visit.officer.id)
    await record(session, visit.desk.vault, case, act, now=visit.now, actor=actor, detail=detail)
