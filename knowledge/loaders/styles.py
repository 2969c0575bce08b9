"""What a DOCX file's styles say of a paragraph: whether it is a title or a heading, bold, numbered."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from knowledge.loaders.archive import Node, W, is_on, value, whole

TITLE: Final = 0
BODY_LEVEL: Final = 9
"""The outline level that stands for running text (ISO/IEC 29500-1, 17.3.1.20)."""


@dataclass(frozen=True, slots=True)
class Numbered:
    """The numbering a paragraph belongs to, its level in it from 0 (None: the level bound to its style)."""

    num: str
    level: int | None


class Styles:
    """The paragraph styles of one document."""

    def __init__(self, root: Node | None) -> None:
        found = root.iter(W + "style") if root is not None else ()
        self._styles = {one.get(W + "styleId"): one for one in found}
        self._normal = next(
            (
                id
                for id, one in self._styles.items()
                if one.get(W + "type") == "paragraph" and one.get(W + "default") in ("1", "true")
            ),
            "",
        )

    def of(self, paragraph: Node) -> str:
        """Return the id of a paragraph's style."""
        return value(paragraph, "pPr/pStyle") or self._normal

    def heading(self, paragraph: Node) -> int | None:
        """Return a heading's level from 1, 0 for the title, None for running text.

        A style's name is the same in every language of Word («heading 1»), only its id is translated; a
        style of the company's own is a heading where it has an outline level.
        """
        own = value(paragraph, "pPr/outlineLvl")
        if own is not None:
            return whole(own) + 1 if whole(own) < BODY_LEVEL else None
        for style in self._chain(self.of(paragraph)):
            name = (value(style, "name") or "").casefold()
            if name == "title":
                return TITLE
            said = value(style, "pPr/outlineLvl")
            if said is not None:
                return whole(said) + 1 if whole(said) < BODY_LEVEL else None
            match = re.fullmatch(r"(?:heading|overskrift)\s*(\d)", name)
            if match:
                return int(match[1])
        return None

    def is_contents(self, paragraph: Node) -> bool:
        """Whether a paragraph is an entry or the title of a table of contents."""
        names = [(value(style, "name") or "").casefold() for style in self._chain(self.of(paragraph))]
        return any(re.fullmatch(r"toc\s*(?:\d|heading)|table of figures", name) for name in names)

    def numbering(self, paragraph: Node) -> Numbered | None:
        """Return the numbering of a paragraph, its own before its style's; `numId` 0 takes it away."""
        for node in (paragraph, *self._chain(self.of(paragraph))):
            num = value(node, "pPr/numPr/numId")
            level = value(node, "pPr/numPr/ilvl")
            if num is not None:
                if num == "0":
                    return None
                own = node is paragraph
                return Numbered(num, whole(level) if level is not None else 0 if own else None)
        return None

    def is_bold(self, paragraph: Node) -> bool:
        """Whether a paragraph's style is bold."""
        said = (is_on(style, "rPr/b") for style in self._chain(self.of(paragraph)))
        return next((one for one in said if one is not None), False)

    def heads_tables(self, table: Node) -> bool:
        """Whether a table's style sets its first row in bold, and the table has that switched on."""
        look = table.find(f"{W}tblPr/{W}tblLook")
        first = look is not None and look.get(W + "firstRow") in ("1", "true")
        return first and any(
            one.get(W + "type") == "firstRow" and is_on(one, "rPr/b")
            for style in self._chain(value(table, "tblPr/tblStyle") or "")
            for one in style.iter(W + "tblStylePr")
        )

    def _chain(self, id: str) -> Iterator[Node]:
        """Yield a style and those it is based on."""
        seen: set[str] = set()
        while id in self._styles and id not in seen:
            seen.add(id)
            yield self._styles[id]
            id = value(self._styles[id], "basedOn") or ""
