"""Migrations: the revisions make exactly the tables the code knows, on both databases."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from desk.database import Database, open_engine
from desk.migrate import drift, standing, upgrade
from tests.postgres import Cluster


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
async def empty(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Database]:
    """A database without any table, once on SQLite and once on PostgreSQL."""
    url = f"sqlite+aiosqlite:///{tmp_path / 'empty.sqlite'}"
    if request.param == "postgresql":
        cluster: Cluster = request.getfixturevalue("postgres")
        url = cluster.create("migrated")
    opened = Database(open_engine(url))
    yield opened
    await opened.close()


async def test_revisions_make_the_tables_of_the_code(empty: Database) -> None:
    """From empty to the newest form nothing differs, and a second run changes nothing."""
    await upgrade(empty.engine)
    assert await drift(empty.engine) == []
    current, newest = await standing(empty.engine)
    assert current == newest is not None
    await upgrade(empty.engine)
    assert await standing(empty.engine) == (current, newest)


async def test_an_empty_database_is_not_in_the_newest_form(tmp_path: object) -> None:
    """`standing` tells, so that serving can refuse; after `upgrade` it is fine."""
    engine = open_engine(f"sqlite+aiosqlite:///{tmp_path}/empty.sqlite")
    current, newest = await standing(engine)
    assert current is None
    await upgrade(engine)
    assert await standing(engine) == (newest, newest)
    await engine.dispose()
