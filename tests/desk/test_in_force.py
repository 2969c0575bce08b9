"""Which version answers: computed from the rows and the time, in whatever process, without holding anybody up."""

import asyncio
import threading
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from desk.database import Database
from desk.in_force import InForce
from desk.knowing import Handed, KnowledgeByCompany
from desk.records import DocumentVersion
from desk.versions import Standing, add, history, standings
from intake.unit_of_work import UnitOfWork
from knowledge.answers import Answer
from operators.profile import ExpectedDocument, Operator
from tests.company import company

TEXT = "# Leievilkår\n\n## 1. Leie\n\nSkap leies for {days} dager om gangen.\n"
QUESTION = "Hvor lenge leies skap om gangen?"


@pytest.fixture
def lockers(tmp_path: Path) -> Operator:
    """A company with one document, in a folder."""
    (tmp_path / "leie.md").write_text(TEXT.format(days=3), "utf-8")
    documents = (ExpectedDocument("leie.md", "Leievilkår", "nb", None),)
    return replace(company(), documents=documents, folder=tmp_path)


@pytest.fixture
def served(lockers: Operator, tmp_path: Path) -> KnowledgeByCompany:
    """What the company's documents say."""
    return KnowledgeByCompany({"fjordlys": lockers}, [tmp_path])


async def handed_in(
    unit_of_work: UnitOfWork, days: int, since: date, *, now: datetime, file: str = "leie.md"
) -> tuple[str, bool]:
    """Another text as a version from a day on: its id, and whether it is a new one."""
    async with unit_of_work() as session:
        added = await add(
            session, "fjordlys", file=file, name="leie.md", title="Leievilkår",
            content=TEXT.format(days=days).encode(), in_force_from=since, by="command line", now=now,
        )  # fmt: skip
        return added.row.id, added.new


def cited(known: KnowledgeByCompany) -> tuple[str, date | None]:
    """What is found for the question, and since when it counts."""
    [found] = known["fjordlys"].nearest(QUESTION, "nb", 1)
    return found.text, found.in_force_from


async def test_a_coming_version_answers_from_its_oslo_day_on(
    database: Database, served: KnowledgeByCompany, now: datetime
) -> None:
    """Nobody does anything at midnight: the same question a second later is answered from the new text."""
    in_force = InForce(database.unit_of_work, served)
    await handed_in(database.unit_of_work, 5, date(2026, 12, 1), now=now)
    await in_force("fjordlys", datetime(2026, 11, 30, 22, 59, 59, tzinfo=UTC))
    assert cited(served) == ("Skap leies for 3 dager om gangen.", None)
    await in_force("fjordlys", datetime(2026, 11, 30, 23, 0, tzinfo=UTC))  # midnight in Oslo
    assert cited(served) == ("Skap leies for 5 dager om gangen.", date(2026, 12, 1))


async def test_a_version_handed_in_by_another_process_answers_at_once(
    database: Database, lockers: Operator, tmp_path: Path, now: datetime
) -> None:
    """Each process looks at the rows before it answers; nobody has to tell it."""
    here, there = (KnowledgeByCompany({"fjordlys": lockers}, [tmp_path]) for _ in range(2))
    await InForce(database.unit_of_work, here)("fjordlys", now)
    await handed_in(database.unit_of_work, 5, now.date(), now=now)
    for known in (here, there):
        await InForce(database.unit_of_work, known)("fjordlys", now)
        assert "5 dager" in cited(known)[0]


async def test_a_version_taken_back_gives_way_to_the_one_before(
    database: Database, served: KnowledgeByCompany, now: datetime
) -> None:
    """It stays a row, so that it can be read; the same bytes may then be handed in anew."""
    in_force = InForce(database.unit_of_work, served)
    id, _ = await handed_in(database.unit_of_work, 5, now.date(), now=now)
    await in_force("fjordlys", now)
    async with database.unit_of_work() as session:
        (await session.get_one(DocumentVersion, id)).retired_at = now
    await in_force("fjordlys", now)
    assert "3 dager" in cited(served)[0]
    again, new = await handed_in(database.unit_of_work, 5, now.date(), now=now)
    assert (again != id, new) == (True, True)
    async with database.unit_of_work() as session:
        rows = await history(session, "fjordlys")
    assert standings(rows, now.date()) == {id: Standing.RETIRED, again: Standing.IN_FORCE}


