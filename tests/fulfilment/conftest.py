"""The invented shop's database, once on SQLite and once on PostgreSQL."""

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from desk.database import open_engine
from tests.fulfilment.shop import plant
from tests.postgres import Cluster


@pytest.fixture(scope="session")
def shop_url(postgres: Cluster) -> str:
    """One PostgreSQL database for all shops; each is planted anew."""
    return postgres.create(f"shop{uuid4().hex}")


@pytest.fixture(params=["sqlite", "postgresql"])
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
