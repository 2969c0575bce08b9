"""kill -9 at each step of a fulfilment: the case ends the same and no system is changed twice.

The test stops the process where it wants by holding a database's write lock: the company's own, so that a change
waits at the door, or the desk's, so that a change is made and cannot be written down. Then it kills and starts
again. Triggers in the company's database count every change, so that a second one shows.
"""

import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext

from tests.journeys.conftest import WAIT
from tests.journeys.running import RunningDesk
from tests.journeys.visitor import Officer, Visitor

pytestmark = pytest.mark.slow

COUNTING = """
CREATE TABLE seen (what TEXT, account INTEGER);
CREATE TRIGGER seen_account AFTER DELETE ON account BEGIN INSERT INTO seen VALUES ('account', old.id); END;
CREATE TRIGGER seen_belonging AFTER DELETE ON belonging
  BEGIN INSERT INTO seen VALUES ('belonging ' || old.id, old.account_id); END;
CREATE TRIGGER seen_payment AFTER DELETE ON payment
  BEGIN INSERT INTO seen VALUES ('payment ' || old.id, old.account_id); END;
"""


class Lock:
    """A database's write lock, held until released."""

    def __init__(self, path: Path) -> None:
        self._db = sqlite3.connect(path, timeout=60, isolation_level=None)

    def take(self) -> None:
        """Wait for it and hold it."""
        self._db.execute("BEGIN IMMEDIATE")

    def release(self) -> None:
        """Let it go; harmless when it is not held."""
        if self._db.in_transaction:
            self._db.execute("ROLLBACK")

    def close(self) -> None:
        """Let everything go."""
        self.release()
        self._db.close()


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDesk]:
    """A desk of its own for one company, whose database counts its changes."""
    running = RunningDesk(tmp_path_factory.mktemp("crash"), {"RETTSVAR_OPERATORS": "cleverstore"})
    try:
        running.start()
        with running.system("cleverstore") as db:
            db.executescript(COUNTING)
        yield running
    finally:
        running.stop()


@pytest.fixture(scope="module")
def officer(desk: RunningDesk, browser: Browser) -> Iterator[Officer]:
    """Signed in once; the session outlives the process."""
    context = browser.new_context(locale="nb-NO")
    context.set_default_timeout(WAIT)
    signed_in = Officer(desk, context.new_page())
    signed_in.sign_in()
    yield signed_in
    context.close()


@pytest.fixture
def company(desk: RunningDesk) -> Iterator[Lock]:
    """The lock of the company's database."""
    lock = Lock(desk.folder / "data" / "demo" / "systems" / "cleverstore.sqlite")
    yield lock
    lock.close()


@pytest.fixture
def own(desk: RunningDesk) -> Iterator[Lock]:
    """The lock of the desk's database."""
    lock = Lock(desk.folder / "data" / "desk.sqlite")
    yield lock
    lock.close()


class Erasure:
    """One person's erasure, up to the officer's decision."""

    def __init__(self, desk: RunningDesk, context: BrowserContext, number: int) -> None:
        self.desk = desk
        with desk.system("cleverstore") as db:
            self.account, self.address = db.execute(
                "SELECT id, email FROM account a WHERE email LIKE '%@example.%' AND id > 10100"
                " AND EXISTS (SELECT 1 FROM belonging WHERE account_id = a.id) ORDER BY id LIMIT 1 OFFSET ?",
                [number],
            ).fetchone()
            self.belongings = self._count(db, "belonging")
        visitor = Visitor(desk, context.new_page(), "cleverstore", self.address)
        visitor.open_chat()
        self.reference, self.link = visitor.ask("Slett kontoen min og alt dere har om meg")
        visitor.prove()

    def _count(self, db: sqlite3.Connection, table: str) -> int:
        return int(
            db.execute(f"SELECT count(*) FROM {table} WHERE account_id = ?", [self.account]).fetchone()[0]
        )

    def state(self) -> str:
        """Where the case stands."""
        with self.desk.rows() as db:
            row = db.execute('SELECT state FROM "case" WHERE reference = ?', [self.reference]).fetchone()
            return str(row[0])

    def step(self) -> tuple[str, int]:
        """The erasing step's state and attempts."""
        with self.desk.rows() as db:
            row = db.execute(
                'SELECT s.state, s.attempts FROM step s JOIN "case" c ON c.id = s.case_id'
                " JOIN plan p ON p.id = s.plan_id WHERE c.reference = ? AND p.superseded_at IS NULL",
                [self.reference],
            ).fetchone()
            return (str(row[0]), int(row[1])) if row else ("", 0)

    def gone(self) -> bool:
        """Whether the account's row is out of the company's database."""
        with self.desk.system("cleverstore") as db:
            return not db.execute("SELECT count(*) FROM account WHERE id = ?", [self.account]).fetchone()[0]

    def ends_rightly(self) -> None:
        """Answered, everything gone once, one answer told."""
        self.desk.until(lambda: self.state() in ("answered", "partly"), f"{self.reference} to be answered")
        assert self.gone()
        with self.desk.system("cleverstore") as db:
            seen = [row[0] for row in db.execute("SELECT what FROM seen WHERE account = ?", [self.account])]
        assert seen.count("account") == 1
        assert len(seen) == len(set(seen)), seen
        assert sum(what.startswith("belonging") for what in seen) == self.belongings
        with self.desk.rows() as db:
            names = [row[0] for row in db.execute(
                'SELECT name FROM letter WHERE case_id = (SELECT id FROM "case" WHERE reference = ?)', [self.reference]
            )]  # fmt: skip
        assert sorted(names) in (["acknowledgement", "answer"], ["acknowledgement", "partial"])
        answers: list[str] = []

        def told() -> bool:
            mails = self.desk.mails(self.address)
            answers[:] = [str(m["Message-ID"]) for m in mails if self.reference in str(m["Subject"])]
            return len(set(answers)) >= 2

        self.desk.until(told, "acknowledgement and answer to be mailed")
        assert len(set(answers)) == 2


