"""Tell places where people live from other words with capitals, by a list of the best known."""

import tomllib
from functools import cache

from intake.phrases import FOLDER


def is_place(value: str) -> bool:
    """Whether `value`, in capitals or not, is a town or a municipality that is listed."""
    return value.strip(" .,!").casefold() in _places()


@cache
def _places() -> frozenset[str]:
    told = tomllib.loads((FOLDER / "rectification.words.toml").read_text(encoding="utf-8"))["places"]
    return frozenset(name.casefold() for listed in told.values() for name in listed.split())
