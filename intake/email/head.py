"""The header fields of a mail as they stand in its bytes, in their order: what is judged must be what was sent."""

import re
from collections import Counter
from dataclasses import dataclass
from typing import Final

MOST_BYTES: Final = 256 * 1024
MOST_FIELDS: Final = 1000

# RFC 5322 3.6 and RFC 2045: at most one of each. A second one is shown by some readers and signed by nobody.
ONCE: Final = frozenset({
    "from", "sender", "reply-to", "to", "subject", "date", "message-id", "in-reply-to",
    "mime-version", "content-type", "content-transfer-encoding",
})  # fmt: skip

_QUOTED: Final = re.compile(r'"(?:\\.|[^"\\])*"')
_COMMENT: Final = re.compile(r"\([^()]*\)")
_ADDRESS: Final = re.compile(r"[^\s<>:()\"@]+@[^\s<>:()\"@]+")
_ANGLED: Final = re.compile(r"<\s*([^\s<>:()\"@]+@[^\s<>:()\"@]+)\s*>")


@dataclass(frozen=True, slots=True)
class Head:
    """Name in small letters and folded value of each field, topmost first. `whole` is false where it was cut."""

    fields: tuple[tuple[str, str], ...]
    whole: bool

    def all(self, name: str) -> tuple[str, ...]:
        """The values of a field, topmost first."""
        return tuple(value for one, value in self.fields if one == name)

    @property
    def doubled(self) -> frozenset[str]:
        """The fields that may stand once and stand more often."""
        counted = Counter(name for name, _ in self.fields)
        return frozenset(name for name in ONCE if counted[name] > 1)


def read_head(raw: bytes) -> Head:
    """The fields up to the first empty line; bytes that are not ASCII are read as UTF-8, else as Latin-1."""
    end = re.search(rb"\r?\n\r?\n", raw[: MOST_BYTES + 4])
    head = raw[: end.start()] if end else raw[:MOST_BYTES]
    fields: list[tuple[str, str]] = []
    for line in re.split(rb"\r?\n(?![ \t])", head)[: MOST_FIELDS + 1]:
        name, colon, value = line.partition(b":")
        if colon and re.fullmatch(rb"[\x21-\x39\x3b-\x7e]+[ \t]*", name):
            fields.append((name.decode("ascii").strip().lower(), _text(value)))
    whole = (end is not None or len(raw) <= MOST_BYTES) and len(fields) <= MOST_FIELDS
    return Head(tuple(fields[:MOST_FIELDS]), whole)


def addresses(value: str) -> tuple[str, ...]:
    """The bare addresses of a field, in small letters: of each one listed that between < and >, else the plain one.

    A name may hold what looks like an address; what is quoted or stands in a comment is not looked at.
    """
    plain = _QUOTED.sub(" ", re.sub(r"\r?\n", "", value))
    for _ in range(5):  # comments may be nested
        plain = _COMMENT.sub(" ", plain)
    found: list[str] = []
    for part in re.split(r"[,;]", plain):
        found += _ANGLED.findall(part) or _ADDRESS.findall(part)
    return tuple(address.lower() for address in found)


def _text(value: bytes) -> str:
    try:
        return value.decode("utf-8").strip()
    except UnicodeDecodeError:
        return value.decode("latin-1").strip()
