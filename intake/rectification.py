"""Find in a message which field is to be corrected, the new value, and the old one where it is told."""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from intake.shapes import DATE, EMAIL, NAME, addresses, phones

READ_AT_MOST: Final = 4000
"""Characters looked at; a correction that comes later is left to a human."""
BEFORE, AFTER = 45, 30
"""Characters around a value in which a cue may stand."""

FIELDS: Final = ("email", "phone", "address", "name", "postcode", "city", "birthdate", "company", "title")

_STOP = (
    r"(?!ikke|ikkje|not|lenger|and|og|men|but|fra|from|since|siden|frå|nå|no|now|i st|instead|please|takk)"
)
_PHRASE = rf"[^\W\d][^\W\d-]*(?:-\w+)*(?: {_STOP}[^\W\d][\w&/-]*){{0,3}}"
_POSTCODE = r"(?<![\w/.-])(?:\d{4}|\d{3} \d{2})(?![\w/-]|[.,]\d)"


@dataclass(frozen=True, slots=True)
class Rectification:
    """A correction: `field` is one of `FIELDS`; the values stand as the sender wrote them."""

    field: str
    old_value: str | None
    new_value: str
    sure: bool = False
    """The text itself sets an old value against a new one; it need not say "correct"."""


@dataclass(frozen=True, slots=True)
class _Value:
    field: str
    text: str
    start: int
    end: int
    leaning: int
    """2 surely new, 1 probably new, 0 nothing tells, -1 old, -9 not spoken of as changed."""


@dataclass(frozen=True, slots=True)
class _Cues:
    new_before: re.Pattern[str]
    old_before: re.Pattern[str]
    old_after: re.Pattern[str]
    new_after: re.Pattern[str]
    unchanged: re.Pattern[str]
    fields: dict[str, re.Pattern[str]]
    patterns: dict[str, tuple[str, ...]]
    former: str
    pronoun: re.Pattern[str]
    strong: re.Pattern[str]


def rectification(text: str) -> Rectification | None:
    """Return the correction that `text` asks for, or None where no new value is to be found."""
    text = text[:READ_AT_MOST]
    values = _values(text)
    best = _from_values(values)
    words = _from_words(text)
    if best is None:
        return words
    if words is not None and words.sure and not best.sure and best.field not in _spoken(text):
        return words
    return best


def _spoken(text: str) -> set[str]:
    """The fields that are named in the text."""
    return {name for name, pattern in _cues().fields.items() if pattern.search(text)}


def _values(text: str) -> list[_Value]:
    met: list[tuple[str, int, int]] = [("email", *found.span()) for found in EMAIL.finditer(text)]

    def add(name: str, matches: Iterable[re.Match[str]]) -> None:
        for found in matches:
            if all(found.end() <= start or found.start() >= end for _, start, end in met):
                met.append((name, *found.span()))

    add("address", addresses(text))
    if _cues().fields["birthdate"].search(text) or re.search(r"(?i)dato|date|datum", text):
        add("birthdate", DATE.finditer(text))
    add("phone", phones(text))
    if _cues().fields["postcode"].search(text):
        add("postcode", re.finditer(_POSTCODE, text))
    met.sort(key=lambda item: item[1])
    values: list[_Value] = []
    for index, (name, start, end) in enumerate(met):
        floor = met[index - 1][2] if index else 0
        ceiling = met[index + 1][1] if index + 1 < len(met) else len(text)
        leaning = _leaning(text[max(floor, start - BEFORE) : start], text[end : min(ceiling, end + AFTER)])
        values.append(_Value(name, text[start:end].strip(" ,."), start, end, leaning))
    return values


def _leaning(before: str, after: str) -> int:
    """The nearest cue before a value decides; what follows it speaks where nothing before it does, or louder."""
    cues = _cues()
    before = re.split(r"[!?]\s|\.\s(?=[A-ZÆØÅ])|\n\n", before)[-1]
    after = re.split(r"[!?]|\.\s(?=[A-ZÆØÅ])|\.$|\n", after)[0]
    if cues.unchanged.search(before):
        return -9
    new = max((found.end() for found in cues.new_before.finditer(before)), default=-1)
    old = max((found.end() for found in cues.old_before.finditer(before)), default=-1)
    says_old = cues.old_after.match(after.lstrip(" ,")) if after.strip() else None
    says_new = cues.new_after.match(after.lstrip(" ,")) if after.strip() else None
    if says_new and not old > new:
        return 2
    if says_old and not (new > old and _strong(before)):
        return -1
    if old > new:
        return -1
    if new > old:
        return 2 if _strong(before) else 1
    return 0


