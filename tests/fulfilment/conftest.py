"""The invented shop's database, and a small desk around it."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from desk.database import Database, open_engine
from fulfilment.adapters.manual import ManualAdapter
from fulfilment.adapters.sql import SqlAdapter
from intake.vault import Vault
from tests.fulfilment.shop import HOSTED, PAPER, SHOP, company, plant
from tests.fulfilment.world import Troubled, World
from tests.postgres import Cluster


@pytest.fixture(scope="session")
def shop_url(postgres: Cluster) -> str:
    """One PostgreSQL database for all shops; each is planted anew."""
    return postgres.create(f"shop{uuid4().hex}")


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
async def shop(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[AsyncEngine]:
    """A database with Kari and Ola in it, foreign keys enforced."""
    if request.param == "sqlite":
        url = f"sqlite+aiosqlite:///{tmp_path / 'shop.sqlite'}"
    else:
        url = request.getfixturevalue("shop_url")
    engine = open_engine(url)
    await plant(engine)
    yield engine
    await engine.dispose()


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[AsyncEngine]:
    """The shop's database on SQLite, for tests of what is around it."""
    engine = open_engine(f"sqlite+aiosqlite:///{tmp_path / 'store.sqlite'}")
    await plant(engine)
    yield engine
    await engine.dispose()


@pytest.fixture
async def world(
    tmp_path: Path, store: AsyncEngine, vault: Vault, sqlite_with_tables: Path
) -> AsyncIterator[World]:
    """A desk with the shop as its one system, on SQLite."""
    shutil.copyfile(sqlite_with_tables, tmp_path / "desk.sqlite")
    opened = Database(open_engine(f"sqlite+aiosqlite:///{tmp_path / 'desk.sqlite'}"))
    systems = {"shop": Troubled(SqlAdapter(SHOP, store))}
    yield World(opened.unit_of_work, vault, company(SHOP), systems)
    await opened.close()


@pytest.fixture
def archive(world: World) -> World:
    """The same desk with a paper archive besides."""
    world.operator = company(SHOP, PAPER)
    world.systems["archive"] = Troubled(ManualAdapter(PAPER))
    return world


@pytest.fixture
def hosted(world: World, store: AsyncEngine) -> World:
    """A desk whose one system holds the data of its customers."""
    world.operator = company(HOSTED)
    world.systems = {"hosted": Troubled(SqlAdapter(HOSTED, store))}
    return world
