"""Tell whether a page of a PDF is set in columns, and where the spaces between them run."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from knowledge.loaders.pdf_tables import Table

WIDE_GAP: Final = 1.1
"""Share of the size of the letters from which a gap may part two columns."""

LEAST_SIDE: Final = 5
"""Lines that a column has at least."""

PROSE: Final = 22
"""Letters that a quarter of the lines of running text have at least; a table's cells mostly have fewer."""

CROSSING: Final = 0.2
"""Share of a page's lines that may run across the space between columns: titles, tables."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word and its place in points; `y` is that of the line it stands on, from the bottom of the page."""

    text: str
    x0: float
    x1: float
    y: float
    size: float
    bold: bool
    table: Table | None = None
    """The table that stands in the place of this word, which has no text then."""


Row = list[Word]
"""Words on one line, from the left."""


def text_of(row: Row) -> str:
    """Return the words of a line; letters set close in another weight or size belong to the word before."""
    text = row[0].text
    for last, word in pairwise(row):
        close = word.x0 - last.x1 < 0.1 * last.size
        text += word.text if close else f" {word.text}"
    return text


def fragments(row: Row) -> Iterator[Row]:
    """Yield the pieces of a row that wide gaps part."""
    piece = [row[0]]
    for last, word in pairwise(row):
        if word.x0 - last.x1 > WIDE_GAP * max(last.size, word.size):
            yield piece
            piece = []
        piece.append(word)
    yield piece


def gutters_of(rows: Sequence[Row]) -> list[float]:
    """Return where the spaces between columns of running text run down a page, from the left."""
    pieces = [piece for row in rows for piece in fragments(row)]
    if not pieces:
        return []
    return _parted(pieces, min(p[0].x0 for p in pieces), max(p[-1].x1 for p in pieces))


def _parted(pieces: Sequence[Row], left: float, right: float) -> list[float]:
    best: tuple[float, float] | None = None
    for x in sorted({piece[0].x0 - 1.0 for piece in pieces}):
        if not left + 0.2 * (right - left) < x < right - 0.2 * (right - left):
            continue
        before = [p for p in pieces if p[-1].x1 <= x]
        after = [p for p in pieces if p[0].x0 >= x]
        crossing = len(pieces) - len(before) - len(after)
        if min(len(before), len(after)) < LEAST_SIDE or crossing > CROSSING * len(pieces):
            continue
        if min(_usual(before), _usual(after)) < PROSE:
            continue
        starts = sum(abs(p[0].x0 - x - 1.0) < 3 for p in after) / len(after)
        worth = starts - crossing / len(pieces)
        if best is None or worth > best[0]:
            best = (worth, x)
    if best is None:
        return []
    x = best[1]
    before = [p for p in pieces if p[-1].x1 <= x]
    after = [p for p in pieces if p[0].x0 >= x]
    return [
        *_parted(before, left, max(p[-1].x1 for p in before)),
        x,
        *_parted(after, x, right),
    ]


def _usual(pieces: Sequence[Row]) -> int:
    lengths = sorted(len(text_of(piece)) for piece in pieces)
    return lengths[len(lengths) * 3 // 4]


def are_gutters_of(rows: Sequence[Row], gutters: Sequence[float]) -> bool:
    """Whether the columns of other pages are those of a page too short to tell by itself."""
    pieces = [piece for row in rows for piece in fragments(row)]
    crossing = sum(any(p[0].x0 < x < p[-1].x1 for x in gutters) for p in pieces)
    return crossing <= CROSSING * len(pieces) and any(p[0].x0 >= gutters[0] for p in pieces)
