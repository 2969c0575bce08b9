"""Find the company a sender writes for, by the words before its name or its legal form."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from typing import Final

from intake.bearing import is_given
from intake.cue import Cue, Said
from intake.phrases import FOLDER
from intake.shapes import FIRM

FIRM_WORDS: Final = 5
"""Words of a line that is a firm's name."""
WORDS_BEFORE: Final = 40
"""Characters before "from" in which the name is looked for."""
_PRESENT: Final = (
    "her",
    "here",
    "här",
    "skriver",
    "skriv",
    "ringer",
    "ringjer",
    "writing",
    "calling",
    "jeg",
    "eg",
)
_PAIR: Final = re.compile(r"(\w+) & (\w+)")
_KIN: Final = re.compile(r"& (?:Co|Sons?|Daughters?|Sønn(?:er)?|Søn(?:ner)?|Datter|Døtre|Partners?)$")
_SPEAKS: Final = re.compile(r" (?:(?:and|og|&) )?(?:I(?:'\w+)?|Jeg|Eg|Vi|We)(?= |$)")


@dataclass(frozen=True, slots=True)
class _Cues:
    employer: Cue
    ours: Cue
    whence: Cue
    words: re.Pattern[str]
    end: re.Pattern[str]
    small: re.Pattern[str]


def employer(text: str) -> str | None:
    """Return the company that `text` says its sender works at, owns or speaks for; None where it says none."""
    cues, said = _cues(), Said.of(text)
    for cue in (cues.ours, cues.employer, cues.whence):
        for start, match in cue.find(said):
            if cue is cues.whence and not _named_before(text, start):
                continue
            small = cues.small.match(text, match.end())
            name = match[1] + small[0] if small else firm(match[1])
            if name[0].isdigit() and not cues.words.search(name):
                continue  # "the owner of 8 Priory Lane"
            called = cue is not cues.whence and " " in name and not is_given(name.split(" ")[0])
            if small or called or cues.words.search(name):
                return name
    return None


def _named_before(text: str, at: int) -> bool:
    """Whether a person's name, or a word for where they speak, ends just before: "Ola Nes fra", "her frå"."""
    words = text[max(0, at - WORDS_BEFORE) : at].split()
    return bool(words) and (words[-1].casefold() in _PRESENT or any(map(is_given, words[-2:])))


def firm_line(line: str) -> str | None:
    """Return the company's name that `line`, or a part of one, is by itself; None where it is none."""
    cues = _cues()
    known = cues.words.search(line) or cues.small.search(line)
    pair = _PAIR.fullmatch(line)
    if pair and any(map(is_given, pair.groups())) and not _KIN.search(line):
        return None  # "Oddvar & Jean" sign together
    return line.strip(".") if known and len(line.replace("& ", "").split()) <= FIRM_WORDS else None


def is_firm(value: str) -> bool:
    """Whether `value`, a name, says itself that it is a company's."""
    return _cues().words.search(value) is not None


def firm(value: str) -> str:
    """Return the company's name that `value` begins with: it ends with its legal form, or before "I" and "Jeg"."""
    ending = _cues().end.search(value)
    name = value[: ending.end()] if ending else _SPEAKS.split(value)[0]
    return name.strip(" .,")


@cache
def _cues() -> _Cues:
    told = tomllib.loads((FOLDER / "identifiers.toml").read_text(encoding="utf-8"))["signature"]
    near = re.compile(
        rf"(?:\s(?i:vår|vårt|mitt|min))?,?[\s:]{{1,2}}[\"«]?(?i:the\s|firmaet\s|selskapet\s)?({FIRM})"
    )

    def after(cue: str) -> Cue:
        return Cue(re.compile(rf"(?<!\w){cue}"), near)

    return _Cues(
        after(told["employer"]),
        after(told["ours"]),
        after(told["whence"]),
        re.compile(told["company_words"]),
        re.compile(told["company_end"]),
        re.compile(rf"(?<=\w)\s{told['small_end']}"),
    )
