"""Watches one mailbox: hands each mail to what keeps it, and only then moves it away."""

import asyncio
import contextlib
import imaplib
import select
import socket
import threading
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from time import monotonic
from typing import Final

from imap_tools.errors import ImapToolsError

from desk.incoming.connection import WIRE, Connection, Waiting, connect
from desk.incoming.pace import Pace
from desk.log import log, places
from desk.mailboxes import Mailbox
from fulfilment.adapter import Misconfigured, TryLater
from intake.email.mail import Delivery, TakeIn

TOO_LARGE: Final = "too large"  # the folder below ours where the whole of a mail stays that was cut

Connect = Callable[[Mailbox], Connection]
Mark = tuple[str, str, int]  # folder, UIDVALIDITY, UID: a mail on a server for as long as it lies there


class Watcher:
    """One mailbox, in a thread of its own, since imap-tools blocks; made and stopped on the event loop.

    A mail is fetched unread, kept, and then moved, marked or deleted, in this order: whatever dies in between,
    it is fetched again and found to be known. What cannot be kept stays and is tried again, ever more slowly,
    while the others go on.
    """

    def __init__(
        self,
        name: str,
        mailbox: Mailbox,
        take_in: TakeIn,
        *,
        largest: int,
        pace: Pace = Pace(),
        connect: Connect = connect,
    ) -> None:
        self._name, self._mailbox, self._take_in = name, mailbox, take_in
        self._operator = mailbox.operator or name
        self._largest, self._pace, self._connect = largest, pace, connect
        self._loop = asyncio.get_running_loop()
        self._ended = asyncio.Event()
        self._stopping = threading.Event()
        self._woken, self._waker = socket.socketpair()
        self._connection: Connection | None = None
        self._handed: Future[bool] | None = None
        self._later: dict[Mark, tuple[int, float]] = {}  # tried so often, not again before (monotonic)
        self._faults = 0  # of the server, one after another
        self._unkept = 0  # mails, one after another
        self._thread = threading.Thread(target=self._run, name=f"mailbox {name}", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    async def stop(self) -> None:
        """End within two seconds. A mail that is being kept may be finished; else it is left to the next start."""
        self._stopping.set()
        if self._thread.ident is None:  # never begun
            self._woken.close()
        self._waker.close()  # wakes whoever waits for it
        if self._thread.ident is None or await self._ends(self._pace.grace):
            return
        if self._handed is not None:
            self._handed.cancel()
        if self._connection is not None:
            self._connection.cut()
        if not await self._ends(self._pace.leave):
            # only a connection in the making cannot be cut; it holds nothing, and ends by itself
            log.warning("mailbox left behind", operator=self._operator, name=self._name)

    async def _ends(self, seconds: float) -> bool:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._ended.wait(), seconds)
        return self._ended.is_set()

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._rest(self._session())
            except Exception as fault:  # noqa: BLE001  one strange server must not end the intake of all companies
                self._faults += 1
                log.error(
                    "mailbox watcher stumbled", operator=self._operator, name=self._name,
                    exc_type=type(fault).__name__, at=places(fault.__traceback__),
                )  # fmt: skip
                self._rest(self._pace.pause(self._faults))
        self._woken.close()
        with contextlib.suppress(RuntimeError):  # left behind, it may outlive the loop
            self._loop.call_soon_threadsafe(self._ended.set)

    def _session(self) -> float:
        """One connection from its beginning to its end; the seconds to wait before the next."""
        try:
            connection = self._connection = self._connect(self._mailbox)
            try:
                self._watch(connection)
                return 0
            finally:
                self._connection = None
                connection.close()
        except Misconfigured as fault:
            log.error("mailbox misconfigured", operator=self._operator, name=self._name, why=fault.why)
            return self._pace.slow
        except (TryLater, *WIRE) as fault:
            self._faults += 1
            why = fault.why if isinstance(fault, TryLater) else type(fault).__name__
            log.warning(
                "mailbox away", operator=self._operator, name=self._name, why=why, attempt=self._faults
            )
            return self._pace.pause(self._faults)

    def _watch(self, connection: Connection) -> None:
        """Look through the folders, wait for news, and again, until the desk stops or the line is lost."""
        junk = self._mailbox.junk if self._mailbox.junk is not None else connection.spam_folders()
        # the folder where mail comes stays chosen last: of it, and only of it, the server tells
        folders = [(one, True) for one in junk if one not in self._mailbox.folders]
        folders += [(one, False) for one in reversed(self._mailbox.folders)]
        log.info("mailbox watched", operator=self._operator, name=self._name, count=len(folders))
        while not self._stopping.is_set():
            self._look(connection, folders)
            self._faults = 0
            if self._stopping.is_set():
                return
            if self._unkept >= self._pace.in_a_row:
                self._rest(self._pace.pause(self._unkept - self._pace.in_a_row + 1))
                continue
            soon = min((due for _, due in self._later.values()), default=float("inf")) - monotonic()
            connection.wait(max(0.0, min(self._mailbox.look_seconds, soon)), self._woken)

    def _look(self, connection: Connection, folders: list[tuple[str, bool]]) -> None:
        for folder, junk in folders:
            validity = connection.choose(folder)
            while True:
                connection.news()
                there = connection.waiting(self._mailbox.since, marked=self._mailbox.after == "seen")
                self._forget(folder, {(folder, validity, one.uid) for one in there})
                due = [one for one in there if self._due((folder, validity, one.uid))]
                for one in due:
                    self._take(connection, (folder, validity, one.uid), one, junk)
                    if self._stopping.is_set() or self._unkept >= self._pace.in_a_row:
                        return
                if not due and not connection.news():
                    break  # nothing came while we looked, so from here on the server will tell

    def _take(self, connection: Connection, mark: Mark, one: Waiting, junk: bool) -> None:
        """Fetch one mail, have it kept, and acknowledge it. Not kept, it stays where it is."""
        cut = one.size > self._largest
        raw = connection.raw(one.uid, self._largest if cut else None)
        if raw is None:
            self._put_off(
                mark
            )  # somebody took it away meanwhile; were it still listed, we would ask for ever
            return
        delivery = Delivery(self._operator, raw, received_at=one.arrived, source="imap", junk=junk)
        try:
            kept = self._hand(delivery)
        except CancelledError:
            return  # the desk stops
        except Exception as fault:  # noqa: BLE001  whatever it is about this mail, the others go on
            self._unkept += 1
            self._put_off(mark)
            log.error(
                "mail not kept", operator=self._operator, name=self._name, folder=mark[0], size=one.size,
                exc_type=type(fault).__name__, attempt=self._later[mark][0],
            )  # fmt: skip
            return
        self._unkept = 0
        if cut:
            log.error("mail too large: cut", operator=self._operator, name=self._name, size=one.size)
        try:
            self._acknowledge(connection, one.uid, cut)
        except imaplib.IMAP4.abort:
            raise
        except (imaplib.IMAP4.error, ImapToolsError):
            self._put_off(mark)
            log.error("mail kept but not put away", operator=self._operator, name=self._name, folder=mark[0])
            return
        self._later.pop(mark, None)
        log.info(
            "mail taken",
            operator=self._operator,
            name=self._name,
            size=len(raw),
            status="new" if kept else "known",
        )

    def _hand(self, delivery: Delivery) -> bool:
        if self._stopping.is_set():
            raise CancelledError
        self._handed = asyncio.run_coroutine_threadsafe(_called(self._take_in, delivery), self._loop)
        try:
            return self._handed.result()
        finally:
            self._handed = None

    def _acknowledge(self, connection: Connection, uid: int, cut: bool) -> None:
        if cut:
            connection.move(uid, self._mailbox.folder, TOO_LARGE)
        elif self._mailbox.after == "move":
            connection.move(uid, self._mailbox.folder)
        elif self._mailbox.after == "seen":
            connection.mark(uid)
        else:
            connection.delete(uid)

    def _due(self, mark: Mark) -> bool:
        return mark not in self._later or self._later[mark][1] <= monotonic()

    def _put_off(self, mark: Mark) -> None:
        tried = self._later.get(mark, (0, 0.0))[0] + 1
        self._later[mark] = (tried, monotonic() + self._pace.pause(tried))

    def _forget(self, folder: str, there: set[Mark]) -> None:
        """What was moved away by others, or counted anew by the server, is put off no longer."""
        self._later = {mark: put for mark, put in self._later.items() if mark[0] != folder or mark in there}

    def _rest(self, seconds: float) -> None:
        select.select([self._woken], [], [], seconds)


async def _called(take_in: TakeIn, delivery: Delivery) -> bool:
    return await take_in(delivery)
