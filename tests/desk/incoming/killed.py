"""A process that watches a mailbox for a desk of its own and kills itself at one await of keeping mails.

    python -m tests.desk.incoming.killed FOLDER PORT CA ADDRESS PASSWORD

Each line it is given, AT, is one life in a process of its own, forked after the imports, and answered with how it ended.
AT is the await (1 the first of those that keep a mail of this life, 0 none, -1 when the first is kept and the server has
not been told). A life ends by itself when nothing is left to do in the mailbox.
"""

import asyncio
import os
import signal
import socket
import sys
import traceback
from collections.abc import Awaitable, Callable, Generator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from desk.incoming.connection import Connection, connect
from desk.incoming.imap import Watcher
from desk.mailboxes import Mailbox
from desk.migrate import standing, upgrade
from desk.settings import Settings
from desk.taking_in import Keeper
from desk.wiring import build
from intake.email.mail import Delivery


def die() -> None:
    """kill -9, by one's own hand."""
    os.kill(os.getpid(), signal.SIGKILL)


@dataclass(slots=True)
class Steps:
    """Counts how often any of several things gives way, and dies at one of them."""

    at: int
    seen: int = 0

    def one(self) -> None:
        """One more."""
        self.seen += 1
        if self.seen == self.at:
            die()


class Stepped:
    """Awaits something, counting how often it gives way."""

    def __init__(self, what: Awaitable[bool], steps: Steps) -> None:
        self._what, self._steps = what, steps

    def __await__(self) -> Generator[Any, Any, bool]:
        within, sent = self._what.__await__(), None
        while True:
            try:
                waited = within.send(sent)
            except StopIteration as done:
                return bool(done.value)
            self._steps.one()
            sent = yield waited


class Telling:
    """A connection that tells when the watcher has nothing left to do but to wait."""

    def __init__(self, connection: Connection, tell: Callable[[], object]) -> None:
        self._connection, self._tell = connection, tell

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)

    def wait(self, seconds: float, woken: socket.socket) -> None:
        """Tell, and wait."""
        self._tell()
        self._connection.wait(seconds, woken)


async def watch(folder: Path, box: Mailbox, at: int) -> None:
    """Watch until the mailbox is empty."""
    desk = build(Settings(data_dir=folder, operators=("fjordlys",)))
    current, newest = await standing(desk.database.engine)
    if current != newest:
        await upgrade(desk.database.engine)
    keeper = Keeper(desk)
    loop, done, steps = asyncio.get_running_loop(), asyncio.Event(), Steps(at)

    async def take_in(delivery: Delivery) -> bool:
        kept = await Stepped(keeper(delivery), steps)
        if at == -1:
            die()
        return kept

    def telling(mailbox: Mailbox) -> Any:
        return Telling(connect(mailbox), lambda: loop.call_soon_threadsafe(done.set))

    watcher = Watcher("fjordlys", box, take_in, largest=1_000_000, connect=telling)
    watcher.start()
    await done.wait()
    await watcher.stop()
    await desk.close()


def lives(folder: Path, box: Mailbox) -> None:
    """One after the other, as told."""
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            try:
                asyncio.run(watch(folder, box, int(line)))
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
