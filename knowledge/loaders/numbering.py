"""Count what Word counts: the numbers of headings, clauses and items, which stand in no document's text."""

import re
from dataclasses import dataclass, field
from typing import Final

from knowledge.headings import split_number
from knowledge.loaders.archive import Node, W, value, whole

DEEPEST: Final = 9
_ROMAN: Final = (
    (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"),
    (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a numbering: the number it starts at, how that is written («decimal»), the text around it
    («%1.%2»), and whether it is bound to a style of paragraphs."""

    start: int = 1
    written: str = "decimal"
    text: str = "%1."
    style: str = ""
    legal: bool = False
    restarts: int | None = None


@dataclass(frozen=True, slots=True)
class Label:
    """What stands before a paragraph: its text, and whether it is a mere bullet."""

    text: str
    bullet: bool

    @property
    def number(self) -> str:
        """The number alone: «4.1» of «§ 4.1.»; "" where it is a letter, another word's or a bullet."""
        return "" if self.bullet else split_number(f"{self.text} x")[0]


@dataclass(slots=True)
class _Counters:
    """How far a numbering has come, by level."""

    now: list[int | None] = field(default_factory=lambda: [None] * DEEPEST)


class Numbering:
    """The numberings of one document, counted on as its paragraphs are read in order (ISO/IEC 29500-1,
    17.9)."""

    def __init__(self, root: Node | None) -> None:
        self._levels: dict[str, dict[int, Level]] = {}
        self._abstract: dict[str, str] = {}
        self._overrides: dict[tuple[str, int], int] = {}
        self._used: set[tuple[str, int]] = set()
        self._counters: dict[str, _Counters] = {}
        if root is not None:
            self._read(root)

    def level_of_style(self, num: str, style: str) -> int:
        """Return the level of a numbering that is bound to a style, the first where none is."""
        levels = self._levels.get(num, {})
        return next((i for i, level in levels.items() if level.style == style), 0)

    def holds_clauses(self, num: str) -> bool:
        """Whether the second level of a numbering goes on from the first («2.3»)."""
        return {"%1", "%2"} <= set(re.findall(r"%\d", self._levels.get(num, {}).get(1, Level(text="")).text))

    def next(self, num: str, level: int) -> Label | None:
        """Return the label of the next paragraph of a numbering at a level, from 0; None where it has none."""
        levels = self._levels.get(num)
        if levels is None or level not in levels:
            return None
        mine = levels[level]
        if mine.written == "bullet":
            return Label("-", True)
        now = self._counters.setdefault(self._abstract[num], _Counters()).now
        if (num, level) in self._overrides and (num, level) not in self._used:
            self._used.add((num, level))
            now[level] = self._overrides[num, level]
        else:
            last = now[level]
            now[level] = mine.start if last is None else last + 1
        for above in range(level):
            if now[above] is None:
                now[above] = levels[above].start if above in levels else 1
        for below in range(level + 1, DEEPEST):
            # w:lvlRestart: 0 never restarts, n restarts after level n or one above it.
            after = levels[below].restarts if below in levels else None
            if after is None or level + 1 <= after:
                now[below] = None
        if mine.written == "none":
            return None
        text = re.sub(r"%([1-9])", lambda m: self._written(levels, now, int(m[1]) - 1, mine), mine.text)
        return Label(text.strip(), False) if text.strip() else None

    def _written(self, levels: dict[int, Level], now: list[int | None], at: int, mine: Level) -> str:
        n = now[at]
        if n is None:
            return ""
        level = levels.get(at, Level())
        return counted(n, "decimal" if mine.legal else level.written)

    def _read(self, root: Node) -> None:
        abstract = {one.get(W + "abstractNumId"): one for one in root.iter(W + "abstractNum")}
        by_style = {said: id for id, one in abstract.items() if (said := value(one, "styleLink")) is not None}
        for one in root.iter(W + "num"):
            id, of = one.get(W + "numId"), value(one, "abstractNumId")
            if of is None or of not in abstract:
                continue
            linked = value(abstract[of], "numStyleLink")
            of = by_style.get(linked, of) if linked else of
            levels = dict(_level(node) for node in abstract[of].iter(W + "lvl"))
            for override in one.iter(W + "lvlOverride"):
                at = whole(override.get(W + "ilvl"))
                start = value(override, "startOverride")
                if start is not None:
                    self._overrides[id, at] = whole(start)
                levels.update(_level(node) for node in override.iter(W + "lvl"))
            self._levels[id], self._abstract[id] = levels, of


def counted(n: int, written: str) -> str:
    """Return a number as a numbering writes it; an unknown way is read as figures."""
    if written in ("lowerLetter", "upperLetter") and n > 0:
        # After z comes aa, then bb, as Word counts.
        letter = chr(ord("a") + (n - 1) % 26) * min((n - 1) // 26 + 1, 9)
        return letter if written == "lowerLetter" else letter.upper()
    if written in ("lowerRoman", "upperRoman") and 0 < n < 4000:
        roman = ""
        for worth, sign in _ROMAN:
            roman += sign * (n // worth)
            n %= worth
        return roman.lower() if written == "lowerRoman" else roman
    if written == "decimalZero":
        return f"{n:02d}"
    return str(n)


def _level(node: Node) -> tuple[int, Level]:
    restarts = value(node, "lvlRestart")
    return whole(node.get(W + "ilvl")), Level(
        start=whole(value(node, "start"), 1),
        written=value(node, "numFmt") or "decimal",
        text=value(node, "lvlText") or "",
        style=value(node, "pStyle") or "",
        legal=node.find(W + "isLgl") is not None,
        restarts=None if restarts is None else whole(restarts),
    )
