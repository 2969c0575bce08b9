"""A document's lines with their places in it, and which of them are page furniture."""

import re
import tomllib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

SPACES: Final = " \t\r\f\v\u00a0\u2007\u202f\u200b\ufeff"
SHORT: Final = 90
"""Characters; a longer line is running text whatever else it looks like."""

RUNNING_HEAD: Final = 3
"""Times a line must stand beside a page break to be taken for a running head."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its place in the source (`start` up to, not including, `end`), its words, and what surrounds
    it."""

    start: int
    end: int
    text: str
    indent: int
    blank_before: bool
    blank_after: bool

    @property
    def short(self) -> bool:
        """Whether it is short enough for a heading or an entry of a table."""
        return len(self.text) <= SHORT


def lines_of(source: str) -> tuple[Line, ...]:
    """Return the lines of `source` that hold something, in order, page furniture left out."""
    raw: list[tuple[int, int]] = []
    place = 0
    for piece in re.split(r"(\n|\f)", source):
        if piece not in ("\n", "\f"):
            raw.append((place, place + len(piece)))
        place += len(piece)
    texts = [source[start:end].strip(SPACES) for start, end in raw]
    gone = _furniture(texts)
    lines: list[Line] = []
    for i, (start, end) in enumerate(raw):
        if not texts[i] or i in gone:
            continue
        piece = source[start:end]
        lead = len(piece) - len(piece.lstrip(SPACES))
        lines.append(
            Line(
                start=start + lead,
                end=start + lead + len(texts[i]),
                text=texts[i],
                indent=len(piece[:lead].replace("\t", "    ")),
                blank_before=i == 0 or not texts[i - 1] or i - 1 in gone,
                blank_after=i + 1 == len(raw) or not texts[i + 1] or i + 1 in gone,
            )
        )
    return _without_buttons(lines)


def is_furniture(text: str) -> bool:
    """Whether a line by itself belongs to the page and not to the document: a page number, «Skriv ut»."""
    return bool(_patterns()["furniture"].fullmatch(text))


def _furniture(texts: Sequence[str]) -> set[int]:
    """Return the places of the lines that belong to the page and not to the document."""
    gone = {i for i, text in enumerate(texts) if text and is_furniture(text)}
    gone |= {i for i in range(len(texts)) if _is_caption(texts, i)}
    beside = Counter(
        texts[j] for i in gone for j in (i - 1, i + 1, i - 2, i + 2) if 0 <= j < len(texts) and texts[j]
    )
    heads = {text for text, times in beside.items() if times >= RUNNING_HEAD and len(text) <= SHORT}
    near = {j for i in gone for j in range(i - 2, i + 3)}
    return gone | {i for i, text in enumerate(texts) if text in heads and i in near}


def _is_caption(texts: Sequence[str], i: int) -> bool:
    """Whether a line is the stray name of a picture: one word in small letters between blank lines."""
    text = texts[i]
    alone = (i == 0 or not texts[i - 1]) and (i + 1 == len(texts) or not texts[i + 1])
    return alone and text.isalpha() and text.islower() and len(text) <= 20


def _without_buttons(lines: list[Line]) -> tuple[Line, ...]:
    button = _patterns()["button"]
    while lines and lines[-1].text.isupper() and button.fullmatch(lines[-1].text):
        lines = lines[:-1]
    return tuple(lines)


@cache
def shapes() -> dict[str, Any]:
    """Return the patterns of shapes.toml."""
    return tomllib.loads(Path(__file__).with_name("shapes.toml").read_text(encoding="utf-8"))


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    content = shapes()
    return {
        "furniture": re.compile("|".join(f"(?:{p})" for p in content["furniture"]), re.IGNORECASE),
        "button": re.compile(content["button"], re.IGNORECASE),
    }
