"""Hands letters to the mail server."""

import ssl
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr

import aiosmtplib

from desk.settings import Mail
from fulfilment.adapter import Misconfigured, TryLater
from intake.letters import OpenLetter
from intake.records import Letter
from operators.profile import Operator


class Refused(Exception):
    """The mail server refuses this letter for good; the text is its code, never the address."""


def compose(letter: Letter, opened: OpenLetter, operator: Operator, sender: str) -> EmailMessage:
    """The mail of a letter. The Message-ID is the letter's own, so that a repeated sending is seen as one.

    Marked as an automatic reply (RFC 3834), so that no robot answers it.
    """
    if opened.to is None:
        raise ValueError("a letter without an address is not mailed")
    mail = EmailMessage(policy=SMTP)
    mail["From"] = formataddr((operator.name, sender))
    mail["To"] = opened.to
    if operator.contact.email and not operator.fictional:
        mail["Reply-To"] = operator.contact.email
    mail["Subject"] = opened.subject
    mail["Date"] = format_datetime(letter.written_at)
    mail["Message-ID"] = letter.message_id
    mail["Auto-Submitted"] = "auto-replied"
    mail["X-Auto-Response-Suppress"] = "All"
    mail["Content-Language"] = letter.lang
    mail.set_content(opened.text)
    mail.add_alternative(opened.html, subtype="html")
    return mail


class Mailer:
    """A mail server reached by the settings."""

    def __init__(self, settings: Mail) -> None:
        self._settings = settings

    @property
    def sender(self) -> str:
        """The address letters are sent from."""
        return self._settings.sender

    async def send(self, mail: EmailMessage) -> None:
        """Hand over one mail. Raises TryLater, Misconfigured, or Refused where trying again is no use."""
        s = self._settings
        if s.host is None:
            raise Misconfigured("no mail server is set (mail.host)")
        try:
            await aiosmtplib.send(
                mail,
                hostname=s.host,
                port=s.port,
                username=s.username,
                password=s.password.get_secret_value() if s.password else None,
                use_tls=s.security == "tls",
                start_tls=s.security == "starttls",
                tls_context=ssl.create_default_context() if s.security != "none" else None,
                timeout=s.timeout,
            )
        except aiosmtplib.SMTPAuthenticationError as fault:
            raise Misconfigured(f"the mail server refuses the log-in ({fault.code})") from None
        except (
            aiosmtplib.SMTPSenderRefused,
            aiosmtplib.SMTPConnectResponseError,
            aiosmtplib.SMTPHeloError,
        ) as fault:
            # it is us whom the server will not have, whoever the letter is to
            if fault.code >= 500:
                raise Misconfigured(f"the mail server refuses us ({fault.code})") from None
            raise TryLater(60, f"deferred ({fault.code})") from None
        except aiosmtplib.SMTPRecipientsRefused as fault:
            codes = sorted({one.code for one in fault.recipients})
            if all(code >= 500 for code in codes):
                raise Refused(f"recipient refused ({codes[0]})") from None
            raise TryLater(60, f"recipient deferred ({codes[0]})") from None
        except aiosmtplib.SMTPResponseException as fault:
            if fault.code >= 500:
                raise Refused(f"refused ({fault.code})") from None
            raise TryLater(60, f"deferred ({fault.code})") from None
        except (aiosmtplib.SMTPException, OSError) as fault:
            raise TryLater(30, type(fault).__name__) from None
