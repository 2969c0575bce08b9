"""The demo's invented systems are whole, made once, and peopled by nobody."""

import re
import sqlite3
import time
from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from desk.demo.invention import Invention
from desk.demo.people import PLANTED, crowd
from desk.demo.systems import DATABASES, Database, make, make_systems

pytestmark = pytest.mark.slow

TODAY = date(2026, 11, 25)
SECRETS = [database.secret for database in DATABASES]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    """Secret name -> URL of databases that no test changes."""
    return make_systems(tmp_path_factory.mktemp("systems"), TODAY)


@pytest.fixture
def database(made: Mapping[str, str], request: pytest.FixtureRequest) -> Iterator[sqlite3.Connection]:
    """The database whose secret a test is given."""
    with closing(sqlite3.connect(_path(made[request.param]))) as connection:
        yield connection


each_database = pytest.mark.parametrize("database", SECRETS, indirect=True)


def _path(url: str) -> Path:
    return Path(url.removeprefix("sqlite+aiosqlite:///"))


def _dump(url: str) -> list[str]:
    with closing(sqlite3.connect(_path(url))) as connection:
        return list(connection.iterdump())


def _tables(database: sqlite3.Connection) -> list[str]:
    return [name for (name,) in database.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]


def test_what_is_there_stays(tmp_path: Path) -> None:
    """A second run, even on another day, keeps what people's requests have changed since the first."""
    first = make_systems(tmp_path, TODAY)
    with closing(sqlite3.connect(_path(first["cleverstore_db"]))) as connection, connection:
        connection.execute("UPDATE account SET address = 'Flyttet 1' WHERE id = 10001")
    second = make_systems(tmp_path, date(2027, 1, 1))
    assert second == first
    with closing(sqlite3.connect(_path(second["cleverstore_db"]))) as connection:
        assert connection.execute("SELECT address FROM account WHERE id = 10001").fetchone() == ("Flyttet 1",)


def test_made_within_three_seconds(tmp_path: Path) -> None:
    """A newcomer does not wait for the invented systems."""
    begun = time.process_time()  # what else the machine does at the same time is not counted
    make_systems(tmp_path, TODAY)
    assert time.process_time() - begun < 3


def test_the_same_day_gives_the_same_rows(made: Mapping[str, str], tmp_path: Path) -> None:
    """Made afresh for the same day, every database holds the same."""
    again = make_systems(tmp_path, TODAY)
    for name, url in made.items():
        assert _dump(again[name]) == _dump(url)


def test_only_databases_are_left_in_the_folder(tmp_path: Path) -> None:
    """Drafts are cleared away."""
    made = make_systems(tmp_path / "new" / "folder", TODAY)
    left = set((tmp_path / "new" / "folder").iterdir())
    assert left == {_path(url) for url in made.values()}


def test_a_failure_leaves_nothing_and_the_next_run_mends_it(tmp_path: Path) -> None:
    """A database that could not be filled is not there half-made; the next attempt makes it."""

    def refuses(made: Invention) -> None:
        made.add("account", nothing="such column")

    path = tmp_path / "cleverstore.sqlite"
    sound = DATABASES[0]
    with pytest.raises(sqlite3.OperationalError):
        make(Database(sound.secret, sound.company, sound.schema, refuses), path, TODAY)
    assert list(tmp_path.iterdir()) == []
    make(sound, path, TODAY)
    assert list(tmp_path.iterdir()) == [path]


def test_a_late_second_maker_does_not_replace(tmp_path: Path) -> None:
    """Where two processes start at once, the database that came first stays."""
    path = tmp_path / "cleverstore.sqlite"
    path.write_bytes(b"already here")
    make(DATABASES[0], path, TODAY)
    assert path.read_bytes() == b"already here"


@each_database
def test_foreign_keys_hold(database: sqlite3.Connection) -> None:
    """No row points at a row that is not there, and the file is sound."""
    assert database.execute("PRAGMA foreign_key_check").fetchall() == []
    assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


@each_database
def test_every_table_has_a_few_hundred_rows_at_most(database: sqlite3.Connection) -> None:
    """Nothing is empty, and the demo stays small."""
    counts = {
        table: database.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in _tables(database)
    }
    assert counts
    assert all(0 < count < 5000 for count in counts.values()), counts


@each_database
def test_nobody_is_real(database: sqlite3.Connection) -> None:
    """Addresses are under example.*, telephones begin with 01, cards with 0000, IPs are reserved."""
    for table in _tables(database):
        for value in (value for row in database.execute(f"SELECT * FROM {table}") for value in row):
            if not isinstance(value, str):
                continue
            for domain in re.findall(r"@([\w.-]+)", value):
                assert re.fullmatch(r"example\.(com|org|no)", domain), value
            for phone in re.findall(r"\+47[\d ]+", value):
                assert re.fullmatch(r"\+47 01( \d\d){3}", phone), value
            for ip in re.findall(r"\b\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}\b", value):
                assert ip.startswith(("192.0.2.", "198.51.100.", "203.0.113.")), value
            assert not re.search(r"\b[1-9]\d{3} ?\d{4} ?\d{4} ?\d{4}\b", value), value


@each_database
def test_nothing_lies_in_the_future(database: sqlite3.Connection) -> None:
    """Every date is on or before the day the demo was made."""
    for table in _tables(database):
        for row in database.execute(f"SELECT * FROM {table}"):
            days = [one[:10] for one in row if isinstance(one, str) and re.match(r"\d{4}-\d\d-\d\d", one)]
            assert all(day <= TODAY.isoformat() for day in days), row


@each_database
def test_dates_are_written_alike(database: sqlite3.Connection) -> None:
    """DATE columns hold ISO days and DATETIME columns moments that SQLAlchemy reads back."""
    shapes = {"DATE": r"\d{4}-\d\d-\d\d", "DATETIME": r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d"}
    for table in _tables(database):
        for _, column, kind, *_ in database.execute(f"PRAGMA table_info({table})").fetchall():
            if kind in shapes:
                for (value,) in database.execute(f"SELECT {column} FROM {table} WHERE {column} IS NOT NULL"):
                    assert re.fullmatch(shapes[kind], value), (table, column, value)


async def test_the_urls_are_for_sqlalchemy(made: Mapping[str, str]) -> None:
    """What is handed out opens as it is."""
    engine = create_async_engine(made["fjordlys_db"])
    async with engine.connect() as connection:
        count = await connection.scalar(text("SELECT count(*) FROM customer"))
    await engine.dispose()
    assert (count or 0) > 200


def test_the_crowd_is_repeatable_and_each_is_one() -> None:
    """The same seed gives the same people, another seed others; addresses come once."""
    people = crowd("seed", 500)
    assert people == crowd("seed", 500)
    assert people != crowd("other", 500)
    assert len({person.email for person in people}) == 500
    assert not {person.name for person in people} & {person.name for person in PLANTED}
    assert not {person.phone for person in people} & {person.phone for person in PLANTED}
