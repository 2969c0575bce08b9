"""Put the lines of a PDF together into headings, paragraphs, items and rows of tables."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from knowledge.headings import LONGEST, follows, split_number
from knowledge.loaders.hyphens import mended, whole_words
from knowledge.loaders.pdf_pages import Line
from knowledge.loaders.pdf_tables import Table
from knowledge.loaders.tables import cell, looks_headed, rows
from knowledge.outline import Kind, Part

LARGER: Final = 1.07
"""Share of the size of running text from which letters are a heading's."""

LOOSE: Final = 1.3
"""Share of the usual distance of lines from which a gap parts paragraphs."""

SHORT: Final = 0.85
"""Share of a column's width that a paragraph's last line mostly stays within."""

BULLETS: Final = "•▪·‣◦●○■\uf0b7\uf0a7–"
_ITEM = re.compile(rf"(?:[{BULLETS}*-]|\d{{1,2}}[.)]|[a-zæøå][.)]|\([a-zæøå0-9]{{1,2}}\))(?:\s+(?=\S)|$)")
_CLAUSE = re.compile(r"\d{1,2}(?:\.\d{1,2})+\.?\s+\S")
_ENDS = (".", "!", "?", ":", ";")


@dataclass(frozen=True, slots=True)
class Block:
    """Lines that belong together."""

    lines: tuple[Line, ...]

    @property
    def bold(self) -> bool:
        return all(line.bold for line in self.lines)

    @property
    def size(self) -> float:
        return max(line.size for line in self.lines)


def parts_of_lines(lines: Sequence[Line]) -> tuple[Part, ...]:
    """Return the headings, paragraphs and items that lines make."""
    if not lines:
        return ()
    body = _usual(lines)
    blocks = list(_blocks(lines, _leading(lines, body), body))
    headings = _headings(blocks, body)
    known = whole_words(line.text for line in lines)
    parts: list[Part] = []
    last: Block | None = None
    for i, block in enumerate(blocks):
        table = block.lines[0].table
        if table:
            parts += rows(_mended_cells(table, known), headed=table.headed or looks_headed(table.grid))
            last = None
            continue
        text = _joined(block, known, " " if i in headings else "\n")
        if i in headings:
            parts.append(Part(Kind.HEADING, text, headings[i]))
            last = None
            continue
        item = _ITEM.match(text)
        if item and text[: item.end()].strip() in BULLETS + "*-":
            part = Part(Kind.ITEM, f"- {text[item.end() :]}")
        else:
            part = Part(Kind.ITEM if item and _is_listed(blocks, i) else Kind.TEXT, text)
        if last and parts and part.kind is Kind.TEXT and _runs_on(last, block, parts[-1].text, text):
            parts[-1] = replace(parts[-1], text=mended([parts[-1].text, text], known))
        else:
            parts.append(part)
        last = block
    return tuple(parts)


def _joined(block: Block, known: Counter[str], between: str) -> str:
    """Return a block's words; where a line was left although the next word had room, stands `between`."""
    lines: list[list[str]] = [[]]
    for n, line in enumerate(block.lines):
        last = block.lines[n - 1]
        if n and last.x1 + 0.25 * last.size + line.second - line.x0 < last.right - 2:
            lines.append([])
        lines[-1].append(line.text)
    return between.join(mended(one, known) for one in lines)


def _mended_cells(table: Table, known: Counter[str]) -> list[list[str]]:
    return [[cell([mended(one, known) for one in _items(text)]) for text in row] for row in table.grid]


def _items(text: str) -> Iterator[list[str]]:
    """Yield the lines of each item of a list in a cell; a cell without one is a single item."""
    lines: list[str] = []
    for line in text.split("\n"):
        if line[:1] in BULLETS and lines and line:
            yield lines
            lines = []
        lines.append(line.lstrip(BULLETS + " ") if not lines else line)
    yield lines


def _usual(lines: Sequence[Line]) -> float:
    """Return the size of most letters."""
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[round(line.size * 2) / 2] += len(line.text)
    return sizes.most_common(1)[0][0]


def _leading(lines: Sequence[Line], body: float) -> float:
    """Return the usual distance between two lines of running text."""
    gaps = [
        a.y - b.y
        for a, b in pairwise(lines)
        if a.column == b.column and abs(a.size - body) < 0.6 and abs(b.size - body) < 0.6
    ]
    near = sorted(gap for gap in gaps if 0.8 * body < gap < 2.2 * body)
    counts = Counter(round(gap * 2) / 2 for gap in near)
    return counts.most_common(1)[0][0] if counts else 1.2 * body


