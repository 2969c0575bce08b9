"""A server that lists what it does not hand out: it is asked again later, and not without end."""

import asyncio
import socket
from datetime import UTC, date, datetime

from pydantic import SecretStr

from desk.incoming.connection import Connection, Waiting
from desk.incoming.imap import Watcher
from desk.incoming.pace import Pace
from desk.mailboxes import Mailbox
from tests.desk.incoming.shelf import Shelf


class Ghost(Connection):
    """A line to a server that lists one mail for ever, and says that it is gone when it is asked for."""

    def __init__(self, mailbox: Mailbox) -> None:
        self.asked, self.waited = 0, asyncio.Event()
        self._loop = asyncio.get_running_loop()

    def spam_folders(self) -> list[str]:
        """None."""
        return []

    def choose(self, folder: str) -> str:
        """There is every folder."""
        return "1"

    def news(self) -> bool:
        """Nothing new."""
        return False

    def waiting(self, since: date | None, *, marked: bool) -> list[Waiting]:
        """The same mail, always; a hundred times is enough for anybody."""
        return [Waiting(7, 10, datetime(2026, 11, 25, tzinfo=UTC))] if self.asked < 100 else []

    def raw(self, uid: int, limit: int | None) -> bytes | None:
        """Gone."""
        self.asked += 1
        return None

    def wait(self, seconds: float, woken: socket.socket) -> None:
        """Until the desk stops."""
        self._loop.call_soon_threadsafe(self.waited.set)
        woken.recv(1)

    def close(self) -> None:
        """Nothing to close."""


async def test_a_mail_that_is_listed_and_gone_is_asked_for_once_and_then_later() -> None:
    """The watcher rests, instead of asking the server as fast as it can."""
    mailbox = Mailbox(address="personvern@example.no", host="localhost", password=SecretStr("x"))
    ghost, shelf = Ghost(mailbox), Shelf()
    watcher = Watcher("box", mailbox, shelf, largest=100, pace=Pace(first=60), connect=lambda _: ghost)
    watcher.start()
    await asyncio.wait_for(ghost.waited.wait(), 10)
    await watcher.stop()
    assert (ghost.asked, shelf.asked) == (1, 0)
