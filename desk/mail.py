"""Hands letters to the mail server."""

import asyncio
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr
from typing import Final

import aiosmtplib

from desk.outgoing import Mail
from desk.signing import signer
from desk.tokens import Tokens
from fulfilment.adapter import Misconfigured, TryLater
from intake.letters import OpenLetter
from intake.records import Letter
from operators.profile import Operator

GREYLISTED: Final = 300.0  # seconds: who greylists takes a letter that comes again after five minutes
MOST_REFERENCES: Final = 11  # the first, which names the thread, and the last ten
NO_HOST: Final = "no mail server is set (mail.host)"
HOST_MISMATCH: Final = frozenset({62, 64})  # X509_V_ERR_HOSTNAME_MISMATCH, X509_V_ERR_IP_ADDRESS_MISMATCH


class Refused(Exception):
    """The mail server refuses this letter for good; the text is its code, never the address."""


class Deferred(TryLater):
    """The letter's own server puts it off (4xx), by greylisting or a full mailbox: some day it is given up."""


@dataclass(frozen=True, slots=True)
class Thread:
    """Where a letter belongs among mails: Message-IDs without their angle brackets.

    `in_reply_to` "" where it answers none; `reply_to` the plus-address that leads an answer to its case; `tag` what
    the subject ends in, such as "[CLV-2026-0042]", unless it says so already; `token` what stands at the foot of the
    letter, for answers that lost everything else. Each may be empty.
    """

    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    reply_to: str = ""
    tag: str = ""
    token: str = ""


AUTOMATIC: Final = frozenset({"acknowledgement", "received", "reply", "code"})
"""Letters that answer a message by themselves (RFC 3834); the others are a case's, written when it has moved."""


def compose(
    letter: Letter, opened: OpenLetter, operator: Operator, sender: str, *, thread: Thread | None = None
) -> EmailMessage:
    """The mail of a letter. The Message-ID is the letter's own, so that a repeated sending is seen as one.

    Marked as an automatic reply (RFC 3834), so that no robot answers it; threaded as RFC 5322 3.6.4 says. It is
    ASCII throughout, so that no server on its way recodes it and breaks its signature (RFC 6376 5.3).
    """
    if opened.to is None:
        raise ValueError("a letter without an address is not mailed")
    mail = EmailMessage(policy=SMTP.clone(cte_type="7bit"))
    mail["From"] = formataddr((operator.name, sender))
    mail["To"] = opened.to
    if thread is not None and thread.reply_to:
        mail["Reply-To"] = thread.reply_to
    elif operator.contact.email and not operator.fictional:
        mail["Reply-To"] = operator.contact.email
    mail["Subject"] = _subject(opened.subject, thread)
    mail["Date"] = format_datetime(letter.written_at)
    mail["Message-ID"] = letter.message_id
    if thread is not None:
        _set_thread(mail, thread)
    mail["Auto-Submitted"] = "auto-replied" if letter.name in AUTOMATIC else "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    mail["Content-Language"] = letter.lang
    token = thread.token if thread is not None else ""
    mail.set_content(f"{opened.text}\n[{token}]\n" if token else opened.text)
    foot = f"<p><small>[{token}]</small></p>\n</body>"
    mail.add_alternative(opened.html.replace("</body>", foot) if token else opened.html, subtype="html")
    return mail


def _subject(subject: str, thread: Thread | None) -> str:
    tag = thread.tag.strip() if thread is not None else ""
    return subject if not tag or tag.strip("[]") in subject else f"{subject} {tag}"


def _set_thread(mail: EmailMessage, thread: Thread) -> None:
    """In-Reply-To and References, of bounded length; a Message-ID that is none is left out."""
    answered = _id(thread.in_reply_to)
    known = list(dict.fromkeys(one for raw in thread.references if (one := _id(raw)) and one != answered))
    chain = [*known, answered] if answered else known
    if len(chain) > MOST_REFERENCES:
        chain = chain[:1] + chain[1 - MOST_REFERENCES :]
    if answered:
        mail["In-Reply-To"] = answered
    if chain:
        mail["References"] = " ".join(chain)


def _id(raw: str) -> str:
    plain = raw.strip().strip("<>")
    if not plain.isascii() or not 0 < len(plain) <= 500 or any(one <= " " or one in '<>"' for one in plain):
        return ""
    return f"<{plain}>"


