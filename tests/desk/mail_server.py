"""A real mail server on loopback that takes, refuses or defers, as told."""

from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from ssl import SSLContext

from aiosmtpd.smtp import SMTP, Envelope, Session

from desk.demo.listening import Listening


class Server:
    """Keeps what it took; `answers` maps an address to what is said instead of yes, `no_sender` is said to all."""

    def __init__(self) -> None:
        self.answers: dict[str, str] = {}
        self.no_sender: str | None = None
        self.taken: list[EmailMessage] = []
        self.raw: list[bytes] = []
        self.senders: list[str] = []
        self.encrypted: list[bool] = []
        self.port = 0

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take the sender, or say what was told."""
        if self.no_sender is not None:
            return self.no_sender
        envelope.mail_from = address
        self.senders.append(address)
        assert server.transport is not None
        self.encrypted.append(server.transport.get_extra_info("ssl_object") is not None)
        return "250 OK"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take the recipient, or say what was told."""
        said = self.answers.get(address)
        if said is None:
            envelope.rcpt_tos.append(address)
            return "250 OK"
        return said

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Keep the mail."""
        content = envelope.content
        assert isinstance(content, bytes)
        mail = message_from_bytes(content, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        self.taken.append(mail)
        self.raw.append(content)
        return "250 OK"


@contextmanager
def mail_server(*, tls: SSLContext | None = None, starttls: SSLContext | None = None) -> Iterator[Server]:
    """A server that runs for one test: in the clear, encrypted from the start, or after STARTTLS alone."""
    handler = Server()
    listening = Listening(handler, tls=tls, tls_context=starttls, require_starttls=starttls is not None)
    handler.port = listening.port
    listening.start()
    try:
        yield handler
    finally:
        listening.stop()
