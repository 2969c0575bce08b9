"""Headings that a file does not mark as such: short paragraphs set in bold above the text they head."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from knowledge.headings import LONGEST
from knowledge.outline import Kind, Part

ENOUGH: Final = 2
"""Marked headings below the title that make bold paragraphs what they are: emphasis."""

LEVEL: Final = 2


def with_headings(parts: Sequence[tuple[Part, bool]]) -> tuple[Part, ...]:
    """Return the parts, each given with whether it is all bold; where hardly any heading is marked, the
    short bold paragraphs are headings."""
    real = sum(part.kind is Kind.HEADING for part, _ in parts)
    if real > ENOUGH:
        return tuple(part for part, _ in parts)
    return tuple(
        replace(part, kind=Kind.HEADING, level=LEVEL) if bold and _heads(parts, i) else part
        for i, (part, bold) in enumerate(parts)
    )


def _heads(parts: Sequence[tuple[Part, bool]], i: int) -> bool:
    part = parts[i][0]
    if part.kind is not Kind.TEXT or len(part.text) > LONGEST or part.text.endswith((".", ",", ";", "!")):
        return False
    if "\n" in part.text or i + 1 == len(parts):
        return False
    below, bold_below = parts[i + 1]
    return not bold_below or below.kind is not Kind.TEXT or len(below.text) <= LONGEST
