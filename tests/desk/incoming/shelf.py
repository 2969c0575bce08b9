"""What the tests of incoming mail share: a TakeIn that remembers, a watched mailbox, and a look into it."""

import asyncio
import contextlib
import imaplib
import smtplib
import ssl
import time
from collections.abc import AsyncIterator, Callable, Iterator
from hashlib import sha256

from pydantic import SecretStr

from desk.incoming.connection import Connection, connect
from desk.incoming.imap import Watcher
from desk.incoming.pace import Pace
from desk.mailboxes import Mailbox
from fulfilment.adapter import Misconfigured, TryLater
from intake.email.mail import Delivery
from tests.mailservers.certificates import Certificates
from tests.mailservers.dovecot import Account, Dovecot

PATIENCE = 60.0  # seconds, on a machine that has much else to do
QUICK = Pace(first=0.1, longest=1, slow=0.2)


class Shelf:
    """Keeps deliveries, each mail once. `refuse` says which it cannot keep."""

    def __init__(self, refuse: Callable[[Delivery], bool] = lambda _: False) -> None:
        self.refuse = refuse
        self.taken: list[Delivery] = []
        self.asked = 0
        self._known: set[str] = set()
        self._changed = asyncio.Event()

    async def __call__(self, delivery: Delivery) -> bool:
        """Keep it."""
        self.asked += 1
        self._changed.set()
        if self.refuse(delivery):
            raise RuntimeError("the shelf has fallen down")
        digest = sha256(delivery.raw).hexdigest()
        if digest in self._known:
            return False
        self._known.add(digest)
        self.taken.append(delivery)
        return True

    async def until(self, so: Callable[[], bool], seconds: float = PATIENCE) -> None:
        """Wait until it is so, looking whenever a mail was handed in. Raises TimeoutError."""
        async with asyncio.timeout(seconds):
            while not so():
                self._changed.clear()
                await self._changed.wait()

    @property
    def subjects(self) -> list[str]:
        """The subjects of what is kept, in order."""
        return [subject(one.raw) for one in self.taken]


class Attempts:
    """Connects as the product does, and remembers how it went."""

    def __init__(self) -> None:
        self.faults: list[Misconfigured | TryLater] = []
        self._loop = asyncio.get_running_loop()
        self._failed = asyncio.Event()

    def __call__(self, mailbox: Mailbox) -> Connection:
        """Connect."""
        try:
            return connect(mailbox)
        except (Misconfigured, TryLater) as fault:
            self.faults.append(fault)
            self._loop.call_soon_threadsafe(self._failed.set)
            raise

    async def failed(self) -> Misconfigured | TryLater:
        """Wait for the next attempt that fails; how it failed."""
        self._failed.clear()
        await asyncio.wait_for(self._failed.wait(), PATIENCE)
        return self.faults[-1]


def subject(raw: bytes) -> str:
    """A mail's subject."""
    return raw.split(b"Subject: ", 1)[1].split(b"\r\n", 1)[0].decode()


def mail(words: str, body: str = "Jeg vil se hva dere har om meg.\r\n") -> bytes:
    """Some mail."""
    return (
        f"From: Kari <kari@example.no>\r\nTo: personvern@example.no\r\nSubject: {words}\r\n"
        f"Message-ID: <{sha256(words.encode()).hexdigest()[:16]}@example.no>\r\n\r\n{body}"
    ).encode()


def box(dovecot: Dovecot, account: Account, certificates: Certificates, **more: object) -> Mailbox:
    """The settings that lead to an account. Without IDLE nobody looks for ten minutes: news must be told."""
    security = more.get("security", "tls")
    values = {
        "operator": "fjordlys", "address": account.address, "host": "localhost", "ca": certificates.ca,
        "port": dovecot.imaps if security == "tls" else dovecot.imap, "security": security,
        "password": SecretStr(account.password), "look_seconds": 600, "timeout": 5,
    }  # fmt: skip
    return Mailbox.model_validate(values | more)


@contextlib.asynccontextmanager
async def watching(
    mailbox: Mailbox,
    shelf: Callable[..., object],
    *,
    largest: int = 50_000_000,
    pace: Pace = QUICK,
    attempts: Callable[[Mailbox], Connection] = connect,
) -> AsyncIterator[None]:
    """A watched mailbox. It must let go within two seconds; what was kept has been put away then."""
    watcher = Watcher("box", mailbox, shelf, largest=largest, pace=pace, connect=attempts)  # type: ignore[arg-type]
    watcher.start()
    try:
        yield
    finally:
        begun = time.monotonic()
        await watcher.stop()
        assert time.monotonic() - begun < 2


def deliver(dovecot: Dovecot, account: Account, *mails: bytes) -> None:
    """Hand mails to Dovecot."""
    with smtplib.LMTP("127.0.0.1", dovecot.lmtp) as line:
        for one in mails:
            line.sendmail("kari@example.no", [account.address], one)


@contextlib.contextmanager
def session(dovecot: Dovecot, account: Account) -> Iterator[imaplib.IMAP4]:
    """A person's own mail program."""
    with imaplib.IMAP4("127.0.0.1", dovecot.imap) as line:
        line.login(account.address, account.password)
        yield line


def contents(dovecot: Dovecot, account: Account) -> dict[str, list[str]]:
    """The subjects in each folder that is not empty, by folder."""
    found: dict[str, list[str]] = {}
    with session(dovecot, account) as line:
        names = [
            one.split(b' "/" ')[1].decode().strip('"') for one in line.list()[1] if isinstance(one, bytes)
        ]
        for name in names:
            line.select(f'"{name}"', readonly=True)
            _, said = line.uid("FETCH", "1:*", "(BODY.PEEK[HEADER])")
            subjects = [subject(one[1]) for one in said if isinstance(one, tuple)]
            if subjects:
                found[name] = subjects
    return found


def trusting(certificates: Certificates) -> ssl.SSLContext:
    """A client's context that trusts the suite's own authority."""
    return ssl.create_default_context(cafile=certificates.ca)
