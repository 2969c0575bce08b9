"""Turn a table into text that can be quoted: every row by itself, each cell behind its column's label."""

from collections.abc import Iterator, Sequence

from knowledge.outline import Kind, Part

LONGEST_LABEL = 60
"""Characters of the longest column label."""


def rows(grid: Sequence[Sequence[str]], *, headed: bool) -> Iterator[Part]:
    """Yield the rows of a table; `headed` says that the first holds the columns' labels.

    A row that is one cell over the whole width is a paragraph; so are the cells of a table with one column,
    which is there for the page's looks. Without labels a row of two reads as a label and its value.
    """
    filled = [[cell.strip() for cell in row] for row in grid if any(cell.strip() for cell in row)]
    width = max((len(row) for row in filled), default=0)
    labels = filled[0] if headed and len(filled) > 1 and width > 1 else []
    for row in filled[1:] if labels else filled:
        cells = [cell for i, cell in enumerate(row) if cell and not (i and cell == row[i - 1])]
        if width == 1 or len(cells) == 1:
            yield from (Part(Kind.TEXT, cell) for cell in cells)
        elif labels:
            yield Part(Kind.ROW, "\n".join(_labelled(labels, row)))
        elif len(cells) == 2:
            yield Part(Kind.ROW, _with(cells[0], cells[1]))
        else:
            yield Part(Kind.ROW, "\n".join(cells))


def looks_headed(grid: Sequence[Sequence[str]], *, bold: Sequence[bool] = ()) -> bool:
    """Whether the first row of a table that does not say so holds labels: all bold over a row that is not,
    or short and without figures or full stops over at least two rows of three columns."""
    if len(grid) < 2 or not all(cell.strip() for cell in grid[0]):
        return False
    if len(bold) > 1 and bold[0] and not bold[1]:
        return True
    plain = all(len(cell) <= LONGEST_LABEL and cell[-1:] not in ".,;" for cell in grid[0])
    return plain and len(grid) > 2 and len(grid[0]) > 2 and not any(c.isdigit() for c in "".join(grid[0]))


def cell(texts: Sequence[str]) -> str:
    """Return the paragraphs and items of one cell on one line."""
    line = ""
    for text in (" ".join(text.split()) for text in texts):
        if text:
            line += ("" if not line else " " if line.endswith((".", ":", ";", "!", "?")) else "; ") + text
    return line


def _labelled(labels: Sequence[str], row: Sequence[str]) -> Iterator[str]:
    for i, value in enumerate(row):
        if value and not (i and value == row[i - 1] and labels[i : i + 1] == labels[i - 1 : i]):
            label = labels[i] if i < len(labels) else ""
            yield _with(label, value) if label and label != value else value


def _with(label: str, value: str) -> str:
    return f"{label} {value}" if label.endswith((":", "?")) else f"{label}: {value}"
