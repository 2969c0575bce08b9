"""The package: only the planted person's data, readable, safe to open, the same bytes for the same input."""

import csv
import hashlib
import io
import json
import zipfile
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from fulfilment.adapter import Person, Record
from fulfilment.adapters.sql import SqlAdapter
from fulfilment.package import File, build, open_package, wipe_expired
from fulfilment.plan import Plan, make_plan
from fulfilment.records import PackageRecord
from law.language import LANGS, Lang
from law.rights import Right
from tests.fulfilment.shop import KARI, SHOP, company
from tests.fulfilment.world import World

DAY = date(2026, 11, 25)
GOLDEN = Path(__file__).with_name("golden")
KARIS = Person({"email": (KARI,)})


async def made(store: AsyncEngine, right: Right, lang: Lang = "nb", files: tuple[File, ...] = ()) -> bytes:
    """Kari's package from the shop."""
    adapter = SqlAdapter(SHOP, store)
    operator = company(SHOP)
    plan = make_plan(operator, right, {"shop": await adapter.find(KARIS)}, KARIS.identifiers, today=DAY)
    taken = set(plan.steps[0].holdings)
    records = {"shop": [one async for one in adapter.export(KARIS) if one.holding in taken]}
    return build(operator, plan, records, files, lang=lang, reference="FJB-2026-0001", made=DAY)


def opened(package: bytes) -> dict[str, str]:
    """The files of a zip as text."""
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        return {name: archive.read(name).decode("utf-8-sig") for name in archive.namelist()}


async def test_a_package_holds_every_holding_three_ways(store: AsyncEngine) -> None:
    """Page, JSON and CSV tell the same rows."""
    files = opened(await made(store, Right.ACCESS))
    assert set(files) == {
        "index.html", "package.css", "data.json",
        "accounts.csv", "orders.csv", "lines.csv", "payments.csv", "reviews.csv",
    }  # fmt: skip
    held = {one["holding"]: one["rows"] for one in json.loads(files["data.json"])["holdings"]}
    rows = list(csv.DictReader(io.StringIO(files["orders.csv"])))
    assert [row["note"] for row in rows] == [row["note"] or "" for row in held["orders"]]
    assert "Leave it with Kari at the door" in files["index.html"]


async def test_nobody_else_is_in_a_package(store: AsyncEngine) -> None:
    """Neither the other customer nor a secret nor a whole card number is anywhere in it."""
    text = "\n".join(opened(await made(store, Right.ACCESS)).values())
    for stranger in ("Ola", "ola@example.org", "Lillegata", "argon2", "4925111122223333"):
        assert stranger not in text
    assert "3333" in text


@pytest.mark.parametrize("lang", LANGS)
async def test_access_tells_what_article_15_asks_for(store: AsyncEngine, lang: Lang) -> None:
    """Purpose, category, basis, retention, source, recipients of what applies, rights, complaint."""
    page = opened(await made(store, Right.ACCESS, lang))["index.html"]
    assert f'<html lang="{lang}">' in page
    for told in ("Purpose of account", "Data of account", "Basis of account", "Retention of account"):
        assert told in page
    for told in ("Source of account", "Rask Post AS", "Fjordbanken", "standard clauses", "Datatilsynet"):
        assert told in page
    assert "newsletters" not in page  # a processing in which the person is not
    assert "Nyhetsbrev AS" not in page


async def test_a_page_has_no_script_and_no_inline_style(store: AsyncEngine) -> None:
    """It opens under the strictest policy and loads nothing from elsewhere."""
    page = opened(await made(store, Right.ACCESS))["index.html"]
    for bad in ("<script", "<style", " style=", "http://", "https://"):
        assert bad not in page


async def test_what_a_person_wrote_is_text(store: AsyncEngine) -> None:
    """Markup in a value is shown, not run."""
    record = Record("orders", "1", {"note": "<img src=x onerror=alert(1)>"})
    plan = Plan("fjell", Right.ACCESS, {})
    package = build(company(SHOP), plan, {"shop": [record]}, lang="en", reference="R", made=DAY)
    assert "<img" not in opened(package)["index.html"]


