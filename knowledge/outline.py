"""What a loader finds in a file that is no plain text: its headings, paragraphs, items and rows, in order."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import groupby
from typing import Final

from knowledge.headings import is_contents_title, plain_heading, split_number
from knowledge.lines import is_furniture
from operators.languages import Spoken

LEAST_CONTENTS: Final = 4
"""Entries that make a run of headings' words a table of contents, where no title says so."""

BEFORE_TITLE: Final = 3
"""Parts that may stand above the title: a date, the name of the company."""

DEEPEST: Final = 9


class Kind(StrEnum):
    """What a part of a document is; a row is one row of a table, with the columns' labels in its text."""

    HEADING = "heading"
    TEXT = "text"
    ITEM = "item"
    ROW = "row"


@dataclass(frozen=True, slots=True)
class Part:
    """One part: its words and, for a heading or an item, its `level` from 1.

    `number` is a heading's or a clause's number where the file keeps it apart from the words («2.3»). A
    clause is a paragraph with a number of its own; its words begin with it.
    """

    kind: Kind
    text: str
    level: int = 1
    number: str = ""


@dataclass(frozen=True, slots=True)
class Outline:
    """A document as a loader found it; `title` and `lang` are what the file says beside its text, if it
    does."""

    parts: tuple[Part, ...]
    title: str = ""
    lang: Spoken | None = None


@dataclass(frozen=True, slots=True)
class Placed:
    """A part with its place in the source that was made of all parts (`start` up to, not including,
    `end`)."""

    part: Part
    start: int
    end: int


def cleaned(parts: Sequence[Part]) -> tuple[Part, ...]:
    """Return the parts that say something: no page furniture, no table of contents; numbers told from
    headings' words, and a numbered heading at least one level below the one its number belongs to."""
    kept = [_bulleted(part) for part in parts if part.text.strip() and not _is_furniture(part)]
    return _nested(_flush([_numbered(part) for part in _without_contents(kept)]))


def title_of(parts: Sequence[Part]) -> tuple[str, tuple[Part, ...]]:
    """Return the title and the parts without it, the highest heading among them at level 1.

    The title is the first heading, where it stands near the top and has no number, above all others in rank;
    one of their rank is it where nothing stands below it, or where only the others have numbers.
    """
    headings = [i for i, part in enumerate(parts) if part.kind is Kind.HEADING]
    title = ""
    if headings and headings[0] <= BEFORE_TITLE and not parts[headings[0]].number:
        at, others = headings[0], [parts[i] for i in headings[1:]]
        beside = [part for part in others if part.level == parts[at].level]
        alone = at + 1 in headings or all(part.number for part in beside)
        if all(part.level >= parts[at].level for part in others) and alone:
            title, parts = parts[at].text, (*parts[:at], *parts[at + 1 :])
    top = min((part.level for part in parts if part.kind is Kind.HEADING), default=1)
    return title, tuple(
        replace(part, level=part.level - top + 1) if part.kind is Kind.HEADING else part for part in parts
    )


def source_of(parts: Sequence[Part]) -> tuple[str, tuple[Placed, ...]]:
    """Return the text that the parts make, and where each stands in it."""
    pieces: list[str] = []
    placed: list[Placed] = []
    place = 0
    for i, part in enumerate(parts):
        before = _between(parts[i - 1], part) if i else ""
        words = f"{part.number} {part.text}" if part.kind is Kind.HEADING and part.number else part.text
        pieces += [before, words]
        start = place + len(before)
        place = start + len(words)
        placed.append(Placed(part, start, place))
    return "".join(pieces), tuple(placed)


def clause_number(part: Part, section: str) -> str:
    """Return the number of the clause that a part opens in the section of that number, else ""."""
    if part.kind not in (Kind.TEXT, Kind.ITEM):
        return ""
    if part.number:
        return part.number
    match = re.match(r"(\d{1,2}(?:\.\d{1,2})+)\.?\s+\S", part.text)
    return match[1] if match and section and match[1].startswith(f"{section}.") else ""


def _between(last: Part, part: Part) -> str:
    if part.kind is Kind.ITEM and last.kind is not Kind.HEADING:
        tight = last.kind is Kind.ITEM or last.text[-1] == ":" or last.text[-1].isalpha()
        return ("\n" if tight else "\n\n") + "  " * (part.level - 1)
    return "\n\n"


def _is_furniture(part: Part) -> bool:
    return part.kind in (Kind.TEXT, Kind.HEADING) and is_furniture(part.text.strip())


def _bulleted(part: Part) -> Part:
    """Return a paragraph that begins with a typed bullet as the item it is."""
    match = re.match(r"[•▪·‣◦●○■–*-]\s+(?=\S)", part.text) if part.kind is Kind.TEXT else None
    return replace(part, kind=Kind.ITEM, text=f"- {part.text[match.end() :]}") if match else part


def _numbered(part: Part) -> Part:
    if part.kind is not Kind.HEADING or part.number:
        return part
    number, words = split_number(part.text)
    # «30 dagers angrerett» is no section 30: a number without a mark is followed by a capital.
    marked = not part.text.startswith(number + " ") or "." in number
    return replace(part, number=number, text=words) if number and (marked or words[0].isupper()) else part


def _flush(parts: Sequence[Part]) -> list[Part]:
    """Return the parts, the outermost items of each list at level 1."""
    found: list[Part] = []
    for kind, run in groupby(parts, key=lambda part: part.kind):
        together = list(run)
        least = min(part.level for part in together) if kind is Kind.ITEM else 1
        found += [replace(part, level=part.level - least + 1) for part in together]
    return found


def _nested(parts: Sequence[Part]) -> tuple[Part, ...]:
    levels: dict[str, int] = {}
    found = []
    for part in parts:
        if part.kind is Kind.HEADING and part.number:
            above = levels.get(part.number.rpartition(".")[0], 0)
            part = replace(part, level=min(DEEPEST, max(part.level, above + 1)))
            levels[part.number] = part.level
        found.append(part)
    return tuple(found)


def _without_contents(parts: Sequence[Part]) -> list[Part]:
    last: dict[str, int] = {}
    for i, part in enumerate(parts):
        if part.kind is Kind.HEADING:
            last[plain_heading(part.text)] = i
    gone: set[int] = set()
    i = 0
    while i < len(parts):
        titled = is_contents_title(parts[i].text)
        run = i + titled
        while run < len(parts) and last.get(_entry(parts[run].text), -1) > run + 1:
            run += 1
        if run - i - titled >= (1 if titled else LEAST_CONTENTS):
            gone.update(range(i, run))
        i = max(run, i + 1)
    return [part for i, part in enumerate(parts) if i not in gone]


def _entry(text: str) -> str:
    """Return an entry of a table of contents as its heading reads: no bullet, dots or page number."""
    bare = re.sub(r"^[-•–*]\s+", "", text)
    return plain_heading(re.sub(r"(?:\s*\.{3,}|\s{2,}|\t|…+)\s*\d*$", "", bare))
