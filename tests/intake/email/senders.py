"""Mails that are signed, sealed and judged in a test: keys of its own, and a zone that is a dict."""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parseaddr
from functools import cache

import dkim
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from intake.email.domains import domain_of
from intake.email.lookups import Silent
from intake.email.mail import Delivery, Trust
from intake.email.tricks import Ours
from intake.email.trust import judge

SIGNED = ("from", "to", "subject", "date", "message-id")
MAIL = (
    b"From: Kari Eksempel <kari@example.no>\r\nTo: personvern@fjordlys.example\r\n"
    b"Subject: Innsyn\r\nDate: Thu, 26 Nov 2026 07:00:00 +0000\r\nMessage-ID: <1@example.no>\r\n"
    b"\r\nHva har dere om meg?\r\n"
)


@cache
def key(bits: int = 1024) -> rsa.RSAPrivateKey:
    """A key, made once; short ones are quick."""
    return rsa.generate_private_key(65537, bits)


def pem(bits: int = 1024) -> bytes:
    """The private key as mail programs keep it."""
    return key(bits).private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())


def record(bits: int = 1024) -> str:
    """The public key as it is published."""
    der = key(bits).public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return "v=DKIM1; k=rsa; p=" + base64.b64encode(der).decode()


def signed(
    raw: bytes = MAIL,
    domain: str = "example.no",
    *,
    selector: str = "s",
    bits: int = 1024,
    covers: Sequence[str] = SIGNED,
    length: bool = False,
) -> bytes:
    """The mail with a signature on top."""
    names = [one.encode() for one in covers]
    line: bytes = dkim.sign(
        raw,
        selector.encode(),
        domain.encode(),
        pem(bits),
        canonicalize=(b"relaxed", b"relaxed"),
        include_headers=names,
        length=length,
    )
    return line + raw


@dataclass(slots=True)
class Zone:
    """A name server that knows what it is told; `silent` names get no answer. `asked` counts."""

    records: Mapping[str, Sequence[str] | str] = field(default_factory=dict)
    silent: frozenset[str] = frozenset()
    asked: int = 0

    def __call__(self, name: str, kind: str, /) -> Sequence[str]:
        self.asked += 1
        if name in self.silent:
            raise Silent(kind)
        found = self.records.get(name if kind == "TXT" else f"{name} {kind}", ())
        return (found,) if isinstance(found, str) else found


def zone(dmarc: str | None = "v=DMARC1; p=reject", **more: str) -> Zone:
    """The zone of example.no: its key, and its policy unless that is None."""
    records = {"s._domainkey.example.no": record()} | more
    if dmarc is not None:
        records["_dmarc.example.no"] = dmarc
    return Zone(records)


def judged(
    raw: bytes,
    dns: Zone,
    *,
    sender: str = "kari@example.no",
    name: str = "Kari Eksempel",
    reply_to: tuple[str, ...] = (),
    peer_ip: str | None = None,
    envelope: str | None = "kari@example.no",
    at: datetime | None = None,
    trusted: frozenset[str] = frozenset(),
    sealers: frozenset[str] = frozenset(),
    ours: Ours = Ours(("Fjordlys",), frozenset({"fjordlys.no"})),
) -> Trust:
    """What is said of the mail."""
    assert not sender or domain_of(parseaddr(sender)[1])
    delivery = Delivery(
        operator="fjordlys",
        raw=raw,
        received_at=at or datetime.now(UTC),
        source="smtp",
        envelope_from=envelope,
        peer_ip=peer_ip,
        helo="mail.example.no",
    )
    return judge(
        raw,
        delivery=delivery,
        sender=sender,
        sender_name=name,
        reply_to=reply_to,
        dns=dns,
        trusted=trusted,
        sealers=sealers,
        ours=ours,
    )
