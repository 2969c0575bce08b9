"""The words of one paragraph of a DOCX file: what a reader of the finished document sees of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from knowledge.loaders.archive import Node, W, is_on

COMPATIBILITY: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"

GONE: Final = frozenset(
    W + name
    for name in ("del", "moveFrom", "pPr", "rPr", "sdtPr", "fldData", "instrText", "delText", "delInstrText")
) | {COMPATIBILITY + "Fallback"}
"""Deleted text, properties and instructions; of two versions of a picture the older."""

SIGNS: Final = {
    W + "tab": " ",
    W + "br": "\n",
    W + "cr": "\n",
    W + "noBreakHyphen": "-",
    W + "softHyphen": "",
    W + "ptab": " ",
}


@dataclass(frozen=True, slots=True)
class Words:
    """A paragraph's text, whether all of it is bold, the footnotes it refers to, the text boxes in it."""

    text: str
    bold: bool
    footnotes: tuple[str, ...]
    boxes: tuple[Node, ...]


def words_of_paragraph(paragraph: Node, *, bold: bool = False) -> Words:
    """Return what stands in a paragraph; `bold` is what its style says. Hidden text is left out."""
    pieces: list[str] = []
    heavy: list[bool] = []
    notes: list[str] = []
    boxes: list[Node] = []
    for run, node in _leaves(paragraph, None):
        if node.tag == W + "txbxContent":
            boxes.append(node)
        elif node.tag in (W + "footnoteReference", W + "endnoteReference"):
            notes.append(node.tag.removeprefix(W).removesuffix("Reference") + (node.get(W + "id") or ""))
        elif run is not None and is_on(run, "rPr/vanish"):
            continue
        else:
            text = SIGNS.get(node.tag, node.text or "")
            pieces.append(text)
            if text.strip():
                said = is_on(run, "rPr/b") if run is not None else None
                heavy.append(bold if said is None else said)
    lines = (" ".join(line.split()) for line in "".join(pieces).split("\n"))
    text = "\n".join(line for line in lines if line).replace("\u00ad", "")
    return Words(text, bool(heavy) and all(heavy), tuple(notes), tuple(boxes))


def _leaves(node: Node, run: Node | None) -> Iterator[tuple[Node | None, Node]]:
    """Yield the pieces of text and signs below a node with the run they stand in, in order."""
    for child in node:
        tag = child.tag
        if tag in GONE:
            continue
        if tag == W + "t" or tag in SIGNS or tag == W + "txbxContent":
            if tag != W + "br" or child.get(W + "type") in (None, "textWrapping"):
                yield run, child
        elif tag in (W + "footnoteReference", W + "endnoteReference"):
            yield run, child
        else:
            yield from _leaves(child, child if tag == W + "r" else run)
