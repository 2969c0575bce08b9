"""Find where a letter ends: its farewell, the lines that sign it, and the card that a mail program sets below."""

import re
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import combinations
from typing import Final

from intake.bearing import bearer, is_given
from intake.firms import firm_line
from intake.phrases import FOLDER
from intake.quoted import OwnText
from intake.shapes import EMAIL, PERSON

LAST_LINES: Final = 5
ADIEU_WORDS: Final = 5
"""Words of a line of parting that is no farewell of the known ones: "Beklagar bryet,"."""
SIGNING_WORDS: Final = 9
CARD_LINES: Final = 8
"""Lines at the end among which a card and the name above it are looked for."""
SLOGAN_WORDS: Final = 5
_NUMBER: Final = re.compile(r"\W*(?:\w{1,7}\W{1,2})?\+?\d[\d ]{6,16}\d$")
_WHENCE: Final = (" fra", " frå", " from", " från")
_SMALL: Final = r"[^\W\d_]+(?:-[^\W\d_]+)?(?: [^\W\d_]+){0,2}"
_BESIDE: Final = re.compile(r"\s?[|,;(·•]|\s-\s|$")


@dataclass(frozen=True, slots=True)
class _Cues:
    farewell: re.Pattern[str]
    ending: re.Pattern[str]
    thanks: re.Pattern[str]
    titles: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Parting:
    """A line of a signature: whether it opens with a `farewell`, one from somewhere (`whence`), and the `rest`."""

    farewell: bool
    whence: bool
    rest: str


def parting(line: str) -> Parting:
    """Return a line as what it says at parting and what stands on it besides."""
    farewell = _cues().farewell.match(line)
    if farewell is None:
        return Parting(False, False, line.strip(" ,/-"))
    rest = line[farewell.end() :].strip(" ,.!:/-")
    said = farewell[0].casefold()
    whence = said.endswith(_WHENCE) and not said.startswith("klem")
    return Parting(True, whence, f"{rest}." if rest and line.endswith(".") else rest)


def last_lines(said: str) -> list[str]:
    """Where no farewell marks a signature: the short lines at the end, from the first that is a name by itself."""
    lines = [line.strip() for line in said.split("\n")]
    if sum(bool(line) for line in lines) < 2:
        return _tail(" ".join(lines))
    for index in range(max(1, len(lines) - LAST_LINES), len(lines)):
        if _signs(lines, index):
            above = lines[index - 1]
            first = index - 1 if above.startswith("For ") and firm_line(above[4:]) else index
            return [part for part in lines[first:] if part]
    return []


def unsigned(said: str, idle: Callable[[str], bool]) -> str:
    """Return what is said without the lines at its end that sign it: the name alone on its line, and after it what is
    short and `idle`, so that no wish below a name is lost."""
    lines = said.split("\n")
    for index in range(max(1, len(lines) - LAST_LINES), len(lines)):
        if _signs([line.strip() for line in lines], index):
            first, *more = lines[index:]
            name = re.fullmatch(rf"\W*{PERSON}\W*", first.strip()) is not None
            kept = [] if name or (len(first.split()) <= SIGNING_WORDS and idle(first)) else [first]
            kept += [line for line in more if len(line.split()) > SIGNING_WORDS or not idle(line)]
            return "\n".join([*lines[:index], *kept]).strip()
    return said


def without_card(parts: OwnText) -> OwnText:
    """Return `parts` without a card below a letter that is signed already: the mail program's, not the writer's words.

    It repeats the full name that signs; a firm that bears that name is a card's where it stands apart and the firm also
    speaks. What is left is how `parts.own` begins.
    """
    said = parts.said.split("\n") if parts.said else []
    lines = [*said, *parts.signed.split("\n")]
    begins = _card(lines, len(said))
    if begins is None:
        return parts
    kept = lines[:begins]
    return replace(
        parts, said="\n".join(kept[: len(said)]).strip(), signed="\n".join(kept[len(said) :]).strip()
    )