async def test_the_same_bytes_are_one_version(database: Database, now: datetime) -> None:
    """Also from two hands at the same moment; as another document they are another version."""
    unit = database.unit_of_work
    both = await asyncio.gather(*(handed_in(unit, 5, now.date(), now=now) for _ in range(2)))
    assert len({id for id, _ in both}) == 1
    assert sorted(new for _, new in both) == [False, True]
    assert (await handed_in(unit, 5, now.date(), now=now, file="annet.md"))[1]


async def test_rows_tell_how_each_version_stands(database: Database, now: datetime) -> None:
    """Older, in force and coming are told from the day alone."""
    days = [date(2026, 1, 1), date(2026, 11, 25), date(2026, 12, 1)]
    ids = [(await handed_in(database.unit_of_work, n, day, now=now))[0] for n, day in enumerate(days)]
    async with database.unit_of_work() as session:
        stand = standings(await history(session, "fjordlys"), date(2026, 11, 25))
    assert [stand[id] for id in ids] == [Standing.OLDER, Standing.IN_FORCE, Standing.COMING]


class Slow(KnowledgeByCompany):
    """Indexing that waits until it is told to go on."""

    def __init__(self, *given: object) -> None:
        super().__init__(*given)  # type: ignore[arg-type]
        self.go_on = threading.Event()
        self.began = 0

    def renew(self, name: str, handed_in: Handed) -> None:
        """Wait, then index."""
        self.began += 1
        assert self.go_on.wait(10)
        super().renew(name, handed_in)


async def test_the_old_index_answers_while_the_new_one_is_made(
    database: Database, lockers: Operator, tmp_path: Path, now: datetime
) -> None:
    """Nobody waits longer than the patience, one index is made for all who ask, and then it answers."""
    slow = Slow({"fjordlys": lockers}, [tmp_path])
    assert "3 dager" in cited(slow)[0]
    in_force = InForce(database.unit_of_work, slow, patience=0.01)
    await handed_in(database.unit_of_work, 5, now.date(), now=now)
    for _ in range(3):
        await in_force("fjordlys", now)
        assert "3 dager" in cited(slow)[0]
    assert slow.began == 1
    slow.go_on.set()
    await InForce(database.unit_of_work, slow)("fjordlys", now)
    assert "5 dager" in cited(slow)[0]


async def test_indexing_holds_nobody_up(
    database: Database, lockers: Operator, tmp_path: Path, now: datetime
) -> None:
    """The event loop runs on while a company is indexed for the first time."""
    slow = Slow({"fjordlys": lockers}, [tmp_path])
    asking = asyncio.create_task(InForce(database.unit_of_work, slow)("fjordlys", now))
    while not slow.began:
        await asyncio.sleep(0)
    assert not asking.done()
    slow.go_on.set()
    await asking
    assert "3 dager" in cited(slow)[0]


async def test_documents_are_indexed_ahead_of_the_questions(
    database: Database, served: KnowledgeByCompany, now: datetime
) -> None:
    """At the start of the process, with what the linter says; told to stop, it stops."""
    stop = asyncio.Event()
    await handed_in(database.unit_of_work, 5, now.date(), now=now)
    keeping = asyncio.create_task(InForce(database.unit_of_work, served).keep(stop, lambda: now))
    while not (served.is_made("fjordlys") and "findings" in vars(served.known("fjordlys"))):
        await asyncio.sleep(0)
    assert "5 dager" in cited(served)[0]
    stop.set()
    await keeping


async def test_a_bad_file_in_the_folder_is_logged_and_asked_around(
    served: KnowledgeByCompany, lockers: Operator, tmp_path: Path
) -> None:
    """The company is answered from its register; a good file and a new start mend it."""
    (tmp_path / "leie.md").write_bytes(b"")
    with capture_logs() as lines:
        known = served.known("fjordlys")
    assert [(one["name"], one["why"]) for one in lines] == [("leie.md", "empty")]
    assert (known.knowledge.documents, known.findings, len(known.unread)) == ((), (), 1)
    assert not isinstance(known.knowledge.ask(QUESTION, "nb"), Answer)
    (tmp_path / "leie.md").write_text(TEXT.format(days=3), "utf-8")
    assert "3 dager" in cited(KnowledgeByCompany({"fjordlys": lockers}, [tmp_path]))[0]
