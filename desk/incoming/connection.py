"""One logged-in IMAP connection: what is in a folder, one mail's bytes, and what becomes of it afterwards."""

import contextlib
import imaplib
import re
import select
import socket
import ssl
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from time import mktime
from typing import Any, Final

from imap_tools.errors import ImapToolsError, MailboxFolderSelectError, MailboxLoginError
from imap_tools.mailbox import BaseMailBox
from imap_tools.utils import encode_folder

from desk.log import log
from desk.mailboxes import Mailbox
from desk.tokens import Grant, Tokens
from fulfilment.adapter import Misconfigured, TryLater

TAKEN: Final = "RettsvarTaken"  # our keyword on a mail that is kept: \\Seen is anybody's to set
SPAM: Final = ("junk", "spam")
AT_ONCE: Final = 500  # mails whose size and date are asked for in one command
WIRE: Final = (imaplib.IMAP4.error, ImapToolsError, OSError)
"""What an IMAP server that is away, busy or strange makes the libraries raise."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A mail on the server: its UID in the folder, its size in bytes, and when the server got it (INTERNALDATE)."""

    uid: int
    size: int
    arrived: datetime


class Connection:
    """To be used by one thread; `cut` may be called by another. Every method raises one of WIRE."""

    def __init__(self, box: BaseMailBox, separator: str) -> None:
        self._box: Any = box
        self._client: Any = box.client
        self._separator = separator
        self._keeps_marks = True
        typ, said = self._client.capability()  # what it can do differs before and after the log-in
        words = b" ".join(one for one in said if one).decode("ascii", "replace") if typ == "OK" else ""
        self._can = frozenset(words.upper().split())

    @property
    def tells(self) -> bool:
        """Whether the server can tell of new mail by itself (RFC 2177)."""
        return "IDLE" in self._can

    def spam_folders(self) -> list[str]:
        """The folders the server marks as spam (RFC 6154), or that are called so."""
        return [
            one.name
            for one in self._box.folder.list()
            if "\\junk" in {flag.casefold() for flag in one.flags}
            or one.name.rpartition(one.delim)[2].casefold() in SPAM
        ]

    def choose(self, folder: str) -> str:
        """Select a folder; its UIDVALIDITY. Raises Misconfigured where it cannot be written to, or is not there."""
        try:
            self._box.folder.set(folder)
        except MailboxFolderSelectError:
            raise Misconfigured(f"there is no folder {folder}") from None
        except imaplib.IMAP4.readonly:
            raise Misconfigured(f"the folder {folder} is read-only") from None
        _, flags = self._client.response("PERMANENTFLAGS")
        self._keeps_marks = flags[-1] is None or b"\\*" in flags[-1] or TAKEN.encode() in flags[-1]
        _, said = self._client.response("UIDVALIDITY")
        return str(said[-1])

    def news(self) -> bool:
        """Whether the server has told of new mail since this was asked the last time."""
        _, said = self._client.response("EXISTS")
        return said[-1] is not None

    def waiting(self, since: date | None, *, marked: bool) -> list[Waiting]:
        """The mails of the chosen folder, the first that came first. `marked` leaves out those with our mark."""
        asked = ["UNDELETED"]
        if since is not None:
            asked.append(f"SINCE {since.day}-{imaplib.Months[since.month]}-{since.year}")  # type: ignore[attr-defined]
        if marked:
            asked.append(f"UNKEYWORD {TAKEN}")
        typ, said = self._client.uid("SEARCH", " ".join(asked))
        _fine(typ, said)
        uids = sorted({int(one) for one in (said[0] or b"").split()})
        found = {one.uid: one for some in _parts(uids) for one in self._facts(some)}
        if len(found) < len(uids):
            log.warning("mails without size or date", count=len(uids) - len(found))  # mostly gone meanwhile
        return [found[uid] for uid in uids if uid in found]

    def raw(self, uid: int, limit: int | None) -> bytes | None:
        """A mail's bytes, all or the first `limit` of them, unread as before; None when it is gone."""
        part = "BODY.PEEK[]" if limit is None else f"BODY.PEEK[]<0.{limit}>"
        typ, said = self._client.uid("FETCH", str(uid), f"({part})")
        _fine(typ, said)
        for one in said:
            if isinstance(one, tuple):
                return bytes(one[1])
        return None

    def move(self, uid: int, *path: str) -> None:
        """Move a mail to a folder, which is made when it is not there. One that is gone is no fault."""
        target = self._separator.join(path)
        if self._put("MOVE" if "MOVE" in self._can else "COPY", uid, target) == "NO":
            for depth in range(1, len(path) + 1):
                # the folder may be there, and then this is refused; what counts is the second try
                self._client.create(encode_folder(self._separator.join(path[:depth])))
            if self._put("MOVE" if "MOVE" in self._can else "COPY", uid, target) == "NO":
                raise imaplib.IMAP4.error("the folder cannot be written to")
        if "MOVE" not in self._can:
            self.delete(uid)

    def mark(self, uid: int) -> None:
        """Mark a mail as read and as ours. Raises Misconfigured where the folder keeps no marks of ours."""
        if not self._keeps_marks:
            raise Misconfigured('the server keeps no keywords: set after = "move"')
        self._store(uid, f"\\Seen {TAKEN}")

    def delete(self, uid: int) -> None:
        """Delete a mail; nobody else's deleted mails are swept out with it (RFC 4315)."""
        self._store(uid, "\\Deleted")
        if "UIDPLUS" in self._can:
            _fine(*self._client.uid("EXPUNGE", str(uid)))

    def wait(self, seconds: float, woken: socket.socket) -> None:
        """Return after that time, or sooner when the server tells of something or `woken` can be read."""
        if not self.tells:
            select.select([woken], [], [], seconds)
            return
        self._box.idle.start()
        try:
            if not self._unread():
                select.select([self._client.sock, woken], [], [], seconds)
        finally:
            self._box.idle.stop()

    def cut(self) -> None:
        """Break the line off: whoever reads from it gets an error at once."""
        with contextlib.suppress(OSError):  # it may be broken already
            # past SSLSocket's own shutdown, which takes the session away under the reader
            socket.socket.shutdown(self._client.sock, socket.SHUT_RDWR)

    def close(self) -> None:
        """Say good-bye, if anybody still listens."""
        try:
            self._client.logout()
        except WIRE:
            _drop(self._client)

    def _put(self, verb: str, uid: int, folder: str) -> str:
        typ, _ = self._client.uid(verb, str(uid), encode_folder(folder))
        return str(typ)

    def _store(self, uid: int, flags: str) -> None:
        _fine(*self._client.uid("STORE", str(uid), "+FLAGS.SILENT", f"({flags})"))

    def _unread(self) -> bool:
        """Whether something the server said lies in a buffer already, where `select` does not see it."""
        line = self._client.sock
        before = line.gettimeout()
        line.settimeout(0)
        try:
            return bool(self._client.file.peek(1))
        except (BlockingIOError, ssl.SSLWantReadError):
            return False
        finally:
            line.settimeout(before)

    def _facts(self, uids: Sequence[int]) -> Iterator[Waiting]:
        typ, said = self._client.uid("FETCH", ",".join(map(str, uids)), "(RFC822.SIZE INTERNALDATE)")
        _fine(typ, said)
        for line in said:
            text = b" ".join(part for part in line if part) if isinstance(line, tuple) else line or b""
            uid, size = re.search(rb"\bUID (\d+)", text), re.search(rb"\bRFC822\.SIZE (\d+)", text)
            arrived = imaplib.Internaldate2tuple(text)
            if uid and size and arrived:
                yield Waiting(int(uid[1]), int(size[1]), datetime.fromtimestamp(mktime(arrived), UTC))


