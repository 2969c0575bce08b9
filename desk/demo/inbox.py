"""The demo's mail server: takes every mail handed to it on this machine and delivers none of them."""

import asyncio
import re
import secrets
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

from desk.demo.listening import Listening

KEPT = 500
"""Mails that stay; older ones are removed when a new one comes."""

_ID = re.compile(r"[0-9]{20}-[0-9a-f]{8}")
_SENDER, _RECIPIENT = "X-Demo-Sender", "X-Demo-Recipient"


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail as it came in. `to` are the envelope's recipients, `at` is when it came, in UTC."""

    id: str
    at: datetime
    sender: str
    to: tuple[str, ...]
    subject: str
    text: str
    attachments: tuple[str, ...]


class Mailbox:
    """Mails as .eml files in `folder`, the newest `kept` of them, and the server that puts them there."""

    def __init__(self, folder: Path, kept: int = KEPT) -> None:
        self._folder = folder
        self._kept = kept
        self._read: dict[str, Mail] = {}
        self._latest = 0
        self._server: Listening | None = None

    def start(self, port: int = 0) -> int:
        """Listen on loopback, in a thread; return the port, which the system chooses when given 0.

        Raises OSError where the port is taken and RuntimeError where this mailbox listens already.
        """
        if self._server is not None:
            raise RuntimeError("the demo's mailbox listens already")
        self._folder.mkdir(parents=True, exist_ok=True)
        server = Listening(self, port)
        server.start()
        self._server = server
        return int(server.port)

    def stop(self) -> None:
        """Stop listening; the mails stay. Harmless when not listening."""
        server, self._server = self._server, None
        if server is not None:
            server.stop()

    def keep(self, content: bytes, sender: str, to: tuple[str, ...]) -> str:
        """Store one mail and return its id; the envelope's addresses are written above its own headers."""
        self._folder.mkdir(parents=True, exist_ok=True)
        self._latest = max(time.time_ns(), self._latest + 1)
        id = f"{self._latest:020}-{secrets.token_hex(4)}"
        envelope = "".join(f"{name}: {value}\r\n" for name, value in _envelope(sender, to))
        draft = self._folder / f".{id}"
        draft.write_bytes(envelope.encode() + content)
        draft.rename(self._path(id))
        for old in self._ids()[self._kept :]:
            self._path(old).unlink(missing_ok=True)
            self._read.pop(old, None)
        return id

    def mails(self) -> list[Mail]:
        """All mails, newest first."""
        found = (self.mail(id) for id in self._ids())
        return [mail for mail in found if mail is not None]

    def mail(self, id: str) -> Mail | None:
        """One mail; None where there is none by that id."""
        if not _ID.fullmatch(id):
            return None
        try:
            if id not in self._read:
                self._read[id] = _parse(id, self._path(id).read_bytes())
        except FileNotFoundError:
            return None
        return self._read[id]

    def raw(self, id: str) -> bytes | None:
        """One mail as it came; None where there is none by that id."""
        try:
            return self._path(id).read_bytes() if _ID.fullmatch(id) else None
        except FileNotFoundError:
            return None

    def find(self, *, to: str | None = None, subject_part: str | None = None) -> list[Mail]:
        """Mails to that address whose subject holds that part, newest first; case does not count."""
        return [
            mail
            for mail in self.mails()
            if (to is None or to.casefold() in (one.casefold() for one in mail.to))
            and (subject_part is None or subject_part.casefold() in mail.subject.casefold())
        ]

    def _ids(self) -> list[str]:
        return sorted(
            (path.stem for path in self._folder.glob("*.eml") if _ID.fullmatch(path.stem)), reverse=True
        )

    def _path(self, id: str) -> Path:
        return self._folder / f"{id}.eml"

    # The name is aiosmtpd's: it looks for its hooks by it.
    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        content = envelope.content
        if not isinstance(content, bytes):
            return "554 No content"
        await asyncio.to_thread(self.keep, content, envelope.mail_from or "", tuple(envelope.rcpt_tos))
        return "250 Kept, not delivered"


def _envelope(sender: str, to: tuple[str, ...]) -> list[tuple[str, str]]:
    return [(_SENDER, sender), *((_RECIPIENT, one) for one in to)]


def _parse(id: str, content: bytes) -> Mail:
    message = message_from_bytes(content, EmailMessage, policy=policy.default)
    body = message.get_body(("plain", "html"))
    nanoseconds = int(id.partition("-")[0])
    return Mail(
        id=id,
        at=datetime.fromtimestamp(nanoseconds / 1e9, UTC),
        sender=str(message["From"] or message[_SENDER] or ""),
        to=tuple(str(one) for one in message.get_all(_RECIPIENT, ())),
        subject=str(message["Subject"] or ""),
        text=str(body.get_content()) if isinstance(body, EmailMessage) else "",
        attachments=tuple(
            part.get_filename() or part.get_content_type() for part in message.iter_attachments()
        ),
    )
