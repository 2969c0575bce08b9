"""kill -9 while mail is taken in, sorted and answered: no mail is lost, and none is heard or answered twice.

The mails come in at the demo's door, which answers when the mail is kept. The process is killed at moments that move
through the work: right after the door's answer, in the middle of reading, sorting and answering.
"""

import time
from collections.abc import Iterator
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest

from tests.journeys.running import RunningDesk

pytestmark = pytest.mark.slow
EACH = 4  # mails before each kill


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDesk]:
    """A desk of one company."""
    running = RunningDesk(tmp_path_factory.mktemp("mailcrash"), {"RETTSVAR_OPERATORS": "fjordlys"})
    try:
        running.start()
        yield running
    finally:
        running.stop()


def write(desk: RunningDesk, number: int) -> bool:
    """One person's request at the door; whether the door said that it is kept."""
    form = {
        "company": "fjordlys",
        "sender": f"person{number}@example.org",
        "subject": f"Sletting {number}",
        "text": f"Hei, slett kontoen min, takk. Kundenummer {4000 + number}.\n\nHilsen Person {number}",
    }
    request = Request(f"{desk.base}/demo/write", urlencode(form).encode(), method="POST")
    try:
        with urlopen(request, timeout=60) as answer:
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False


def counts(desk: RunningDesk) -> dict[str, int]:
    """What there is of each."""
    with desk.rows() as db:
        return {
            "kept": db.execute("SELECT count(*) FROM incoming_mail WHERE state = 'kept'").fetchone()[0],
            "mails": db.execute("SELECT count(*) FROM incoming_mail").fetchone()[0],
            "placed": db.execute("SELECT count(*) FROM incoming_mail WHERE state = 'placed'").fetchone()[0],
            "heard": db.execute("SELECT count(*) FROM message WHERE inbound").fetchone()[0],
            "cases": db.execute('SELECT count(*) FROM "case"').fetchone()[0],
            "letters": db.execute("SELECT count(*) FROM letter WHERE name = 'received'").fetchone()[0],
        }


@pytest.mark.parametrize(("round", "moment"), list(enumerate((0.0, 0.1, 0.3, 0.8))))
def test_killed_at_any_moment_no_mail_is_lost_or_doubled(
    desk: RunningDesk, round: int, moment: float
) -> None:
    """Each mail the door took is one mail, one message, one case and one letter after the restart."""
    numbers = range(round * EACH, (round + 1) * EACH)
    before = counts(desk)["mails"]
    taken = [number for number in numbers if write(desk, number)]
    time.sleep(moment)
    desk.kill()
    desk.start()
    desk.until(lambda: counts(desk)["kept"] == 0, "every mail to be sorted")
    found = counts(desk)
    assert len(taken) == EACH
    assert found["mails"] == found["placed"] == before + len(taken)
    assert found["heard"] == found["cases"] == found["letters"] == found["mails"]
    for number in taken:
        address = f"person{number}@example.org"
        desk.until(lambda to=address: bool(desk.mails(to)), f"an answer to {address}")  # type: ignore[misc]
        assert len({str(mail["Message-ID"]) for mail in desk.mails(address)}) == 1
