"""What reads the mail that comes in: its parts are handed in, so that a desk without a network has others."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from desk.clamd import scan
from desk.names import Names
from desk.settings import Settings
from intake.email.harmless import made_harmless
from intake.email.lookups import Lookup
from intake.email.mail import Delivery, File, Mail, Trust
from intake.email.parsing import parse
from intake.email.tricks import Ours
from intake.email.trust import judge
from operators.profile import Operator


class Judge(Protocol):
    """Finds out how far a sender can be believed; may ask the DNS, so it runs in a thread."""

    def __call__(self, raw: bytes, delivery: Delivery, mail: Mail) -> Trust:
        """What was found out; where nothing could be asked the mail is unauthenticated."""


@dataclass(frozen=True, slots=True)
class Postroom:
    """How mail is read. `scan` tells the name of what is found in a file that carries something harmful, or "".

    It raises ScannerFault where it cannot tell.
    """

    parse: Callable[[bytes], Mail]
    judge: Judge
    made_harmless: Callable[[File], File]
    scan: Callable[[bytes], Awaitable[str]] | None = None


def postroom_of(settings: Settings, operators: Mapping[str, Operator], dns: Lookup | None = None) -> Postroom:
    """The postroom by the settings; `dns` is this machine's name servers unless another is handed in."""
    lookup = dns if dns is not None else Names()
    known = {id: Ours.of(one, *_addresses(settings, id)) for id, one in operators.items()}

    def judged(raw: bytes, delivery: Delivery, mail: Mail) -> Trust:
        return judge(
            raw,
            delivery=delivery,
            sender=mail.sender,
            sender_name=mail.sender_name,
            reply_to=mail.reply_to,
            dns=lookup,
            trusted=frozenset(settings.trusted_mail_servers),
            sealers=frozenset(settings.trusted_sealers),
            ours=known[delivery.operator],
        )

    async def scanned(content: bytes) -> str:
        assert settings.clamd.host is not None
        return await scan(content, settings.clamd.host, settings.clamd.port, seconds=settings.clamd.timeout)

    ours = frozenset(address.casefold() for id in operators for address in _addresses(settings, id))
    ours |= {settings.mail.sender.casefold()}
    return Postroom(
        partial(parse, ours=ours), judged, made_harmless, scanned if settings.clamd.host else None
    )


def _addresses(settings: Settings, operator_id: str) -> list[str]:
    """The addresses of the company's mailboxes."""
    boxes = [box for name, box in settings.mailboxes.items() if operator_id in (name, box.operator)]
    return [address for box in boxes for address in box.addresses]
