"""What words mean the same: ideas shared by bokmål, nynorsk, English and everyday speech."""

import re
import tomllib
from collections.abc import Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

from knowledge.words import Word, fold, word

IDEA: Final = "§"
"""Marks an idea among words."""

Phrase = tuple[frozenset[str], ...]


def ideas_of(words: Sequence[Word]) -> tuple[str, ...]:
    """Return the ideas that the words express, each once and marked with `IDEA`.

    A wording of several words counts only where they stand side by side.
    """
    phrases = _phrases()
    found: list[str] = []
    for i, w in enumerate(words):
        found.extend(_ideas_of_word(w))
        for form in w.forms:
            for phrase, idea in phrases.get(form, ()):
                if _stands_at(phrase, words, i):
                    found.append(idea)
    return tuple(dict.fromkeys(found))


def vocabulary() -> frozenset[str]:
    """Return every plain word of the lexicon."""
    return frozenset(p for p in re.findall(r"[^\W\d_]{4,}", fold(" ".join(_wordings()))))


def _stands_at(phrase: Phrase, words: Sequence[Word], at: int) -> bool:
    if at + len(phrase) > len(words):
        return False
    return all(forms & words[at + k].forms for k, forms in enumerate(phrase))


@lru_cache(maxsize=50_000)
def _ideas_of_word(w: Word) -> tuple[str, ...]:
    exact, wild = _single()
    found = [idea for form in w.forms for idea in exact.get(form, ())]
    found.extend(idea for idea, pattern in wild if pattern.fullmatch(w.text))
    return tuple(dict.fromkeys(found))


@cache
def _entries() -> dict[str, tuple[str, ...]]:
    content = tomllib.loads(Path(__file__).with_name("lexicon.toml").read_text(encoding="utf-8"))
    return {
        idea: tuple(wording.strip() for wording in wordings.split(",") if wording.strip())
        for part in content.values()
        for idea, wordings in part.items()
    }


def _wordings() -> list[str]:
    return [wording.replace("*", "") for wordings in _entries().values() for wording in wordings]


@cache
def _single() -> tuple[dict[str, list[str]], tuple[tuple[str, re.Pattern[str]], ...]]:
    exact: dict[str, list[str]] = {}
    wild: list[tuple[str, re.Pattern[str]]] = []
    for idea, wordings in _entries().items():
        singles = [fold(wording) for wording in wordings if " " not in wording]
        patterns = [re.escape(s.replace("-", "")).replace(r"\*", ".*") for s in singles if "*" in s]
        if patterns:
            wild.append((IDEA + idea, re.compile("|".join(patterns))))
        for single in singles:
            if "*" not in single:
                w = word(single.replace("-", ""))
                for form in w.forms:
                    exact.setdefault(form, []).append(IDEA + idea)
    return exact, tuple(wild)


@cache
def _phrases() -> dict[str, tuple[tuple[Phrase, str], ...]]:
    found: dict[str, list[tuple[Phrase, str]]] = {}
    for idea, wordings in _entries().items():
        for wording in wordings:
            parts = fold(wording).split()
            if len(parts) > 1:
                phrase = tuple(word(part.strip("*").replace("-", "")).forms for part in parts)
                for form in phrase[0]:
                    found.setdefault(form, []).append((phrase, IDEA + idea))
    return {form: tuple(entries) for form, entries in found.items()}
