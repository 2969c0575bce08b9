"""Looks for cases that have moved and tells the person in the conversation; one teller for each channel."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select

from bot.hub import Channel
from bot.news import News, tell
from desk.wiring import Desk
from intake.records import Case, LogEntry

CATCH_UP = timedelta(days=2)  # what moved while nothing ran is told at the next start
OVERLAP = timedelta(seconds=30)  # a move's time is taken before its unit of work ends
AT_MOST = 200


class Teller:
    """Remembers how far it has looked. Telling twice is harmless: the conversation knows what it was told."""

    def __init__(self, desk: Desk, channel: Channel) -> None:
        self._desk = desk
        self._channel = channel
        self._since: datetime = desk.clock() - CATCH_UP

    async def sweep(self) -> list[News]:
        """Tell what is new; each message is in its conversation when this returns."""
        now = self._desk.clock()
        told: list[News] = []
        for case_id in await self._moved():
            async with self._desk.unit_of_work() as session:
                case = await session.get_one(Case, case_id)
                news = await tell(self._desk.hub, session, case, now)
            if news is not None:
                told.append(news)
        self._since = now - OVERLAP
        return told

    async def _moved(self) -> Sequence[str]:
        async with self._desk.unit_of_work() as session:
            rows = await session.scalars(
                select(LogEntry.case_id)
                .join(Case, Case.id == LogEntry.case_id)
                .where(
                    LogEntry.at >= self._since,
                    Case.channel == self._channel.value,
                    Case.conversation_id.is_not(None),
                )
                .distinct()
                .limit(AT_MOST)
            )
            return rows.all()
