"""Part what a sender wrote now from what a message drags along: earlier mail, signatures and disclaimers."""

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

READ_AT_MOST: Final = 20_000
"""Characters of a message that are read; what follows is left to a human, who sees the whole message."""

_INVISIBLE = re.compile(
    "[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f\\xad\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u2064\\u2066-\\u2069\\ufeff]"
)
_QUOTES = str.maketrans(
    {
        "’": "'",
        "‘": "'",
        "´": "'",
        "`": "'",
        "“": '"',
        "”": '"',
        "\u00a0": " ",
        "\u202f": " ",
        "–": "-",
        "—": "-",
        "\u2011": "-",
        "\u2028": "\n",
        "\u2029": "\n",
    }
)
_GREETING_REST = 60
_SIGNATURE_WORDS = 9
"""A longer line is talk again, not part of a signature."""


@dataclass(frozen=True, slots=True)
class OwnText:
    """What a sender wrote, in parts: `said` is what they say, `signed` who says so, `quoted` others' words."""

    said: str
    signed: str
    quoted: str
    cut: bool
    """The message was longer than what is read."""

    @property
    def own(self) -> str:
        """Everything the sender wrote: what they say, then the signature."""
        return f"{self.said}\n{self.signed}".strip()


@dataclass(frozen=True, slots=True)
class _Marks:
    attribution: re.Pattern[str]
    header: re.Pattern[str]
    divider: re.Pattern[str]
    farewell: re.Pattern[str]
    device: re.Pattern[str]
    disclaimer: re.Pattern[str]
    postscript: re.Pattern[str]


def clean(text: str) -> str:
    """Return `text` without control and direction marks, with plain quotes, dashes, spaces and line ends."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", _INVISIBLE.sub("", lines)).translate(_QUOTES)


def own_text(body: str) -> OwnText:
    """Part `body` into what its sender says, their signature, and what they quote.

    Lines beginning with `>`, mail headers set into the text, and everything after a line announcing an
    earlier mail are quoted; an answer written below quoted lines is still the sender's own.
    """
    cut = len(body) > READ_AT_MOST
    lines = [line.rstrip() for line in clean(body[:READ_AT_MOST]).split("\n")]
    fresh, quoted = _unquote(lines)
    said, signed = _unsign(fresh)
    return OwnText("\n".join(said).strip(), "\n".join(signed).strip(), "\n".join(quoted).strip(), cut)


def _unquote(lines: list[str]) -> tuple[list[str], list[str]]:
    marks = _marks()
    fresh: list[str] = []
    quoted: list[str] = []
    for index, line in enumerate(lines):
        if line.lstrip().startswith(">"):
            quoted.append(line)
        elif marks.divider.match(line) or _headers(lines, index):
            return fresh, quoted + lines[index:]
        elif _attribution(lines, index):
            quoted.append(line)
            rest = [later for later in lines[index + 1 : index + 4] if later.strip()]
            if not any(later.lstrip().startswith(">") for later in rest):
                return fresh, quoted + lines[index + 1 :]
        else:
            fresh.append(line)
    return fresh, quoted


def _attribution(lines: list[str], index: int) -> bool:
    """An attribution may be broken over two lines by the sender's mail program."""
    line = lines[index]
    if len(line) > 300:
        return False
    if _marks().attribution.match(line):
        return True
    both = f"{line} {lines[index + 1]}" if index + 1 < len(lines) else ""
    broken = bool(both) and len(both) < 300 and bool(_marks().attribution.match(both))
    if broken:
        lines[index + 1] = ">" + lines[index + 1]
    return broken


def _headers(lines: list[str], index: int) -> bool:
    """At least two mail headers within three lines announce an earlier mail, as Outlook sets them."""
    if not _marks().header.match(lines[index]):
        return False
    near = [line for line in lines[index + 1 : index + 5] if line.strip()][:3]
    return sum(bool(_marks().header.match(line)) for line in near) >= 1


def _unsign(lines: list[str]) -> tuple[list[str], list[str]]:
    marks = _marks()
    said: list[str] = []
    signed: list[str] = []
    signing = closed = False
    for line in lines:
        stripped = line.strip()
        if not stripped:
            (signed if signing else said).append("")
            continue
        if marks.disclaimer.match(stripped):
            break
        if marks.device.match(stripped) and len(stripped) < 80:
            continue
        if stripped in ("--", "-- ", "__", "---") or set(stripped) == {"_"}:
            signing = closed = True
            continue
        farewell = marks.farewell.match(stripped)
        if farewell and len(stripped) - farewell.end() <= _GREETING_REST and any(s.strip() for s in said):
            signing = True
            signed.append(stripped)
            continue
        if signing and marks.postscript.match(stripped):
            signing = False
        if signing and not closed and len(stripped.split()) > _SIGNATURE_WORDS:
            signing = False
        (signed if signing else said).append(line)
    return said, signed


@cache
def _marks() -> _Marks:
    content = tomllib.loads(
        Path(__file__).with_name("phrases").joinpath("mail.toml").read_text(encoding="utf-8")
    )

    def either(name: str) -> re.Pattern[str]:
        group: Mapping[str, list[str]] = content
        return re.compile("(?:" + "|".join(group[name]) + ")", re.IGNORECASE)

    return _Marks(*(either(name) for name in _Marks.__slots__))