@pytest.mark.parametrize("start", ["=1+1", "+1", "-1+cmd", "@SUM(A1)"])
async def test_no_cell_starts_a_formula(start: str) -> None:
    """A spreadsheet that opens the CSV calculates nothing."""
    record = Record("orders", "1", {"note": f"{start}|x"})
    plan = Plan("fjell", Right.ACCESS, {})
    package = build(company(SHOP), plan, {"shop": [record]}, lang="nb", reference="R", made=DAY)
    [row] = list(csv.DictReader(io.StringIO(opened(package)["orders.csv"])))
    assert row["note"].startswith("'")


async def test_portability_gives_what_was_provided_and_says_what_it_leaves_out(store: AsyncEngine) -> None:
    """The account and its orders, only the columns about the person; payments are named with their reason."""
    files = opened(await made(store, Right.PORTABILITY, "en"))
    assert {name for name in files if name.endswith(".csv")} == {"accounts.csv", "orders.csv"}
    [account] = json.loads(files["data.json"])["holdings"][0]["rows"]
    assert set(account) == {"full_name", "email", "phone", "address"}
    assert "Payments – The web shop:" in files["index.html"]
    assert "Purpose of" not in files["index.html"]


async def test_the_same_input_gives_the_same_bytes(store: AsyncEngine) -> None:
    """Built twice, the zip is the same to the byte."""
    first, second = [hashlib.sha256(await made(store, Right.ACCESS)).digest() for _ in range(2)]
    assert first == second


@pytest.mark.parametrize("right", [Right.ACCESS, Right.PORTABILITY])
async def test_a_package_reads_as_the_golden_one(store: AsyncEngine, right: Right) -> None:
    """Page, JSON and one table, word for word; a change to them is seen and meant."""
    files = opened(await made(store, right))
    for name in ("index.html", "data.json", "accounts.csv"):
        golden = GOLDEN / f"{right}.{name}"
        assert files[name].replace("\r\n", "\n") == golden.read_text("utf-8")


async def test_a_files_name_cannot_leave_the_package(store: AsyncEngine) -> None:
    """Paths in the name of a file an officer added are cut off, and equal names stay apart."""
    evil = tuple(File(name, "text/plain", b"x") for name in ("../../etc/passwd", "..\\a.txt", "a.txt", ""))
    names = [name for name in opened(await made(store, Right.ACCESS, files=evil)) if "files/" in name]
    assert names == ["files/01-passwd", "files/02-a.txt", "files/03-a.txt", "files/04-file"]


async def test_two_systems_may_call_a_holding_the_same() -> None:
    """Neither table hides the other."""
    other = replace(SHOP, id="old")
    records = {id: [Record("orders", "1", {"note": id})] for id in ("shop", "old")}
    plan = Plan("fjell", Right.ACCESS, {})
    files = opened(build(company(SHOP, other), plan, records, lang="nb", reference="R", made=DAY))
    assert "shop" in files["orders.csv"]
    assert "old" in files["old-orders.csv"]


async def test_a_package_is_wiped_when_its_time_is_over(world: World) -> None:
    """Sealed until then, gone after fourteen days, and then not even the sealed bytes are left."""
    case_id = await world.case(Right.ACCESS)
    await world.run()
    async with world.unit_of_work() as session:
        row = await session.scalar(PackageRecord.__table__.select().with_only_columns(PackageRecord.content))
        assert row is not None
        assert b"index.html" not in row
        assert await wipe_expired(session, world.now) == 0
        assert await open_package(session, world.vault, case_id, world.now) is not None
    later = world.now + timedelta(days=14)
    async with world.unit_of_work() as session:
        assert await open_package(session, world.vault, case_id, later) is None
        assert await wipe_expired(session, later) == 1
    async with world.unit_of_work() as session:
        assert (
            await session.scalar(PackageRecord.__table__.select().with_only_columns(PackageRecord.content))
            is None
        )
