"""Watches one mailbox: hands each mail to what keeps it, and only then moves it away."""

import asyncio
import contextlib
import imaplib
import select
import socket
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError, Future
from dataclasses import dataclass
from typing import Final

from imap_tools.errors import ImapToolsError

from desk.incoming.connection import WIRE, Connection, Waiting, connect
from desk.incoming.later import Later, Mark
from desk.incoming.pace import Pace
from desk.log import log, places
from desk.mailboxes import Mailbox
from fulfilment.adapter import Misconfigured, TryLater
from intake.email.mail import Delivery, TakeIn

TOO_LARGE: Final = "too large"  # the folder below ours where the whole of a mail stays that was cut

AT_ONCE: Final = 50
BYTES_AT_ONCE: Final = 4_000_000
"""Mails, and bytes of them, that are fetched before they are kept together; a larger mail goes alone. They are few until
some were kept, so that a desk that can keep nothing does not fetch everything."""

Connect = Callable[[Mailbox], Connection]


@dataclass(frozen=True, slots=True)
class _Fetched:
    """A mail in our hands that nobody has kept yet."""

    mark: Mark
    waiting: Waiting
    delivery: Delivery
    cut: bool


class Watcher:
    """One mailbox, in a thread of its own, since imap-tools blocks; made and stopped on the event loop.

    Mails are fetched unread, several where several wait, kept, and then moved, marked or deleted, in this order:
    whatever dies in between, they are fetched again and found to be known. What cannot be kept stays and is tried
    again, ever more slowly, while the others go on.
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
        self._handed: Future[list[bool | BaseException]] | None = None
        self._later = Later(pace)
        self._faults = 0  # of the server, one after another
        self._unkept = 0  # mails, one after another
        self._keeps = False  # all that was handed in the last time was kept
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
            connection.wait(max(0.0, min(self._mailbox.look_seconds, self._later.soon())), self._woken)

    def _look(self, connection: Connection, folders: list[tuple[str, bool]]) -> None:
        for folder, junk in folders:
            validity = connection.choose(folder)
            while True:
                connection.news()
                there = connection.waiting(self._mailbox.since, marked=self._mailbox.after == "seen")
                self._later.forget(folder, {(folder, validity, one.uid) for one in there})
                due = [one for one in there if self._later.due((folder, validity, one.uid))]
                if not self._take(connection, [((folder, validity, one.uid), one) for one in due], junk):
                    return
                if not due and not connection.news():
                    break  # nothing came while we looked, so from here on the server will tell

    def _take(self, connection: Connection, due: Sequence[tuple[Mark, Waiting]], junk: bool) -> bool:
        """Fetch mails, have them kept, and acknowledge them, some at a time. Whether to go on with others."""
        fetched: list[_Fetched] = []
        size = 0
        for mark, one in due:
            if self._stopping.is_set():
                return False
            next_ = min(one.size, self._largest)
            most = AT_ONCE if self._keeps else self._pace.in_a_row
            if fetched and (len(fetched) >= most or size + next_ > BYTES_AT_ONCE):
                if not self._put_by(connection, fetched):
                    return False
                fetched, size = [], 0
            try:
                found = self._fetched(connection, mark, one, junk)
            except WIRE:
                self._kept(
                    fetched
                )  # a mail that breaks the line off must not hold up those before it for ever
                raise
            if found is not None:
                fetched.append(found)
                size += len(found.delivery.raw)  # some servers tell sizes that are not true
        return not fetched or self._put_by(connection, fetched)

    def _fetched(self, connection: Connection, mark: Mark, one: Waiting, junk: bool) -> _Fetched | None:
        cut = one.size > self._largest
        raw = connection.raw(one.uid, self._largest if cut else None)
        if raw is None:
            # somebody took it away meanwhile; were it still listed, we would ask for ever
            self._later.put_off(mark)
            return None
        delivery = Delivery(self._operator, raw, received_at=one.arrived, source="imap", junk=junk)
        return _Fetched(mark, one, delivery, cut)

    def _put_by(self, connection: Connection, fetched: Sequence[_Fetched]) -> bool:
        """Have them kept, and put away those that are. Not kept, they stay where they are."""
        for one, new in self._kept(fetched):
            if one.cut:
                log.error(
                    "mail too large: cut", operator=self._operator, name=self._name, size=one.waiting.size
                )
            try:
                self._acknowledge(connection, one.waiting.uid, one.cut)
            except imaplib.IMAP4.abort:
                raise
            except (imaplib.IMAP4.error, ImapToolsError):
                self._later.put_off(one.mark)
                log.error(
                    "mail kept but not put away",
                    operator=self._operator,
                    name=self._name,
                    folder=one.mark[0],
                )
                continue
            self._later.done(one.mark)
            log.info(
                "mail taken",
                operator=self._operator,
                name=self._name,
                size=len(one.delivery.raw),
                status="new" if new else "known",
            )
        return not self._stopping.is_set() and self._unkept < self._pace.in_a_row

    def _kept(self, fetched: Sequence[_Fetched]) -> list[tuple[_Fetched, bool]]:
        """Hand them in together; those that are kept, and whether only now."""
        try:
            outcomes = self._hand([one.delivery for one in fetched])
        except CancelledError:
            return []  # the desk stops
        self._keeps = all(isinstance(outcome, bool) for outcome in outcomes)
        kept: list[tuple[_Fetched, bool]] = []
        for one, outcome in zip(fetched, outcomes, strict=True):
            if isinstance(outcome, bool):
                self._unkept = 0
                kept.append((one, outcome))
                continue
            # whatever it is about this mail, the others go on
            self._unkept += 1
            tried = self._later.put_off(one.mark)
            log.error(
                "mail not kept", operator=self._operator, name=self._name, folder=one.mark[0],
                size=one.waiting.size, exc_type=type(outcome).__name__, attempt=tried,
            )  # fmt: skip
        return kept

    def _hand(self, deliveries: Sequence[Delivery]) -> list[bool | BaseException]:
        if self._stopping.is_set():
            raise CancelledError
        self._handed = asyncio.run_coroutine_threadsafe(_together(self._take_in, deliveries), self._loop)
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

    def _rest(self, seconds: float) -> None:
        select.select([self._woken], [], [], seconds)


async def _together(take_in: TakeIn, deliveries: Sequence[Delivery]) -> list[bool | BaseException]:
    """Hand them in at the same moment, in their order; what became of each."""
    return await asyncio.gather(*(take_in(one) for one in deliveries), return_exceptions=True)
