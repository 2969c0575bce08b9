"""A mailbox in memory, to be watched where no mail server is to be measured."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from desk.incoming.connection import Waiting


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
