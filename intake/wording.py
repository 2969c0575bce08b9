"""Match phrases word by word; only what is more than words needs a pattern, which takes long to make."""

import re
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Final, NamedTuple

GAP: Final = 3
"""Marks that may stand between two words of a phrase."""

_OPENS = re.compile(r"(?:\w|\\w|[*?+|()](?!\?))*")
"""What of a phrase is made of letters alone: they are one word's, up to where something else must follow."""

Tells = Callable[[str], object]
"""What is true of a word where something may begin with it."""


class Following(NamedTuple):
    """What parts a word from the one before it (a blank for any one to three marks), what is true of it, and the words
    it may be; none are named where they are told otherwise."""

    parting: str
    tells: Tells
    words: frozenset[str] = frozenset()


def last(
    text: str, words: Sequence[str], spans: Sequence[tuple[int, int]], at: int, following: Sequence[Following]
) -> int:
    """Where the words end that must follow the word `at`; 0 where they do not."""
    end = spans[at][1]
    for parting, tells, _ in following:
        at += 1
        if at == len(words) or not tells(words[at]):
            return 0
        start = spans[at][0]
        if start - end > GAP if parting == " " else text[end:start] != parting:
            return 0
        end = spans[at][1]
    return end


@cache
def steps(source: str) -> tuple[tuple[Following, ...], str | None]:
    """The words that a phrase surely begins with, and the phrase itself where they are not all of it.

    Most phrases are words and no more, and need no pattern, which takes long to make.
    """
    outside = source
    while outside != (outside := re.sub(r"\([^()]*\)", "", outside)):
        pass
    if "|" in outside:
        return (Following(" ", anything),), source  # alternatives, each of which begins otherwise
    found: list[Following] = []
    parting, rest = " ", source
    while True:
        letters = _OPENS.match(rest)
        word = letters[0] if letters else ""
        rest = rest[len(word) :]
        ends = not rest or (rest[0] in " '-" and rest[1:2] not in tuple("?*+{"))
        tells = _tells(word) if ends else None
        if tells is None:
            return tuple(found) or (Following(" ", anything),), source
        found.append(Following(parting, tells, _words(word)))
        if not rest:
            return tuple(found), None
        parting, rest = rest[0], rest[1:]


def _tells(word: str) -> Tells | None:
    """What is true of a word that a phrase has there; None where more than one word may be meant, or none."""
    if not word or word.count("(") != word.count(")"):
        return None
    if word.isalnum():
        return word.__eq__
    begins = word.removesuffix("*").removesuffix("\\w")
    if begins.isalnum() and word.endswith("*"):
        return lambda met: met.startswith(begins)
    if several := _words(word):
        return several.__contains__
    pattern = re.compile(_spelled_out(word))
    return None if pattern.fullmatch("") else pattern.fullmatch


def _words(word: str) -> frozenset[str]:
    """The words that are meant where a phrase names them all: one, or several in a group."""
    if word.isalnum():
        return frozenset((word,))
    several = word[1:-1].split("|")
    named = word[:1] == "(" and word[-1:] == ")" and all(one.isalnum() for one in several)
    return frozenset(several) if named else frozenset()


def anything(_: str) -> bool:
    """What is true of every word."""
    return True


@cache
def compiled(source: str) -> re.Pattern[str]:
    """Return the pattern of a phrase."""
    return re.compile(re.sub(r"\s+", rf"\\W{{1,{GAP}}}", _spelled_out(source)) + r"(?!\w)")


def one_of(sources: Iterable[str]) -> re.Pattern[str]:
    """Return a pattern that matches where one of several phrases does; nowhere where there are none."""
    return re.compile("|".join(f"(?:{compiled(source).pattern})" for source in sources) or r"(?!)")


def _spelled_out(source: str) -> str:
    """A phrase with its open ends as a pattern has them."""
    return re.sub(r"(?<!\\w)\*", r"\\w*", source)
