"""Periods of time in a text as days: «tre måneder», "24 months", «ingen»."""

import re
from collections.abc import Iterator
from typing import Final

from knowledge.lint.patterns import pattern, vocabulary

_NUMBERS: Final = {
    "en": 1, "ein": 1, "ei": 1, "én": 1, "éin": 1, "ett": 1, "eitt": 1, "one": 1, "to": 2, "two": 2, "tre": 3,
    "three": 3, "fire": 4, "four": 4, "fem": 5, "five": 5, "seks": 6, "six": 6, "sju": 7, "syv": 7, "seven": 7,
    "åtte": 8, "eight": 8, "ni": 9, "nine": 9, "ti": 10, "ten": 10, "tolv": 12, "twelve": 12, "fourteen": 14,
    "tretti": 30, "thirty": 30, "seksti": 60, "sixty": 60, "nitti": 90, "ninety": 90,
}  # fmt: skip
_UNITS: Final = (
    ("mån", 30),
    ("mnd", 30),
    ("month", 30),
    ("uke", 7),
    ("vek", 7),
    ("week", 7),
    ("år", 365),
    ("year", 365),
)


def days_in(text: str) -> Iterator[tuple[int, int]]:
    """Yield the periods in a text as (days, where it begins); a month counts 30 days, a year 365."""
    for match in pattern("{period}").finditer(text):
        number, unit = re.split(r"[\s-]+", re.sub(r"\(\d+\)", "", match[0]).strip(), maxsplit=1)
        length = next((days for word, days in _UNITS if unit.casefold().lstrip().startswith(word)), 1)
        count = int(number) if number.isdigit() else _NUMBERS[number.casefold()]
        yield count * length, match.start()


def numbers_known() -> bool:
    """Whether every number word of the vocabulary has a value here."""
    return set(re.findall(r"[^\W\d_]{2,}", vocabulary()["number"])) <= set(_NUMBERS)
