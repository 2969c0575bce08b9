"""Sees to it that each company is answered from the versions of its documents that are in force."""

import asyncio
import contextlib
from collections.abc import Callable
from datetime import datetime
from typing import Final

from sqlalchemy.exc import SQLAlchemyError

from desk.knowing import KnowledgeByCompany
from desk.log import log
from desk.reviews import reviewed_of
from desk.versions import contents, standing_versions
from intake.unit_of_work import UnitOfWork
from knowledge.shelf import Version, in_force
from law.calendar import oslo_day

PATIENCE: Final = 5.0
"""Seconds a question waits while new versions are indexed, which takes one; after that the old ones answer."""

EVERY: Final = 60.0
"""Seconds between two looks in the background, so that hardly any question waits."""


class InForce:
    """Looks at the rows before a question is answered: another process, or the date, may have brought a version.

    The look is one small query. A version is indexed in a thread; until that is done the old index answers.
    """

    def __init__(
        self, unit_of_work: UnitOfWork, knowledge: KnowledgeByCompany, *, patience: float = PATIENCE
    ) -> None:
        self._unit_of_work = unit_of_work
        self._knowledge = knowledge
        self._patience = patience
        self._renewing: dict[str, asyncio.Task[None]] = {}

    async def __call__(self, operator: str, now: datetime) -> None:
        """Have the company answered from what is in force now. Waits at most a little, but for the first index."""
        async with self._unit_of_work() as session:
            found = await standing_versions(session, (operator,))
            reviewed = await reviewed_of(session, operator)
        self._knowledge.review(operator, reviewed)
        await self._bring(operator, tuple(in_force(found[operator], oslo_day(now)).values()))

    async def keep(self, stop: asyncio.Event, clock: Callable[[], datetime]) -> None:
        """Index ahead of the questions: every company at the start, and whatever comes into force, until `stop`."""
        while not stop.is_set():
            try:
                async with self._unit_of_work() as session:
                    found = await standing_versions(session, tuple(self._knowledge))
                for operator, versions in found.items():
                    if stop.is_set():
                        return
                    await self._bring(operator, tuple(in_force(versions, oslo_day(clock())).values()))
                    await asyncio.to_thread(lambda name: self._knowledge.known(name).findings, operator)
            except (SQLAlchemyError, OSError) as fault:
                log.error("documents not looked at", exc_type=type(fault).__name__)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), EVERY)

    async def _bring(self, operator: str, versions: tuple[Version, ...]) -> None:
        """Index these versions where they are not indexed; whoever else wants them meanwhile waits for the same."""
        for _ in range(2):  # what is being indexed already may be something else: then ours comes after it
            if self._knowledge.is_made_of(operator, versions):
                return
            task = self._renewing.get(operator)
            if task is None or task.done():
                task = asyncio.create_task(self._renew(operator, versions), name=f"documents {operator}")
                task.add_done_callback(_told)
                self._renewing[operator] = task
            await asyncio.wait([task], timeout=self._patience if self._knowledge.is_made(operator) else None)
            if not task.done():
                return
            task.result()

    async def _renew(self, operator: str, versions: tuple[Version, ...]) -> None:
        async with self._unit_of_work() as session:
            handed_in = await contents(session, versions)
        await asyncio.to_thread(self._knowledge.renew, operator, handed_in)


def _told(task: asyncio.Task[None]) -> None:
    """Log what a renewal ended in that nobody waited for."""
    fault = None if task.cancelled() else task.exception()
    if fault is not None:
        log.error("documents not renewed", exc_type=type(fault).__name__)
