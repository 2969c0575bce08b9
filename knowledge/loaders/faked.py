"""Headings that a file does not mark as such: short paragraphs in bold, or such as plain text has."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from knowledge.headings import LONGEST, headings_of
from knowledge.lines import lines_of
from knowledge.outline import Kind, Part, source_of

ENOUGH: Final = 2
"""Marked headings below the title that make bold paragraphs what they are: emphasis."""

LEVEL: Final = 2


def with_headings(parts: Sequence[tuple[Part, bool]]) -> tuple[Part, ...]:
    """Return the parts, each given with whether it is all bold; where hardly any heading is marked, the
    short bold paragraphs are headings, and where there are none, what would be one in plain text."""
    real = sum(part.kind is Kind.HEADING for part, _ in parts)
    if real > ENOUGH:
        return tuple(part for part, _ in parts)
    return with_plain_headings(
        tuple(
            replace(part, kind=Kind.HEADING, level=LEVEL) if bold and _heads(parts, i) else part
            for i, (part, bold) in enumerate(parts)
        )
    )


def with_plain_headings(parts: Sequence[Part]) -> tuple[Part, ...]:
    """Return the parts of a file without a single heading, read for headings as plain text is; others as
    they are."""
    if len(parts) < 3 or any(part.kind is Kind.HEADING for part in parts):
        return tuple(parts)
    source, placed = source_of(parts)
    titled = len(parts[0].text) <= LONGEST and parts[0].text[-1] not in ".,;:" and parts[0].kind is Kind.TEXT
    lines = [line for line in lines_of(source) if not titled or line.start >= placed[0].end]
    found = {lines[one.at].start: one for one in headings_of(lines)}
    read = []
    for n, one in enumerate(placed):
        heading = found.get(one.start)
        if titled and n == 0 and found:
            read.append(replace(one.part, kind=Kind.HEADING, level=1))
        elif heading and one.part.kind is Kind.TEXT and "\n" not in one.part.text:
            read.append(Part(Kind.HEADING, heading.words, LEVEL + heading.level - 1, heading.number))
        else:
            read.append(one.part)
    return tuple(read)


def _heads(parts: Sequence[tuple[Part, bool]], i: int) -> bool:
    part = parts[i][0]
    if part.kind is not Kind.TEXT or len(part.text) > LONGEST or part.text.endswith((".", ",", ";", "!")):
        return False
    if "\n" in part.text or i + 1 == len(parts):
        return False
    below, bold_below = parts[i + 1]
    return not bold_below or below.kind is not Kind.TEXT or len(below.text) <= LONGEST
