"""The demo's overlays describe its databases truly, and the planted people are where the README says."""

import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from desk.demo.overlay import overlay_root
from desk.demo.people import (
    BJORN,
    CUSTOMERS,
    EXPIRED_YEARS,
    FORMULA,
    KARI,
    KEPT_YEARS,
    MONA,
    NAMESAKE,
    NILS,
    OLA,
    PLANTED,
    RANDI,
    SUNNIVA,
    TOR,
    Person,
)
from desk.demo.systems import DATABASES, make_systems
from law.language import LANGS
from law.periods import kept_until
from operators.profile import Holding, Operator, Role, System, Treatment, check, load, operators_root

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


def _open(made: Mapping[str, str], system: System) -> sqlite3.Connection:
    return sqlite3.connect(_path(made, system))


def _path(made: Mapping[str, str], system: System) -> str:
    assert system.secret is not None
    return made[system.secret].removeprefix("sqlite+aiosqlite:///")


def _in_tables(operator: Operator, role: Role) -> Iterator[System]:
    return (system for system in operator.systems if system.adapter == "sql" and system.role is role)


Row = Mapping[str, object]


def _rows(connection: sqlite3.Connection, system: System, holding: Holding, email: str) -> list[Row]:
    """The holding's rows that are found by an e-mail address, directly or through the parent."""
    wheres, values = [], []
    if "email" in holding.identifiers:
        wheres.append(f"{holding.identifiers['email']} = ?")
        values.append(email)
    if holding.parent:
        parent = next(one for one in system.holdings if holding.parent and one.id == holding.parent[0])
        keys = [row[parent.key] for row in _rows(connection, system, parent, email)]
        wheres.append(f"{holding.parent[1]} IN ({', '.join('?' * len(keys))})")
        values.extend(str(key) for key in keys)
    connection.row_factory = sqlite3.Row
    found = connection.execute(f"SELECT * FROM {holding.table} WHERE {' OR '.join(wheres)}", values)
    return [dict(row) for row in found]


def _held(made: Mapping[str, str], operator: Operator, role: Role, person: Person) -> dict[str, list[Row]]:
    held = {}
    for system in _in_tables(operator, role):
        with closing(_open(made, system)) as connection:
            for holding in system.holdings:
                held[f"{system.id}.{holding.id}"] = _rows(connection, system, holding, person.email)
    return held


def test_all_six_companies_have_an_overlay() -> None:
    """The demo covers every company."""
    assert COMPANIES == ["24nettbutikk", "adventor", "cleverstore", "easystep", "fjordlys", "invoiceclub"]


def test_profiles_with_the_demo_have_no_gaps(operator: Operator) -> None:
    """Loaded with its overlay a company passes the check, and has systems in tables."""
    assert [(problem.code, problem.where) for problem in check(operator)] == []
    assert list(_in_tables(operator, Role.CONTROLLER))


def test_every_secret_has_its_database_and_the_other_way_round() -> None:
    """The overlays name exactly the secrets that make_systems hands out."""
    named = set()
    for company in COMPANIES:
        text = (overlay_root() / company / "systems.toml").read_text(encoding="utf-8")
        named |= {line.split('"')[1] for line in text.splitlines() if line.startswith('secret = "')}
    assert named == {database.secret for database in DATABASES}


def test_overlays_name_what_is_in_the_database(operator: Operator, made: Mapping[str, str]) -> None:
    """Every table and column an overlay names is there."""
    for system in operator.systems:
        if system.adapter != "sql":
            continue
        with closing(_open(made, system)) as connection:
            for holding in system.holdings:
                columns = _columns(connection, holding)
                named = {
                    holding.key,
                    *holding.identifiers.values(),
                    *holding.personal,
                    *holding.secret,
                    *holding.masked,
                    *holding.rectify.values(),
                    *holding.anonymise,
                    *holding.labels,
                    *(holding.parent or ("", holding.key))[1:],
                    *(one for one in (holding.marketing, holding.restricted) if one),
                    *(one for one in (holding.customer, holding.customer_email) if one),
                    *([holding.keep.date_column] if holding.keep and holding.keep.date_column else []),
                }
                assert named <= columns, f"{system.id}.{holding.id}"


def _columns(connection: sqlite3.Connection, holding: Holding) -> set[str]:
    return {row[1] for row in connection.execute(f"PRAGMA table_info({holding.table})")}


