"""A process that watches a mailbox, keeps mails in an SQLite file, and is killed at a named point."""

import asyncio
import os
import signal
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from desk.incoming.connection import Connection, connect
from desk.incoming.imap import Watcher
from desk.mailboxes import Mailbox
from intake.email.mail import Delivery

POINTS: Final = ("listed", "fetched", "asked", "written", "committed", "moving", "copied", "moved")
"""Every step between finding a mail and having put it away. `copied` is where a server has no MOVE."""


class Store:
    """A TakeIn over a file, one mail after the other. `at` is called at each point of it."""

    def __init__(self, file: Path, at: Callable[[str], None] = lambda _: None) -> None:
        self._file, self._at, self._turn = file, at, asyncio.Lock()
        with closing(sqlite3.connect(file)) as database:
            database.execute("CREATE TABLE IF NOT EXISTS mail (digest TEXT PRIMARY KEY, raw BLOB NOT NULL)")

    async def __call__(self, delivery: Delivery) -> bool:
        """Keep it."""
        async with self._turn:
            return await self._keep(delivery)

    async def _keep(self, delivery: Delivery) -> bool:
        self._at("asked")
        digest = sha256(delivery.raw).hexdigest()
        with closing(sqlite3.connect(self._file)) as database:
            made = database.execute(
                "INSERT OR IGNORE INTO mail VALUES (?, ?)", (digest, delivery.raw)
            ).rowcount
            self._at("written")
            await asyncio.sleep(0)
            database.commit()
        self._at("committed")
        return made == 1

    def kept(self) -> list[bytes]:
        """What is in the file."""
        with closing(sqlite3.connect(self._file)) as database:
            return [row[0] for row in database.execute("SELECT raw FROM mail")]


class Deadly:
    """A connection that tells of its points too."""

    def __init__(self, connection: Connection, at: Callable[[str], None]) -> None:
        self._connection, self._at = connection, at

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)

    def waiting(self, *given: Any, **more: Any) -> Any:
        """Look what is there."""
        found = self._connection.waiting(*given, **more)
        if found:
            self._at("listed")
        return found

    def raw(self, *given: Any) -> Any:
        """Fetch."""
        fetched = self._connection.raw(*given)
        self._at("fetched")
        return fetched

    def move(self, *given: Any) -> None:
        """Put away."""
        self._at("moving")
        delete = self._connection.delete

        def deadly(uid: int) -> None:
            self._at("copied")
            delete(uid)

        self._connection.delete = deadly  # type: ignore[method-assign]
        self._connection.move(*given)
        self._at("moved")


async def live_until(point: str, mailbox: Mailbox, file: Path) -> None:
    """Watch until the point comes, where the process dies as by a power cut: at the second mail, if there are several."""
    seen = 0

    def at(here: str) -> None:
        nonlocal seen
        seen += here == point
        if seen == (1 if point == "listed" else 2):
            os.kill(os.getpid(), signal.SIGKILL)

    watcher = Watcher(
        "box", mailbox, Store(file, at), largest=50_000_000, connect=lambda box: Deadly(connect(box), at)  # type: ignore[arg-type,return-value]
    )  # fmt: skip
    watcher.start()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(live_until(sys.argv[1], Mailbox.model_validate_json(sys.argv[2]), Path(sys.argv[3])))
