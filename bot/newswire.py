"""Tells open streams of new messages, with one look at the database for all of them."""

import asyncio
from dataclasses import dataclass, field

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from intake.records import Message
from intake.unit_of_work import UnitOfWork


@dataclass(slots=True)
class Newswire:
    """Wakes who waits when its conversation has a newer message; while nobody waits, nothing is looked at."""

    unit_of_work: UnitOfWork
    every: float = 1.0  # seconds between two looks
    _waiting: dict[asyncio.Future[None], tuple[str, int]] = field(default_factory=dict)
    _looking: asyncio.Task[None] | None = None

    async def newer(self, conversation_id: str, after: int) -> None:
        """Return once the conversation has a message with a number above `after`. Raises SQLAlchemyError."""
        waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting[waiter] = (conversation_id, after)
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look(), name="newswire")
        try:
            await waiter
        finally:
            self._waiting.pop(waiter, None)

    async def _look(self) -> None:
        while self._waiting:
            try:
                newest = await self._newest()
            except SQLAlchemyError as fault:
                for waiter in [one for one in self._waiting if not one.done()]:
                    waiter.set_exception(fault)
                return
            for waiter, (conversation_id, after) in self._waiting.items():
                if not waiter.done() and newest.get(conversation_id, 0) > after:
                    waiter.set_result(None)
            await asyncio.sleep(self.every)

    async def _newest(self) -> dict[str, int]:
        watched = {conversation_id for conversation_id, _ in self._waiting.values()}
        async with self.unit_of_work() as session:
            rows = await session.execute(
                select(Message.conversation_id, func.max(Message.seq).label("newest"))
                .where(Message.conversation_id.in_(watched))
                .group_by(Message.conversation_id)
            )
            return {row.conversation_id: row.newest for row in rows}
