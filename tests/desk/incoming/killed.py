"""A process that watches a mailbox for a desk of its own and kills itself at one await of keeping one mail.

    python -m tests.desk.incoming.killed FOLDER PORT CA ADDRESS PASSWORD

Each line it is given, AT SUBJECT, is one life in a process of its own, forked after the imports, and answered with how it
ended. SUBJECT names the mail, AT the await (1 the first; 0 none; -1 when it is kept and the server has not been told). A
life ends by itself when its mail is kept and nothing is left in the inbox.
"""

import asyncio
import imaplib
import os
import signal
import ssl
import sys
import traceback
from collections.abc import Awaitable, Generator
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from desk.incoming.imap import Watcher
from desk.mailboxes import Mailbox
from desk.migrate import standing, upgrade
from desk.settings import Settings
from desk.taking_in import Keeper
from desk.wiring import build
from intake.email.mail import Delivery
from tests.mailservers.programs import PATIENCE


def die() -> None:
    """kill -9, by one's own hand."""
    os.kill(os.getpid(), signal.SIGKILL)


class Stepped:
    """Awaits something, and dies when it gives way for the nth time."""

    def __init__(self, what: Awaitable[bool], at: int) -> None:
        self._what, self._at = what, at

    def __await__(self) -> Generator[Any, Any, bool]:
        steps, seen, sent = self._what.__await__(), 0, None
        while True:
            try:
                waited = steps.send(sent)
            except StopIteration as done:
                return bool(done.value)
            seen += 1
            if seen == self._at:
                die()
            sent = yield waited


def left(box: Mailbox) -> int:
    """How many mails lie in the inbox."""
    assert box.host is not None
    assert box.port is not None
    assert box.password is not None
    trusted = ssl.create_default_context(cafile=box.ca)
    with imaplib.IMAP4_SSL(box.host, box.port, ssl_context=trusted) as line:
        line.login(box.address, box.password.get_secret_value())
        (count,) = line.select("INBOX", readonly=True)[1]
        assert count is not None
        return int(count)


async def watch(folder: Path, box: Mailbox, subject: str, at: int) -> None:
    """Watch until the mailbox is empty."""
    desk = build(Settings(data_dir=folder, operators=("fjordlys",)))
    current, newest = await standing(desk.database.engine)
    if current != newest:
        await upgrade(desk.database.engine)
    keeper, kept = Keeper(desk), asyncio.Event()
    if at == 0:  # no mail of its own
        kept.set()

    async def take_in(delivery: Delivery) -> bool:
        if f"Subject: {subject}\n".encode() not in delivery.raw.replace(b"\r\n", b"\n"):
            return await keeper(delivery)
        new = await Stepped(keeper(delivery), at)
        if at == -1:
            die()
        kept.set()
        return new

    watcher = Watcher("fjordlys", box, take_in, largest=1_000_000)
    watcher.start()
    async with asyncio.timeout(PATIENCE):
        await kept.wait()
        while await asyncio.to_thread(left, box):
            await asyncio.sleep(0.05)
    await watcher.stop()
    await desk.close()


def lives(folder: Path, box: Mailbox) -> None:
    """One after the other, as told."""
    for line in sys.stdin:
        at, _, subject = line.strip().partition(" ")
        child = os.fork()
        if child == 0:
            try:
                asyncio.run(watch(folder, box, subject, int(at)))
            except BaseException:  # noqa: BLE001  a child of fork must never go on as its parent
                traceback.print_exc()
                os._exit(1)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    place, port, ca, address, password = sys.argv[1:]
    settings = Mailbox(
        address=address, host="localhost", port=int(port), ca=Path(ca), password=SecretStr(password),
        operator="fjordlys",
    )  # fmt: skip
    lives(Path(place), settings)