def _blocks(lines: Sequence[Line], leading: float, body: float) -> Iterator[Block]:
    block = [lines[0]]
    for last, line in pairwise(lines):
        if _begins(block, last, line, leading, body):
            yield Block(tuple(block))
            block = []
        block.append(line)
    yield Block(tuple(block))


def _begins(block: Sequence[Line], last: Line, line: Line, leading: float, body: float) -> bool:
    """Whether a line begins a new block below `last`, the last line of `block`."""
    if (
        line.table
        or last.table
        or line.column != last.column
        or line.bold != last.bold
        or abs(line.size - last.size) > 0.07 * last.size
    ):
        return True
    usual = leading * max(1.0, line.size / body)
    if last.y - line.y > LOOSE * usual or line.y > last.y:
        return True
    first = block[0]
    if line.text[:1] in BULLETS + "*" and _ITEM.match(line.text):
        return True
    if _ITEM.match(line.text) or _CLAUSE.match(line.text):
        # «telefon 00 00 55 / 66.» and «jf. punkt / 4.2» go on.
        listed = bool(_ITEM.match(first.text)) and abs(line.x0 - first.x0) < 2
        return last.text.endswith((*_ENDS, ",")) or last.x1 < _edge(last) or listed
    if _ITEM.match(first.text) and first.second - first.x0 > 0.5 * body and line.x0 < first.x0 + 1.5:
        return last.text.endswith(_ENDS) or last.x1 < _edge(last)
    ended = last.text.endswith(_ENDS)
    room = last.x1 + line.second - line.x0 < last.right
    if ended and ((line.x0 - last.x0 > 0.8 * body and len(block) > 1) or (last.x1 < _edge(last) and room)):
        return not line.text[:1].islower()
    return False


def _edge(line: Line) -> float:
    return line.left + SHORT * (line.right - line.left)


def _headings(blocks: Sequence[Block], body: float) -> dict[int, int]:
    """Return the blocks that are headings with their levels from 1: set larger, all bold, or short and
    numbered on from the one before."""
    found: list[int] = []
    number: tuple[int, ...] = ()
    for i, block in enumerate(blocks):
        text = " ".join(line.text for line in block.lines)
        if block.lines[0].table:
            continue
        own, words = split_number(text)
        short = len(text) <= LONGEST and not text.endswith((".", ",", ";")) and any(c.isalpha() for c in text)
        parts = tuple(int(one) for one in own.split(".")) if own else ()
        stands_out = block.size >= LARGER * body or (block.bold and i + 1 < len(blocks) and text[-1] != ":")
        numbered = bool(own) and words[:1].isupper() and len(text) <= 80 and follows(parts, number)
        if short and text[0] not in BULLETS and (stands_out or numbered) and not text[0].islower():
            found.append(i)
            number = parts or number
    styles = sorted({_style(blocks[i], body) for i in found}, reverse=True)
    levels = {i: styles.index(_style(blocks[i], body)) + 1 for i in found}
    return {i: level for i, level in levels.items() if not _is_under_title(blocks, levels, i)}


def _style(block: Block, body: float) -> tuple[float, bool]:
    size = round(block.size * 2) / 2
    return (size if size >= LARGER * body else body, block.bold)


def _is_under_title(blocks: Sequence[Block], levels: dict[int, int], i: int) -> bool:
    """Whether a heading is a line under the title, such as a date: between two headings, its style its own."""
    if not (0 < i < 4 and i - 1 in levels and i + 1 in levels):
        return False
    number, _ = split_number(blocks[i].lines[0].text)
    return not number and sum(level == levels[i] for level in levels.values()) == 1


def _is_listed(blocks: Sequence[Block], i: int) -> bool:
    """Whether a block that begins as an item has another beside it, so that it is one of a list."""
    near = [blocks[j].lines[0].text for j in (i - 1, i + 1) if 0 <= j < len(blocks)]
    return any(_ITEM.match(text) for text in near) or (i > 0 and blocks[i - 1].lines[-1].text.endswith(":"))


def _runs_on(last: Block, block: Block, above: str, text: str) -> bool:
    """Whether a paragraph goes on from the column or page before."""
    if block.lines[0].column == last.lines[-1].column or abs(block.size - last.size) > 0.6:
        return False
    if _CLAUSE.match(text):
        return False
    if text[:1].islower() or re.search(r"[^\W\d_][-\u00ad]$|,$", above):
        return True
    return above[-1:].isalnum() and last.lines[-1].x1 >= _edge(last.lines[-1])
