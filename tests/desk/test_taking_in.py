"""Mails that come together are kept together: in one commit, each once, and none pays for another's fault."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import event, select
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.ext.asyncio import AsyncSession

from desk.database import Database
from desk.taking_in import AT_ONCE, BYTES_AT_ONCE, IN_A_ROW, Keeper
from desk.wiring import Desk
from intake.email.mail import Delivery
from intake.email.records import IncomingMail
from intake.records import Dossier
from tests.desk.desks import Clock, make_desk

pytestmark = pytest.mark.slow  # each has a desk of its own


@pytest.fixture
async def desk(tmp_path: Path, now: datetime) -> AsyncIterator[Desk]:
    """A desk for one company."""
    made = await make_desk(tmp_path, Clock(now), systems=False, operators=("fjordlys",))
    yield made
    await made.close()


def delivery(desk: Desk, words: str, **more: object) -> Delivery:
    """A mail at the door."""
    raw = f"From: kari@example.no\nSubject: {words}\n\nSlett meg.\n".encode()
    values = {"operator": "fjordlys", "raw": raw, "received_at": desk.clock(), "source": "imap"} | more
    return Delivery(**values)  # type: ignore[arg-type]


async def handed_in(keeper: Keeper, *mails: Delivery) -> list[bool | BaseException]:
    """What becomes of mails that are handed in at the same moment."""
    return await asyncio.gather(*(keeper(one) for one in mails), return_exceptions=True)


async def subjects(desk: Desk) -> list[str]:
    """The subjects of all that is kept, out of their seals; each mail has a dossier of its own, and no other is there."""
    async with desk.unit_of_work() as session:
        rows = (
            await session.execute(select(IncomingMail.id, IncomingMail.dossier_id, IncomingMail.raw))
        ).all()
        dossiers = set(await session.scalars(select(Dossier.id)))
    assert {row.dossier_id for row in rows} == dossiers
    assert len(dossiers) == len(rows)
    raws = [desk.vault.open_text(one.dossier_id, f"incoming_mail.raw:{one.id}", one.raw) for one in rows]
    return sorted(raw.split("Subject: ")[1].split("\n")[0] for raw in raws)


class Commits:
    """Counts the transactions that wrote something."""

    def __init__(self, desk: Desk) -> None:
        self.count = 0
        self._wrote = False
        engine = desk.database.engine.sync_engine
        event.listen(engine, "before_cursor_execute", self._before)
        event.listen(engine, "commit", self._commit)

    def _before(self, _c: object, _u: object, statement: str, *_: object) -> None:
        self._wrote = self._wrote or statement.startswith("INSERT INTO incoming_mail")

    def _commit(self, _connection: object) -> None:
        self.count += self._wrote
        self._wrote = False


async def test_mails_that_come_together_are_one_commit(desk: Desk) -> None:
    """Twenty at the same moment; each has its own key, and can be opened."""
    commits, words = Commits(desk), [f"nr {number:02}" for number in range(20)]
    assert await handed_in(Keeper(desk), *(delivery(desk, one) for one in words)) == [True] * 20
    assert commits.count == 1
    assert await subjects(desk) == words


async def test_the_same_mail_twice_among_them_is_one(desk: Desk) -> None:
    """The first is kept, the second is known by it; and so is one that was there before."""
    keeper = Keeper(desk)
    assert await keeper(delivery(desk, "gammel")) is True
    mails = [delivery(desk, one) for one in ("a", "gammel", "b", "a", "a")]
    assert await handed_in(keeper, *mails) == [True, False, True, False, False]
    assert await subjects(desk) == ["a", "b", "gammel"]


@pytest.mark.parametrize(
    ("wrong", "fault"),
    [({"envelope_from": "\udc80"}, UnicodeEncodeError), ({"source": None}, IntegrityError)],
    ids=["cannot be sealed", "cannot be written"],
)
async def test_one_bad_mail_does_not_sink_the_others(
    desk: Desk, wrong: dict[str, object], fault: type[Exception]
) -> None:
    """Its own bringer is told, every time; the others are kept, and the bad one too once nothing is wrong with it."""
    keeper = Keeper(desk)
    mails = [delivery(desk, "a"), delivery(desk, "ond", **wrong), delivery(desk, "b")]
    first, bad, last = await handed_in(keeper, *mails)
    assert (first, last) == (True, True)
    assert isinstance(bad, fault)
    assert await subjects(desk) == ["a", "b"]
    assert await keeper(delivery(desk, "ond")) is True


async def test_they_are_few_enough_that_others_have_their_turn(desk: Desk) -> None:
    """No commit holds more mails or bytes than the bound; a larger mail is kept alone."""
    commits, keeper = Commits(desk), Keeper(desk)
    many = [delivery(desk, f"nr {number:03}") for number in range(AT_ONCE + 1)]
    assert await handed_in(keeper, *many) == [True] * len(many)
    assert commits.count == 2
    large = [
        delivery(desk, name, raw=f"Subject: {name}\n\n".encode() + b"x" * BYTES_AT_ONCE) for name in "xyz"
    ]
    assert await handed_in(keeper, *large) == [True] * 3
    assert commits.count == 5


async def test_whoever_gives_up_waiting_takes_nobody_along(desk: Desk) -> None:
    """The one that keeps for all is broken off in the middle: the others are kept all the same."""
    keeper = Keeper(desk)
    tasks = [asyncio.create_task(keeper(delivery(desk, one))) for one in ("a", "b", "c")]
    for _ in range(6):
        await asyncio.sleep(0)
    tasks[0].cancel()
    tasks[2].cancel()
    ended = await asyncio.gather(*tasks, return_exceptions=True)
    assert [isinstance(one, asyncio.CancelledError) for one in ended] == [True, False, True]
    assert "b" in await subjects(desk)
    again = await handed_in(keeper, *(delivery(desk, one) for one in ("a", "b", "c")))
    assert again[1] is False
    assert await subjects(desk) == ["a", "b", "c"]


class Away(Database):
    """A database that can be read, and cannot be written to for as long as it is told so."""

    def __init__(self, database: Database) -> None:
        self.engine, self._database = database.engine, database
        self.away, self.tried, self._wrote = True, 0, False
        event.listen(database.engine.sync_engine, "before_cursor_execute", self._before)

    def _before(self, _c: object, _u: object, statement: str, *_: object) -> None:
        self._wrote = self._wrote or statement.startswith("INSERT")

    @asynccontextmanager
    async def unit_of_work(self) -> AsyncIterator[AsyncSession]:
        """A session; what it wrote fails at the end."""
        self._wrote = False
        async with self._database.unit_of_work() as session:
            yield session
            if self._wrote and self.away:
                self.tried += 1
                raise OperationalError("COMMIT", {}, Exception("database is locked"))


async def test_a_database_that_is_away_is_not_asked_for_every_mail(desk: Desk) -> None:
    """Each bringer is told that it is not kept; when it is back, all are kept once."""
    away = Away(desk.database)
    keeper = Keeper(replace(desk, database=away))
    words = [f"nr {number:02}" for number in range(20)]
    outcomes = await handed_in(keeper, *(delivery(desk, one) for one in words))
    assert all(isinstance(one, OperationalError) for one in outcomes)
    assert away.tried == 1 + IN_A_ROW
    assert await subjects(desk) == []
    away.away = False
    assert await handed_in(keeper, *(delivery(desk, one) for one in words)) == [True] * 20
    assert await subjects(desk) == words