def _fine(typ: str, said: object) -> None:
    if typ != "OK":
        raise imaplib.IMAP4.error(f"refused: {typ}")


def _parts(uids: Sequence[int]) -> Iterable[Sequence[int]]:
    return (uids[start : start + AT_ONCE] for start in range(0, len(uids), AT_ONCE))


def connect(mailbox: Mailbox) -> Connection:
    """Connect and log in. Raises Misconfigured where trying again is no use before somebody mends it, else TryLater."""
    try:
        context = ssl.create_default_context(cafile=mailbox.ca)
    except OSError as fault:  # ssl.SSLError too
        raise Misconfigured(f"the CA cannot be read: {fault.strerror}") from None
    try:
        box = _Box(mailbox, context)
    except ssl.SSLCertVerificationError as fault:
        raise Misconfigured(f"the server's certificate is refused: {fault.verify_message}") from None
    except (ssl.SSLEOFError, ssl.SSLZeroReturnError, ssl.SSLSyscallError) as fault:
        raise TryLater(0, type(fault).__name__) from None
    except ssl.SSLError as fault:
        raise Misconfigured(f"no TLS with the server: {fault.reason}") from None
    except WIRE as fault:
        raise TryLater(0, type(fault).__name__) from None
    try:
        _log_in(box, mailbox)
        separators = [one.delim for one in box.folder.list("", "INBOX")]
        return Connection(box, separators[0] if separators else "/")
    except MailboxLoginError as fault:
        _drop(box.client)
        if b"UNAVAILABLE" in str(fault).upper().encode():  # RFC 5530
            raise TryLater(0, "the log-in is unavailable") from None
        raise Misconfigured("the server refuses the log-in") from None
    except WIRE as fault:
        _drop(box.client)
        raise TryLater(0, type(fault).__name__) from None
    except (Misconfigured, TryLater):
        _drop(box.client)
        raise


