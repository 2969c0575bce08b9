"""Brings the database to the newest form, and says whether it is there."""

from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncEngine

from desk.tables import Record


def alembic_config(connection: Connection | None = None) -> Config:
    """Alembic's configuration for our revisions, over one connection."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    return config


async def upgrade(engine: AsyncEngine) -> None:
    """Run every revision the database lacks."""
    async with engine.begin() as connection:
        await connection.run_sync(lambda sync: command.upgrade(alembic_config(sync), "head"))


async def standing(engine: AsyncEngine) -> tuple[str | None, str | None]:
    """The revision the database is at, and the newest one."""
    async with engine.connect() as connection:
        current = await connection.run_sync(
            lambda sync: MigrationContext.configure(sync).get_current_revision()
        )
    return current, ScriptDirectory.from_config(alembic_config()).get_current_head()


async def drift(engine: AsyncEngine) -> list[object]:
    """Differences between the tables in the code and those in the database; empty is right."""
    async with engine.connect() as connection:
        return await connection.run_sync(
            lambda sync: list(compare_metadata(MigrationContext.configure(sync), Record.metadata))
        )
