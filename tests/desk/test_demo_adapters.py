"""The SQL adapter does its work on the demo's systems: find, export, erase and read back."""

import json
import shutil
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from desk.demo.overlay import overlay_root
from desk.demo.people import KARI, KEPT_YEARS, MONA, OLA, RANDI, SUNNIVA, Person
from desk.demo.systems import make_systems
from fulfilment import adapter
from fulfilment.adapters.sql import SqlAdapter
from fulfilment.forwarding import reached_at
from operators.profile import Operator, Role, System, load, operators_root

pytestmark = pytest.mark.slow

TODAY = date(2026, 11, 25)
COMPANIES = sorted(path.parent.name for path in overlay_root().glob("*/systems.toml"))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    """Secret name -> URL of databases that no test changes."""
    return make_systems(tmp_path_factory.mktemp("systems"), TODAY)


@pytest.fixture(scope="module", params=COMPANIES)
def operator(request: pytest.FixtureRequest) -> Operator:
    """Each company with the demo's systems."""
    folder = operators_root() / str(request.param)
    return load(folder, overlay_root() / str(request.param))


@asynccontextmanager
async def _reached(system: System, made: Mapping[str, str], folder: Path) -> AsyncIterator[SqlAdapter]:
    """An adapter on a copy of the system's database, with foreign keys enforced."""
    assert system.secret is not None
    copy = folder / f"{system.id}.sqlite"
    shutil.copyfile(made[system.secret].removeprefix("sqlite+aiosqlite:///"), copy)
    engine = create_async_engine(f"sqlite+aiosqlite:///{copy}")

    @event.listens_for(engine.sync_engine, "connect")
    def enforce(connection: DBAPIConnection, entry: ConnectionPoolEntry) -> None:
        cursor = connection.cursor()
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.close()

    try:
        yield SqlAdapter(system, engine)
    finally:
        await engine.dispose()


def _of(operator: Operator, role: Role) -> list[System]:
    return [system for system in operator.systems if system.adapter == "sql" and system.role is role]


def _known(person: Person) -> adapter.Person:
    return adapter.Person({"email": (person.email,)})


async def _copy(reached: SqlAdapter, person: Person) -> str:
    records = [(record.holding, dict(record.values)) async for record in reached.export(_known(person))]
    return json.dumps(records, ensure_ascii=False)


async def test_every_system_is_reached(operator: Operator, made: Mapping[str, str], tmp_path: Path) -> None:
    """The adapter finds all that the overlay describes, in every role."""
    for system in _of(operator, Role.CONTROLLER) + _of(operator, Role.PROCESSOR):
        async with _reached(system, made, tmp_path) as reached:
            await reached.check()


async def test_a_copy_is_karis_alone(operator: Operator, made: Mapping[str, str], tmp_path: Path) -> None:
    """KARI's copy has her data, none of OLA's addresses, no password hash and no whole card number."""
    copies = ""
    for system in _of(operator, Role.CONTROLLER):
        async with _reached(system, made, tmp_path) as reached:
            copies += await _copy(reached, KARI)
    assert KARI.email in copies
    assert OLA.email not in copies
    assert "argon2" not in copies
    assert "0000 0000 " not in copies


async def test_randis_formula_is_in_her_copy(
    operator: Operator, made: Mapping[str, str], tmp_path: Path
) -> None:
    """The formula reaches whoever packs the copy, who must disarm it."""
    copies = ""
    for system in _of(operator, Role.CONTROLLER):
        async with _reached(system, made, tmp_path) as reached:
            copies += await _copy(reached, RANDI)
    assert "=HYPERLINK(" in copies


async def test_erasing_kari_leaves_what_the_law_keeps(
    operator: Operator, made: Mapping[str, str], tmp_path: Path
) -> None:
    """Her rows go but for locked vouchers, reading back is clean, twice is harmless, OLA keeps his."""
    locked = 0
    for system in _of(operator, Role.CONTROLLER):
        every = [holding.id for holding in system.holdings]
        async with _reached(system, made, tmp_path) as reached:
            his = (await reached.find(_known(OLA))).total
            first = await reached.erase(_known(KARI), every, (), today=TODAY)
            assert first.removed
            assert (await reached.verify(_known(KARI), first)).clean
            again = await reached.erase(_known(KARI), every, (), today=TODAY)
            assert not again.removed
            assert (await reached.find(_known(OLA))).total == his
            locked += sum(rule.count for rule in first.kept if rule.period == "BOKF-5Y")
    assert locked == len(KEPT_YEARS)


async def test_sunniva_says_stop(operator: Operator, made: Mapping[str, str], tmp_path: Path) -> None:
    """Every company has a flag that an objection to marketing turns off, and it is read back as off."""
    stopped = 0
    for system in _of(operator, Role.CONTROLLER):
        async with _reached(system, made, tmp_path) as reached:
            outcome = await reached.object(_known(SUNNIVA))
            assert (await reached.verify(_known(SUNNIVA), outcome)).clean
            stopped += len(outcome.changed)
    assert stopped > 0


async def test_restriction_is_complete_but_at_adventor(
    operator: Operator, made: Mapping[str, str], tmp_path: Path
) -> None:
    """Every row can be marked, except in Adventor's case system, where an officer must do the rest."""
    kinds = []
    for system in _of(operator, Role.CONTROLLER):
        async with _reached(system, made, tmp_path) as reached:
            kinds.append((await reached.restrict(_known(KARI), on=True)).kind)
    whole = operator.id != "adventor"
    assert set(kinds) == {adapter.OutcomeKind.DONE if whole else adapter.OutcomeKind.PARTIAL}


async def test_mona_is_two_controllers_concern(
    operator: Operator, made: Mapping[str, str], tmp_path: Path
) -> None:
    """Where the company is processor, MONA's rows name the two companies that decide, and how to reach them."""
    for system in _of(operator, Role.PROCESSOR):
        async with _reached(system, made, tmp_path) as reached:
            match = await reached.find(_known(MONA))
        assert len({one.name for one in match.controllers}) == 2
        assert len({reached_at(one) for one in match.controllers} - {None}) == 2
        assert match.total > 0
