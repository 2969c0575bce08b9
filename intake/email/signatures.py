"""Signatures on a mail: whether a domain stands for it (DKIM, RFC 6376), more strictly than the RFC where that is safe."""

import binascii
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import dkim
from dkim.util import InvalidTagValueList, parse_tag_value

from intake.email.domains import ascii_domain
from intake.email.head import Head
from intake.email.lookups import Bounded, Silent

MOST: Final = 5  # signatures of one mail that are looked at
LEAST_BITS: Final = (
    1024  # RFC 8301 3.2: "Verifiers MUST NOT consider signatures using RSA keys of less than 1024 bits"
)
MOST_BITS: Final = 8192  # a longer key costs seconds, and nobody has one
LONGEST: Final = 8192  # bytes of a signature field
MOST_NAMES: Final = 200  # fields a signature may name
SLOP: Final = 3600  # seconds two clocks may differ

# What dkimpy raises over a key or a signature that somebody wrote to break it.
BROKEN: Final = (
    dkim.DKIMException, InvalidTagValueList, binascii.Error, ArithmeticError, AttributeError, LookupError,
    TypeError, ValueError,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Signature:
    """The domain a signature is of, and what came of it in the words of RFC 8601.

    "policy": it may be right and is not accepted, because it covers too little or its key is too weak.
    """

    domain: str
    result: str  # pass, fail, neutral, policy, permerror, temperror


class Unfit(Exception):
    """The signature is not tried; the text is its result."""


def signatures(raw: bytes, head: Head, lookup: Bounded, at: datetime) -> tuple[Signature, ...]:
    """What came of the first few signatures, topmost first. `at`: when the mail reached us."""
    count = min(len(head.all("dkim-signature")), MOST)
    if not count:
        return ()
    try:
        message = dkim.DKIM(raw, minkey=LEAST_BITS)
    except BROKEN:
        return (Signature("", "permerror"),)
    return tuple(_signature(message, head, index, lookup, at) for index in range(count))


def _signature(message: "dkim.DKIM", head: Head, index: int, lookup: Bounded, at: datetime) -> Signature:
    found = [(name, value) for name, value in message.headers if name.lower() == b"dkim-signature"]
    if index >= len(found):
        return Signature("", "permerror")
    name, value = found[index]
    domain = ""
    try:
        tags = _tags(value)
        domain = ascii_domain(_plain(tags, b"d"))
        names = _fit(tags, domain, head, at)
        _take_key(message, tags, domain, lookup)
        return Signature(domain, _tried(message, tags, names, [name, value]))
    except Unfit as fault:
        return Signature(domain, str(fault))
    except Silent:
        return Signature(domain, "temperror")
    except dkim.NaClNotFoundError:
        return Signature(domain, "neutral")
    except BROKEN:
        return Signature(domain, "permerror")


def _tags(value: bytes) -> dict[bytes, bytes]:
    """The tags of a signature. Raises Unfit and InvalidTagValueList."""
    if len(value) > LONGEST:
        raise Unfit("permerror")
    tags: dict[bytes, bytes] = parse_tag_value(value)
    if not {b"v", b"a", b"b", b"bh", b"d", b"h", b"s"} <= set(tags) or tags[b"v"] != b"1":
        raise Unfit("permerror")
    return tags


def _fit(tags: dict[bytes, bytes], domain: str, head: Head, at: datetime) -> list[bytes]:
    """The names of the fields it covers. Raises Unfit where it is no signature we accept.

    From must be covered (RFC 6376 5.4). The body must be covered to its end: with l= anything may be added
    below (RFC 6376 8.2), and with a second Subject or Content-Type anything may be shown (8.15).
    """
    identity = ascii_domain(_plain(tags, b"i").rpartition("@")[2]) if b"i" in tags else domain
    names = [one.strip().lower() for one in tags[b"h"].split(b":")]
    if not domain or not (identity == domain or identity.endswith("." + domain)):
        raise Unfit("permerror")
    if b"from" not in names or len(names) > MOST_NAMES or tags.get(b"q", b"dns/txt") != b"dns/txt":
        raise Unfit("permerror")
    if tags[b"a"] not in (b"rsa-sha256", b"ed25519-sha256"):  # rsa-sha1: RFC 8301 3.1
        raise Unfit("policy" if tags[b"a"] == b"rsa-sha1" else "permerror")
    if b"l" in tags or head.doubled:
        raise Unfit("policy")
    signed, until = _moment(tags, b"t"), _moment(tags, b"x")
    now = at.timestamp()
    if (until is not None and until + SLOP < now) or (signed is not None and signed - SLOP > now):
        raise Unfit("fail")
    return names


def _moment(tags: dict[bytes, bytes], tag: bytes) -> int | None:
    if tag not in tags:
        return None
    if not re.fullmatch(rb"\d{1,12}", tags[tag]):
        raise Unfit("permerror")
    return int(tags[tag])


def _take_key(message: "dkim.DKIM", tags: dict[bytes, bytes], domain: str, lookup: Bounded) -> None:
    """Give the message the key that the domain publishes. Raises Unfit, Silent, and BROKEN."""
    selector = ascii_domain(_plain(tags, b"s"))
    if not selector:
        raise Unfit("permerror")
    records = [one for one in lookup(f"{selector}._domainkey.{domain}", "TXT") if "p=" in one]
    if len(records) != 1:  # none, or two: RFC 6376 3.6.2.2 leaves it open which
        raise Unfit("permerror")
    published = parse_tag_value(records[0].encode("ascii", "replace"))
    flags = [one.strip() for one in published.get(b"t", b"").split(b":")]
    hashes = [one.strip() for one in published.get(b"h", b"sha256").split(b":")]
    if (
        b"s" in flags and tags.get(b"i", b"").rpartition(b"@")[2].lower() not in (b"", tags[b"d"].lower())
    ) or (b"sha256" not in hashes):
        raise Unfit("permerror")
    key, bits, kind, report = dkim.evaluate_pk(records[0], records[0])
    if key is None or report or not tags[b"a"].startswith(kind):
        raise Unfit("permerror")
    if kind == b"rsa" and not (LEAST_BITS <= bits <= MOST_BITS and 2 < key["publicExponent"] < 2**33):
        raise Unfit("policy")
    message.pk, message.keysize, message.ktag, message.seqtlsrpt = key, bits, kind, report


def _tried(message: "dkim.DKIM", tags: dict[bytes, bytes], names: list[bytes], field: list[bytes]) -> str:
    body = message.body
    if tags.get(b"c", b"").partition(b"/")[2] == b"relaxed":
        # the same body in the end, but dkimpy takes its time over long runs of blanks
        message.body = re.sub(rb"[\t ]+", b" ", body)
    try:
        right = message.verify_sig_process(tags, list(names), field, None)
    except dkim.ValidationError:
        return "fail"
    finally:
        message.body = body
    return "pass" if right else "fail"


def _plain(tags: dict[bytes, bytes], tag: bytes) -> str:
    return re.sub(rb"\s+", b"", tags[tag]).decode("utf-8", "replace")
