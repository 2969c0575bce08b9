"""How fast mail is kept, parsed and read, beside bare parsing with one insert; and what one large mail costs.

    python benchmarks/mail.py [mails]

One process on one core. "kept" is the whole way from the door to the acknowledgement: sealed, its key and its row on the
disk. "one by one" waits for each before the next, as one line of LMTP does; "together" hands them in as a watched
mailbox does, by the very watcher, only that the mailbox is in memory. "read" is parsing and finding out what is asked,
as the worker does. No two mails are the same, and those that warm up are others. Beside the time stands the processor's,
which says more on a machine that has other work. The large mail is handled in a process of its own, whose peak is
reported.
"""

import asyncio
import contextlib
import io
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import cache
from pathlib import Path
from typing import Any

from desk.incoming.connection import Waiting
from desk.incoming.imap import Watcher
from desk.log import set_up_log
from desk.mailboxes import Mailbox
from desk.migrate import upgrade
from desk.settings import Settings
from desk.taking_in import Keeper
from desk.wiring import build
from intake.email.asking import asked
from intake.email.mail import Delivery
from intake.email.parsing import parse
from intake.examples import our_examples

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
TEXTS = (
    "Hei,\n\njeg vil gjerne vite hva dere har lagret om meg. {more} Kundenummeret mitt er 41-{n}.\n\nHilsen\nKari Nordmann",
    "Hei!\n\nEg vil at de slettar kontoen min og alt de har om meg. {more}\n\nHelsing\nOla Nordmann\nTlf. 91 23 45 67",
    "Hello,\n\n{more} Please stop sending me your newsletter, and tell me where you got my address.\n\nRegards, Jane Doe",
    "Hei\n\n{more}\n\nAdressen min er feil. Den skal være Nyveien {n}, 5003 Bergen.\n\nMvh Per\n\n> Vi har mottatt det.",
)
WARMING = 200  # mails before the clock starts: phrases are compiled, libraries loaded
LARGE = 25_000_000  # bytes


class InMemory:
    """A mailbox as the watcher's connection has it; no wire."""

    def __init__(self, mails: Sequence[bytes], since: datetime, emptied: Callable[[], object]) -> None:
        self._mails, self._since, self._emptied = dict(enumerate(mails, 1)), since, emptied

    def choose(self, folder: str) -> str:
        """The only folder there is."""
        return "1"

    def waiting(self, since: object, *, marked: bool) -> list[Waiting]:
        """What is left."""
        return [
            Waiting(uid, len(raw), self._since + timedelta(seconds=uid)) for uid, raw in self._mails.items()
        ]

    def raw(self, uid: int, limit: int | None) -> bytes:
        """One mail."""
        return self._mails[uid]

    def move(self, uid: int, *path: str) -> None:
        """Put away."""
        del self._mails[uid]

    def news(self) -> bool:
        """Nothing comes by itself."""
        return False

    def wait(self, seconds: float, woken: Any) -> None:
        """All is put away."""
        self._emptied()
        woken.recv(1)

    def cut(self) -> None:
        """There is no line."""

    def close(self) -> None:
        """There is no line."""


@dataclass(frozen=True, slots=True)
class Took:
    """Seconds a mail, by the clock and of the processor."""

    clock: float
    processor: float

    def and_(self, other: "Took") -> "Took":
        """Both, one after the other."""
        return Took(self.clock + other.clock, self.processor + other.processor)


@contextlib.contextmanager
def timing(count: int) -> Iterator[list[Took]]:
    """Puts what each of so many mails took into the list."""
    took: list[Took] = []
    clock, processor = time.perf_counter(), time.process_time()
    yield took
    took.append(Took((time.perf_counter() - clock) / count, (time.process_time() - processor) / count))


@cache
def more() -> tuple[str, ...]:
    """What else people write, out of our own ways of asking: as many different sentences as there are."""
    return tuple(one.text for one in our_examples() if one.lang in ("nb", "nn", "en"))


def ordinary(number: int) -> bytes:
    """A mail as people write it, each with words of its own: plain text with an HTML twin."""
    mail = EmailMessage()
    mail["From"] = f"Kari Nordmann <kari{number}@example.no>"
    mail["To"], mail["Subject"] = "personvern@example.no", f"Opplysningene mine {number}"
    mail["Message-ID"] = f"<{number}@example.no>"
    text = TEXTS[number % len(TEXTS)].format(n=number, more=more()[number * 7 % len(more())])
    mail.set_content(text)
    mail.add_alternative("<p>" + text.replace("\n", "<br>") + "</p>", subtype="html")
    return mail.as_bytes()


def timed(what: Callable[[bytes], object], mails: list[bytes]) -> Took:
    """What a mail takes, once everything is loaded."""
    for number in range(WARMING):
        what(ordinary(-1 - number))
    with timing(len(mails)) as took:
        for one in mails:
            what(one)
    return took[0]


