"""Read from a bounce who was not reached, whether for good, and which of our mails it gives back."""

import re
from email import message_from_bytes
from email.errors import MessageError
from typing import Final

from flufl.bounce import all_failures

from intake.email.addresses import ADDRESSES_AT_MOST, message_ids, only_addresses
from intake.email.charsets import guess
from intake.email.headers import Headers
from intake.email.mail import Bounce
from intake.email.structure import Part, content

READ_AT_MOST: Final = 64_000
"""Bytes of a bounce that the library of old formats reads: its searches are not all linear."""
_BLOCKS_AT_MOST: Final = 200

_FIELD = re.compile(r"^(final-recipient|original-recipient|action)[ \t]*:[ \t]*([^\n]{1,400})", re.I | re.M)
_NAMED = re.compile(
    r"^[ \t]{0,8}[<*\[]{0,2}([^\s<>*:;,]{1,64}@[^\s<>*:;,\]]{1,200})[>*\]:]{0,3}[ \t]*$"
    r"|\b(?:delivered|deliver|levert|leveres|leverast|levererat)[ ](?:to|til|till)"
    r"[ ]<?([^\s<>:;,]{1,64}@[^\s<>:;,]{1,200})",
    re.IGNORECASE | re.MULTILINE,
)
"""An address that stands alone, as Exchange writes, or is said not to have been delivered to, as Google writes."""
_DELAYED = re.compile(
    r"\b(?:delayed|forsink\w{0,4}|försena\w{0,4}|still trying|will (?:retry|keep trying)|prøver igjen)\b",
    re.I,
)
_GIVEN_BACK = re.compile(
    r"^[ \t>]{0,8}message-id[ \t]*:\s{0,20}(<[^<>\s]{1,998}>)", re.IGNORECASE | re.MULTILINE
)


def read_bounce(raw: bytes, headers: Headers, report: list[Part], whole: str) -> Bounce:
    """Return what the bounce tells, from its report (RFC 3464) or, where it has none, from its known looks."""
    permanent, temporary = _reported(raw, report)
    if not permanent and not temporary:
        permanent, temporary = _old_formats(raw)
    if not permanent and not temporary:
        permanent = set(only_addresses(*headers.all("x-failed-recipients")))
    if not permanent and not temporary:
        told = {
            one for match in _NAMED.finditer(whole[:5_000]) for one in only_addresses(match[1] or match[2])
        }
        permanent, temporary = (set(), told) if _DELAYED.search(whole[:5_000]) else (told, set())
    given = [
        guess(content(raw, part, 20_000)) for part in report if part.media_type != "message/delivery-status"
    ]
    named = [one for text in [*given, whole[:READ_AT_MOST]] for one in _GIVEN_BACK.findall(text)]
    # one mail came back: the earlier ones of its thread, which a bounce may name too, have arrived
    returned = (
        message_ids(*named)
        or message_ids(*headers.all("original-message-id"), *headers.all("in-reply-to"))
        or message_ids(*headers.all("references"))[-1:]
    )
    return Bounce(frozenset(permanent), frozenset(temporary - permanent), returned)


def reported_ids(raw: bytes, report: list[Part]) -> tuple[str, ...]:
    """Return the Message-IDs that a receipt speaks of (RFC 8098, 3.2.5)."""
    texts = [guess(content(raw, part, 20_000)) for part in report]
    found = [
        one
        for text in texts
        for one in re.findall(r"(?im)^original-message-id[ \t]*:\s{0,20}(<[^<>\s]{1,998}>)", text)
    ]
    return message_ids(*found)


def _reported(raw: bytes, report: list[Part]) -> tuple[set[str], set[str]]:
    """The recipients of a delivery status: a failure is for good whatever its status, since the server that tells of it
    has given up (RFC 3464 2.3.3); one that it put off for days has a 4 there."""
    permanent: set[str] = set()
    temporary: set[str] = set()
    for part in report:
        if part.media_type not in ("message/delivery-status", "message/global-delivery-status"):
            continue
        text = guess(content(raw, part, READ_AT_MOST)[:READ_AT_MOST])
        for block in re.split(r"\n[ \t]*\n", text)[:_BLOCKS_AT_MOST]:
            fields = {name.lower(): value.strip() for name, value in _FIELD.findall(block)}
            action = fields.get("action", "").split()[0].lower() if fields.get("action", "").split() else ""
            if action not in ("failed", "delayed"):
                continue
            named = [
                fields.get(name, "").partition(";")[2] for name in ("final-recipient", "original-recipient")
            ]
            addresses = set(only_addresses(*named))
            (permanent if action == "failed" else temporary).update(addresses)
    return permanent, temporary


def _old_formats(raw: bytes) -> tuple[set[str], set[str]]:
    """What the library knows of qmail, Exim, Exchange and many more; a mail it stumbles over tells nothing."""
    try:
        for_now, for_good = all_failures(message_from_bytes(raw[:READ_AT_MOST]))
    except (MessageError, ValueError, LookupError, TypeError, AttributeError, AssertionError, RecursionError):
        return set(), set()
    return _bare(for_good), _bare(for_now)


def _bare(found: frozenset[bytes]) -> set[str]:
    return set(only_addresses(*(one.decode("utf-8", "replace") for one in sorted(found)[:ADDRESSES_AT_MOST])))
