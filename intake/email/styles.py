"""Tell from inline styles and simple style sheets what of an HTML mail nobody can see."""

import re
from dataclasses import dataclass, replace
from typing import Final

STYLES_AT_MOST: Final = 100_000
TINY: Final = 3.0
"""Points or pixels: smaller letters cannot be read."""
NEAR: Final = 30
"""Steps of 255 in each colour: closer than that, letters vanish in their ground."""

Colour = tuple[int, int, int]
_WHITE: Final[Colour] = (255, 255, 255)
_NAMED: Final[dict[str, Colour]] = {
    "white": _WHITE, "black": (0, 0, 0), "snow": (255, 250, 250), "whitesmoke": (245, 245, 245),
    "ivory": (255, 255, 240), "ghostwhite": (248, 248, 255), "red": (255, 0, 0), "blue": (0, 0, 255),
    "gray": (128, 128, 128), "grey": (128, 128, 128), "green": (0, 128, 0), "navy": (0, 0, 128),
    "yellow": (255, 255, 0), "silver": (192, 192, 192), "windowtext": (0, 0, 0), "window": _WHITE,
}  # fmt: skip
_HEX = re.compile(r"#([0-9a-f]{3}|[0-9a-f]{6})\b")
_RGB = re.compile(r"rgba?\(\s*(\d{1,3})\D{1,3}(\d{1,3})\D{1,3}(\d{1,3})(?:\s*[,/]\s*([\d.]{1,6}))?")
_LENGTH = re.compile(r"(-?\d{0,7}(?:\.\d{0,7})?)\s*(px|pt|em|rem|%|in|cm|mm|vw|vh)?")
_RULE = re.compile(r"([^{}@]{1,500})\{([^{}]{0,2000})\}")
_SELECTOR = re.compile(r"[a-z0-9]{0,20}([.#][\w-]{1,80})", re.IGNORECASE)
_COMMENT = re.compile(r"/\*.*?\*/|<!--|-->", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Look:
    """How text stands at one place: `gone` for good, or unseen by what it inherits."""

    gone: bool = False
    invisible: bool = False
    tiny: bool = False
    colour: Colour | None = None
    ground: Colour | None = _WHITE

    @property
    def hidden(self) -> bool:
        """Nobody sees it, whatever the colours."""
        return self.gone or self.invisible or self.tiny

    @property
    def faded(self) -> bool:
        """It has the colour of its ground."""
        if self.colour is None or self.ground is None:
            return False
        return all(abs(one - other) < NEAR for one, other in zip(self.colour, self.ground, strict=True))


def declarations(style: str) -> dict[str, str]:
    """The declarations of an inline style; the last of a name counts."""
    found: dict[str, str] = {}
    for one in style[:5_000].lower().split(";"):
        name, colon, value = one.partition(":")
        if colon:
            found[name.strip()] = value.replace("!important", "").strip()
    return found


def sheet(css: str) -> dict[str, dict[str, str]]:
    """The rules for single classes and ids ("." and "#"); what stands in a media query is for some screens only."""
    found: dict[str, dict[str, str]] = {}
    plain = _COMMENT.sub(" ", css[:STYLES_AT_MOST])
    for match in _RULE.finditer(_without_queries(plain)):
        for selector in match[1].split(","):
            if name := _SELECTOR.fullmatch(selector.strip()):
                found.setdefault(name[1], {}).update(declarations(match[2]))
    return found


def _without_queries(css: str) -> str:
    out: list[str] = []
    depth = 0
    for piece in re.split(r"(@media[^{};]{0,500}\{|[{}])", css):
        if piece.startswith("@media") or (depth and piece == "{"):
            depth += 1
        elif depth and piece == "}":
            depth -= 1
        elif not depth:
            out.append(piece)
    return "".join(out)


def look(above: Look, style: dict[str, str], attributes: dict[str, str]) -> Look:
    """How text looks in an element with these declarations and attributes, inside `above`."""
    if above.gone or "hidden" in attributes or _gone(style):
        return replace(above, gone=True)
    visibility = style.get("visibility", "")
    invisible = visibility in ("hidden", "collapse") if visibility else above.invisible
    if style.get("color") == "transparent":
        invisible = True
    tiny = above.tiny
    if size := style.get("font-size") or style.get("font", ""):
        known = _points(size if "font-size" in style else _size_in(size))
        tiny = tiny if known is None else known < TINY
    colour = _colour(style.get("color") or attributes.get("color", ""), above.colour)
    if attributes.get("background") or "url(" in style.get("background", "") + style.get(
        "background-image", ""
    ):
        ground = None
    else:
        given = style.get("background-color") or style.get("background") or attributes.get("bgcolor", "")
        ground = _colour(given, above.ground)
    return Look(False, invisible, tiny, colour, ground)


def _gone(style: dict[str, str]) -> bool:
    if (
        style.get("display") == "none"
        or style.get("mso-hide") == "all"
        or style.get("opacity") in ("0", "0.0")
    ):
        return True
    clipped = style.get("overflow", style.get("overflow-y", "")) in ("hidden", "clip")
    if clipped and any(_zero(style.get(name, "")) for name in ("height", "max-height", "width", "max-width")):
        return True
    if style.get("position") in ("absolute", "fixed"):
        if any((_points(style.get(side, "")) or 0) <= -200 for side in ("left", "top", "right", "bottom")):
            return True
        if style.get("clip", "").replace(" ", "").startswith(("rect(0", "rect(1px,1px")):
            return True
    return (_points(style.get("text-indent", "")) or 0) <= -200 or "scale(0)" in style.get("transform", "")


def _zero(value: str) -> bool:
    return _points(value) == 0


def _points(value: str) -> float | None:
    """A length as points or pixels, which are near enough; None where it is none or depends on others."""
    match = _LENGTH.match(value.strip())
    if match is None or match[1] in ("", "-", ".", "-."):
        return None
    number = float(match[1])
    if match[2] == "%":
        return number * 0.12 if value.strip() != "100%" else None
    return number * {"em": 12, "rem": 12, "in": 72, "cm": 28, "mm": 2.8}.get(match[2] or "", 1)


def _size_in(font: str) -> str:
    """The size within the short form of `font`."""
    match = re.search(r"(?:^|\s)(\d[\d.]{0,6}(?:px|pt|em|rem|%))", font)
    return match[1] if match else ""


def _colour(value: str, otherwise: Colour | None) -> Colour | None:
    value = value.strip().lower()
    if not value or value in ("inherit", "none", "transparent", "initial"):
        return otherwise
    if match := _RGB.search(value):
        if match[4] and not match[4].strip("0."):
            return otherwise  # fully transparent: the ground shows
        return (min(int(match[1]), 255), min(int(match[2]), 255), min(int(match[3]), 255))
    if match := _HEX.search(value):
        digits = match[1] if len(match[1]) == 6 else "".join(2 * digit for digit in match[1])
        return (int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:], 16))
    first = value.split()[0]
    return _NAMED.get(first, None if value else otherwise)
