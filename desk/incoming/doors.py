"""The doors a mail server delivers to: LMTP (RFC 2033) and SMTP (RFC 5321), answered only when the mail is kept."""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator, Callable, Mapping
from datetime import datetime
from typing import Any, Final

from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, Envelope, Session

from desk.log import log
from desk.mailboxes import Listener
from fulfilment.adapter import Misconfigured
from intake.email.mail import Delivery, TakeIn

NAME: Final = "Rettsvar"
RECIPIENTS: Final = 100  # of one mail (RFC 5321 4.5.3.1.8)
KEPT, LATER, UNKNOWN, MANY = (
    "250 2.0.0 kept",
    "451 4.3.0 not kept, try again later",
    "550 5.1.1 no such mailbox here",
    "452 4.5.3 too many recipients",
)


class Door:
    """What is said to a mail server; `addresses` are the companies by the addresses people write to, in lower case."""

    def __init__(
        self, take_in: TakeIn, addresses: Mapping[str, str], *, source: str, clock: Callable[[], datetime]
    ) -> None:
        self._take_in, self._addresses, self._source, self._clock = take_in, addresses, source, clock
        self.open = 0

    # The names are aiosmtpd's: it looks for its hooks by them.
    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take the companies' own addresses, with whatever stands after a plus; nothing is passed on."""
        if len(envelope.rcpt_tos) >= RECIPIENTS:
            return MANY
        if self._operator(address) is None:
            return UNKNOWN
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 fine"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Keep the mail once for each company it is to; by LMTP each recipient is answered for (RFC 2033 4.2)."""
        said: dict[str, str] = {}
        for address in envelope.rcpt_tos:
            operator = self._operator(address)
            if operator is not None and operator not in said:
                said[operator] = await self._keep(operator, session, envelope)
        if isinstance(server, LMTP):
            return "\r\n".join(said[self._operator(one) or ""] for one in envelope.rcpt_tos)
        return LATER if LATER in said.values() else KEPT

    async def _keep(self, operator: str, session: Session, envelope: Envelope) -> str:
        content = envelope.original_content
        assert content is not None
        peer = session.peer[0] if isinstance(session.peer, tuple) else None
        delivery = Delivery(
            operator=operator,
            raw=content,
            received_at=self._clock(),
            source=self._source,
            envelope_from=envelope.mail_from or "",
            envelope_to=tuple(one for one in envelope.rcpt_tos if self._operator(one) == operator),
            # by LMTP the peer is our own mail server, and says nothing of the sender
            peer_ip=peer if self._source == "smtp" else None,
            helo=session.host_name if self._source == "smtp" else None,
        )
        try:
            await self._take_in(delivery)
        except Exception as fault:  # noqa: BLE001  whatever it is: the server keeps the mail and comes again
            log.error("mail not kept", operator=operator, kind=self._source, exc_type=type(fault).__name__)
            return LATER
        return KEPT

    def _operator(self, address: str) -> str | None:
        local, _, domain = address.casefold().rpartition("@")
        return self._addresses.get(f"{local.partition('+')[0]}@{domain}")


@contextlib.asynccontextmanager
async def opened(door: Door, settings: Listener, *, lmtp: bool, largest: int) -> AsyncIterator[None]:
    """Listen while the block runs. Raises Misconfigured where the place is taken or the certificate is none."""
    kind: type[SMTP] = LMTP if lmtp else SMTP
    tls = _tls(settings)

    limited = _limited(kind)

    def protocol() -> SMTP:
        made: SMTP = limited(
            door, door, settings.connections, data_size_limit=largest, timeout=settings.timeout, hostname=NAME, ident=NAME,
            tls_context=tls, enable_SMTPUTF8=True,
        )  # fmt: skip
        return made

    loop = asyncio.get_running_loop()
    try:
        if settings.socket is not None:
            server: asyncio.AbstractServer = await loop.create_unix_server(protocol, str(settings.socket))
        else:
            server = await loop.create_server(protocol, settings.host, settings.port)
    except OSError as fault:
        raise Misconfigured(f"cannot listen for mail: {fault.strerror}") from None
    try:
        yield
    finally:
        server.close()
        await server.wait_closed()


def _limited(kind: type[SMTP]) -> Any:
    """The protocol with a limit of connections; what is over it is told to come later (RFC 5321 3.8)."""

    class Limited(kind):  # type: ignore[misc, valid-type]
        def __init__(self, door: Door, handler: Door, most: int, **options: Any) -> None:
            super().__init__(handler, **options)
            self._door, self._most, self._counted = door, most, False

        def connection_made(self, transport: Any) -> None:
            """Count it, or send it away."""
            if self._door.open >= self._most and not self._counted:
                transport.write(b"421 4.3.2 too many connections, try again later\r\n")
                transport.close()
                return
            if not self._counted:  # STARTTLS makes the connection anew
                self._door.open += 1
                self._counted = True
            super().connection_made(transport)

        def connection_lost(self, error: Exception | None) -> None:
            """Count it no longer."""
            if self._counted:
                self._door.open -= 1
                self._counted = False
                super().connection_lost(error)

    return Limited


def _tls(settings: Listener) -> ssl.SSLContext | None:
    if settings.certificate is None or settings.key is None:
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    try:
        context.load_cert_chain(settings.certificate, settings.key)
    except (OSError, ssl.SSLError) as fault:
        raise Misconfigured(f"the certificate for mail cannot be used: {type(fault).__name__}") from None
    return context
