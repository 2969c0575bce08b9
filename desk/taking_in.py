"""Keeps every mail that comes in, sealed, before anything of it is read; those that come together in one commit."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy.exc import IntegrityError, OperationalError

from desk.log import log
from desk.sealed_mail import Sealed, digest_of, each, known, seal_all, write_down
from desk.wiring import Desk
from intake.email.mail import Delivery

AT_ONCE: Final = 50
BYTES_AT_ONCE: Final = 4_000_000
"""Mails that are kept in one commit, and how many bytes of them: others wait for the database meanwhile, and each is
in memory twice. A larger mail is kept alone."""

HASHED_HERE: Final = 200_000
"""Bytes that are hashed in less time than it takes to hand them to another thread and the event loop would notice."""

IN_A_ROW: Final = 3
"""So many mails that cannot be kept one after another: it is not the mails, it is us."""


@dataclass(slots=True, eq=False)
class _Brought:
    """A mail that somebody waits for, and what became of it once that is known."""

    delivery: Delivery = field(repr=False)
    outcome: bool | Exception | None = None


class Keeper:
    """The TakeIn of this desk. What it has returned for is in the database for good.

    Whoever comes while others are being kept waits, and is kept with all who came meanwhile: the disk is waited for
    once for all of them, and nobody is told anything before that.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._waiting: list[_Brought] = []
        self._turn = asyncio.Lock()

    async def __call__(self, delivery: Delivery) -> bool:
        """True when the mail is kept now, False when the same mail was before. Raises KeyError for a company that
        is not served, and what the database raises: then the mail must not be acknowledged."""
        if delivery.operator not in self._desk.operators:
            raise KeyError(delivery.operator)
        mine = _Brought(delivery)
        self._waiting.append(mine)
        try:
            async with self._turn:
                if mine.outcome is None:
                    await asyncio.sleep(0)  # who was handed in at this very moment comes along
                while mine.outcome is None:
                    await self._keep(self._together())
        finally:
            if mine in self._waiting:
                self._waiting.remove(mine)
        if isinstance(mine.outcome, Exception):
            raise mine.outcome
        return mine.outcome

    def _together(self) -> list[_Brought]:
        """Those who have waited longest, as many as are kept at once; at least one."""
        count = size = 0
        for one in self._waiting:
            size += len(one.delivery.raw)
            if count and (count == AT_ONCE or size > BYTES_AT_ONCE):
                break
            count += 1
        return self._waiting[:count]

    async def _keep(self, brought: Sequence[_Brought]) -> None:
        """Keep them, and say of each what became of it. Where this is broken off nothing is said, and they are still
        waiting: what was kept by then is found to be known."""
        outcomes = await self._kept([one.delivery for one in brought])
        for one, outcome in zip(brought, outcomes, strict=True):
            one.outcome = outcome
        self._waiting = [one for one in self._waiting if one.outcome is None]
        if any(outcome is True for outcome in outcomes):
            self._desk.wake()

    async def _kept(self, deliveries: Sequence[Delivery]) -> list[bool | Exception]:
        """What becomes of each: kept now (True), known before or kept with another of them (False), or a fault."""
        vault = self._desk.vault

        def digested() -> list[str | Exception]:
            return each(lambda one: digest_of(vault, one), deliveries)

        small = sum(len(one.raw) for one in deliveries) <= HASHED_HERE
        digests = digested() if small else await asyncio.to_thread(digested)
        first: dict[str, Delivery] = {}
        for digest, delivery in zip(digests, deliveries, strict=True):
            if isinstance(digest, str):
                first.setdefault(digest, delivery)
        became = await self._new(first)
        outcomes: list[bool | Exception] = []
        for digest in digests:
            if isinstance(digest, Exception):
                outcomes.append(digest)
                continue
            outcomes.append(became[digest])
            if became[digest] is True:
                became[digest] = False  # the same mail again
        return outcomes

    async def _new(self, mails: dict[str, Delivery]) -> dict[str, bool | Exception]:
        """Keep those that are not known, by their digests; what becomes of each."""
        became: dict[str, bool | Exception] = {}
        try:
            async with self._desk.unit_of_work() as session:
                there = await known(session, {one.operator for one in mails.values()}, mails.keys())
            became |= dict.fromkeys(there, False)
            new = [(one, digest) for digest, one in mails.items() if digest not in there]
            if not new:
                return became
            # the database is let go meanwhile: a key is waited for until the disk has it
            sealed = await asyncio.to_thread(seal_all, self._desk.vault, new, self._desk.clock())
        except Exception as fault:  # noqa: BLE001  each is told; what the database or the disk raises concerns all
            return became | {digest: fault for digest in mails if digest not in became}
        rows = {digest: one for (_, digest), one in zip(new, sealed, strict=True)}
        became |= {digest: one for digest, one in rows.items() if isinstance(one, Exception)}
        return became | await self._written({d: one for d, one in rows.items() if isinstance(one, Sealed)})

    async def _written(self, rows: dict[str, Sealed]) -> dict[str, bool | Exception]:
        """Commit them in one unit of work; where that cannot be, each in one of its own."""
        if not rows:
            return {}
        try:
            async with self._desk.unit_of_work() as session:
                await write_down(session, [*rows.values()])
        except Exception as fault:  # noqa: BLE001  one of them may be the fault; the others must not pay for it
            if len(rows) == 1:
                return {digest: await self._refused(digest, one, fault) for digest, one in rows.items()}
            log.warning("mails not kept together", count=len(rows), exc_type=type(fault).__name__)
        else:
            for one in rows.values():
                log.info(
                    "mail kept",
                    operator=one.mail["operator"],
                    kind=one.mail["source"],
                    size=one.mail["size"],
                )
            return dict.fromkeys(rows, True)
        return await self._one_by_one(rows)

    async def _one_by_one(self, rows: dict[str, Sealed]) -> dict[str, bool | Exception]:
        """Each in a unit of its own. A database that is away is not asked for every one of them."""
        became: dict[str, bool | Exception] = {}
        away = 0
        for digest, one in rows.items():
            last = next(reversed(became.values()), None)
            if away == IN_A_ROW and isinstance(last, Exception):
                became[digest] = last
                continue
            became |= await self._written({digest: one})
            away = away + 1 if isinstance(became[digest], OperationalError) else 0
        return became

    async def _refused(self, digest: str, one: Sealed, fault: Exception) -> bool | Exception:
        """What a mail that could not be written alone ends in: it may have come by another door at the same moment."""
        if not isinstance(fault, IntegrityError):
            return fault
        async with self._desk.unit_of_work() as session:
            there = await known(session, [one.mail["operator"]], [digest])
        return False if there else fault
