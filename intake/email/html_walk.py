"""Walk through an HTML mail's tree: gather the lines a person sees and take out of it what nobody sees."""

import re
from dataclasses import dataclass
from typing import Any, Final

from intake.email import charsets
from intake.email.styles import Look, declarations, look

ELEMENTS_AT_MOST: Final = 30_000
DEPTH_AT_MOST: Final = 250
"""Levels of elements; what lies deeper is nobody's layout, and the cleaner would need a stack for each."""

_UNSEEN: Final = frozenset((
    "head", "title", "style", "script", "template", "noscript", "object", "embed", "applet",
    "iframe", "frame", "frameset", "svg", "math", "audio", "video", "canvas", "select", "datalist",
    "map", "meta", "link", "base", "input",
))  # fmt: skip
_BLOCKS: Final = frozenset((
    "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details",
    "dir", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2",
    "h3", "h4", "h5", "h6", "header", "hr", "html", "legend", "li", "main", "menu", "nav", "ol",
    "p", "pre", "section", "summary", "table", "tbody", "tfoot", "thead", "tr", "ul", "td", "th",
))  # fmt: skip
_PARAGRAPHS: Final = frozenset((
    "p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table", "blockquote", "dl", "pre", "hr",
))  # fmt: skip
_QUOTED_CLASS = re.compile(
    r"(?:^|\s)(?:yahoo_quoted|protonmail_quote|tutanota_quote|moz-forward-container|zmail_extra)\b", re.I
)
_BEFORE_QUOTE = re.compile(r"(?:^|\s)(?:gmail_attr|moz-cite-prefix|yahoo_quote_header)\b", re.I)
_SIGNATURE_CLASS = re.compile(
    r"(?:^|\s)(?:gmail_signature|moz-signature|protonmail_signature_block|tutanota_signature)\b", re.I
)
_SIGNATURE_ID = re.compile(
    r"(?:x_)*(?:signature|ms-outlook-mobile-signature|applemailsignature|ymail_signature\w*)", re.I
)
_REST_QUOTED_ID = re.compile(
    r"(?:x_)*(?:divrplyfwdmsg|appendonsend|mail-editor-reference-message-container|olk_src_body_section)",
    re.I,
)
_SPACES = re.compile(r"[ \t\n\r\f\v]+")


@dataclass(frozen=True, slots=True)
class Line:
    """One line: how deep it is quoted, and whether the program that wrote it marks it as signature."""

    text: str
    depth: int = 0
    signature: bool = False


@dataclass(slots=True)
class _Place:
    """Where the walk stands: the look, the depth of quotation, whether within a signature or kept line breaks."""

    look: Look
    depth: int = 0
    signature: bool = False
    kept: bool = False
    level: int = 0


