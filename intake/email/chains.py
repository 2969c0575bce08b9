"""Chains of custody (ARC, RFC 8617): what a mail's forwarders sealed about how it came to them."""

import re
from dataclasses import dataclass
from typing import Final

import dkim
from dkim.util import parse_tag_value

from intake.email.domains import ascii_domain
from intake.email.lookups import Bounded, Silent
from intake.email.signatures import BROKEN, LEAST_BITS, LONGEST

MOST_SETS: Final = 5  # RFC 8617 allows fifty; each costs two signatures
FIELDS: Final = (b"arc-seal", b"arc-message-signature", b"arc-authentication-results")


@dataclass(frozen=True, slots=True)
class Chain:
    """What came of the chain, who sealed it last, and the results that sealer vouches for ("" where none)."""

    result: str  # none, pass, fail, policy, temperror
    sealer: str = ""
    results: str = ""


def chain(raw: bytes, lookup: Bounded) -> Chain:
    """Follow the chain from its last seal back. A broken one says nothing more than no chain."""
    try:
        message = dkim.ARC(raw, minkey=LEAST_BITS)
    except BROKEN:
        return Chain("none")
    fields = [(name.lower(), value) for name, value in message.headers if name.lower() in FIELDS]
    if not fields:
        return Chain("none")
    if len(fields) > MOST_SETS * len(FIELDS) or any(len(value) > LONGEST for _, value in fields):
        return Chain("policy")
    message.body = re.sub(rb"[\t ]+", b" ", message.body)  # ARC is always relaxed; see signatures
    missing = False

    def key(name: bytes, timeout: float = 5) -> str | None:
        nonlocal missing
        try:
            found = lookup(name.decode("ascii", "replace"), "TXT")
        except Silent as fault:
            missing = True
            raise dkim.DnsTimeoutError(str(fault)) from None
        return next((one for one in found if "p=" in one), None)

    try:
        result, sets, _ = message.verify(dnsfunc=key)
    except BROKEN:
        return Chain("temperror" if missing else "fail")
    if result != dkim.CV_Pass:
        return Chain("temperror" if missing else "fail")
    last = max(sets, key=lambda one: one["instance"])
    if not _covers(fields, last["instance"]):
        return Chain("policy")
    sealer = ascii_domain(last["as-domain"].decode("ascii", "replace"))
    return Chain("pass", sealer, last["aar-value"].decode("utf-8", "replace").strip())


def _covers(fields: list[tuple[bytes, bytes]], instance: int) -> bool:
    """Whether the last message signature covers From and the whole body, as a DKIM signature has to."""
    for name, value in fields:
        if name == b"arc-message-signature":
            tags = parse_tag_value(value)
            if tags.get(b"i") == str(instance).encode():
                names = [one.strip().lower() for one in tags[b"h"].split(b":")]
                return b"from" in names and b"l" not in tags
    return False