def _card(lines: Sequence[str], signed: int) -> int | None:
    """Where a card begins in `lines`, of which those from `signed` on are a signature."""
    filled = [index for index, line in enumerate(lines) if line.strip()][-CARD_LINES:]
    for above, below in combinations(filled, 2):
        card = lines[below].strip()
        name = parting(lines[above].strip()).rest.strip(" .,") if above else ""
        if " " not in name or not card.startswith(name) or not re.fullmatch(PERSON, name) or not bearer(name):
            continue
        apart = below == signed or not lines[below - 1].strip(" _-*=~")
        firm = apart and card[len(name) :].startswith(" ") and _speaks(lines[below + 1 :])
        if _BESIDE.match(card, len(name)) or firm:
            return below
    return None


def _speaks(lines: Sequence[str]) -> bool:
    """Whether the lines of the block hold more than a card's short ones."""
    for line in lines:
        if not line.strip():
            return False
        if len(line.split()) >= SLOGAN_WORDS:
            return True
    return False


def _tail(line: str) -> list[str]:
    """The name that ends a message of one line, with the farewell where the name is in small letters."""
    tail = _cues().ending.search(line)
    if tail is None or (line.endswith("!") and _cues().thanks.fullmatch(tail["farewell"] or "")):
        return []  # "takk Berit!" is said to her
    if tail["small"]:
        return [tail["farewell"], tail["small"]] if is_given(tail["small"].split(" ")[0]) else []
    value = tail["parted"] or tail["slashed"] or tail["bare"]
    known = tail["bare"] is None or (" " in value and is_given(value.split(" ")[0]))
    return [value] if known else []


def _signs(lines: Sequence[str], index: int) -> bool:
    """Whether the line begins what signs: a farewell with a name or none, or a name that stands by itself."""
    line = lines[index]
    farewell = _cues().farewell.match(line)
    if farewell and re.fullmatch(rf"\W*(?:{PERSON}\.?)?", line[farewell.end() :]):
        return True
    begins = re.split(r",\s|\s?[|·•(]\s?", _cues().titles.sub("", line.lstrip("/- ")))[0].strip(" !")
    if not re.fullmatch(rf"{PERSON}\.?", begins) or bearer(begins) is None:
        return False
    words = [word for word in line.split() if any(c.isalnum() for c in word)]
    if (" " in begins or line.startswith(("/", "-"))) and len(words) <= SIGNING_WORDS:
        return True
    alone = begins.rstrip(".") == line.rstrip(".") and len(line) > 1
    if alone and index < len(lines) - 1:
        return not lines[index - 1] and all(map(_reaches, lines[index + 1 :]))
    return alone and (not lines[index - 1] or is_given(begins) or _adieu(lines[index - 1]))


def _reaches(line: str) -> bool:
    """Whether a line below a name tells by itself for whom or where to reach them: a firm, an address, a number."""
    return (
        not line
        or firm_line(line) is not None
        or EMAIL.fullmatch(line) is not None
        or _NUMBER.match(line) is not None
    )


def _adieu(line: str) -> bool:
    """A short line that ends in a comma, as one that takes leave does."""
    return line.endswith(",") and len(line.split()) <= ADIEU_WORDS


@cache
def _cues() -> _Cues:
    content = tomllib.loads((FOLDER / "identifiers.toml").read_text(encoding="utf-8"))
    told, titled = content["signature"], content["names"]
    return _Cues(
        farewell=re.compile(rf"(?i:{told['farewell']}(?!\w))"),
        ending=re.compile(
            rf"(?<!\w)(?P<farewell>(?i:{told['farewell']}))[,.!]?\s+(?:(?P<parted>{PERSON}\.?)|(?P<small>{_SMALL}))\W*$"
            rf"|(?:\s/\s?|[.!?]\s-{{1,2}}\s?)(?P<slashed>{PERSON}\.?)(?:\W*$|,\s\S{{3,80}}$)"
            rf"|[.!?]\s(?P<bare>{PERSON})\W*$"
        ),
        thanks=re.compile(titled["thanks"], re.IGNORECASE),
        titles=re.compile(rf"^(?:{titled['titles']})\.?\s(?=.*\s)", re.IGNORECASE),
    )
