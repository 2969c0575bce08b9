"""Whether a letter may leave now: nobody is sent a second acknowledgement, or more letters a day than the setting says.

A robot that answers every mail, or somebody who writes in another's name, must not make us flood an address.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from intake.records import Letter

WINDOW: Final = timedelta(hours=24)
ACKNOWLEDGEMENT: Final = "acknowledgement"
CAPPED: Final = "cap of the day"
"""What stands on a letter that waits because of the cap."""


class Leave(StrEnum):
    """What becomes of a letter."""

    NOW = "now"
    LATER = "later"  # at the time that comes with it
    KEPT = "kept"  # it can be read on the status page, and is not sent


@dataclass(frozen=True, slots=True)
class Sent:
    """What was sent before: in the last 24 hours to the same address, the first of them, and for the same case."""

    today: int
    first_at: datetime | None
    acknowledged: bool


def may_leave(name: str, sent: Sent, *, a_day: int) -> tuple[Leave, datetime | None]:
    """Whether the letter of that name may leave, and when, where it is later.

    A second acknowledgement of a case is kept: the first one said it (Art. 12 asks for none). Everything else is
    put off and never dropped, until the oldest letter of the day is a day old.
    """
    if name == ACKNOWLEDGEMENT and sent.acknowledged:
        return Leave.KEPT, None
    if sent.today < a_day or sent.first_at is None:
        return Leave.NOW, None
    return Leave.LATER, sent.first_at + WINDOW


async def sent_before(session: AsyncSession, letter: Letter, *, now: datetime) -> Sent:
    """What was sent to the letter's address and for its case. Up to eight leave at once, so the cap is not exact."""
    today, first_at = 0, None
    if letter.to_hash is not None:
        same = (Letter.to_hash == letter.to_hash, Letter.state == "sent", Letter.sent_at > now - WINDOW)
        today = await session.scalar(select(func.count()).select_from(Letter).where(*same)) or 0
        first_at = await session.scalar(select(Letter.sent_at).where(*same).order_by(Letter.sent_at).limit(1))
    acknowledged = False
    if letter.name == ACKNOWLEDGEMENT and letter.case_id is not None:
        found = await session.scalar(
            select(Letter.id)
            .where(
                Letter.case_id == letter.case_id, Letter.name == ACKNOWLEDGEMENT,
                Letter.state == "sent", Letter.id != letter.id,
            )
            .limit(1)
        )  # fmt: skip
        acknowledged = found is not None
    return Sent(today, first_at, acknowledged)


async def came_back(session: AsyncSession, letter: Letter) -> bool:
    """Whether an earlier letter of the dossier to this address came back, and no officer has sent it again since."""
    if letter.to_hash is None:
        return False
    found = await session.scalar(
        select(Letter.id)
        .where(
            Letter.dossier_id == letter.dossier_id,
            Letter.to_hash == letter.to_hash,
            Letter.bounced_at.is_not(None),
        )
        .limit(1)
    )
    return found is not None