class Walk:
    """Goes through the tree once, without recursion; takes unseen text out of it and gathers the lines."""

    def __init__(self, colours: bool, sheets: dict[str, dict[str, str]]) -> None:
        self.lines: list[Line] = []
        self._colours = colours
        self._sheets = sheets
        self._words: list[str] = []
        self._cells: list[int] = []
        self._rest = 0
        self._at = _Place(Look())

    def run(self, root: Any) -> None:
        """Walk from `root` down."""
        stack: list[tuple[Any, _Place, bool]] = [(root, _Place(Look()), False)]
        seen = 0
        while stack:
            element, place, leaving = stack.pop()
            if leaving:
                self._leave(element, place)
                continue
            seen += 1
            tag = element.tag if isinstance(element.tag, str) else ""
            if seen > ELEMENTS_AT_MOST or len(stack) > 2 * ELEMENTS_AT_MOST or not tag or tag in _UNSEEN:
                self._drop(element, place)
                continue
            inside = self._enter(element, tag, place)
            stack.append((element, place, True))
            if inside.level > DEPTH_AT_MOST:
                self._flat(element, inside)
                continue
            if self._hides(element.text, inside):
                element.text = " "
            stack.extend((child, inside, False) for child in reversed(element))
        self._break(_Place(Look()))

    def _enter(self, element: Any, tag: str, place: _Place) -> _Place:
        attributes = {str(name).lower(): str(value) for name, value in element.attrib.items()}
        names = attributes.get("class", "")
        style: dict[str, str] = {}
        if self._sheets:
            for selector in [*(f".{one}" for one in names.split()), f"#{attributes.get('id', '')}"]:
                style |= self._sheets.get(selector, {})
        if "style" in attributes:
            style |= declarations(attributes["style"])
        changed = bool(style) or not attributes.keys().isdisjoint(
            ("hidden", "color", "bgcolor", "background")
        )
        seen = look(place.look, style, attributes) if changed else place.look
        if _REST_QUOTED_ID.fullmatch(attributes.get("id", "")):
            self._break(place)
            self._rest = 1
        quoted = (tag == "blockquote" and not _indented(style)) or bool(_QUOTED_CLASS.search(names))
        quoted = quoted or attributes.get("name") in ("quote", "messageReplySection")
        quoted = quoted or (bool(_BEFORE_QUOTE.search(names)) and _quote_follows(element))
        signature = place.signature or bool(
            _SIGNATURE_CLASS.search(names) or _SIGNATURE_ID.fullmatch(attributes.get("id", ""))
        )
        kept = place.kept or tag in ("pre", "textarea")
        inside = _Place(seen, place.depth + quoted, signature, kept, place.level + 1)
        if tag in ("td", "th"):
            self._cell(place)
        elif tag in _BLOCKS or quoted or signature != place.signature:
            self._break(place, blank=tag in _PARAGRAPHS and "mso" not in names.lower())
        if tag == "tr":
            self._cells.append(0)
        elif tag == "br":
            self._break(inside, always=True)
        elif tag == "li":
            self._words.append("- ")
        self._at = inside
        return inside

    def _leave(self, element: Any, place: _Place) -> None:
        tag = element.tag
        inner = self._at
        if tag not in ("td", "th") and (
            tag in _BLOCKS or inner.depth != place.depth or inner.signature != place.signature
        ):
            self._break(inner, blank=tag in _PARAGRAPHS and "mso" not in (element.get("class") or "").lower())
        if tag == "tr" and self._cells:
            self._cells.pop()
        self._at = place
        if self._hides(element.tail, place):
            element.tail = " "

    def _drop(self, element: Any, place: _Place) -> None:
        for child in list(element):
            element.remove(child)
        element.text = None
        if self._hides(element.tail, place):
            element.tail = " "

    def _flat(self, element: Any, place: _Place) -> None:
        """What lies too deep is read as plain text."""
        text = charsets.clean(" ".join(element.itertext()))
        for child in list(element):
            element.remove(child)
        element.text = " " if self._hides(text, place) else text

    def _hides(self, text: str | None, place: _Place) -> bool:
        """Take a text in; whether it is unseen and must be taken out of the tree."""
        if not text:
            return False
        if place.look.hidden or (self._colours and place.look.faded):
            return bool(text.strip())
        if place.kept:
            first, *others = text.split("\n")
            self._words.append(first)
            for other in others:
                self._break(place, always=True)
                self._words.append(other)
        else:
            self._words.append(_SPACES.sub(" ", text))
        return False

    def _cell(self, place: _Place) -> None:
        """A new cell of a row: the words before it are another cell's."""
        if self._cells and self._cells[-1]:
            if "".join(self._words).strip():
                self._words.append("\t")
        elif self._words:
            self._break(place)
        if self._cells:
            self._cells[-1] += 1

    def _break(self, place: _Place, *, blank: bool = False, always: bool = False) -> None:
        text = _row(charsets.clean("".join(self._words)).replace("\n", " "))
        self._words = []
        if text or always:
            self.lines.append(Line(text, place.depth + self._rest, place.signature))
        if blank and self.lines and self.lines[-1].text:
            self.lines.append(Line("", self.lines[-1].depth, self.lines[-1].signature))


def _row(text: str) -> str:
    """A line; of a row with a short label and one value, as forms send them, `label: value`."""
    text = text.replace("\xa0", " ")
    if "\t" not in text:
        return text.strip(" ")
    cells = [cell.strip() for cell in text.split("\t") if cell.strip()]
    if len(cells) == 2 and len(cells[0]) <= 40 and cells[0][-1] not in ":.?!,;":
        return f"{cells[0]}: {cells[1]}"
    return " ".join(cells)


def _indented(style: dict[str, str]) -> bool:
    """A blockquote without a border, as programs set them for mere indentation."""
    return style.get("border", "").startswith(("none", "0")) and not style.get("border-left")


def _quote_follows(element: Any) -> bool:
    following = element.getnext()
    while following is not None and following.tag == "br":
        following = following.getnext()
    return following is not None and (
        following.tag == "blockquote" or following.find(".//blockquote") is not None
    )
