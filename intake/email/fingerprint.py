"""Tells whether two deliveries are the same mail, whatever the servers on the way have added to it."""

import hashlib
import re
from collections.abc import Iterator
from typing import Final

# What servers put on top of a mail on its way (RFC 5321 section 4.4, RFC 8601) and what mailboxes add.
ADDED: Final = re.compile(
    rb"(?i)(received|return-path|delivered-to|x-original-to|envelope-to|authentication-results|received-spf"
    rb"|dkim-signature|arc-[a-z-]+|x-spam[a-z-]*|x-virus[a-z-]*|x-google-[a-z-]+|x-gm-[a-z-]+|x-received"
    rb"|x-ms-exchange-[a-z-]+|x-forefront-[a-z-]+|x-microsoft-antispam[a-z-]*|x-mozilla-[a-z-]+|status|x-status"
    rb"|x-uid|x-keywords|lines|content-length)\s*:"
)
_ENDS: Final = re.compile(rb"\r\n|\r|\n")
PIECE: Final = 1 << 20  # bytes hashed at a time


def fingerprint(raw: bytes) -> str:
    """SHA-256, in hex, over the sender's own header fields and the body; line ends do not count.

    The Message-ID is one field among others: two different mails under one Message-ID are two, and a mail that is
    delivered again under another path is one.
    """
    digest = hashlib.sha256()
    gap = re.search(rb"\r\n\r\n|\n\n|\r\r", raw)
    for line in _fields(raw if gap is None else raw[: gap.start()]):
        if not ADDED.match(line):
            digest.update(line.rstrip() + b"\n")
    if gap is not None:
        digest.update(b"\n")
        for piece in _pieces(raw, gap.end()):
            digest.update(_ENDS.sub(b"\n", piece))
    return digest.hexdigest()


def _pieces(raw: bytes, start: int, size: int = PIECE) -> Iterator[bytes]:
    """The body in pieces, so that a large one is never copied whole, without the line ends at its end."""
    end = len(raw)
    while end > start and raw[end - 1] in b"\r\n":
        end -= 1
    while start < end:
        stop = min(start + size, end)
        if raw[stop - 1 : stop + 1] == b"\r\n":
            stop += 1
        yield raw[start:stop]
        start = stop


def _fields(head: bytes) -> list[bytes]:
    """The header fields, each with its folded lines in one."""
    fields: list[bytes] = []
    for line in _ENDS.split(head):
        if line[:1] in (b" ", b"\t") and fields:
            fields[-1] += b" " + line.strip()
        elif not (not fields and line.startswith(b"From ")):  # the mbox line
            fields.append(line)
    return fields
