"""Tell of whom a sentence speaks: its words by kinds (the sender, kin, a ward, the dead), in their order.

The kinds are data (`phrases/behalf.people.toml`). What joins them ("for", "about") stands as it is; all else is left out,
so that "for my old aunt in Bergen" and "for min far" are nearly the same.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

from intake.bearing import is_given
from intake.phrases import FOLDER
from intake.sentences import Sentence

WORDS_AT_MOST: Final = 100
"""Words of a sentence that are looked at."""
LONGEST: Final = 3
"""Words in an expression."""
SHORTEST: Final = 3
"""Letters in a given name that is taken for one."""
NAMED: Final = "name"
SELF: Final = "self"
THINGS: Final = ("verbs", "records", "account", "marketing")
"""Classes of the phrase files that stand among the kinds: what is asked for, and in what."""


@dataclass(frozen=True, slots=True)
class _Kinds:
    words: Mapping[str, str]
    beginnings: Mapping[str, tuple[tuple[str, str], ...]]
    """Open words by their first two letters: how each begins, and its kind."""
    endings: tuple[tuple[str, str], ...]


def people(sentence: Sentence) -> list[str]:
    """Return the kinds of the words of a sentence in their order, the same kind never twice in a row."""
    words = [sentence.text[start:end] for start, end in sentence.words[:WORDS_AT_MOST]]
    things = {span.first: name for name in THINGS for span in sentence.spans.get(name, ())}
    found: list[str] = []
    at = 0
    while at < len(words):
        kind, length = _longest(words, at)
        kind = kind or things.get(at)
        if kind and (not found or found[-1] != kind):
            found.append(kind)
        at += length
    return found


def _longest(words: list[str], at: int) -> tuple[str | None, int]:
    known = _kinds().words
    for length in range(min(LONGEST, len(words) - at), 1, -1):
        if kind := known.get(" ".join(words[at : at + length])):
            return kind, length
    return _kind(words[at]), 1


@lru_cache(maxsize=20_000)
def _kind(word: str) -> str | None:
    kinds = _kinds()
    bare = word.removesuffix("'s")
    for form in dict.fromkeys((word, bare, bare.partition("-")[2], bare.rpartition("-")[2])):
        if kind := kinds.words.get(form):
            return form if kind == "small" else kind
        for beginning, kind in kinds.beginnings.get(form[:2], ()):
            if form.startswith(beginning):
                return kind
    for ending, kind in kinds.endings:
        if bare.endswith(ending):
            return kind
    return NAMED if len(word) >= SHORTEST and is_given(word) else None


@cache
def _kinds() -> _Kinds:
    content = tomllib.loads((FOLDER / "behalf.people.toml").read_text(encoding="utf-8"))
    words: dict[str, str] = {}
    beginnings: dict[str, list[tuple[str, str]]] = {}
    endings: list[tuple[str, str]] = []
    for kind, entries in content.items():
        for entry in entries.split():
            if entry.endswith("*"):
                beginnings.setdefault(entry[:2], []).append((entry[:-1], kind))
            elif entry.startswith("*"):
                endings.append((entry[1:], kind))
            else:
                words.setdefault(entry.replace("_", " "), kind)
    ordered = {start: tuple(sorted(ones, reverse=True)) for start, ones in beginnings.items()}
    return _Kinds(words, ordered, tuple(endings))
