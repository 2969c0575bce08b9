"""Read a web page: its main content as headings, paragraphs, items and rows."""

import re
from typing import Final

from lxml import etree
from lxml import html as lxml_html

from knowledge.loaders.faked import with_headings
from knowledge.loaders.page import Element, Page, is_own_link, language, unfolds
from knowledge.loaders.page_tables import grid_of
from knowledge.loaders.tables import cell, rows
from knowledge.loaders.unreadable import Unreadable, Why
from knowledge.outline import Kind, Outline, Part

INLINE: Final = frozenset(
    ("a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "dfn", "em", "font", "i", "ins", "kbd",
     "label", "mark", "meter", "nobr", "output", "q", "rp", "rt", "ruby", "samp", "small", "span", "strong", "sub",
     "sup", "time", "tt", "u", "var", "wbr")
)  # fmt: skip
BOLD: Final = frozenset(("b", "strong"))
HEADINGS: Final = {f"h{n}": n for n in range(1, 7)}


def outline_of_html(content: bytes, file: str) -> Outline:
    """Return the outline of a web page; raises Unreadable for one that is nested beyond reason or empty."""
    parser = lxml_html.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    try:
        root = lxml_html.document_fromstring(_text(content).encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError) as error:
        raise Unreadable(file, Why.DAMAGED) from error
    if any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log):
        # What lies deeper is lost to the parser, and half a document must not pass for the whole.
        raise Unreadable(file, Why.TOO_LONG)
    page = Page(root)
    reader = _Reader(page)
    reader.read(page.main)
    reader.flush()
    parts = with_headings(reader.parts)
    if not parts:
        raise Unreadable(file, Why.EMPTY)
    text = " ".join(part.text for part in parts)
    return Outline(parts, _title(root), language(root, page.main, text))


class _Item:
    """An item of a list while it is read: its marker until it is used, its number, its depth."""

    def __init__(self, marker: str, number: str, level: int) -> None:
        self.marker = marker
        self.number = number
        self.level = level
        self.part: int | None = None


