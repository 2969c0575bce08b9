"""The words of claims: numbers, units, months, weekdays, names and negations, in bokmål, nynorsk and English."""

import re
import tomllib
from collections.abc import Mapping, Set
from functools import cache
from pathlib import Path
from typing import Any

from operators.languages import detect


def is_english(text: str) -> bool:
    """Whether a text is English."""
    return detect(without_numbers(text)) == "en"


def without_numbers(text: str) -> str:
    """Return a text without the Norwegian numbers that are other words in English, to tell its language by."""
    unclear = "|".join(content()["not_always_numbers"]["in_english"].split())
    return re.sub(rf"\b(?:{unclear})\b", " ", text)


def weak_numbers(text: str) -> Set[str]:
    """Return the words that are numbers in a text only right before a unit."""
    unclear = content()["not_always_numbers"]
    return frozenset(
        unclear["articles"].split() + (unclear["in_english"].split() if is_english(text) else [])
    )


def negations(text: str) -> Set[str]:
    """Return the words that negate in a text, by its language."""
    found = content()["negations"]
    return frozenset(found["everywhere"].split() + (found["in_english"].split() if is_english(text) else []))


def day(text: str) -> str | None:
    """Return which month or weekday a word names, if one; the same in every language."""
    return calendar().get(text.casefold())


@cache
def calendar() -> Mapping[str, str]:
    """Return months and weekdays by their names."""
    return {
        name: f"{part}:{number}"
        for part in ("months", "weekdays")
        for number, names in content()[part].items()
        for name in names.split()
    }


@cache
def units() -> Mapping[str, str]:
    """Return the unit that each of its forms stands for."""
    return {form: unit for unit, forms in content()["units"].items() for form in forms.split()}


@cache
def number_words() -> Mapping[str, str]:
    """Return the value of each number word, of both languages together."""
    found: dict[str, str] = {}
    for spoken in content()["numbers"].values():
        small = spoken["small"].split()
        found |= {said: str(value) for value, said in enumerate(small)}
        for ten, said in enumerate(spoken["tens"].split(), start=2):
            found[said] = str(10 * ten)
            for unit in range(1, 10):
                found[said + small[unit]] = found[f"{said}-{small[unit]}"] = str(10 * ten + unit)
        for pair in f"{spoken['also']} {spoken['large']}".split():
            said, _, value = pair.partition("=")
            found[said] = value
    return found


@cache
def content() -> dict[str, Any]:
    """Return the catalogue beside this module."""
    return tomllib.loads(Path(__file__).with_name("claims.toml").read_text(encoding="utf-8"))