class _Box(BaseMailBox):
    """imap-tools' mailbox over the line the settings want."""

    def __init__(self, settings: Mailbox, context: ssl.SSLContext) -> None:
        self._settings, self._context = settings, context
        super().__init__()

    def _get_mailbox_client(self) -> imaplib.IMAP4:
        s = self._settings
        host, port = s.host or "", s.port or (993 if s.security == "tls" else 143)
        if s.security == "none":
            return imaplib.IMAP4(host, port, timeout=s.timeout)
        if s.security == "tls":
            return imaplib.IMAP4_SSL(host, port, ssl_context=self._context, timeout=s.timeout)
        client = imaplib.IMAP4(host, port, timeout=s.timeout)
        try:
            if "STARTTLS" not in client.capabilities:
                raise Misconfigured("the server offers no STARTTLS")
            client.starttls(self._context)
        except BaseException:
            _drop(client)
            raise
        return client


def _log_in(box: BaseMailBox, mailbox: Mailbox) -> None:
    name = mailbox.username or mailbox.address
    if mailbox.oauth is not None:
        _by_token(box, name, mailbox.oauth)
        return
    password = mailbox.password.get_secret_value() if mailbox.password else ""
    if "AUTH=PLAIN" in box.client.capabilities:
        try:
            box.login_utf8(name, password, initial_folder=None)
        except imaplib.IMAP4.abort:
            raise
        except imaplib.IMAP4.error as fault:  # how imaplib tells of a NO
            raise MailboxLoginError(("NO", [str(fault).encode()]), "OK") from None
    else:
        box.login(name, password, initial_folder=None)


def _by_token(box: BaseMailBox, name: str, grant: Grant) -> None:
    """A connection lasts about as long as a token, so each has its own."""
    if "AUTH=XOAUTH2" not in box.client.capabilities:
        raise Misconfigured("the server offers no log-in by token")
    try:
        box.xoauth2(name, Tokens(grant).current(), initial_folder=None)
    except imaplib.IMAP4.abort:
        raise
    except imaplib.IMAP4.error as fault:
        raise MailboxLoginError(("NO", [str(fault).encode()]), "OK") from None


def _drop(client: imaplib.IMAP4) -> None:
    with contextlib.suppress(*WIRE):
        client.shutdown()
