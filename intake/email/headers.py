"""Read a header block tolerantly: folded, repeated, unencoded, cut off; values come out as one clean line."""

import re
from binascii import Error, a2b_base64, a2b_qp
from dataclasses import dataclass
from typing import Final

from intake.email.charsets import decode, guess

BLOCK_AT_MOST: Final = 256_000
"""Bytes of a header block that are read: well over what any mail server lets pass (Postfix: 102,400)."""
FIELDS_AT_MOST: Final = 1_000
VALUE_AT_MOST: Final = 32_000

_FIELD = re.compile(rb"([!-9;-~]{1,76})[ \t]*:")
_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]{0,20000})\?=")
_BETWEEN = re.compile(r"(\?=)\s+(?==\?[^?\s]{1,60}\?[bBqQ]\?)")
_SPACE = re.compile(r"\s+")
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\xad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+")
_KNOWN: Final = frozenset((
    "from", "to", "cc", "subject", "date", "received", "message-id", "return-path", "delivered-to",
    "content-type", "mime-version", "reply-to", "sender", "x-mailer", "content-transfer-encoding",
    "content-disposition", "in-reply-to", "dkim-signature",
))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Headers:
    """Header fields in their order; names in lower case, values unfolded but not decoded."""

    fields: tuple[tuple[str, str], ...] = ()

    def first(self, name: str) -> str:
        """The first value of `name` that says something, else ""."""
        return next((value for value in self.all(name) if value), "")

    def all(self, name: str) -> tuple[str, ...]:
        """Every value of `name`."""
        return tuple(value for field, value in self.fields if field == name)

    def has(self, name: str) -> bool:
        """Whether the field stands there, be it empty."""
        return any(field == name for field, _ in self.fields)

    def text(self, name: str) -> str:
        """The first value of `name` as a person reads it: decoded, one line."""
        return one_line(words(self.first(name)))


def take_headers(raw: bytes, start: int, end: int, *, whole_mail: bool = False) -> tuple[Headers, int]:
    """Return the header block that begins at `start`, and where the body begins.

    A block ends at an empty line, or at a line that cannot be a header: then the body begins with that line. Of
    a whole mail, a block with no field that mails have is no header block, and everything is body.
    """
    at = start
    limit = min(end, start + BLOCK_AT_MOST)
    lines: list[tuple[str, list[bytes]]] = []
    body = end
    while at < limit:
        stop = raw.find(b"\n", at, end)
        stop = end if stop < 0 else stop
        line = raw[at:stop].rstrip(b"\r")
        after = min(stop + 1, end)
        if not line.strip() and not (line and lines and _goes_on(raw, after, end)):
            body = after
            break
        if line[:1] in b" \t" and line[:1]:
            if lines:
                lines[-1][1].append(line)
        elif field := _FIELD.match(line):
            if len(lines) < FIELDS_AT_MOST:
                lines.append((field[1].decode("ascii").lower(), [line[field.end() :]]))
        elif not (at == start and line.startswith((b"From ", b">From "))):
            body = at
            break
        at = after
    else:
        body = _after_block(raw, at, end)
    if whole_mail and not any(name in _KNOWN for name, _ in lines):
        return Headers(), start
    return Headers(tuple((name, _unfolded(parts)) for name, parts in lines)), body


def _goes_on(raw: bytes, at: int, end: int) -> bool:
    """Whether a line of mere blanks is a broken fold: a header or fold follows, and not an empty line."""
    return raw[at : min(at + 1, end)] in (b" ", b"\t")


def _after_block(raw: bytes, at: int, end: int) -> int:
    """Where the body begins after a header block too long to be read."""
    found = [(raw.find(mark, max(at - 2, 0), end), len(mark)) for mark in (b"\r\n\r\n", b"\n\n")]
    return min((place + size for place, size in found if place >= 0), default=end)


def _unfolded(parts: list[bytes]) -> str:
    return guess(b" ".join(part.strip() for part in parts)[:VALUE_AT_MOST]).replace("\n", " ").strip()


def words(value: str) -> str:
    """Decode the encoded words of a value (RFC 2047), also where they are used against the rules.

    Neighbouring words of one alphabet are joined first: many programs cut a letter in two between them.
    """
    if "=?" not in value:
        return value
    out: list[str] = []
    pending = b""
    label = ""
    last = 0
    joined = _BETWEEN.sub(r"\1", value)
    for match in _WORD.finditer(joined):
        charset = match[1].split("*")[0].lower()
        between = joined[last : match.start()]
        if pending and (between or charset != label):
            out.append(decode(pending, label))
            pending = b""
        out.append(between)
        pending, label, last = pending + _bytes(match[2], match[3]), charset, match.end()
    if pending:
        out.append(decode(pending, label))
    out.append(joined[last:])
    return "".join(out)


def _bytes(kind: str, payload: str) -> bytes:
    data = payload.encode("utf-8", errors="replace")
    if kind in "qQ":
        return a2b_qp(data.replace(b" ", b"_"), header=True)
    data = re.sub(rb"[^A-Za-z0-9+/]", b"", data)
    try:
        return a2b_base64(data + b"=" * (-len(data) % 4))
    except Error:  # one letter over: nothing can be read of it
        return a2b_base64(data[: len(data) // 4 * 4])


def one_line(text: str) -> str:
    """Return `text` on one line, without control, direction and zero-width characters."""
    return _SPACE.sub(" ", _UNSEEN.sub(" ", text.replace("\u200b", "").replace("\xad", ""))).strip()