def _strong(before: str) -> bool:
    """Whether the cue before a value is more than "is"."""
    return bool(_cues().strong.search(before))


def _from_values(values: list[_Value]) -> Rectification | None:
    fields = sorted(
        {v.field for v in values}, key=lambda name: -max(v.leaning for v in values if v.field == name)
    )
    for name in fields:
        mine = [v for v in values if v.field == name and v.leaning > -9]
        if not mine:
            continue
        old = [v for v in mine if v.leaning < 0]
        new = [v for v in mine if v.leaning > 0]
        unsure = [v for v in mine if v.leaning == 0]
        if not new and unsure and old:
            new = unsure
        if not new and len(unsure) > 1:
            new, old = unsure[1:2], unsure[:1]
        if not new and unsure:
            new = unsure
        if not new:
            continue
        chosen = max(new, key=lambda v: v.leaning)
        former = (
            next((v for v in old if v.text != chosen.text), None)
            or next((v for v in unsure if v.text != chosen.text), None)
            or next((v for v in new if v.text != chosen.text and v.leaning < chosen.leaning), None)
        )
        sure = former is not None and chosen.leaning > 0 and former.leaning < 0
        return Rectification(name, former.text if former else None, chosen.text, sure)
    return None


def _from_words(text: str) -> Rectification | None:
    """Names, places, employers and titles: told by the words around them and by what is spoken of."""
    spoken = _spoken(text)
    for name in ("postcode", "city", "title", "company", "name"):
        if name not in spoken:
            continue
        value = _POSTCODE if name == "postcode" else _PHRASE if name == "title" else NAME
        for kind in (
            ("pairs", "reversed", "singles")
            if name == "title"
            else ("pairs", "swapped", "reversed", "singles")
        ):
            for source in _cues().patterns[kind]:
                for found in re.finditer(_fill(source, value), text):
                    made = _made(name, kind, [g for g in found.groups() if g], text)
                    if made:
                        return made
    return None


def _fill(source: str, value: str) -> str:
    return "(?i:" + source.replace("{v}", f"[\"«']?((?-i:{value}))[\"»']?") + ")"


def _made(name: str, kind: str, groups: list[str], text: str) -> Rectification | None:
    groups = [group.strip(" .,") for group in groups]
    if kind == "singles":
        if _cues().pronoun.fullmatch(groups[0]):
            return None
        left = re.search(_fill(_cues().former, NAME), text) if name == "company" else None
        return Rectification(name, left[1] if left and left[1] != groups[0] else None, groups[0])
    first, second = groups[0], groups[1]
    old, new = (second, first) if kind == "swapped" else (first, second)
    if old == new or _cues().pronoun.fullmatch(old) or _cues().fields[name].fullmatch(old):
        return None
    return Rectification(name, old, new, sure=True)


@cache
def _cues() -> _Cues:
    content = tomllib.loads(
        Path(__file__).with_name("phrases").joinpath("rectification.toml").read_text(encoding="utf-8")
    )

    def either(name: str) -> re.Pattern[str]:
        entries = sorted(content[name], key=len, reverse=True)
        return re.compile(r"(?i:(?<!\w)(?:" + "|".join(e.replace(" ", r"\s") for e in entries) + r")(?!\w))")

    return _Cues(
        either("new_before"),
        either("old_before"),
        either("old_after"),
        either("new_after"),
        either("unchanged"),
        {name: re.compile(rf"(?i:(?<!\w)(?:{source})(?!\w))") for name, source in content["field"].items()},
        {name: tuple(sources) for name, sources in content["values"].items() if name != "former"},
        content["values"]["former"],
        re.compile(rf"(?i:{content['pronoun']})"),
        re.compile(rf"(?i:(?<!\w){content['strong']}(?!\w)[^.!?]*$)"),
    )
