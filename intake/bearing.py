"""Tell a person's name from other words with capitals: titles, openings of sentences and desks are none."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache

from intake.phrases import FOLDER
from intake.shapes import INITIAL, PARTICLES


@dataclass(frozen=True, slots=True)
class _Words:
    titles: re.Pattern[str]
    never: re.Pattern[str]
    teams: re.Pattern[str]
    given: re.Pattern[str]
    particle: re.Pattern[str]
    initial: re.Pattern[str]


def bearer(value: str, *, one: bool = True, several: bool = True) -> str | None:
    """Return the name that `value`, words with capitals, begins with; None where it is none.

    Not `one`, a single word is a name only where it is a known given name. Not `several`, "Kari Nes og Per Nes" is
    cut before the second.
    """
    words = _words()
    parts = value.strip().removesuffix("'s").split(" ")
    while len(parts) > 2 and words.titles.fullmatch(parts[0]):
        parts = parts[1:]
    if len(parts) == 2 and words.titles.fullmatch(parts[0]) and not parts[0].lower().startswith("m"):
        parts = parts[1:]  # "Mrs Pugh" has no other name, "Advokat Falk" may go without
    kept: list[str] = []
    for part in parts:
        joins = words.particle.fullmatch(part) or words.initial.fullmatch(part)
        if not joins and words.never.fullmatch(part.rstrip(".").split("'")[0]):
            if kept and words.teams.fullmatch(part):
                return None  # "Sales Team"
            break
        if not several and part in ("og", "and", "och", "&") and len(kept) > 1:
            break
        kept.append(part)
        if part.endswith(".") and not words.initial.fullmatch(part):
            break
    while kept and words.particle.fullmatch(kept[-1]):
        kept.pop()
    if not kept:
        return None
    if not words.initial.fullmatch(kept[-1]) or len(kept) == 1:
        kept[-1] = kept[-1].rstrip(".")
    if words.titles.fullmatch(kept[-1]):
        return None
    bearing = [part for part in kept if not words.initial.fullmatch(part)]
    if not bearing or len(bearing[0]) < 2:
        return None
    if len(kept) == 1 and not one and not is_given(kept[0]):
        return None
    return " ".join(kept)


def is_given(word: str) -> bool:
    """Whether `word`, in capitals or not, is a common given name, also one of two joined by a hyphen."""
    return all(_words().given.fullmatch(part) for part in word.split("-") if part)


def same(name: str, known: str) -> bool:
    """Whether `name` may be short for `known`: "Ola" or "O. Nes" for "Ola Nes"."""
    if name == known or known.startswith(name + " "):
        return True
    first, _, last = name.partition(" ")
    return first == f"{known[:1]}." and known.endswith(f" {last}")


@cache
def _words() -> _Words:
    content = tomllib.loads((FOLDER / "identifiers.toml").read_text(encoding="utf-8"))
    told = content["names"]
    return _Words(
        re.compile(rf"{told['titles']}\.?", re.IGNORECASE),
        re.compile(told["not_names"], re.IGNORECASE),
        re.compile(content["signature"]["teams"], re.IGNORECASE),
        re.compile(told["given"], re.IGNORECASE),
        re.compile(PARTICLES),
        re.compile(INITIAL),
    )
