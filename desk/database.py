"""Opens the database and hands out units of work: leaving one commits, before any answer is returned."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import event
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry


def open_engine(url: str) -> AsyncEngine:
    """An engine for SQLite (WAL, synchronous=FULL, one writer at a time) or PostgreSQL."""
    if make_url(url).get_backend_name() == "sqlite":
        engine = create_async_engine(url, connect_args={"timeout": 20}, hide_parameters=True)
        _write_safely(engine)
        return engine
    return create_async_engine(url, pool_pre_ping=True, hide_parameters=True)


def _write_safely(engine: AsyncEngine) -> None:
    """A promise given is a promise kept: full sync, foreign keys, and a lock taken when a unit begins.

    BEGIN IMMEDIATE waits for the other writer instead of failing halfway when a read turns into a write.
    """

    @event.listens_for(engine.sync_engine, "connect")
    def set_up(connection: sqlite3.Connection, _entry: ConnectionPoolEntry) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=20000"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def begin(connection: object) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")  # type: ignore[attr-defined]


class Database:
    """One engine and its units of work."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine
        self._sessions = async_sessionmaker(engine, expire_on_commit=False)

    @asynccontextmanager
    async def unit_of_work(self) -> AsyncIterator[AsyncSession]:
        """A session whose work is committed on leaving, or rolled back when an exception leaves it."""
        async with self._sessions() as session, session.begin():
            yield session

    async def close(self) -> None:
        """Let every connection go."""
        await self.engine.dispose()
