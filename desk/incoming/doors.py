"""The doors a mail server delivers to, LMTP (RFC 2033) and SMTP (RFC 5321): accepted means kept."""

import asyncio
import ipaddress
import ssl
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final, Literal

from aiosmtpd.smtp import SMTP, Envelope, Session

from desk.incoming.lines import Line, LmtpLine, SmtpLine, stop_accepting
from desk.log import log
from desk.mailboxes import Listener
from fulfilment.adapter import Misconfigured
from intake.email.mail import Delivery, TakeIn

KEPT, LATER, UNKNOWN = (
    "250 2.0.0 Kept",
    "451 4.3.0 Cannot be kept now, try again later",
    "550 5.1.1 No such mailbox",
)
MANY: Final = "452 4.5.3 Too many recipients"
RECIPIENTS: Final = 100  # of one mail (RFC 5321 4.5.3.1.8)
CALLS: Final = {"NOOP": 50, "HELP": 10, "VRFY": 10, "EXPN": 10, "RSET": 5_000, "*": 5_000}

Protocol = Literal["lmtp", "smtp"]
Clock = Callable[[], datetime]


def folded(address: str) -> str:
    """An address without its detail (`personvern+sak@` is `personvern@`) and without capitals."""
    local, _, domain = address.strip().strip("<>").rpartition("@")
    return f"{local.partition('+')[0] or local}@{domain.rstrip('.')}".casefold()


def outside(peer: object) -> str | None:
    """The peer's IP address, unless it is on this machine: then it is our own relay and no sender."""
    if not isinstance(peer, tuple) or not peer:
        return None
    found = ipaddress.ip_address(str(peer[0]).partition("%")[0])
    mapped = getattr(found, "ipv4_mapped", None) or found
    return None if mapped.is_loopback else str(mapped)


class Door:
    """One listener on the running event loop. `addresses` says which folded address is which company's."""

    def __init__(
        self,
        protocol: Protocol,
        settings: Listener,
        addresses: Mapping[str, str],
        take_in: TakeIn,
        *,
        largest: int,
        clock: Clock,
        grace: float = 1,
    ) -> None:
        self._protocol, self._settings, self._addresses = protocol, settings, addresses
        self._take_in, self._largest, self._clock, self._grace = take_in, largest, clock, grace
        self._server: asyncio.Server | None = None
        self._keeping: set[asyncio.Task[str]] = set()
        self._lines: set[Line] = set()

    async def open(self) -> None:
        """Listen. Raises Misconfigured."""
        s = self._settings
        loop = asyncio.get_running_loop()
        try:
            context = self._context()
            if s.socket is not None:
                self._server = await loop.create_unix_server(lambda: self._line(context), s.socket)
                s.socket.chmod(0o660)
            else:
                self._server = await loop.create_server(lambda: self._line(context), s.host, s.port)
        except OSError as fault:  # ssl.SSLError too
            where = s.socket or f"{s.host}:{s.port}"
            raise Misconfigured(
                f"{self._protocol}: cannot listen on {where}: {fault.strerror or fault}"
            ) from None
        log.info("mail door open", kind=self._protocol, port=s.port)

    async def close(self) -> None:
        """Listen no more; what is being kept may be finished and answered for a moment, then every line ends."""
        if self._server is None:
            return
        await stop_accepting(self._server)
        if self._keeping:
            await asyncio.wait(self._keeping, timeout=self._grace)
            await asyncio.sleep(0)  # the answers are written
        for task in [*self._keeping]:
            task.cancel()
        for line in [*self._lines]:
            line.hang_up()
        await asyncio.gather(*self._keeping, return_exceptions=True)
        await asyncio.sleep(0)  # the lines have ended
        if self._settings.socket is not None:
            self._settings.socket.unlink(missing_ok=True)

    def _context(self) -> ssl.SSLContext | None:
        s = self._settings
        if s.certificate is None:
            return None
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(s.certificate, s.key)
        return context

    def _line(self, context: ssl.SSLContext | None) -> asyncio.BaseProtocol:
        kind = LmtpLine if self._protocol == "lmtp" else SmtpLine
        return kind(
            self,
            self._lines,
            self._settings.connections,
            data_size_limit=self._largest,
            enable_SMTPUTF8=True,
            hostname="rettsvar",
            ident="Rettsvar",
            tls_context=context,
            timeout=self._settings.timeout,
            command_call_limit=CALLS,
            loop=asyncio.get_running_loop(),
        )

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take a recipient that is one of ours, with or without detail."""
        if len(envelope.rcpt_tos) >= RECIPIENTS:
            return MANY
        if folded(address) not in self._addresses:
            return UNKNOWN
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Have the mail kept for each company it is for. LMTP answers for each recipient, SMTP for all together."""
        said: dict[str, str] = {}
        for operator in dict.fromkeys(self._addresses[folded(one)] for one in envelope.rcpt_tos):
            delivery = self._delivery(operator, session, envelope)
            # shielded: a client that hangs up does not break off what is being written
            task = asyncio.create_task(self._kept(delivery))
            self._keeping.add(task)
            task.add_done_callback(self._keeping.discard)
            said[operator] = await asyncio.shield(task)
        answers = [said[self._addresses[folded(one)]] for one in envelope.rcpt_tos]
        if self._protocol == "lmtp":
            return "\r\n".join(answers)
        return LATER if LATER in answers else KEPT  # whoever has it already knows it again

    async def handle_exception(self, error: Exception) -> str:
        """A fault of ours is never a reason to send a mail back."""
        log.error("mail door stumbled", kind=self._protocol, exc_type=type(error).__name__)
        return LATER

    async def _kept(self, delivery: Delivery) -> str:
        try:
            kept = await self._take_in(delivery)
        except Exception as fault:  # noqa: BLE001  whatever it is, the sender's server keeps the mail meanwhile
            log.error(
                "mail not kept", operator=delivery.operator, kind=self._protocol, size=len(delivery.raw),
                exc_type=type(fault).__name__,
            )  # fmt: skip
            return LATER
        log.info(
            "mail taken", operator=delivery.operator, kind=self._protocol, size=len(delivery.raw),
            status="new" if kept else "known",
        )  # fmt: skip
        return KEPT

    def _delivery(self, operator: str, session: Session, envelope: Envelope) -> Delivery:
        # over LMTP comes the company's own server (RFC 2033): neither its name nor its address is the sender's
        peer = outside(session.peer) if self._protocol == "smtp" else None
        sender, content = envelope.mail_from, envelope.content
        assert isinstance(content, bytes)
        return Delivery(
            operator,
            content,
            received_at=self._clock(),
            source=self._protocol,
            envelope_from=None if sender is None else sender.strip("<>"),
            envelope_to=tuple(one for one in envelope.rcpt_tos if self._addresses[folded(one)] == operator),
            peer_ip=peer,
            helo=session.host_name if peer else None,
        )
