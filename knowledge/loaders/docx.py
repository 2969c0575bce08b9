"""Read a DOCX file: headings by their styles with the numbers Word would show, clauses, lists and tables."""

from collections.abc import Iterator, Mapping

from knowledge.headings import LONGEST
from knowledge.loaders.archive import MAIN, Archive, Node, W, is_on, value, whole
from knowledge.loaders.faked import with_headings
from knowledge.loaders.numbering import Label, Numbering
from knowledge.loaders.runs import words_of_paragraph
from knowledge.loaders.styles import Numbered, Styles
from knowledge.loaders.tables import MOST_COLUMNS, cell, looks_headed, rows
from knowledge.loaders.unreadable import Unreadable, Why
from knowledge.outline import Kind, Outline, Part

Flow = Iterator[tuple[Part, bool]]
"""Parts, each with whether it is all bold."""


def outline_of_docx(content: bytes, file: str) -> Outline:
    """Return the outline of a DOCX file as it reads with all changes accepted.

    Heads, feet and comments are left out; a footnote follows its paragraph. Raises Unreadable for a file that
    is damaged, locked, empty, or unpacks to more than a document needs.
    """
    archive = Archive(content, file)
    root = archive.part(MAIN)
    body = root.find(W + "body") if root is not None else None
    if body is None:
        raise Unreadable(file, Why.DAMAGED)
    notes: dict[str, Node] = {}
    for kind in ("footnote", "endnote"):
        part = archive.part(f"word/{kind}s.xml")
        notes |= {f"{kind}{one.get(W + 'id')}": one for one in (part if part is not None else ())}
    styles, numbering = archive.part("word/styles.xml"), archive.part("word/numbering.xml")
    parts = with_headings(list(_Reader(Styles(styles), Numbering(numbering), notes).read(body)))
    if not parts:
        raise Unreadable(file, Why.EMPTY)
    return Outline(parts)


class _Reader:
    """Reads paragraphs and tables in order, counting numberings on as it goes."""

    def __init__(self, styles: Styles, numbering: Numbering, notes: Mapping[str, Node]) -> None:
        self._styles = styles
        self._numbering = numbering
        self._notes = notes
        self._carried = ""

    def read(self, parent: Node) -> Flow:
        """Yield what stands below the body, a cell, a text box or a footnote."""
        for node in parent:
            if node.tag == W + "p":
                yield from self._paragraph(node)
            elif node.tag == W + "tbl":
                yield from self._table(node)
            elif node.tag in (W + "del", W + "moveFrom", W + "sdtPr", W + "sectPr"):
                continue
            elif value(node, "sdtPr/docPartObj/docPartGallery") != "Table of Contents":
                yield from self.read(node)

    def _paragraph(self, node: Node) -> Flow:
        words = words_of_paragraph(node, bold=self._styles.is_bold(node))
        text = f"{self._carried} {words.text}".strip()
        self._carried = ""
        if node.find(f"{W}pPr/{W}rPr/{W}del") is not None:
            # Its end was deleted: what is left of it runs on in the next paragraph.
            self._carried = text
            return
        numbered = self._styles.numbering(node)
        label, level = self._label(numbered, self._styles.of(node))
        if text and not self._styles.is_contents(node):
            heading = self._styles.heading(node)
            if heading is not None:
                yield _heading(text, heading + 1, label), False
            elif label is None or numbered is None:
                yield Part(Kind.TEXT, text), words.bold
            else:
                yield self._counted(text, label, numbered.num, level, bold=words.bold), False
        for note in words.footnotes:
            if note in self._notes:
                yield from self.read(self._notes[note])
        for box in words.boxes:
            yield from self.read(box)

    def _label(self, numbered: Numbered | None, style: str) -> tuple[Label | None, int]:
        if numbered is None:
            return None, 0
        level = numbered.level
        if level is None:
            level = self._numbering.level_of_style(numbered.num, style)
        return self._numbering.next(numbered.num, level), level

    def _counted(self, text: str, label: Label, num: str, level: int, *, bold: bool) -> Part:
        """Return a numbered paragraph in no heading's style: a heading all the same where it looks it, a
        clause, or an item."""
        if label.bullet:
            return Part(Kind.ITEM, f"- {text}", level + 1)
        short = len(text) <= LONGEST and not text.endswith((".", ",", ";", ":"))
        if label.number and short and (bold or (level == 0 and self._numbering.holds_clauses(num))):
            return _heading(text, level + 2, label)
        if "." in label.number:
            return Part(Kind.TEXT, f"{label.text} {text}", number=label.number)
        return Part(Kind.ITEM, f"{label.text} {text}", level + 1)

    def _table(self, node: Node) -> Flow:
        lines = [line for line in _inside(node, "tr") if line.find(f"{W}trPr/{W}del") is None]
        cells = [
            [one for one in _inside(line, "tc") if value(one, "tcPr/cellDel", "id") is None] for line in lines
        ]
        paragraphs = [one for one in node.iter(W + "p") if self._styles.heading(one) is not None]
        if paragraphs or all(len(row) < 2 for row in cells):
            # A table for the page's looks is read cell by cell, as it stands.
            for row in cells:
                for one in row:
                    yield from self.read(one)
            return
        grid: list[list[str | None]] = []
        bold: list[bool] = []
        for row in cells:
            texts: list[str | None] = []
            heavy: list[bool] = []
            for one in row:
                inside = list(self.read(one))
                heavy += [is_bold for _, is_bold in inside]
                text = cell([part.text.removeprefix("- ") for part, _ in inside])
                merged = one.find(f"{W}tcPr/{W}vMerge")
                if merged is not None and merged.get(W + "val") != "restart" and grid:
                    text = (grid[-1][len(texts)] if len(texts) < len(grid[-1]) else None) or ""
                spanned = min(whole(value(one, "tcPr/gridSpan"), 1), MOST_COLUMNS)
                texts += [text, *[None] * (spanned - 1)]
            grid.append(texts)
            bold.append(bool(heavy) and all(heavy))
        marked = bool(lines) and bool(is_on(lines[0], "trPr/tblHeader"))
        headed = marked or self._styles.heads_tables(node) or looks_headed(grid, bold=bold)
        yield from ((part, False) for part in rows(grid, headed=headed))


def _heading(text: str, level: int, label: Label | None) -> Part:
    """Return a heading with its label: apart where it is a number, before its words where it is none."""
    text = text.replace("\n", " ")
    if label is None or label.bullet:
        return Part(Kind.HEADING, text, level)
    if label.number:
        return Part(Kind.HEADING, text, level, label.number)
    return Part(Kind.HEADING, f"{label.text} {text}", level)


def _inside(node: Node, name: str) -> Iterator[Node]:
    """Yield the rows of a table or the cells of a row, also those wrapped in controls or tracked
    insertions."""
    for child in node:
        if child.tag == W + name:
            yield child
        elif child.tag in (W + "sdt", W + "sdtContent", W + "ins", W + "customXml", W + "smartTag"):
            yield from _inside(child, name)
