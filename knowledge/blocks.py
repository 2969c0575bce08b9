"""Cut the text of one section into passages: the smallest pieces that answer by themselves, as they stand."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from knowledge.lines import Line

LONGEST: Final = 400
"""Characters of the longest quotation; shorter neighbours are kept together up to this."""

SHORTENED: Final = 40
"""Characters within which a shortened word or the number of an item lies before a full stop."""

CARD: Final = 300
"""Characters of the longest block of labels (name, phone, address) that is kept whole."""

_ITEM = re.compile(r"(?:[-•*–▪·o]|\d{1,2}[.)]|[a-zæøå]\)|\([a-z0-9]\))\s+\S")
_LABEL = re.compile(r"[^\W\d_][^:.?!\n]{0,60}?(?:\([^)]*\))?:(?:\s|$)")
_ENDS = (".", "!", "?", ":", ";")
_STOP = re.compile(r"(?<=[.!?])[\"»”)]*\s+(?=[«\"“(]?[^\W\d_a-zæøå]|\d)")
_SHORTENED = re.compile(
    r"(?:\b(?:bl|f|p|g|m|d|o|e|i|t|nr|jf|jfr|mv|mm|osv|evt|ca|kl|kr|pkt|tlf|inkl|eks|ev|iht|ihht|pr|org|inc|no|art|dvs"
    r"|e\.g|i\.e|etc|approx|sect?|a|s)|(?:^|\n)\s*\d{1,2}|\b[A-ZÆØÅ])\.$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Piece:
    """A slice of the source (`start` up to, not including, `end`), the words that lead in to it and the
    number of the clause it stands in, if any."""

    start: int
    end: int
    lead: str = ""
    number: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """Lines that belong together (`kind`): a paragraph or a few short lines ("text"), one item of a list
    ("item"), a label with its value ("label"), a row of a table ("row").

    `number` is that of the clause it opens, "" where it opens none.
    """

    kind: str
    start: int
    end: int
    number: str = ""

    @property
    def length(self) -> int:
        return self.end - self.start


def paragraphs(lines: Sequence[Line], *, markdown: bool = False) -> tuple[tuple[int, int], ...]:
    """Return the paragraphs among the lines of one section as slices; every line is in exactly one."""
    return tuple((block.start, block.end) for block in _blocks(lines, markdown=markdown))


def pieces(source: str, lines: Sequence[Line], *, markdown: bool = False) -> tuple[Piece, ...]:
    """Return the passages of one section, in order; every line is in exactly one."""
    return joined(source, list(_blocks(lines, markdown=markdown)))


def of_clauses(source: str, blocks: Sequence[Block]) -> tuple[Piece, ...]:
    """Return the passages of one section, none over the border of a clause, each with its clause's number."""
    borders = [0, *(i for i, block in enumerate(blocks) if block.number and i), len(blocks)]
    return tuple(
        replace(piece, number=blocks[a].number)
        for a, b in pairwise(borders)
        if a < b
        for piece in joined(source, blocks[a:b], open_ended=True)
    )


def joined(source: str, blocks: Sequence[Block], *, open_ended: bool = False) -> tuple[Piece, ...]:
    """Return the passages that blocks make, in order. `open_ended`: what items are is sure, so that a
    paragraph above them that ends in a word leads in to them as one with a colon does.

    Kept together while no longer than `LONGEST`: neighbouring paragraphs, the items of a list with what leads
    in to them. A block of labels stays whole when it is short, as an address is, else each label stands
    alone; so does every row of a table.
    """
    found: list[Piece] = []
    i = 0
    while i < len(blocks):
        kind = blocks[i].kind
        end = i + 1
        if kind == "label":
            while end < len(blocks) and blocks[end].kind == "label":
                end += 1
            whole = blocks[end - 1].end - blocks[i].start
            if whole <= CARD:
                found.append(Piece(blocks[i].start, blocks[end - 1].end))
            else:
                found.extend(Piece(block.start, block.end) for block in blocks[i:end])
        elif kind == "item":
            while end < len(blocks) and blocks[end].kind == "item":
                end += 1
            found.extend(_list(source, found, blocks[i:end], open_ended))
        elif kind == "row":
            while end < len(blocks) and blocks[end].kind == "row":
                end += 1
            lead = _lead(source, found, blocks[i].start, open_ended)
            found.extend(Piece(block.start, block.end, lead) for block in blocks[i:end])
        else:
            while end < len(blocks) and blocks[end].kind == "text" and _joins(source, blocks, i, end):
                end += 1
            found.append(Piece(blocks[i].start, blocks[end - 1].end))
        i = end
    return tuple(found)


