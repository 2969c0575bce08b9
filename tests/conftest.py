"""What every test may ask for: a database of each kind, keys in memory, a fixed now, loopback only."""

import asyncio
import os
import shutil
import socket
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import text

from desk.database import Database, open_engine
from desk.tables import Record
from intake.vault import KeyGone, KeyLost, Vault
from tests.postgres import Cluster, Missing

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The journeys first, which take longest: side by side, processes end together when short files come last."""
    items.sort(key=lambda item: "journeys" not in item.path.parts)


@pytest.fixture(autouse=True, scope="session")
def loopback_only() -> Iterator[None]:
    """Any connection that would leave the machine fails the test."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: object) -> None:
        host = address[0] if isinstance(address, tuple) else None
        if host is not None and host not in ("127.0.0.1", "::1", "localhost"):
            raise AssertionError(f"a test tried to reach {host}")
        connect(self, address)  # type: ignore[arg-type]

    socket.socket.connect = guarded  # type: ignore[method-assign,assignment]
    yield
    socket.socket.connect = connect  # type: ignore[method-assign]


class MemoryKeys:
    """A KeyRing that forgets with the test."""

    def __init__(self) -> None:
        self._keys: dict[str, bytes | None] = {}
        self._lookup = os.urandom(32)

    def data_key(self, dossier_id: str, *, make: bool) -> bytes:
        """The dossier's key; made at first use."""
        if dossier_id not in self._keys and not make:
            raise KeyLost(dossier_id)
        key = self._keys.setdefault(dossier_id, os.urandom(32))
        if key is None:
            raise KeyGone(dossier_id)
        return key

    def begin(self, count: int) -> list[str]:
        """Keys for new dossiers."""
        made = [uuid4().hex for _ in range(count)]
        for one in made:
            self.data_key(one, make=True)
        return made

    def forget(self, dossier_id: str) -> None:
        """Delete the key for good."""
        self._keys[dossier_id] = None

    def lookup_key(self) -> bytes:
        """The key of keyed hashes."""
        return self._lookup


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    """The suite's own PostgreSQL, started once in each test process."""
    try:
        cluster = Cluster()
    except Missing as missing:
        if os.environ.get("RETTSVAR_TEST_STRICT"):
            raise
        pytest.skip(str(missing))
    try:
        cluster.start()
        yield cluster
    finally:
        cluster.stop()


def make_tables(url: str) -> None:
    """Every table of ours in an empty database."""

    async def make() -> None:
        engine = open_engine(url)
        async with engine.begin() as connection:
            await connection.run_sync(Record.metadata.create_all)
        await engine.dispose()

    # in a thread of its own: the fixture may be asked for while a test's loop runs
    with ThreadPoolExecutor(1) as thread:
        thread.submit(lambda: asyncio.run(make())).result()


@pytest.fixture(scope="session")
def sqlite_with_tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with our tables, to be copied for each test."""
    path = tmp_path_factory.mktemp("tables") / "desk.sqlite"
    make_tables(f"sqlite+aiosqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgres_with_tables(postgres: Cluster) -> str:
    """The URL of a database with our tables; whoever writes in it empties it. Making one takes longer than most tests."""
    url = postgres.create("with_tables")
    make_tables(url)
    return url


async def delete_rows(database: Database) -> None:
    """Empty every table of ours. A lock that a failing test left behind is told of, not waited for."""
    async with database.engine.begin() as connection:
        await connection.execute(text("SET LOCAL lock_timeout = '20s'"))
        for table in reversed(Record.metadata.sorted_tables):
            await connection.execute(table.delete())


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
async def database(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Database]:
    """An empty database with our tables, once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        path = tmp_path / "desk.sqlite"
        shutil.copyfile(request.getfixturevalue("sqlite_with_tables"), path)
        opened = Database(open_engine(f"sqlite+aiosqlite:///{path}"))
        yield opened
        await opened.close()
        return
    opened = Database(open_engine(request.getfixturevalue("postgres_with_tables")))
    yield opened
    await delete_rows(opened)
    await opened.close()


@pytest.fixture
def unit_of_work(database: Database) -> object:
    """The database's units of work."""
    return database.unit_of_work


@pytest.fixture
def vault() -> Vault:
    """A vault whose keys live in memory."""
    return Vault(MemoryKeys())


@pytest.fixture
def now() -> datetime:
    """A working Wednesday in Oslo: 25 November 2026, 10:00."""
    return datetime(2026, 11, 25, 9, 0, tzinfo=UTC)


@pytest.fixture
def shared() -> Path:
    """The folder beside the project with the law's oracle and the labelled sets; skips where it is absent."""
    if not SHARED.is_dir():
        pytest.skip("../shared is not here: the oracle and the labelled sets are missing")
    return SHARED
