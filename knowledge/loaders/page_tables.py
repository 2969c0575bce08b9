"""Read the cells of a table on a web page, those over several rows or columns in each of them."""

from collections.abc import Callable, Sequence
from typing import Final

from knowledge.loaders.page import Element
from knowledge.loaders.tables import MOST_COLUMNS, cell, looks_headed

MOST_SPANNED: Final = 200
"""Rows or columns that one cell may span; browsers allow thousands, which no reader would."""


def grid_of(
    lines: Sequence[Element], texts: Callable[[Element], Sequence[str]]
) -> tuple[list[list[str | None]], bool]:
    """Return the cells of a table's `tr` elements, and whether the first row holds the columns' labels.

    `texts` gives the paragraphs inside a cell.
    """
    grid: list[list[str | None]] = []
    bold: list[bool] = []
    below: dict[int, tuple[int, str | None]] = {}
    for line in lines:
        row: list[str | None] = []
        cells = _cells(line)
        for one in cells:
            _fill(row, below)
            text = cell(texts(one))
            high = _span(one, "rowspan")
            for n in range(min(_span(one, "colspan"), MOST_COLUMNS - len(row))):
                said = None if n else text
                if high > 1:
                    below[len(row)] = (high - 1, said)
                row.append(said)
        _fill(row, below)
        grid.append(row)
        bold.append(bool(cells) and all(one.xpath("boolean(.//b | .//strong)") for one in cells))
    return grid, _is_marked(lines) or looks_headed(grid, bold=bold)


def _is_marked(lines: Sequence[Element]) -> bool:
    """Whether the page says that the first row heads the columns: it stands in `thead` or is all `th`."""
    tags = [one.tag for one in _cells(lines[0])] if lines else []
    in_head = bool(lines) and lines[0].getparent().tag == "thead"
    return in_head or (len(tags) > 1 and all(tag == "th" for tag in tags[1:]))


def _cells(line: Element) -> list[Element]:
    return [one for one in line if one.tag in ("td", "th")]


def _fill(row: list[str | None], below: dict[int, tuple[int, str | None]]) -> None:
    """Add the cells that reach down into this row from one above."""
    while len(row) in below:
        left, text = below.pop(len(row))
        if left > 1:
            below[len(row)] = (left - 1, text)
        row.append(text)


def _span(element: Element, name: str) -> int:
    said = element.get(name) or "1"
    return min(int(said), MOST_SPANNED) if said.isdecimal() and int(said) else 1
