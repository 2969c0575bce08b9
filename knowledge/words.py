"""Words as the search sees them: folded, stemmed in Norwegian and English, and cut into groups of four
letters."""

import re
import tomllib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

import Stemmer

GRAM: Final = 4
LITTLE: Final = "¤"
"""Marks the meaning of a little word among words."""

LONGEST_QUESTION: Final = 2000
"""Characters of a question that are read."""

MOST_WORDS: Final = 200

_TOKEN = re.compile(r"[^\W_]+(?:[-'./@:][^\W_]+)*%?")
_SAME: Final = str.maketrans(dict.fromkeys("‐‑‒–—―−", "-") | dict.fromkeys("’´`", "'"))
_PART = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Word:
    """A word: as folded, its Norwegian stem, whether it carries meaning by itself, and the forms it is known
    by.

    The forms are the word, its Norwegian stem, and its English stem, marked as such.
    """

    text: str
    nb: str
    telling: bool
    forms: frozenset[str]


@lru_cache(maxsize=20_000)
def words_of(text: str) -> tuple[Word, ...]:
    """Return the words of `text` in order; «e-post» and «www.x.no» are one word and its parts."""
    found: list[Word] = []
    for match in _TOKEN.finditer(fold(text)):
        token = match[0].rstrip("%")
        parts = _PART.findall(token)
        if len(parts) > 1:
            found.append(word("".join(parts) if len(parts) == 2 else token))
            found.extend(word(part) for part in parts if len(part) > 1)
        elif parts:
            found.append(word(parts[0]))
    return tuple(found)


def fold(text: str) -> str:
    """Return `text` in small letters, one kind of dash, quote and space."""
    return unicodedata.normalize("NFKC", text).casefold().translate(_SAME)


@lru_cache(maxsize=50_000)
def word(token: str) -> Word:
    """Return a folded token as a word."""
    norwegian, english = _stemmers()
    stem = norwegian.stemWord(token)
    forms = frozenset((token, stem, "en:" + english.stemWord(token)))
    return Word(token, stem, token not in _function_words(), forms)


def grams(token: str) -> tuple[str, ...]:
    """Return the groups of four letters in a word with its edges marked; none for a short word or a
    number."""
    if len(token) < GRAM or not token.isalpha():
        return ()
    edged = f"<{token}>"
    return tuple(edged[i : i + GRAM] for i in range(len(edged) - GRAM + 1))


def stems(words: Iterable[Word]) -> tuple[str, ...]:
    """Return the Norwegian stems of the words that carry meaning."""
    return tuple(w.nb for w in words if w.telling)


def little(w: Word) -> tuple[str, ...]:
    """Return what a little word means in any language («who», «how long», «you»), each marked with
    `LITTLE`."""
    return _little().get(w.text, ())


@cache
def _little() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for meaning, words in _content()["little"].items():
        for text in words.split():
            found[text] = (*found.get(text, ()), LITTLE + meaning)
    return found


@cache
def _content() -> dict[str, dict[str, str]]:
    return tomllib.loads(Path(__file__).with_name("words.toml").read_text(encoding="utf-8"))


@cache
def _stemmers() -> tuple[Stemmer.Stemmer, Stemmer.Stemmer]:
    return Stemmer.Stemmer("norwegian"), Stemmer.Stemmer("english")


@cache
def _function_words() -> frozenset[str]:
    return frozenset(w for entry in _content()["function_words"].values() for w in entry.split())