def bare(folder: Path) -> Callable[[bytes], object]:
    """Parsing with the standard library, and one insert as this desk commits."""
    db = sqlite3.connect(folder / "bare.sqlite", isolation_level=None)
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA synchronous=FULL")
    db.execute("CREATE TABLE mail (id INTEGER PRIMARY KEY, raw BLOB)")

    def handle(raw: bytes) -> object:
        body = message_from_bytes(raw, policy=policy.default).get_body(("plain", "html"))
        db.execute("INSERT INTO mail (raw) VALUES (?)", [raw])
        return body.get_content() if body is not None else None

    return handle


def understood(raw: bytes) -> object:
    """Parsed, and what it asks."""
    return asked(parse(raw))


@contextlib.asynccontextmanager
async def a_desk(folder: Path) -> AsyncIterator[Keeper]:
    """A new desk in a folder; its log goes where nobody reads it."""
    with contextlib.redirect_stderr(io.StringIO()):
        set_up_log("info")
        desk = build(Settings(data_dir=folder))
        await upgrade(desk.database.engine)
        keeper = Keeper(desk)
        await keeper(Delivery("fjordlys", ordinary(-1), NOW, "file"))
        yield keeper
        await desk.close()


async def kept(folder: Path, mails: list[bytes]) -> Took:
    """What a mail takes from the door to the acknowledgement, where each waits for the one before."""
    async with a_desk(folder) as keeper:
        with timing(len(mails)) as took:
            for number, raw in enumerate(mails):
                await keeper(Delivery("fjordlys", raw, NOW + timedelta(seconds=number), "file"))
    return took[0]


async def kept_together(folder: Path, mails: list[bytes]) -> Took:
    """What a mail takes from a watched mailbox to its being put away there, where all of them wait in it."""
    async with a_desk(folder) as keeper:
        loop, emptied = asyncio.get_running_loop(), asyncio.Event()
        box = InMemory(mails, NOW, lambda: loop.call_soon_threadsafe(emptied.set))
        settings = Mailbox(address="personvern@example.no", junk=())
        watcher = Watcher("fjordlys", settings, keeper, largest=2 * LARGE, connect=lambda _: box)  # type: ignore[arg-type,return-value]
        with timing(len(mails)) as took:
            watcher.start()
            await emptied.wait()
        await watcher.stop()
    return took[0]


def say(line: str) -> None:
    """Write a line of the table."""
    sys.stdout.write(line + "\n")


def peak() -> int:
    """The most memory this process has held, in MB; what its parent held before is not counted."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) // 1024


def large() -> None:
    """Keep, parse and read one large mail in this process; print its peak in MB before and after."""
    with tempfile.TemporaryDirectory() as folder:
        mail = EmailMessage()
        mail["From"], mail["Subject"] = "kari@example.no", "Innsyn"
        mail.set_content(TEXTS[0])
        mail.add_attachment(
            bytes(range(256)) * (LARGE * 3 // 4 // 256), "application", "octet-stream", filename="alt.bin"
        )
        raw = mail.as_bytes()
        (Path(folder) / "large.eml").write_bytes(raw)
        script = (
            "import asyncio, sys\n"
            "from pathlib import Path\n"
            "from benchmarks import mail\n"
            "folder = Path(sys.argv[1])\n"
            "asyncio.run(mail.kept_together(folder, [mail.ordinary(number) for number in range(120)]))\n"
            "before = mail.peak()\n"
            "raw = (folder / 'large.eml').read_bytes()\n"
            "asyncio.run(mail.kept_together(folder / 'large', [mail.ordinary(1), raw, mail.ordinary(2)]))\n"
            "mail.understood(raw)\n"
            "print(before, mail.peak())\n"
        )
        done = subprocess.run(  # noqa: S603  this very program
            [sys.executable, "-c", script, folder], capture_output=True, text=True, check=True,
            cwd=Path(__file__).parents[1],
        )  # fmt: skip
        before, after = done.stdout.split()[-2:]
        say(f"one mail of {len(raw) / 1e6:.0f} MB: the process' peak is {after} MB ({before} MB before it)")


def main(count: int) -> None:
    """Print the table."""
    mails = [ordinary(number) for number in range(count)]
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        handle = bare(place)
        before = timed(handle, mails)
        rows = {"parsed": timed(parse, mails), "parsed and read": timed(understood, mails)}
        rows["kept, one by one"] = asyncio.run(kept(place / "one", mails))
        rows["kept, together"] = asyncio.run(kept_together(place / "together", mails))
        after = timed(handle, mails)  # a busy machine may not be as fast as it was
    for name in ("one by one", "together"):
        rows[f"all, {name}"] = rows[f"kept, {name}"].and_(rows["parsed and read"])
    both = before.and_(after)
    baseline = Took(both.clock / 2, both.processor / 2)
    rows = {"bare parsing and one insert": baseline, **rows}
    for name, took in rows.items():
        ratio, busy = took.clock / baseline.clock, took.processor / baseline.processor
        say(
            f"{name:28}{took.clock * 1000:7.2f} ms{1 / took.clock:6.0f} a second{ratio:6.2f} x bare   "
            f"processor{took.processor * 1000:7.2f} ms{1 / took.processor:6.0f} a second{busy:6.2f} x bare"
        )
    large()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 400)
