"""A TakeIn that remembers, fails as told, and is waited for; and a mail to send."""

import asyncio
import imaplib
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage

from intake.email.fingerprint import fingerprint
from intake.email.mail import Delivery
from tests.mailservers.dovecot import Account, Dovecot

PATIENCE = 60.0  # seconds


@dataclass(slots=True)
class Kept:
    """What was taken in, once each; `refuses` says which it cannot keep now."""

    deliveries: list[Delivery] = field(default_factory=list)
    known: set[str] = field(default_factory=set)
    refuses: Callable[[Delivery], bool] = lambda delivery: False
    attempts: int = 0

    async def __call__(self, delivery: Delivery) -> bool:
        self.attempts += 1
        if self.refuses(delivery):
            raise OSError("the disk is full")
        mark = fingerprint(delivery.raw)
        if mark in self.known:
            return False
        self.known.add(mark)
        self.deliveries.append(delivery)
        return True

    def subjects(self) -> list[str]:
        """In the order they came."""
        found = []
        for one in self.deliveries:
            line = next(line for line in one.raw.splitlines() if line.startswith(b"Subject: "))
            found.append(line.removeprefix(b"Subject: ").decode())
        return found

    async def until(self, count: int) -> float:
        """Wait for so many; the seconds it took."""
        return await until(
            lambda: len(self.deliveries) >= count, f"{count} mails, there are {self.subjects()}"
        )


async def until(holds: Callable[[], bool], what: str) -> float:
    """Wait until something holds; the seconds it took."""
    began = time.monotonic()
    while not holds():
        if time.monotonic() - began > PATIENCE:
            raise AssertionError(f"waited {PATIENCE} s for {what}")
        await asyncio.sleep(0.02)
    return time.monotonic() - began


def letter(subject: str, to: str = "personvern@example.no", text: str = "Slett meg.") -> bytes:
    """A mail."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "kari@example.org", to, subject
    mail["Message-ID"] = f"<{subject.encode().hex()}@example.org>"
    mail.set_content(text)
    return mail.as_bytes()


@contextmanager
def signed_in(dovecot: Dovecot, account: Account) -> Iterator[imaplib.IMAP4]:
    """Another program at the mailbox. Dovecot may know a new user only after a second."""
    with imaplib.IMAP4("127.0.0.1", dovecot.imap) as client:
        deadline = time.monotonic() + 20
        while True:
            try:
                client.login(account.address, account.password)
                break
            except imaplib.IMAP4.error:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)
        yield client


def append(dovecot: Dovecot, account: Account, raw: bytes, folder: str = "INBOX") -> None:
    """Put a mail into a folder of a mailbox, as another program would."""
    with signed_in(dovecot, account) as client:
        client.create(folder)
        typ, said = client.append(folder, None, None, raw)
        assert typ == "OK", said


def lying(dovecot: Dovecot, account: Account, folder: str = "INBOX") -> int:
    """How many mails lie in a folder."""
    with signed_in(dovecot, account) as client:
        typ, said = client.select(f'"{folder}"', readonly=True)
        return int(said[0] or b"0") if typ == "OK" else 0
