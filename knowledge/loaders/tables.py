"""Turn a table into text that can be quoted: every row by itself, each cell behind its column's label."""

from collections.abc import Iterator, Sequence
from typing import Final

from knowledge.outline import Kind, Part

LONGEST_LABEL: Final = 60
"""Characters of the longest column label."""

MOST_COLUMNS: Final = 50

Row = Sequence[str | None]
"""The cells of a row from the left; None goes on with the cell before it, which spans several columns."""


def rows(grid: Sequence[Row], *, headed: bool) -> Iterator[Part]:
    """Yield the rows of a table; `headed` says that the first holds the columns' labels.

    A row that is one cell over the whole width is a paragraph; so are the cells of a table with one column,
    which is there for the page's looks. Without labels a row of two reads as a label and its value.
    """
    filled = [row for row in grid if any(row)]
    width = max((len(row) for row in filled), default=0)
    labels = _spread(filled[0]) if headed and len(filled) > 1 and width > 1 else []
    for row in filled[1:] if labels else filled:
        cells = [cell for cell in row if cell]
        if width == 1 or (len(cells) == 1 and None in row):
            yield from (Part(Kind.TEXT, cell) for cell in cells)
        elif labels:
            yield Part(Kind.ROW, "\n".join(_labelled(labels, row)))
        elif len(cells) == 2:
            yield Part(Kind.ROW, _with(cells[0], cells[1]))
        else:
            yield Part(Kind.ROW, "\n".join(cells))


def looks_headed(grid: Sequence[Row], *, bold: Sequence[bool] = ()) -> bool:
    """Whether the first row of a table that does not say so holds labels: all bold over a row that is not,
    or short and without figures or full stops over at least two rows of three columns."""
    if len(grid) < 2 or not all(grid[0]):
        return False
    if len(bold) > 1 and bold[0] and not bold[1]:
        return True
    labels = [label for label in grid[0] if label]
    plain = all(len(label) <= LONGEST_LABEL and label[-1] not in ".,;" for label in labels)
    return plain and len(grid) > 2 and len(labels) > 2 and not any(c.isdigit() for c in "".join(labels))


def cell(texts: Sequence[str]) -> str:
    """Return the paragraphs and items of one cell on one line."""
    line = ""
    for text in (" ".join(text.split()) for text in texts):
        if text:
            line += ("" if not line else " " if line.endswith((".", ":", ";", "!", "?")) else "; ") + text
    return line


def _spread(row: Row) -> list[str]:
    labels: list[str] = []
    for cell in row:
        labels.append(labels[-1] if cell is None and labels else cell or "")
    return labels


def _labelled(labels: Sequence[str], row: Row) -> Iterator[str]:
    for i, value in enumerate(row):
        if value:
            label = labels[i] if i < len(labels) else ""
            yield _with(label, value) if label and label != value else value


def _with(label: str, value: str) -> str:
    return f"{label} {value}" if label.endswith((":", "?")) else f"{label}: {value}"
