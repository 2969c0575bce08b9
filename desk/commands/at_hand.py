"""What a command that needs no database knows of the versions of documents in it, where there is one."""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Iterable, Mapping
from pathlib import Path
from typing import TypeVar

from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from desk.database import Database, open_engine
from desk.knowing import Handed
from desk.records import DocumentVersion
from desk.settings import Settings
from desk.versions import contents, history, standing_versions
from desk.wiring import utc_now
from knowledge.shelf import in_force
from law.calendar import oslo_day

T = TypeVar("T")


def versions_in_force(settings: Settings, operators: Iterable[str]) -> Mapping[str, Handed]:
    """For each company the versions in force today. A database that cannot be read is told of, not needed."""
    names = tuple(operators)
    today = oslo_day(utc_now())

    async def look(database: Database) -> dict[str, Handed]:
        async with database.unit_of_work() as session:
            found = await standing_versions(session, names)
            return {
                name: await contents(session, in_force(versions, today).values())
                for name, versions in found.items()
            }

    return _asked(settings, look) or {}


def versions_ever(settings: Settings, operators: Iterable[str]) -> Mapping[str, tuple[DocumentVersion, ...]]:
    """For each company every version there has been, the newest first, without contents."""
    names = tuple(operators)

    async def look(database: Database) -> dict[str, tuple[DocumentVersion, ...]]:
        async with database.unit_of_work() as session:
            return {name: await history(session, name) for name in names}

    return _asked(settings, look) or {}


def _asked(settings: Settings, look: Callable[[Database], Awaitable[T]]) -> T | None:
    """What the database answers; None where there is none yet, or where it cannot be read, which is told."""
    if settings.embedded and not Path(make_url(settings.database).database or "").is_file():
        return None

    async def asked() -> T:
        database = Database(open_engine(settings.database))
        try:
            return await look(database)
        finally:
            await database.close()

    try:
        return asyncio.run(asked())
    except (SQLAlchemyError, OSError) as fault:
        sys.stderr.write(
            f"the database cannot be read ({type(fault).__name__}; run rettsvar migrate if it is an old one): "
            "only the documents in the folders are known\n"
        )
        return None
