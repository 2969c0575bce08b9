"""Which lines of a document are headings, how they nest, and where its table of contents lies."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from knowledge.lines import Line, shapes

LONGEST: Final = 120
"""Characters of the longest heading."""

LEAST_CONTENTS: Final = 4
"""Entries that make a run of numbered lines a table of contents, where no title says so."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading at line `at`: its number ("" without), its words, its level from 1, and whether it opens a
    section.

    A heading that opens no section (`part`) divides one: «BEDRIFTSMARKED» inside a numbered section.
    """

    at: int
    number: str
    words: str
    level: int
    part: bool = False


def without_contents(lines: Sequence[Line]) -> tuple[Line, ...]:
    """Return `lines` without the table of contents: entries without text between them that come again
    later."""
    numbers = [_number(line.text) for line in lines]
    later: dict[str, int] = {}
    for i, number in enumerate(numbers):
        if number:
            later[number] = i
    words_later = {plain_heading(line.text): i for i, line in enumerate(lines)}
    gone: set[int] = set()
    i = run = again = 0
    while i < len(lines):
        titled = is_contents_title(lines[i].text)
        if titled or i >= run:
            run = i + titled
            # Without a title a bulleted list is a list, even where another list repeats its items.
            while run < len(lines) and (titled or lines[run].text[0] not in "•▪·"):
                if not _is_entry(lines, run, numbers, later, words_later):
                    break
                run += 1
            again = sum(words_later[plain_heading(lines[j].text)] >= run for j in range(i, run))
        entries = run - i - titled
        if entries >= (1 if titled else LEAST_CONTENTS) and (titled or again * 2 >= entries):
            gone.update(range(i, run))
            i = run
        else:
            # The run that begins at the next line ends where this one does.
            again -= i < run and words_later[plain_heading(lines[i].text)] >= run
            i += 1
    return tuple(line for i, line in enumerate(lines) if i not in gone)


def headings_of(lines: Sequence[Line], *, markdown: bool = False) -> tuple[Heading, ...]:
    """Return the headings among `lines`, in order.

    Markdown says itself what its headings are. In plain text a numbered line is one when its number follows
    from the one before; a document with fewer than two such lines is read by its unnumbered headings.
    """
    if markdown and any(_MARKS.match(line.text) for line in lines):
        return tuple(
            Heading(i, *split_number(match[2]), level=len(match[1]))
            for i, line in enumerate(lines)
            if (match := _MARKS.match(line.text))
        )
    numbered = _numbered(lines)
    if len(numbered) < 2:
        numbered = {}
    found: list[Heading] = []
    depth = 0
    for i, line in enumerate(lines):
        if i in numbered:
            number, words = numbered[i]
            depth = number.count(".") + 1
            found.append(Heading(i, number, words, depth))
        elif _is_unnumbered(lines, i, strict=bool(numbered)):
            under = bool(numbered) and depth > 0 and not _ATTACHMENT.match(line.text)
            level = depth + 1 if under else 2 if line.text.endswith(":") else 1
            if not under:
                depth = 0
            found.append(Heading(i, "", line.text, level, part=under))
    return tuple(found)


_MARKS = re.compile(r"(#{1,6})\s+(.+?)\s*#*$")
_DEEP = r"\d{1,2}(?:\.\d{1,2}){0,4}"
_ATTACHMENT = re.compile(r"(?:vedlegg|bilag|appendix|annex|attachment)\b", re.IGNORECASE)
_LABEL = re.compile(r"[^\W\d_][^:.?!\n]{0,60}?(?:\([^)]*\))?:\s+\S")
_PART = re.compile(r"[a-zæøå]\)\s")
_LEADER = re.compile(r"\.{4,}\s*\d+$|\s{3,}\d{1,3}$")


@cache
def _number_pattern() -> re.Pattern[str]:
    before = shapes()["before_number"]
    return re.compile(rf"(?:({before})\s*)?({_DEEP})(\s*[-\u2013\u2014:)]|\.)?\s+(?=\S)(.+)$", re.IGNORECASE)


def split_number(text: str) -> tuple[str, str]:
    """Return a heading's number ("" without) and words apart."""
    match = _number_pattern().match(text)
    return (match[2], match[4].strip()) if match else ("", text)


