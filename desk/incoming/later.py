"""Remembers which mails on a server are put off, how often they were tried, and when they are due again."""

from time import monotonic

from desk.incoming.pace import Pace

Mark = tuple[str, str, int]
"""Folder, UIDVALIDITY, UID: a mail on a server for as long as it lies there."""


class Later:
    """The mails of one mailbox that could not be taken yet; each is tried ever more slowly."""

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._put: dict[Mark, tuple[int, float]] = {}  # tried so often, not again before (monotonic)

    def due(self, mark: Mark) -> bool:
        """Whether it may be tried now."""
        return mark not in self._put or self._put[mark][1] <= monotonic()

    def put_off(self, mark: Mark) -> int:
        """Try it again later; how often it was tried by now."""
        tried = self._put.get(mark, (0, 0.0))[0] + 1
        self._put[mark] = (tried, monotonic() + self._pace.pause(tried))
        return tried

    def done(self, mark: Mark) -> None:
        """It was taken."""
        self._put.pop(mark, None)

    def forget(self, folder: str, there: set[Mark]) -> None:
        """What was moved away by others, or counted anew by the server, is put off no longer."""
        self._put = {mark: put for mark, put in self._put.items() if mark[0] != folder or mark in there}

    def soon(self) -> float:
        """Seconds until the next is due; without end where none is put off."""
        return min((at for _, at in self._put.values()), default=float("inf")) - monotonic()
