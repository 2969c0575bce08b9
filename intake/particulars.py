"""Tell what a request says beside its right: how much it covers, where data are to go, by what authority one writes."""

import re
import tomllib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Final

from intake.phrases import FOLDER
from intake.sentences import Sentence
from intake.shapes import NAME

READ_AT_MOST: Final = 4000
"""Characters looked at."""
MOVES_WITHIN: Final = 90
"""Characters before a destination in which its verb stands."""


WORD: Final = r"\b"
"""What a line begins with that begins with a word."""


class Scope(StrEnum):
    """How much an erasure or an objection covers (GDPR Art. 17(1), 21(1) and (2))."""

    EVERYTHING = "everything"
    MARKETING = "marketing"
    ITEM = "item"


class Authority(StrEnum):
    """By what right somebody says they write for another; it is claimed here, and proven elsewhere."""

    LAWYER = "lawyer"
    HEIR = "heir"
    GUARDIAN = "guardian"
    POWER_OF_ATTORNEY = "power_of_attorney"
    PARENT = "parent"
    EMPLOYER = "employer"


def scope(types: Collection[str], sentences: Sequence[Sentence]) -> Scope | None:
    """Return what the erasure among `types` covers, or else the objection; None where neither is asked or none told.

    `sentences` are those that ask. An erasure is of an item where it names one thing (a card, a picture, a number) and
    neither the account nor everything, or where it says itself that the rest stays.
    """
    if "erasure" in types:
        told = _particulars()
        if any(
            told.rest_stays.search(s.text) or (_one(s) and told.on_a_whole.search(s.text)) for s in sentences
        ):
            return Scope.ITEM
        if any(_everything(s) or s.has("account", "forget", "facts") for s in sentences):
            return Scope.EVERYTHING
        return Scope.ITEM if any(_one(s) for s in sentences) else Scope.EVERYTHING
    if "objection" in types and any(
        s.has("marketing", "list_erase", "unsubscribe", "contact_kind") for s in sentences
    ):
        return Scope.MARKETING
    if "objection" in types and any(_everything(s) for s in sentences):
        return Scope.EVERYTHING
    return None


def _one(sentence: Sentence) -> bool:
    return not _everything(sentence) and (
        sentence.has("item") or _particulars().one.search(sentence.text) is not None
    )


def _everything(sentence: Sentence) -> bool:
    return sentence.has("what_you_hold") or _particulars().everything.search(sentence.text) is not None


def destination(text: str) -> str | None:
    """Return where data are to be moved, as it was written: a name, or words for a provider that is not named."""
    told = _particulars()
    text = text[:READ_AT_MOST]
    for pattern in (told.named, told.provider):
        for found in pattern.finditer(text):
            before = re.split(r"[.!?]\s|\n", text[max(0, found.start() - MOVES_WITHIN) : found.start()])[-1]
            value = found[1].strip(" .,")
            if told.moving.search(before) and not told.nowhere.fullmatch(value.split(" ")[0]):
                return value
    return None


def authority(text: str) -> Authority | None:
    """Return by what right the sender says they write for another; None where nothing is said."""
    text = text[:READ_AT_MOST].lower()  # several times as fast as a search without regard to case
    return next((one for one, pattern in _particulars().authority.items() if pattern.search(text)), None)


@dataclass(frozen=True, slots=True)
class _Particulars:
    authority: dict[Authority, re.Pattern[str]]
    everything: re.Pattern[str]
    rest_stays: re.Pattern[str]
    one: re.Pattern[str]
    on_a_whole: re.Pattern[str]
    named: re.Pattern[str]
    provider: re.Pattern[str]
    moving: re.Pattern[str]
    nowhere: re.Pattern[str]


@cache
def _particulars() -> _Particulars:
    content = tomllib.loads((FOLDER / "particulars.toml").read_text(encoding="utf-8"))
    place = content["destination"]
    return _Particulars(
        {one: _either(content["authority"][one]) for one in Authority},
        _either(content["scope"]["everything"]),
        _either(content["scope"]["rest_stays"]),
        _either(content["scope"]["one"]),
        _either(content["scope"]["on_a_whole"]),
        re.compile("(?i:" + place["named"].strip().replace("{v}", f"(?-i:({NAME}))") + ")"),
        re.compile(place["provider"].strip(), re.IGNORECASE),
        re.compile(place["moving"], re.IGNORECASE),
        re.compile(place["nowhere"], re.IGNORECASE),
    )


def _either(lines: str) -> re.Pattern[str]:
    """What is met in small letters where a line is. Most begin with a word, and are tried only where one begins."""
    told = lines.strip().splitlines()
    words = [line.removeprefix(WORD) for line in told if line.startswith(WORD) and "|" not in _outside(line)]
    others = [line for line in told if line.removeprefix(WORD) not in words]
    begins = [rf"\b(?=\w)(?:{'|'.join(f'(?:{line})' for line in words)})"] if words else []
    return re.compile("|".join([*begins, *(f"(?:{line})" for line in others)]))


def _outside(line: str) -> str:
    """What of a line stands in no group."""
    while line != (line := re.sub(r"\([^()]*\)", "", line)):
        pass
    return line