def test_no_column_is_forgotten(operator: Operator, made: Mapping[str, str]) -> None:
    """Each column is shown to the person, secret, a key, a reference, or names the controller."""
    for system in operator.systems:
        if system.adapter != "sql":
            continue
        with closing(_open(made, system)) as connection:
            for holding in system.holdings:
                references = connection.execute(f"PRAGMA foreign_key_list({holding.table})").fetchall()
                spoken_for = {holding.key, "id", *holding.personal, *holding.secret}
                spoken_for |= {one for one in (holding.customer, holding.customer_email) if one}
                spoken_for |= {reference[3] for reference in references}
                assert _columns(connection, holding) <= spoken_for, f"{system.id}.{holding.id}"


def test_every_shown_column_has_a_name_in_each_language(operator: Operator) -> None:
    """Nobody is shown a column's technical name."""
    for system in operator.systems:
        for holding in system.holdings:
            for column in holding.personal:
                assert set(holding.labels[column]) == set(LANGS), f"{system.id}.{holding.id}.{column}"


def test_every_table_is_described(operator: Operator, made: Mapping[str, str]) -> None:
    """No table with people in it stands outside the overlay."""
    held: dict[str, set[str]] = {}
    for system in operator.systems:
        if system.secret:
            held.setdefault(system.secret, set()).update(holding.table for holding in system.holdings)
    for secret, tables in held.items():
        with closing(sqlite3.connect(made[secret].removeprefix("sqlite+aiosqlite:///"))) as connection:
            found = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
            assert {name for (name,) in found} == tables


def test_kari_is_in_every_holding(operator: Operator, made: Mapping[str, str]) -> None:
    """KARI has rows wherever the company is controller, and nowhere where it is processor."""
    own = _held(made, operator, Role.CONTROLLER, KARI)
    assert [place for place, rows in own.items() if not rows] == []
    assert not any(_held(made, operator, Role.PROCESSOR, KARI).values())


@pytest.mark.parametrize("today", [date(2026, 12, 31), date(2027, 1, 1)])
def test_kari_has_invoices_on_both_sides_of_the_bookkeeping_period(today: date, tmp_path: Path) -> None:
    """Whatever the day, KARI's vouchers are locked or free as KEPT_YEARS and EXPIRED_YEARS say."""
    made = make_systems(tmp_path, today)
    for company in COMPANIES:
        if (operators_root() / company / "operator.toml").is_file():
            operator = load(operators_root() / company, overlay_root() / company)
            locked = [until >= today for until in _kept(made, operator)]
            assert (locked.count(True), locked.count(False)) == (len(KEPT_YEARS), len(EXPIRED_YEARS)), company


def _kept(made: Mapping[str, str], operator: Operator) -> Iterator[date]:
    """Until when each of KARI's vouchers is locked."""
    found = _held(made, operator, Role.CONTROLLER, KARI)
    for system in _in_tables(operator, Role.CONTROLLER):
        for holding in system.holdings:
            if holding.keep and holding.keep.period == "BOKF-5Y" and holding.keep.date_column:
                for row in found[f"{system.id}.{holding.id}"]:
                    day = date.fromisoformat(str(row[holding.keep.date_column]))
                    yield kept_until("BOKF-5Y", day, operator.year_end)


def test_ola_shares_all_but_his_name_and_address(operator: Operator, made: Mapping[str, str]) -> None:
    """OLA has data of his own beside KARI's, under the same telephone; not one row is both his and hers."""
    assert (OLA.phone, OLA.address) == (KARI.phone, KARI.address)
    his = _held(made, operator, Role.CONTROLLER, OLA)
    hers = _held(made, operator, Role.CONTROLLER, KARI)
    assert any(his.values())
    for place, rows in his.items():
        assert not [row for row in rows if row in hers[place]], place


def test_karis_free_text_names_ola(operator: Operator, made: Mapping[str, str]) -> None:
    """A free text of KARI's speaks of OLA, so that a copy must be looked through for others (Art. 15(4))."""
    rows = [row for rows in _held(made, operator, Role.CONTROLLER, KARI).values() for row in rows]
    assert any("Ola Nabo" in value for row in rows for value in row.values() if isinstance(value, str))


def test_two_people_are_called_kari_eksempel(operator: Operator, made: Mapping[str, str]) -> None:
    """The NAMESAKE has data as well, so that a name alone must not do."""
    assert NAMESAKE.name == KARI.name
    assert any(_held(made, operator, Role.CONTROLLER, NAMESAKE).values())


def test_sunniva_said_yes_to_marketing(operator: Operator, made: Mapping[str, str]) -> None:
    """Wherever there is a flag for marketing in SUNNIVA's rows, some of them say yes."""
    found = _held(made, operator, Role.CONTROLLER, SUNNIVA)
    flags = [
        row[holding.marketing]
        for system in _in_tables(operator, Role.CONTROLLER)
        for holding in system.holdings
        if holding.marketing
        for row in found[f"{system.id}.{holding.id}"]
    ]
    assert 1 in flags