def kill_and_start(desk: RunningDesk, *locks: Lock) -> None:
    """kill -9, let the locks go, start again."""
    desk.kill()
    for lock in locks:
        lock.release()
    desk.start()


def test_killed_while_it_searches(
    desk: RunningDesk, context: BrowserContext, officer: Officer, company: Lock
) -> None:
    """The systems had not answered: they are searched after the restart, and the plan comes."""
    company.take()
    erasure = Erasure(desk, context, 0)
    desk.until(lambda: erasure.state() == "planning", "the case to be planned")
    kill_and_start(desk, company)
    officer.open_case(erasure.reference, "Til vurdering")
    officer.approve(erasure.reference, erasure=True)
    erasure.ends_rightly()


def approved(
    desk: RunningDesk, context: BrowserContext, officer: Officer, company: Lock, number: int
) -> Erasure:
    """An erasure that is approved and waits at the company's door."""
    erasure = Erasure(desk, context, number)
    officer.open_case(erasure.reference, "Til vurdering")
    company.take()
    officer.approve(erasure.reference, erasure=True)
    desk.until(lambda: erasure.step()[1] > 0, "the step to be begun")
    return erasure


def test_killed_before_the_change(
    desk: RunningDesk, context: BrowserContext, officer: Officer, company: Lock
) -> None:
    """The change waited at the door: it is made after the restart, once."""
    erasure = approved(desk, context, officer, company, 1)
    assert not erasure.gone()
    kill_and_start(desk, company)
    erasure.ends_rightly()


def test_killed_between_the_change_and_its_record(
    desk: RunningDesk, context: BrowserContext, officer: Officer, company: Lock, own: Lock
) -> None:
    """The change was made and could not be written down: it is recognised after the restart."""
    erasure = approved(desk, context, officer, company, 2)
    own.take()
    company.release()
    desk.until(erasure.gone, "the rows to be gone")
    assert erasure.step()[0] == "ready"
    kill_and_start(desk, own)
    erasure.ends_rightly()


def test_killed_before_it_is_read_back(
    desk: RunningDesk, context: BrowserContext, officer: Officer, company: Lock, own: Lock
) -> None:
    """The change was written down and not read back: it is read back after the restart."""
    erasure = approved(desk, context, officer, company, 3)
    own.take()
    company.release()
    desk.until(erasure.gone, "the rows to be gone")
    company.take()
    own.release()
    desk.until(lambda: erasure.step()[0] == "done", "the change to be written down")
    kill_and_start(desk, company)
    erasure.ends_rightly()


def test_killed_before_the_answer(
    desk: RunningDesk, context: BrowserContext, officer: Officer, company: Lock, own: Lock
) -> None:
    """Read back, and not answered: the answer is written after the restart, once."""
    erasure = approved(desk, context, officer, company, 4)
    own.take()
    company.release()
    desk.until(erasure.gone, "the rows to be gone")
    company.take()
    own.release()
    desk.until(lambda: erasure.step()[0] == "done", "the change to be written down")
    own.take()
    company.release()
    time.sleep(1.5)  # it is read back meanwhile, and cannot write that down
    company.take()
    own.release()
    desk.until(lambda: erasure.step()[0] == "verified", "the step to be verified")
    assert erasure.state() == "fulfilling"
    kill_and_start(desk, company)
    erasure.ends_rightly()


@pytest.mark.parametrize(("number", "moment"), [(5, 0.0), (6, 0.15), (7, 0.4)])
def test_killed_at_any_moment(
    desk: RunningDesk, context: BrowserContext, officer: Officer, number: int, moment: float
) -> None:
    """Wherever it was, some moments after the decision: the same end."""
    erasure = Erasure(desk, context, number)
    officer.open_case(erasure.reference, "Til vurdering")
    officer.approve(erasure.reference, erasure=True)
    time.sleep(moment)
    kill_and_start(desk)
    if erasure.state() == "awaiting_decision":  # the decision itself had not arrived: the officer sees that
        officer.open_case(erasure.reference, "Til vurdering")
        officer.approve(erasure.reference, erasure=True)
    erasure.ends_rightly()
