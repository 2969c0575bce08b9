"""Find the tables on a page of a PDF by the lines drawn between their rows, and read them cell by cell."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Protocol

NEAR: Final = 3.0
"""Points within which two drawn lines are one."""

LEAST_WIDE: Final = 120
"""Points of the narrowest table."""

CORRIDOR: Final = 6.0
"""Points of the narrowest empty space between two columns, where no line is drawn between them."""

Grid = tuple[tuple[str, ...], ...]


class Placed(Protocol):
    """A word and its place."""

    @property
    def text(self) -> str: ...
    @property
    def x0(self) -> float: ...
    @property
    def x1(self) -> float: ...
    @property
    def y(self) -> float: ...
    @property
    def size(self) -> float: ...
    @property
    def bold(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Rule:
    """A line drawn across a page or down it."""

    x0: float
    x1: float
    y0: float
    y1: float

    @property
    def flat(self) -> bool:
        return self.y1 - self.y0 < NEAR


@dataclass(frozen=True, slots=True)
class Table:
    """A table, its borders, its cells by row, and whether its first row heads it by being bold alone."""

    left: float
    right: float
    bottom: float
    top: float
    grid: Grid
    headed: bool

    def holds(self, word: Placed) -> bool:
        """Whether a word stands in the table."""
        return self.bottom < word.y + 0.3 * word.size < self.top and self.left - NEAR < word.x0 < self.right


def tables_of(words: Sequence[Placed], rules: Sequence[Rule]) -> Iterator[Table]:
    """Yield the tables of a page from top to bottom: at least two rows and two columns between drawn lines."""
    flat = sorted((rule for rule in rules if rule.flat), key=lambda rule: -rule.y0)
    for left, right, lines in _stacks(flat):
        inside = [
            w for w in words if lines[-1] < w.y + 0.3 * w.size < lines[0] and left - NEAR < w.x0 < right
        ]
        edges = _columns(
            inside, [r for r in rules if not r.flat and lines[-1] - NEAR < r.y0 < lines[0]], left, right
        )
        if len(lines) < 3 or len(edges) < 3 or not inside:
            continue
        rows = list(pairwise(lines))
        columns = list(pairwise(edges))
        rows = [row for row in rows if any(_inside(inside, row, column) for column in columns)]
        if len(rows) < 2:
            continue
        cells = [[_inside(inside, row, column) for column in columns] for row in rows]
        # A cell over several rows has no line drawn through it: all of them share its words.
        for j, column in enumerate(columns):
            for i in range(1, len(rows)):
                if not _is_drawn(flat, rows[i][0], column):
                    cells[i][j] = cells[i - 1][j] + cells[i][j]
            for i in range(len(rows) - 1, 0, -1):
                if not _is_drawn(flat, rows[i][0], column):
                    cells[i - 1][j] = cells[i][j]
        bold = [all(word.bold for one in row for word in one) for row in cells]
        yield Table(
            left,
            right,
            lines[-1],
            lines[0],
            tuple(tuple(_text(one) for one in row) for row in cells),
            bold[0] and not bold[1],
        )


def _stacks(flat: Sequence[Rule]) -> Iterator[tuple[float, float, list[float]]]:
    """Yield left and right border and the heights of lines that stand above each other, equally wide.

    The pieces of a line that is drawn cell by cell are put together first.
    """
    whole: list[list[float]] = []
    for rule in flat:
        for one in whole:
            if abs(one[2] - rule.y0) < NEAR and rule.x0 < one[1] + NEAR and rule.x1 > one[0] - NEAR:
                one[0], one[1] = min(one[0], rule.x0), max(one[1], rule.x1)
                break
        else:
            whole.append([rule.x0, rule.x1, rule.y0])
    stack: list[list[float]] = []
    for one in [*whole, [-math.inf, math.inf, 0.0]]:
        # Part of a line, beside a cell that reaches down, is a line of the same table.
        if stack and stack[0][0] - NEAR < one[0] and one[1] < stack[0][1] + NEAR:
            stack.append(one)
            continue
        if len(stack) > 2 and stack[0][1] - stack[0][0] > LEAST_WIDE:
            yield stack[0][0], stack[0][1], [line[2] for line in stack]
        stack = [one]


def _columns(words: Sequence[Placed], upright: Sequence[Rule], left: float, right: float) -> list[float]:
    """Return the borders of the columns from the left: drawn, else the empty spaces down the whole table."""
    drawn: list[float] = []
    for x in sorted(rule.x0 for rule in upright if left - NEAR < rule.x0 < right + NEAR):
        if not drawn or x - drawn[-1] > NEAR:
            drawn.append(x)
    if len(drawn) > 2:
        return drawn
    edges = [left]
    reach = left
    for word in sorted(words, key=lambda w: w.x0):
        if word.x0 - reach > CORRIDOR and reach > left:
            edges.append((reach + word.x0) / 2)
        reach = max(reach, word.x1)
    return [*edges, right]


def _inside(words: Sequence[Placed], row: tuple[float, float], column: tuple[float, float]) -> list[Placed]:
    return [
        w
        for w in words
        if row[1] < w.y + 0.3 * w.size <= row[0] and column[0] <= (w.x0 + w.x1) / 2 < column[1]
    ]


def _is_drawn(flat: Sequence[Rule], y: float, column: tuple[float, float]) -> bool:
    middle = (column[0] + column[1]) / 2
    return any(abs(rule.y0 - y) < NEAR and rule.x0 - NEAR < middle < rule.x1 + NEAR for rule in flat)


def _text(words: Sequence[Placed]) -> str:
    lines: list[list[Placed]] = []
    for word in sorted(words, key=lambda w: (-w.y, w.x0)):
        if lines and abs(lines[-1][0].y - word.y) < 0.35 * word.size:
            lines[-1].append(word)
        else:
            lines.append([word])
    return "\n".join(" ".join(w.text for w in sorted(line, key=lambda w: w.x0)) for line in lines)