def sentences(text: str) -> tuple[tuple[int, int], ...]:
    """Return the sentences of a passage as slices of it, in order."""
    cuts = [0]
    for match in re.finditer(r"\n\s*\n\s*|\n(?=\s*(?:[-•*–]|\d{1,2}[.)])\s)|" + _STOP.pattern, text):
        if text[match.start() : match.end()].count("\n") or not _SHORTENED.search(
            _before(text, match.start())
        ):
            cuts.append(match.end())
    cuts.append(len(text))
    spans = ((a, a + len(text[a:b].rstrip())) for a, b in pairwise(cuts))
    return tuple((a, b) for a, b in spans if b > a)


def _before(text: str, place: int) -> str:
    """Return as much of what stands before a place as can end in a shortened word."""
    return text[:place] if place <= SHORTENED else "x" + text[place - SHORTENED : place]


def _joins(source: str, blocks: Sequence[Block], first: int, nxt: int) -> bool:
    """Whether the paragraph `nxt` still fits; one that leads in to a list is left to its list."""
    if blocks[nxt].end - blocks[first].start > LONGEST:
        return False
    leads = (
        source.endswith(":", 0, blocks[nxt].end) and nxt + 1 < len(blocks) and blocks[nxt + 1].kind != "text"
    )
    return not leads


def _list(source: str, before: list[Piece], items: Sequence[Block], open_ended: bool) -> Iterator[Piece]:
    """Yield a list's passages: as many items together as fit.

    The paragraph that leads in is taken along when it fits with the first item; its last sentence is
    remembered beside the others.
    """
    start = items[0].start
    lead = _lead(source, before, start, open_ended)
    if lead and items[0].end - before[-1].start <= LONGEST:
        start = before.pop().start
    for i, item in enumerate(items):
        if i + 1 == len(items) or items[i + 1].end - start > LONGEST:
            yield Piece(start, item.end, "" if start < items[0].start else lead)
            start = items[i + 1].start if i + 1 < len(items) else start


def _lead(source: str, before: Sequence[Piece], start: int, open_ended: bool) -> str:
    """Return the sentence that leads in to what begins at `start`: the one right above, when it ends with a
    colon or, `open_ended`, in a word."""
    if not before or source[before[-1].end : start].strip():
        return ""
    last = source[before[-1].end - 1]
    if last != ":" and not (open_ended and last.isalpha()):
        return ""
    a, b = sentences(source[before[-1].start : before[-1].end])[-1]
    return source[before[-1].start + a : before[-1].start + b]


def _blocks(lines: Sequence[Line], *, markdown: bool) -> Iterator[Block]:
    i = 0
    while i < len(lines):
        kind = _kind(lines, i)
        end = i + 1
        while (
            end < len(lines)
            and not lines[end].blank_before
            and _goes_on(lines, i, end, kind, markdown=markdown)
        ):
            end += 1
        yield Block(kind, lines[i].start, lines[end - 1].end)
        i = end


def _kind(lines: Sequence[Line], i: int) -> str:
    line = lines[i]
    if _ITEM.match(line.text) or (line.indent >= 3 and _neighbour_indented(lines, i)):
        return "item"
    if _LABEL.match(line.text) and (_beside_label(lines, i)):
        return "label"
    return "text"


def _neighbour_indented(lines: Sequence[Line], i: int) -> bool:
    return any(0 <= j < len(lines) and lines[j].indent == lines[i].indent for j in (i - 1, i + 1))


def _beside_label(lines: Sequence[Line], i: int) -> bool:
    """Whether a line is a label: another stands in the same block, or its value stands on the line below."""
    near = [j for j in (i - 2, i - 1, i + 1, i + 2) if 0 <= j < len(lines)]
    together = [
        j for j in near if not any(lines[k].blank_before for k in range(min(i, j) + 1, max(i, j) + 1))
    ]
    return any(_LABEL.match(lines[j].text) for j in together)


def _goes_on(lines: Sequence[Line], first: int, nxt: int, kind: str, *, markdown: bool) -> bool:
    """Whether line `nxt`, right below, belongs to the block that `first` begins."""
    last, line = lines[nxt - 1], lines[nxt]
    if _kind(lines, nxt) != "text":
        return False
    if kind == "label":
        return last.text.endswith(":") or not line.text[0].isupper()
    if kind == "item":
        return line.indent > lines[first].indent or line.text[0].islower()
    if markdown:
        return True
    if last.text.endswith(_ENDS):
        return last.short and len(last.text) > 40 and not last.text.endswith(":") and line.short
    return last.short