def test_bjorns_name_came_through(operator: Operator, made: Mapping[str, str]) -> None:
    """Norwegian letters and the apostrophe are stored as they are written."""
    rows = [row for rows in _held(made, operator, Role.CONTROLLER, BJORN).values() for row in rows]
    assert any("Bjørn Ærlig D'Ålesund" in row.values() for row in rows)


def test_randi_wrote_a_formula(operator: Operator, made: Mapping[str, str]) -> None:
    """A free text begins like a spreadsheet's formula."""
    rows = [row for rows in _held(made, operator, Role.CONTROLLER, RANDI).values() for row in rows]
    assert FORMULA.startswith("=")
    assert any(FORMULA in row.values() for row in rows)


def test_mona_is_only_in_processor_systems(operator: Operator, made: Mapping[str, str]) -> None:
    """MONA is nobody's customer here, but in two controllers' data in systems run for others."""
    assert not any(_held(made, operator, Role.CONTROLLER, MONA).values())
    controllers = _controllers(made, operator, MONA)
    assert len(controllers) == (2 if list(_in_tables(operator, Role.PROCESSOR)) else 0)


def test_tor_is_on_both_sides(operator: Operator, made: Mapping[str, str]) -> None:
    """TOR is the company's own customer and in one other controller's data."""
    assert any(_held(made, operator, Role.CONTROLLER, TOR).values())
    controllers = _controllers(made, operator, TOR)
    assert len(controllers) == (1 if list(_in_tables(operator, Role.PROCESSOR)) else 0)


def _controllers(made: Mapping[str, str], operator: Operator, person: Person) -> set[object]:
    found = _held(made, operator, Role.PROCESSOR, person)
    return {
        row[holding.customer]
        for system in _in_tables(operator, Role.PROCESSOR)
        for holding in system.holdings
        if holding.customer
        for row in found[f"{system.id}.{holding.id}"]
    }


def test_nils_is_nowhere(operator: Operator, made: Mapping[str, str]) -> None:
    """NILS asks and is not found."""
    for role in Role:
        assert not any(_held(made, operator, role, NILS).values())


def test_erasure_leaves_a_sound_database(operator: Operator, made: Mapping[str, str], tmp_path: Path) -> None:
    """Children first, erased rows go with foreign keys enforced; what is kept stays and is still found."""
    for system in _in_tables(operator, Role.CONTROLLER):
        copy = tmp_path / f"{system.id}.sqlite"
        shutil.copyfile(_path(made, system), copy)
        with closing(sqlite3.connect(copy)) as connection, connection:
            connection.execute("PRAGMA foreign_keys = ON")
            for person in CUSTOMERS:
                _erase(connection, system, person)
            assert connection.execute("PRAGMA foreign_key_check").fetchall() == []


def _erase(connection: sqlite3.Connection, system: System, person: Person) -> None:
    before = {holding.id: _rows(connection, system, holding, person.email) for holding in system.holdings}
    for holding in reversed(system.holdings):
        if holding.treatment is Treatment.ERASE:
            for row in before[holding.id]:
                where = f"DELETE FROM {holding.table} WHERE {holding.key} = ?"
                connection.execute(where, (row[holding.key],))
    for holding in system.holdings:
        left = len(_rows(connection, system, holding, person.email))
        kept = 0 if holding.treatment is Treatment.ERASE else len(before[holding.id])
        assert left == kept, (person.email, holding.id)


def test_the_readme_knows_everybody_planted() -> None:
    """Each planted person and each database is in the README, by the names a reader will look for."""
    readme = (overlay_root().parent / "README.md").read_text(encoding="utf-8")
    for person in PLANTED:
        assert person.name in readme
        assert person.email in readme
    for database in DATABASES:
        assert f"`{database.secret}`" in readme


@pytest.mark.parametrize(
    ("company", "number"),
    [
        ("cleverstore", 10001),
        ("invoiceclub", 4001),
        ("24nettbutikk", 7001),
        ("easystep", 2001),
        ("fjordlys", "F-10001"),
    ],
)
def test_karis_customer_numbers(company: str, number: object, made: Mapping[str, str]) -> None:
    """The customer numbers that the README gives for KARI are hers."""
    operator = load(operators_root() / company, overlay_root() / company)
    numbers = {
        row[holding.identifiers["customer_number"]]
        for system in _in_tables(operator, Role.CONTROLLER)
        for holding in system.holdings
        if "customer_number" in holding.identifiers
        for row in _held(made, operator, Role.CONTROLLER, KARI)[f"{system.id}.{holding.id}"]
    }
    assert numbers == {number}