class Mailer:
    """A mail server reached by the settings. Raises Misconfigured where the key or the CA cannot be used."""

    def __init__(self, settings: Mail) -> None:
        self._settings = settings
        self._signer = signer(settings)
        self._tls = _tls(settings)
        self._tokens = Tokens(settings.oauth) if settings.oauth is not None else None

    @property
    def sender(self) -> str:
        """The address letters are sent from."""
        return self._settings.sender

    @property
    def settings(self) -> Mail:
        """What is set about mail that leaves."""
        return self._settings

    async def send(self, mail: EmailMessage, *, operator: str = "", bounce_to: str = "") -> None:
        """Hand over one mail, of a company where bounces go by company. Raises Deferred, TryLater, Misconfigured, or
        Refused where trying again is no use.

        The envelope sender is null (RFC 3834 3.3), so that a bounce goes nowhere, unless `bounce_to` says otherwise or
        a bounce address is set.
        """
        s = self._settings
        if s.host is None:
            raise Misconfigured(NO_HOST)
        plain = mail.as_bytes()
        raw = self._signer.signed(plain) if self._signer is not None else plain
        bounces = bounce_to if s.bounces is None else s.bounces.replace("{operator}", operator or "desk")
        to = [address.addr_spec for address in mail["To"].addresses]
        try:
            async with self._client() as client:
                await client.sendmail(bounces, to, raw)
        except (aiosmtplib.SMTPException, OSError) as fault:
            raise self._told(fault) from None

    async def check(self) -> None:
        """Connect and log in, and send nothing. Raises as `send`."""
        if self._settings.host is None:
            raise Misconfigured(NO_HOST)
        try:
            async with self._client() as client:
                await client.noop()
        except (aiosmtplib.SMTPException, OSError) as fault:
            raise self._told(fault) from None

    async def _token(self) -> str:
        assert self._tokens is not None
        return await asyncio.to_thread(self._tokens.current)

    def _told(self, fault: Exception) -> Exception:
        """The fault by who acts next. A refused token may only have been taken back: the next attempt has a new one."""
        if self._tokens is not None and isinstance(fault, aiosmtplib.SMTPAuthenticationError):
            self._tokens.forget()
        return _named(fault)

    def _client(self) -> aiosmtplib.SMTP:
        s = self._settings
        return aiosmtplib.SMTP(
            hostname=s.host,
            port=s.port,
            username=s.username,
            password=s.password.get_secret_value() if s.password else None,
            oauth_token_generator=self._token if self._tokens is not None else None,
            use_tls=s.security == "tls",
            start_tls=s.security == "starttls",
            tls_context=self._tls,
            timeout=s.timeout,
        )


def _tls(settings: Mail) -> ssl.SSLContext | None:
    """What certificates are held against; None where the line is not encrypted. Raises Misconfigured."""
    if settings.security == "none":
        return None
    try:
        return ssl.create_default_context(cafile=settings.ca)
    except ssl.SSLError:
        raise Misconfigured("mail.ca is no certificate in PEM") from None
    except OSError as fault:
        raise Misconfigured(f"mail.ca cannot be read: {fault.strerror}") from None


def _named(fault: Exception) -> Exception:
    """The fault by who acts next; its words hold no address."""
    refused = _certificate(fault)
    if refused is not None:
        why = "it is for another host" if refused.verify_code in HOST_MISMATCH else refused.verify_message
        return Misconfigured(f"the mail server's certificate is refused: {why}")
    match fault:
        case aiosmtplib.SMTPNotSupported():
            return Misconfigured("the mail server does not offer the log-in that is set")
        case aiosmtplib.SMTPException() if "XOAUTH2" in str(fault) and not hasattr(fault, "code"):
            return Misconfigured("the mail server offers no log-in by token")
        case aiosmtplib.SMTPException() if "STARTTLS" in str(fault) and not hasattr(fault, "code"):
            # never in the clear instead: whoever stands in between may have cut the offer out (RFC 3207 6)
            return Misconfigured("the mail server offers no STARTTLS")
        case aiosmtplib.SMTPAuthenticationError():
            if fault.code < 500:
                return TryLater(60, f"deferred ({fault.code})")
            return Misconfigured(f"the mail server refuses the log-in ({fault.code})")
        case (
            aiosmtplib.SMTPSenderRefused()
            | aiosmtplib.SMTPConnectResponseError()
            | aiosmtplib.SMTPHeloError()
        ):
            # it is us whom the server will not have, whoever the letter is to
            if fault.code >= 500:
                return Misconfigured(f"the mail server refuses us ({fault.code})")
            return TryLater(60, f"deferred ({fault.code})")
        case aiosmtplib.SMTPRecipientsRefused():
            codes = sorted({one.code for one in fault.recipients})
            if all(code >= 500 for code in codes):
                return Refused(f"recipient refused ({codes[0]})")
            return Deferred(GREYLISTED, f"recipient deferred ({codes[0]})")
        case aiosmtplib.SMTPResponseException():
            if fault.code >= 500:
                return Refused(f"refused ({fault.code})")
            return Deferred(GREYLISTED, f"deferred ({fault.code})")
    return TryLater(30, type(fault).__name__)


def _certificate(fault: BaseException | None) -> ssl.SSLCertVerificationError | None:
    """The refusal of a certificate that is behind a fault."""
    seen = 0
    while fault is not None and seen < 5:
        if isinstance(fault, ssl.SSLCertVerificationError):
            return fault
        fault, seen = fault.__cause__ or fault.__context__, seen + 1
    return None
