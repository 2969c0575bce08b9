"""Units of work: leaving one commits, an exception undoes it, and writers take turns."""

import asyncio
from datetime import datetime
from uuid import uuid4

import pytest
from sqlalchemy import func, select, text

from desk.database import Database
from intake.records import Dossier, ReferenceCounter


def dossier(now: datetime) -> Dossier:
    return Dossier(id=uuid4().hex, operator="fjordlys", created_at=now)


async def count(database: Database) -> int:
    async with database.unit_of_work() as session:
        return await session.scalar(select(func.count()).select_from(Dossier)) or 0


async def test_leaving_a_unit_commits(database: Database, now: datetime) -> None:
    """What was added is there for the next unit."""
    async with database.unit_of_work() as session:
        session.add(dossier(now))
    assert await count(database) == 1


async def test_an_exception_undoes_the_unit(database: Database, now: datetime) -> None:
    """All or nothing; the next unit works."""

    async def broken() -> None:
        async with database.unit_of_work() as session:
            session.add(dossier(now))
            await session.flush()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await broken()
    assert await count(database) == 0
    async with database.unit_of_work() as session:
        session.add(dossier(now))
    assert await count(database) == 1


async def test_two_writers_at_once_lose_nothing(database: Database) -> None:
    """Twenty units that read and then write the same row end at twenty."""
    async with database.unit_of_work() as session:
        session.add(ReferenceCounter(operator="fjordlys", year=2026, last=0))

    async def raise_by_one() -> None:
        async with database.unit_of_work() as session:
            row = await session.get_one(ReferenceCounter, ("fjordlys", 2026), with_for_update=True)
            row.last += 1

    await asyncio.gather(*(raise_by_one() for _ in range(20)))
    async with database.unit_of_work() as session:
        assert (await session.get_one(ReferenceCounter, ("fjordlys", 2026))).last == 20


async def test_moments_come_back_aware_and_in_utc(database: Database, now: datetime) -> None:
    """SQLite keeps no zone; what is read is what was written."""
    made = dossier(now)
    async with database.unit_of_work() as session:
        session.add(made)
    async with database.unit_of_work() as session:
        read = await session.get_one(Dossier, made.id)
    assert read.created_at == now
    assert read.created_at.utcoffset() is not None


async def test_an_error_of_the_database_tells_no_values(database: Database) -> None:
    """Parameters may be personal data, so they are kept out of the exception's text."""
    with pytest.raises(Exception) as raised:  # noqa: PT011  each driver has its own class
        async with database.unit_of_work() as session:
            await session.execute(text("INSERT INTO nowhere VALUES (:x)"), {"x": "kari@example.no"})
    assert "kari@example.no" not in str(raised.value)
