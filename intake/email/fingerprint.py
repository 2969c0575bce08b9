"""Tells whether two deliveries are the same mail, whatever the servers on the way have added to it."""

import hashlib
import re
from typing import Final

# What servers put on top of a mail on its way (RFC 5321 section 4.4, RFC 8601) and what mailboxes add.
ADDED: Final = re.compile(
    rb"(?i)(received|return-path|delivered-to|x-original-to|envelope-to|authentication-results|received-spf"
    rb"|dkim-signature|arc-[a-z-]+|x-spam[a-z-]*|x-virus[a-z-]*|x-google-[a-z-]+|x-gm-[a-z-]+|x-received"
    rb"|x-ms-exchange-[a-z-]+|x-forefront-[a-z-]+|x-microsoft-antispam[a-z-]*|x-mozilla-[a-z-]+|status|x-status"
    rb"|x-uid|x-keywords|lines|content-length)\s*:"
)
_ENDS: Final = re.compile(rb"\r\n|\r|\n")


def fingerprint(raw: bytes) -> str:
    """SHA-256, in hex, over the sender's own header fields and the body; line ends do not count.

    The Message-ID is one field among others: two different mails under one Message-ID are two, and a mail that is
    delivered again under another path is one.
    """
    digest = hashlib.sha256()
    head, gap, body = _parted(raw)
    for line in _fields(head):
        if not ADDED.match(line):
            digest.update(line.rstrip() + b"\n")
    digest.update(b"\n" if gap else b"")
    digest.update(_ENDS.sub(b"\n", body).rstrip(b"\n"))
    return digest.hexdigest()


def _parted(raw: bytes) -> tuple[bytes, bool, bytes]:
    """Head and body, parted at the first empty line; a mail without one is all head."""
    found = re.search(rb"\r\n\r\n|\n\n|\r\r", raw)
    return (raw, False, b"") if found is None else (raw[: found.start()], True, raw[found.end() :])


def _fields(head: bytes) -> list[bytes]:
    """The header fields, each with its folded lines in one."""
    fields: list[bytes] = []
    for line in _ENDS.split(head):
        if line[:1] in (b" ", b"\t") and fields:
            fields[-1] += b" " + line.strip()
        elif not (not fields and line.startswith(b"From ")):  # the mbox line
            fields.append(line)
    return fields