def _number(text: str) -> str:
    return split_number(text)[0] if len(text) <= LONGEST else ""


def _numbered(lines: Sequence[Line]) -> dict[int, tuple[str, str]]:
    """Return the numbered headings by line: each number must follow from the one before."""
    found: dict[int, tuple[str, str]] = {}
    last: tuple[int, ...] = ()
    for i, line in enumerate(lines):
        match = _number_pattern().match(line.text)
        if not match or len(line.text) > LONGEST or line.indent > 1:
            continue
        number = tuple(int(part) for part in match[2].split("."))
        marked = bool(match[1] or match[3] or len(number) > 1)
        if not (marked or line.blank_before) or not (match[4][0].isupper() or marked):
            continue
        if _is_sentence(match[4]) or not follows(number, last):
            continue
        found[i] = (match[2], match[4].strip())
        last = number
    return found


def follows(number: tuple[int, ...], last: tuple[int, ...]) -> bool:
    """Whether a heading's number can come after the last one; () is before the first. One may be missing."""
    if not last:
        return number[0] <= 2
    depth = len(number)
    if number[:-1] == last[: depth - 1] and depth <= len(last):
        return 0 < number[-1] - last[depth - 1] <= 2
    return number[:-1] == last and number[-1] == 1


def _is_sentence(words: str) -> bool:
    """Whether a numbered line is a point in a list: it goes on after a full stop, or is long and ends with
    one."""
    return bool(re.search(r"[.;]\s+\S", words)) or (len(words) > 60 and words.endswith((".", ";", ",")))


def _is_unnumbered(lines: Sequence[Line], i: int, *, strict: bool) -> bool:
    """Whether a line stands by itself above text as a heading does.

    `strict`: the document numbers its sections, so that a line in between needs capitals, a colon or a
    letter.
    """
    line = lines[i]
    text = line.text
    if not line.blank_before or len(text) > LONGEST or i + 1 == len(lines) or _LABEL.match(text):
        return False
    if text[0] in "-•*–" or "@" in text or text.endswith((".", ",", ";", "!")) or re.search(r"\d{4,}", text):
        return False
    if not (text[0].isupper() or _PART.match(text)):
        return False
    below = lines[i + 1]
    if text.endswith(":"):
        over_text = line.blank_after and not _is_item(below)
        over_labels = not strict and bool(_LABEL.match(below.text + " x"))
        return text.count(" ") <= (1 if strict else 8) and (over_text or over_labels)
    if strict and not text.isupper() and not _PART.match(text):
        listed = (
            i > 0
            and lines[i - 1].short
            and lines[i - 1].text[-1].isalnum()
            and not _number(lines[i - 1].text)
        )
        if listed or re.search(r"\d", text) or text.count(" ") > 4 or below.short:
            return False
    return line.blank_after and text.count(" ") <= 12 and not below.text[0].islower()


def _is_item(line: Line) -> bool:
    return line.indent >= 2 or line.text[0] in "-•*–"


def is_contents_title(text: str) -> bool:
    """Whether a line is the title of a table of contents."""
    return plain_heading(text) in shapes()["contents"]


def _is_entry(
    lines: Sequence[Line], i: int, numbers: Sequence[str], later: dict[str, int], words_later: dict[str, int]
) -> bool:
    text = lines[i].text
    if len(text) > LONGEST:
        return False
    if _LEADER.search(text) or re.match(r"(?:[-*]\s+)?\[[^\]]+\]\(#", text):
        return True
    if numbers[i]:
        return later[numbers[i]] > i
    return words_later[plain_heading(text)] > i


def plain_heading(text: str) -> str:
    """Return a heading's words for comparison: no number, no end mark, small letters."""
    return split_number(text.lstrip("# "))[1].rstrip(" .:?").casefold()
