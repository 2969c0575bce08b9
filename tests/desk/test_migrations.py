"""Migrations: the revisions make exactly the tables the code knows, on both databases."""

from desk.database import Database, open_engine
from desk.migrate import drift, standing, upgrade
from intake.records import Record


async def test_revisions_make_the_tables_of_the_code(database: Database) -> None:
    """From empty to the newest form nothing differs, and a second run changes nothing."""
    async with database.engine.begin() as connection:
        await connection.run_sync(Record.metadata.drop_all)
    await upgrade(database.engine)
    assert await drift(database.engine) == []
    current, newest = await standing(database.engine)
    assert current == newest is not None
    await upgrade(database.engine)
    assert await standing(database.engine) == (current, newest)


async def test_an_empty_database_is_not_in_the_newest_form(tmp_path: object) -> None:
    """`standing` tells, so that serving can refuse; after `upgrade` it is fine."""
    engine = open_engine(f"sqlite+aiosqlite:///{tmp_path}/empty.sqlite")
    current, newest = await standing(engine)
    assert current is None
    await upgrade(engine)
    assert await standing(engine) == (newest, newest)
    await engine.dispose()