class _Reader:
    """Collects parts in the order of the page; text is gathered until a block begins or ends."""

    def __init__(self, page: Page) -> None:
        self.parts: list[tuple[Part, bool]] = []
        self._page = page
        self._text: list[tuple[str, bool]] = []
        self._items: list[_Item] = []
        self._depth = 1

    def read(self, element: Element, *, bold: bool = False) -> None:
        """Read what stands inside an element."""
        self._add(element.text, bold)
        for child in element:
            self._child(child, bold)
            self._add(child.tail, bold)

    def flush(self) -> None:
        """Make a part of the text gathered so far."""
        text = _spaced("".join(text for text, _ in self._text))
        bold = all(bold for text, bold in self._text if text.strip())
        self._text.clear()
        if not text:
            return
        item = self._items[-1] if self._items else None
        if item is None or (item.part is None and not item.marker):
            self.parts.append((Part(Kind.TEXT, text), bold))
        elif item.part is None:
            item.part = len(self.parts)
            self.parts.append((Part(Kind.ITEM, f"{item.marker} {text}", item.level), False))
        elif item.part == len(self.parts) - 1:
            said = self.parts[-1][0]
            self.parts[-1] = (Part(Kind.ITEM, f"{said.text}\n  {text}", item.level), False)
        else:
            self.parts.append((Part(Kind.TEXT, text), bold))

    def _add(self, text: str | None, bold: bool) -> None:
        if text:
            self._text.append((re.sub(r"\s+", " ", text), bold))

    def _child(self, child: Element, bold: bool) -> None:
        tag = child.tag
        if tag == "br":
            self._text.append(("\n", bold))
        elif unfolds(child):
            self._heading(child, self._depth + 1)
        elif self._page.leaves_out(child) or is_own_link(child):
            return
        elif tag in HEADINGS or child.get("role") == "heading":
            said = child.get("aria-level") or ""
            self._depth = HEADINGS.get(tag) or (int(said) if said.isdigit() else 2)
            self._heading(child, self._depth)
            if any(unfolds(one) for one in child.iter("button")):
                # Beside others that unfold, below the heading above them all.
                self._depth = max(1, self._depth - 1)
        elif tag == "summary":
            self._heading(child, self._depth + 1)
        elif tag in INLINE:
            self.read(child, bold=bold or tag in BOLD)
        elif tag in ("ul", "ol"):
            self._list(child)
        elif tag == "dl":
            self._terms(child)
        elif tag == "table":
            self._table(child)
        else:
            self.flush()
            self.read(child, bold=bold)
            self.flush()

    def _heading(self, element: Element, level: int) -> None:
        self.flush()
        text = _spaced(_inner(element)).replace("\n", " ")
        item = self._items[-1] if self._items else None
        if text:
            number = item.number if item and item.part is None else ""
            self.parts.append((Part(Kind.HEADING, text, level, number), False))
        if item and item.part is None:
            item.marker = item.number = ""

    def _list(self, element: Element) -> None:
        self.flush()
        begun = element.get("start") or ""
        n = int(begun) if re.fullmatch(r"-?\d{1,5}", begun) else 1
        for child in element:
            if self._page.leaves_out(child):
                continue
            if child.tag != "li":
                self._child(child, False)
                self.flush()
                continue
            said = child.get("value") or ""
            n = int(said) if re.fullmatch(r"\d{1,5}", said) else n
            number = _counted(n, element.get("type") or "1") if element.tag == "ol" else ""
            plain = number.isdigit()
            marker = f"{number}{'.' if plain else ')'}" if number else "-"
            level = 1 + sum(item.part is not None for item in self._items)
            self._items.append(_Item(marker, number if plain else "", level))
            self.read(child)
            self.flush()
            self._items.pop()
            n += 1

    def _terms(self, element: Element) -> None:
        """Read a list of terms: each with what it means behind a colon, as a row."""
        self.flush()
        terms: list[str] = []
        meanings: list[str] = []
        pairs = [child for child in element.iter("dt", "dd") if not self._page.leaves_out(child)]
        for child in [*pairs, None]:
            if child is None or (child.tag == "dt" and meanings):
                head = " / ".join(terms)
                self.parts += [(part, False) for part in rows([[head, cell(meanings)]], headed=False)]
                terms, meanings = [], []
            if child is not None:
                (terms if child.tag == "dt" else meanings).append(cell(self._texts(child)))

    def _table(self, element: Element) -> None:
        self.flush()
        lines = [row for row in element.iter("tr") if next(row.iterancestors("table")) is element]
        if element.get("role") == "presentation" or element.xpath(
            ".//table | .//h1 | .//h2 | .//h3 | .//h4 | .//h5 | .//h6"
        ):
            # A table for the page's looks is read cell by cell, as it stands.
            for line in lines:
                for one in line:
                    self.read(one)
                    self.flush()
            return
        caption = next((one for one in element if one.tag == "caption"), None)
        if caption is not None and _spaced(_inner(caption)):
            self.parts.append((Part(Kind.TEXT, _spaced(_inner(caption))), False))
        grid, headed = grid_of(lines, self._texts)
        self.parts += [(part, False) for part in rows(grid, headed=headed)]

    def _texts(self, element: Element) -> list[str]:
        """Return the paragraphs and items inside an element as plain texts."""
        inside = _Reader(self._page)
        inside.read(element)
        inside.flush()
        return [re.sub(r"^- ", "", part.text) for part, _ in inside.parts]


def _inner(element: Element) -> str:
    """Return the words of a heading, buttons' too, since a heading is often one."""
    pieces = [element.text or ""]
    for child in element:
        if child.tag == "br":
            pieces.append("\n")
        elif child.tag not in ("script", "style", "svg", "template") and not is_own_link(child):
            pieces.append("" if child.get("aria-hidden") == "true" else _inner(child))
        pieces.append(child.tail or "")
    return re.sub(r"[^\S\n]+", " ", "".join(pieces))


def _spaced(text: str) -> str:
    """Return text with its lines trimmed and no line empty; soft hyphens go, they are no characters."""
    text = text.replace("\u00ad", "").replace("\u200b", "")
    return "\n".join(line for line in (" ".join(line.split()) for line in text.split("\n")) if line)


def _counted(n: int, kind: str) -> str:
    if kind in ("a", "A") and 0 < n <= 26:
        return chr(ord(kind) + n - 1)
    return str(n)


def _title(root: Element) -> str:
    """Return the page's title without the name of the site behind it."""
    found = root.xpath("string(//head/title)")
    return re.split(r"\s+[|–—•·-]\s+", " ".join(str(found).split()))[0]


def _text(content: bytes) -> str:
    """Return the page's characters: by its byte order mark, what it says, else UTF-8 or Windows' Western."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16", "replace")
    said = re.search(rb"<(?:meta|\?xml)[^>]{0,200}(?:charset|encoding)\s*=\s*[\"']?([\w-]+)", content[:4096])
    for encoding in ("utf-8-sig", said[1].decode("ascii", "replace") if said else "", "cp1252"):
        try:
            return content.decode(encoding)
        except (UnicodeError, LookupError):
            continue
    return content.decode("latin-1")
