"""Tell what people are called at work from other words: "daglig leder", "Head of Sales"."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache

from intake.phrases import FOLDER


@dataclass(frozen=True, slots=True)
class _Roles:
    signed: re.Pattern[str]
    ends: tuple[str, ...]
    words: frozenset[str]
    leads: frozenset[str]


def is_role(value: str) -> bool:
    """Whether `value` begins or ends with what people are called at work."""
    plain = value.strip(" .")
    first, last = plain.partition(" ")[0], plain.rpartition(" ")[2]
    if any(word[:1].isupper() and word.endswith(("ian", "ist")) for word in (first, last)):
        return ends_as_role(last.casefold()) and last != first  # "Christian" and "Kvist" are mostly none
    return ends_as_role(last.casefold()) or _roles().signed.search(plain) is not None


def ends_as_role(word: str) -> bool:
    """Whether a word in small letters is what somebody is called at work, or ends so."""
    known = _roles()
    return word in known.words or word.endswith(known.ends)


def leads_role(word: str) -> bool:
    """Whether a word in small letters may stand before such a word and belongs to it: "daglig", "senior"."""
    return word in _roles().leads


@cache
def _roles() -> _Roles:
    signed = tomllib.loads((FOLDER / "identifiers.toml").read_text(encoding="utf-8"))["signature"]["roles"]
    told = tomllib.loads((FOLDER / "rectification.words.toml").read_text(encoding="utf-8"))["roles"]
    return _Roles(
        re.compile(rf"(?i:^(?:{signed})(?!\w)|(?<!\w)(?:{signed})$)"),
        tuple(told["ends"].split()),
        frozenset(told["words"].split()),
        frozenset(told["leads"].split()),
    )
