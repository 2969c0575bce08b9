"""Put the words of a PDF's pages into lines in the order of reading: columns, and no heads and feet."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from knowledge.lines import is_furniture
from knowledge.loaders.pdf_columns import Row, Word, are_gutters_of, fragments, gutters_of, text_of
from knowledge.loaders.pdf_tables import Rule, Table, tables_of

MARGIN: Final = 0.13
"""Share of a page's height, at top and bottom, where running heads and feet stand."""

EDGE: Final = 0.06
"""Share of a page's height, at top and bottom, where small letters are a head or foot without coming again."""

SAME_PLACE: Final = 4.0
"""Points by which a running head may move from page to page."""


@dataclass(frozen=True, slots=True)
class Page:
    """The words of one page, how many pictures it has, and the lines drawn on it."""

    height: float
    pictures: int
    words: tuple[Word, ...]
    rules: tuple[Rule, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """A line of one column; `left` and `right` are the column's borders, `column` its number in reading
    order, counted through the document."""

    text: str
    x0: float
    x1: float
    y: float
    size: float
    bold: bool
    column: int
    left: float
    right: float
    second: float
    """Where the second word begins: the text of an item behind its bullet."""

    table: Table | None = None


def lines_of_pages(pages: Sequence[Page]) -> tuple[Line, ...]:
    """Return the lines of all pages in the order of reading, without running heads, feet and page numbers."""
    rows = [list(_rows(_tabled(page))) for page in pages]
    for own, gone in zip(rows, _furniture(pages, rows), strict=True):
        own[:] = [row for i, row in enumerate(own) if i not in gone]
    found = [gutters_of(own) for own in rows]
    usual = [gutters for gutters, _ in Counter(tuple(one) for one in found if one).most_common(3)]
    lines: list[Line] = []
    column = 0
    for own, gutters in zip(rows, found, strict=True):
        if not gutters:
            gutters = next((list(one) for one in usual if are_gutters_of(own, one)), [])
        for block in _in_order(own, gutters):
            left, right = min(w.x0 for row in block for w in row), max(w.x1 for row in block for w in row)
            lines += [_line(row, column, left, right) for row in block]
            column += 1
    return tuple(lines)


def _rows(words: Sequence[Word]) -> Iterator[Row]:
    """Yield the words that stand on one line across the page, from top to bottom, each from the left."""
    row: Row = []
    for word in sorted(words, key=lambda w: (-w.y, w.x0)):
        if row and abs(row[0].y - word.y) > 0.35 * max(word.size, row[0].size):
            yield sorted(row, key=lambda w: w.x0)
            row = []
        row.append(word)
    if row:
        yield sorted(row, key=lambda w: w.x0)


def _tabled(page: Page) -> tuple[Word, ...]:
    """Return the words of a page, one without text in the place of each table."""
    words = page.words
    for table in tables_of(words, page.rules):
        words = tuple(word for word in words if not table.holds(word))
        words += (Word("", table.left, table.right, table.top, 1.0, False, table),)
    return words


def _furniture(pages: Sequence[Page], rows: Sequence[Sequence[Row]]) -> list[set[int]]:
    """Return the rows of each page that stand in its margins and come again on others, and page numbers."""
    edges: list[list[tuple[int, str, float, float]]] = []
    for page, own in zip(pages, rows, strict=True):
        outer = [i for i in (0, 1, 2, len(own) - 3, len(own) - 2, len(own) - 1) if 0 <= i < len(own)]
        edges.append(
            [
                (i, re.sub(r"\d+", "#", text_of(own[i]).casefold()), own[i][0].y, own[i][0].size)
                for i in dict.fromkeys(outer)
                if not own[i][0].table and not MARGIN * page.height < own[i][0].y < (1 - MARGIN) * page.height
            ]
        )
    sizes = Counter(word.size for page in pages for word in page.words)
    usual = sizes.most_common(1)[0][0] if sizes else 0.0
    gone: list[set[int]] = []
    for n, (mine, own) in enumerate(zip(edges, rows, strict=True)):
        here: set[int] = set()
        edge = EDGE * pages[n].height
        for i, words, y, size in mine:
            again = sum(
                any(words == w and abs(y - at) < SAME_PLACE and abs(size - s) < 1 for _, w, at, s in other)
                for m, other in enumerate(edges)
                if m != n
            )
            comes_again = again >= max(1, min(2, len(pages) - 2))
            small = size < usual and not edge < y < pages[n].height - edge
            if comes_again or small or is_furniture(text_of(own[i])):
                here.add(i)
        gone.append(here)
    return gone


def _in_order(rows: Sequence[Row], gutters: Sequence[float]) -> Iterator[list[Row]]:
    """Yield the lines of one column after the other; what runs across ends the columns above it."""
    columns: list[list[Row]] = [[] for _ in range(len(gutters) + 1)]
    across: list[Row] = []
    for row in rows:
        pieces: dict[int, Row] = {}
        wide = False
        for piece in fragments(row):
            first = sum(piece[0].x0 >= x for x in gutters)
            wide = wide or any(piece[0].x0 < x < piece[-1].x1 for x in gutters)
            pieces.setdefault(first, []).extend(piece)
        heads = bool(across) and not any(columns) and _goes_on(across[-1], row)
        if wide or heads:
            if any(columns):
                yield from (column for column in columns if column)
                columns = [[] for _ in columns]
            across.append(row)
            continue
        if across:
            yield across
            across = []
        for at, piece in pieces.items():
            columns[at].append(piece)
    if across:
        yield across
    yield from (column for column in columns if column)


def _goes_on(above: Row, row: Row) -> bool:
    """Whether a line is the last, short one of a title that runs across."""
    last, word = above[0], row[0]
    return last.bold and word.bold and abs(last.size - word.size) < 0.5 and last.y - word.y < 1.7 * word.size


def _line(row: Row, column: int, left: float, right: float) -> Line:
    letters = sum(len(word.text) for word in row)
    heavy = sum(len(word.text) for word in row if word.bold)
    sizes = Counter[float]()
    for word in row:
        sizes[word.size] += len(word.text)
    return Line(
        text=text_of(row),
        x0=row[0].x0,
        x1=row[-1].x1,
        y=max(row, key=lambda w: len(w.text)).y,
        size=sizes.most_common(1)[0][0],
        bold=heavy > 0.8 * letters,
        column=column,
        left=left,
        right=right,
        second=row[1].x0 if len(row) > 1 else row[0].x1 + 0.25 * row[0].size,
        table=row[0].table,
    )
