"""A company's documents as they are: sections to show on a page, passages to quote from."""

import re
import unicodedata
from bisect import bisect
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Final

from knowledge.blocks import Block, Piece, of_clauses, paragraphs, pieces
from knowledge.headings import Heading, headings_of, without_contents
from knowledge.lines import Line, lines_of
from knowledge.loaders.choosing import MOST_BYTES, FileKind, decoded, outline_of, recognise
from knowledge.loaders.unreadable import Unreadable, Why
from knowledge.outline import Kind, Outline, Placed, clause_number, cleaned, source_of, title_of
from operators.languages import Spoken, detect

LONGEST_TITLE: Final = 120


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of a document that can be quoted: `text` is a slice of the file, spaces and all.

    `section` is the number of the section it stands in ("" where the document has none), `heading` that
    section's heading, `path` every heading from the top down to the passage, `lead` the words that lead in to
    a list it is an item of. `anchor` is unique in the document and safe in an address; `position` counts from
    0. `in_force_from` is the day the version it stands in began to count, where that is known.
    """

    document: str
    section: str
    heading: str
    path: tuple[str, ...]
    text: str
    anchor: str
    position: int
    lead: str = ""
    in_force_from: date | None = None


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph as it is shown: its text and the anchor of the passage it is, or is part of."""

    text: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Section:
    """A section as it is shown; `level` counts from 1, `number` is "" where the document gives none."""

    number: str
    heading: str
    anchor: str
    level: int
    paragraphs: tuple[Paragraph, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """One document: its title, the file it came from, its language, passages, and sections for a page."""

    title: str
    file: str
    lang: Spoken
    passages: tuple[Passage, ...]
    contents: tuple[Section, ...]
    in_force_from: date | None = None

    def sections(self) -> tuple[Section, ...]:
        """Return the sections in order, with everything in the document but page furniture and table of
        contents."""
        return self.contents


def load_document(path: Path, *, title: str | None = None) -> Document:
    """Read a document from a file of any kind we know; raises OSError, and Unreadable (a ValueError)."""
    if path.stat().st_size > MOST_BYTES:
        raise Unreadable(path.name, Why.TOO_LARGE)
    return load_bytes(path.read_bytes(), path.name, title)


def load_bytes(content: bytes, file: str, title: str | None = None) -> Document:
    """Read a document from what a file of that name holds; `title` names it, else it does so itself.

    Raises Unreadable where it cannot be read, saying why.
    """
    kind = recognise(content, file)
    if kind in (FileKind.TEXT, FileKind.MARKDOWN):
        markdown = kind is FileKind.MARKDOWN
        document = read_document(decoded(content, file), file=file, title=title, markdown=markdown)
    else:
        document = read_outline(outline_of(content, file, kind), file=file, title=title)
    if not document.passages:
        raise Unreadable(file, Why.EMPTY)
    return document


def read_document(
    source: str, *, file: str = "", title: str | None = None, markdown: bool = False
) -> Document:
    """Return the document `source` holds; `title` names it, else its first line does."""
    lines = without_contents(lines_of(source.replace("\r\n", "\n").replace("\r", "\n")))
    source = source.replace("\r\n", "\n").replace("\r", "\n")
    own_title, lines = _title(lines, markdown=markdown)
    name = title or own_title or file
    sections = (
        (path, heading, pieces(source, body, markdown=markdown), paragraphs(body, markdown=markdown))
        for path, heading, body in _sections(lines, own_title or name, markdown=markdown)
    )
    passages, contents = _written(source, name, own_title or name, sections)
    return Document(name, file, detect(source), passages, contents)


def read_outline(outline: Outline, *, file: str = "", title: str | None = None) -> Document:
    """Return the document of an outline; its passages are slices of the text that the parts make.

    Its name is `title`, else its own first heading, else what the file calls it.
    """
    own_title, parts = title_of(cleaned(outline.parts))
    source, placed = source_of(parts)
    name = title or own_title or outline.title or file
    passages, contents = _written(source, name, own_title or name, _outlined(source, placed))
    return Document(name, file, outline.lang or detect(source), passages, contents)


_Written = tuple[tuple[Heading, ...], Heading | None, Sequence[Piece], Sequence[tuple[int, int]]]


def _written(
    source: str, name: str, top: str, sections: Iterable[_Written]
) -> tuple[tuple[Passage, ...], tuple[Section, ...]]:
    """Return passages and sections from each section's path, heading, pieces and paragraphs; `top` heads
    what stands before the first heading."""
    passages: list[Passage] = []
    shown: list[Section] = []
    taken: dict[str, int] = {}
    for path, heading, cut, paragraphs_ in sections:
        numbered = next((h for h in reversed(path) if not h.part), None)
        number = numbered.number if numbered else ""
        anchor = _anchor(number, heading.words if heading else top, taken)
        starts: list[tuple[int, str]] = []
        for piece in cut:
            own = _unique(f"{anchor}-{len(starts) + 1}", taken)
            starts.append((piece.start, own))
            passages.append(
                Passage(
                    document=name,
                    section=piece.number or number,
                    heading=numbered.words if numbered else top,
                    path=tuple(h.words for h in path),
                    text=source[piece.start : piece.end],
                    anchor=own,
                    position=len(passages),
                    lead=piece.lead,
                )
            )
        texts = tuple(
            Paragraph(source[a:b], starts[bisect(starts, a, key=lambda one: one[0]) - 1][1])
            for a, b in paragraphs_
        )
        if heading or texts:
            shown.append(
                Section(
                    number=heading.number if heading else "",
                    heading=heading.words if heading else top,
                    anchor=anchor,
                    level=heading.level if heading else 1,
                    paragraphs=texts,
                )
            )
    return tuple(passages), tuple(shown)


def _outlined(source: str, placed: Sequence[Placed]) -> Iterator[_Written]:
    """Yield each section of an outline, the parts before the first heading as one of their own."""
    opening = [i for i, one in enumerate(placed) if one.part.kind is Kind.HEADING]
    path: list[Heading] = []
    for start, end in pairwise([-1, *opening, len(placed)]):
        heading = None
        if start >= 0:
            part = placed[start].part
            path = [h for h in path if h.level < part.level]
            under = not part.number and any(h.number for h in path)
            heading = Heading(start, part.number, part.text, part.level, part=under)
            path.append(heading)
        blocks = []
        for one in placed[start + 1 : end]:
            number = clause_number(one.part, next((h.number for h in reversed(path) if not h.part), ""))
            blocks.append(Block(one.part.kind, one.start, one.end, number))
        yield tuple(path), heading, of_clauses(source, blocks), [(b.start, b.end) for b in blocks]


def _title(lines: tuple[Line, ...], *, markdown: bool) -> tuple[str, tuple[Line, ...]]:
    """Return the title and the lines below it; a title broken over several short lines is put together."""
    if not lines:
        return "", lines
    first = lines[0]
    if markdown:
        match = re.match(r"#\s+(.+?)\s*#*$", first.text)
        return (match[1], lines[1:]) if match else ("", lines)
    if len(first.text) > LONGEST_TITLE or first.text.endswith((".", ",", ";")):
        return "", lines
    end = 1
    while (
        end < len(lines) and not lines[end].blank_before and lines[end].short and lines[end].text[0].islower()
    ):
        end += 1
    return " ".join(line.text for line in lines[:end]).replace("- ", ""), lines[end:]


def _sections(
    lines: Sequence[Line], title: str, *, markdown: bool
) -> Iterator[tuple[tuple[Heading, ...], Heading | None, Sequence[Line]]]:
    """Yield each section's headings from the top, its own heading (None before the first), and its lines."""
    headings = headings_of(lines, markdown=markdown)
    first = headings[0].at if headings else len(lines)
    yield (), None, lines[:first]
    path: list[Heading] = []
    for n, heading in enumerate(headings):
        end = headings[n + 1].at if n + 1 < len(headings) else len(lines)
        path = [h for h in path if h.level < heading.level and h.words != title]
        path.append(heading)
        yield tuple(path), heading, lines[heading.at + 1 : end]


def _anchor(number: str, words: str, taken: dict[str, int]) -> str:
    """Return an anchor from a section's number and words: small letters, digits and hyphens."""
    folded = words.casefold().replace("æ", "ae").replace("ø", "o").replace("å", "a")
    plain = unicodedata.normalize("NFKD", folded).encode("ascii", "ignore").decode()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:48].rstrip("-")
    return _unique(
        "-".join(part for part in ("p" + number.replace(".", "-") if number else "", slug) if part), taken
    )


def _unique(anchor: str, taken: dict[str, int]) -> str:
    """Return an anchor nobody has, a number behind it where need be; `taken` holds the next number of each."""
    base = anchor = anchor or "del"
    while anchor in taken:
        anchor = f"{base}-{taken[base]}"
        taken[base] += 1
    taken[anchor] = 2
    return anchor
