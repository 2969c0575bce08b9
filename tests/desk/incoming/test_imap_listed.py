"""A mailbox as the watcher goes through it: what is gone, what cannot be kept, and what it is stopped in."""

import asyncio
import socket
from collections.abc import Callable
from datetime import UTC, date, datetime

from pydantic import SecretStr

from desk.incoming.connection import Connection, Waiting
from desk.incoming.imap import Watcher
from desk.incoming.pace import Pace
from desk.mailboxes import Mailbox
from tests.desk.incoming.shelf import Shelf


class Server(Connection):
    """A line to a server that lists mails by their numbers; None is one that is gone when it is asked for."""

    def __init__(self, mails: dict[int, bytes | None], asked: Callable[[], object] = lambda: None) -> None:
        self.mails, self.asked, self._on_asking = mails, 0, asked
        self.waited = asyncio.Event()
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
        """All of them; a hundred times is enough for anybody."""
        there = sorted(self.mails) if self.asked < 100 else []
        return [Waiting(uid, 10, datetime(2026, 11, 25, tzinfo=UTC)) for uid in there]

    def raw(self, uid: int, limit: int | None) -> bytes | None:
        """Its bytes."""
        self.asked += 1
        self._on_asking()
        return self.mails[uid]

    def move(self, uid: int, *path: str) -> None:
        """Put away."""
        del self.mails[uid]

    def wait(self, seconds: float, woken: socket.socket) -> None:
        """Until the desk stops."""
        self._loop.call_soon_threadsafe(self.waited.set)
        woken.recv(1)

    def close(self) -> None:
        """Nothing to close."""


def watcher(server: Server, shelf: Shelf) -> Watcher:
    """One that tries again after a minute."""
    mailbox = Mailbox(address="personvern@example.no", host="localhost", password=SecretStr("x"))
    pace = Pace(first=60)
    return Watcher("box", mailbox, shelf, largest=100, pace=pace, connect=lambda _: server)


async def test_a_mail_that_is_listed_and_gone_is_asked_for_once_and_then_later() -> None:
    """The watcher rests, instead of asking the server as fast as it can."""
    server, shelf = Server({7: None}), Shelf()
    watching = watcher(server, shelf)
    watching.start()
    await asyncio.wait_for(server.waited.wait(), 10)
    await watching.stop()
    assert (server.asked, shelf.asked) == (1, 0)


async def test_mails_that_cannot_be_kept_among_others_hold_nobody_up() -> None:
    """Only so many one after another mean that it is us: every mail that can be kept is, at once."""
    shelf = Shelf(lambda delivery: b"bad" in delivery.raw)
    server = Server(
        {uid: b"Subject: %d %s\r\n" % (uid, b"bad" if uid % 2 else b"good") for uid in range(1, 11)}
    )
    watching = watcher(server, shelf)
    watching.start()
    await asyncio.wait_for(server.waited.wait(), 10)
    await watching.stop()
    assert [one.raw for one in shelf.taken] == [b"Subject: %d good\r\n" % uid for uid in range(2, 11, 2)]
    assert sorted(server.mails) == list(range(1, 11, 2))


async def test_a_mail_that_is_fetched_while_the_desk_stops_is_left_to_the_next_start() -> None:
    """Nobody may be there any more to keep it; it stays where it is."""
    shelf = Shelf()
    server = Server({1: b"Subject: en\r\n"}, asked=lambda: watching._stopping.set())
    watching = watcher(server, shelf)
    watching.start()
    assert await watching._ends(10)
    await watching.stop()
    assert (shelf.asked, sorted(server.mails)) == (0, [1])
