"""Part what a sender wrote now from what a message drags along: earlier mail, signatures and disclaimers."""

import re
import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
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
    sender: re.Pattern[str]
    sent: re.Pattern[str]
    reply_above: re.Pattern[str]
    forward: re.Pattern[str]
    divider: re.Pattern[str]
    farewell: re.Pattern[str]
    device: re.Pattern[str]
    disclaimer: re.Pattern[str]
    company_voice: re.Pattern[str]
    own_voice: re.Pattern[str]
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
    return part_lines(clean(body[:READ_AT_MOST]).split("\n"), cut=cut)


def part_lines(lines: Sequence[str], *, cut: bool = False) -> OwnText:
    """Part the lines of a message, which keep their own characters: `own_text` for whoever has cleaned them."""
    fresh, quoted = _unquote([line.rstrip() for line in lines])
    said, signed = _unsign(fresh)
    return OwnText("\n".join(said).strip(), "\n".join(signed).strip(), "\n".join(quoted).strip(), cut)


def earlier_mail(lines: Sequence[str]) -> tuple[int, int] | None:
    """Return where in `lines` an earlier mail set into the text is announced, and where its own words begin."""
    plain = [_plain(line).lstrip("> ") for line in lines]
    for index in range(len(plain)):
        if _announced(plain, index):
            return index, _after_headers(plain, index)
    return None


def passed_on(line: str) -> bool:
    """Whether a subject, or a line above an earlier mail, says that the mail is passed on and not answered."""
    return bool(_marks().forward.match(_plain(line).strip()))


def _plain(line: str) -> str:
    return line.translate(_QUOTES)


def _unquote(lines: list[str]) -> tuple[list[str], list[str]]:
    marks = _marks()
    plain = [_plain(line) for line in lines]
    fresh: list[str] = []
    quoted: list[str] = []
    for index, line in enumerate(plain):
        if line.lstrip().startswith(">"):
            quoted.append(lines[index])
        elif marks.reply_above.search(line):
            if any(one.strip() for one in fresh):
                return fresh, quoted + lines[index:]
        elif _announced(plain, index):
            return fresh, quoted + lines[index:]
        elif _attribution(plain, index):
            quoted.append(lines[index])
            rest = [later for later in plain[index + 1 : index + 8] if later.strip()][:3]
            if not any(later.lstrip().startswith(">") for later in rest):
                return fresh, quoted + lines[index + 1 :]
        else:
            fresh.append(lines[index])
    return fresh, quoted


def _attribution(lines: list[str], index: int) -> bool:
    """An attribution may be broken over two lines by the sender's mail program."""
    line = lines[index]
    if not line or len(line) > 300:
        return False
    if _marks().attribution.match(line):
        return True
    both = f"{line} {lines[index + 1]}" if index + 1 < len(lines) else ""
    broken = bool(both) and len(both) < 300 and bool(_marks().attribution.match(both))
    if broken:
        lines[index + 1] = ">" + lines[index + 1]
    return broken


def _announced(lines: list[str], index: int) -> bool:
    """Whether a line announces an earlier mail: a divider, the first of its headers, or "Forwarded:" above a sender."""
    marks = _marks()
    if marks.divider.match(lines[index]) or _headers(lines, index):
        return True
    below = next((line for line in lines[index + 1 : index + 3] if line.strip()), "")
    return bool(marks.forward.match(lines[index].strip()) and marks.sender.match(below))


def _headers(lines: list[str], index: int) -> bool:
    """Two mail headers within four lines announce an earlier mail, as Outlook sets them.

    Who it is from, and when or to whom it was sent: a form that was filled in on a website has a sender and a
    subject too, and what follows there is the message itself.
    """
    marks = _marks()
    if not marks.header.match(lines[index]):
        return False
    near = [lines[index], *[line for line in lines[index + 1 : index + 8] if line.strip()][:3]]
    found = [line for line in near if marks.header.match(line)]
    return (
        len(found) >= 2
        and any(marks.sent.match(line) for line in found)
        and any(marks.sender.match(line) for line in found)
    )


def _after_headers(lines: list[str], index: int) -> int:
    """The first line after an announcement and its headers, which may be folded or have empty lines between."""
    marks = _marks()
    last = index
    for at in range(index, min(index + 16, len(lines))):
        if marks.header.match(lines[at]):
            last = at
        elif lines[at].strip() and at > last + 1 and not lines[at].startswith((" ", "\t")):
            break
    while last + 1 < len(lines) and lines[last + 1].startswith((" ", "\t")) and lines[last + 1].strip():
        last += 1
    return last + 1


def _unsign(lines: list[str]) -> tuple[list[str], list[str]]:
    marks = _marks()
    said: list[str] = []
    signed: list[str] = []
    signing = closed = skipping = begun = False
    for line in lines:
        stripped = _plain(line).strip()
        begun = begun or any(s.strip() for s in said[-1:])
        if not stripped:
            (signed if signing else said).append("")
            skipping = False
            continue
        if skipping:
            continue
        if marks.disclaimer.match(stripped):
            if begun:
                break
            skipping = True  # a warning above the text: only that paragraph is not the sender's
            continue
        if marks.device.match(stripped) and len(stripped) < 80:
            continue
        drawn = stripped in ("__", "---") or set(stripped) == {"_"} or _ruled(stripped)
        if begun and (stripped == "--" or (drawn and _talk(said))):
            signing, closed = True, closed or stripped == "--"
            continue
        farewell = marks.farewell.match(stripped)
        if farewell and len(stripped) - farewell.end() <= _GREETING_REST and begun:
            signing = True
            signed.append(line.strip())
            continue
        if signing and marks.postscript.match(stripped):
            signing = False
        if signing and not closed and len(stripped.split()) > _SIGNATURE_WORDS and not _motto(stripped):
            signing = False
        (signed if signing else said).append(line)
    return said, signed


def _ruled(line: str) -> bool:
    """Whether a line is a rule drawn with one sign, as what a mail program adds is parted from the letter."""
    return len(line) > 4 and len(set(line)) == 1 and line[0] in "*-=~#"


def _motto(line: str) -> bool:
    """A company speaks of itself, and the writer neither speaks nor asks for anything."""
    return bool(_marks().company_voice.search(line)) and not _marks().own_voice.search(line)


def _talk(said: list[str]) -> bool:
    """More than a greeting: a line drawn under that begins a form that was filled in, and no signature."""
    return sum(len(line.split()) for line in said) > 3


@cache
def _marks() -> _Marks:
    content = tomllib.loads(
        Path(__file__).with_name("phrases").joinpath("mail.toml").read_text(encoding="utf-8")
    )

    def either(name: str) -> re.Pattern[str]:
        group: Mapping[str, list[str]] = content
        return re.compile("(?:" + "|".join(group[name]) + ")", re.IGNORECASE)

    return _Marks(*(either(name) for name in _Marks.__slots__))
