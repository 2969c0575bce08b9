"""How fast mail is kept, parsed and read, beside bare parsing with one insert; and what one large mail costs.

    python benchmarks/mail.py [mails]

One process on one core. "kept" is the whole way to the acknowledgement (sealed, committed with fsync); "read" is
parsing and finding out what is asked. The large mail is handled in a process of its own, whose peak is reported.
"""

import asyncio
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from desk.settings import Settings
from desk.taking_in import Keeper
from desk.wiring import build
from intake.email.mail import Delivery
from intake.email.parsing import parse
from intake.reading import read

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
TEXTS = (
    "Hei,\n\njeg vil gjerne vite hva dere har lagret om meg. Kundenummeret mitt er 41-2290.\n\nHilsen\nKari Nordmann",
    "Hei!\n\nEg vil at de slettar kontoen min og alt de har om meg.\n\nHelsing\nOla Nordmann\nTlf. 91 23 45 67",
    "Hello,\n\nplease stop sending me your newsletter, and tell me where you got my address.\n\nRegards, Jane Doe",
    "Hei\n\nAdressen min er feil. Den skal være Nyveien 2, 5003 Bergen.\n\nMvh Per\n\n> Vi har mottatt henvendelsen din.",
)
LARGE = 25_000_000  # bytes


def ordinary(number: int) -> bytes:
    """A mail as people write it: plain text with an HTML twin."""
    mail = EmailMessage()
    mail["From"] = f"Kari Nordmann <kari{number}@example.no>"
    mail["To"], mail["Subject"] = "personvern@example.no", f"Opplysningene mine {number}"
    mail["Message-ID"] = f"<{number}@example.no>"
    text = TEXTS[number % len(TEXTS)]
    mail.set_content(text)
    mail.add_alternative("<p>" + text.replace("\n", "<br>") + "</p>", subtype="html")
    return mail.as_bytes()


def timed(what: Callable[[bytes], object], mails: list[bytes]) -> float:
    """Seconds a mail, once everything is loaded and the phrases are compiled."""
    for one in mails[: len(mails) // 4]:
        what(one)
    began = time.perf_counter()
    for one in mails:
        what(one)
    return (time.perf_counter() - began) / len(mails)


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
    mail = parse(raw)
    return read(mail.text, subject=mail.subject, channel="email")


async def kept(folder: Path, mails: list[bytes]) -> float:
    """Seconds a mail from the door to the acknowledgement."""
    from desk.migrate import upgrade

    desk = build(Settings(data_dir=folder / "data"))
    await upgrade(desk.database.engine)
    keeper = Keeper(desk)
    began = time.perf_counter()
    for number, raw in enumerate(mails):
        await keeper(Delivery("fjordlys", raw, NOW + timedelta(seconds=number), "file"))
    took = (time.perf_counter() - began) / len(mails)
    await desk.close()
    return took


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
            "asyncio.run(mail.kept(folder, [mail.ordinary(1)]))\n"
            "before = mail.peak()\n"
            "raw = (folder / 'large.eml').read_bytes()\n"
            "asyncio.run(mail.kept(folder / 'large', [raw]))\n"
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
        baseline = timed(bare(Path(folder)), mails)
        rows = {"bare parsing and one insert": baseline}
        rows["parsed"] = timed(parse, mails)
        rows["parsed and read"] = timed(understood, mails)
        rows["kept (sealed, committed)"] = asyncio.run(kept(Path(folder), mails))
        rows["kept, parsed and read"] = rows["kept (sealed, committed)"] + rows["parsed and read"]
    for name, seconds in rows.items():
        say(
            f"{name:28} {seconds * 1000:7.2f} ms  {1 / seconds:7.0f} a second  {seconds / baseline:6.1f} x bare"
        )
    large()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 400)
