"""What words mean the same: ideas shared by bokmål, nynorsk, English and everyday speech."""

import re
import tomllib
from collections.abc import Sequence
from functools import cache, lru_cache
from itertools import product
from pathlib import Path
from typing import Final

from knowledge.words import Word, fold, word, words_of

IDEA: Final = "§"
"""Marks an idea among words."""

FILES: Final = ("lexicon.toml", "lexicon.everyday.toml")

ENDING: Final = 3
"""Letters that an ending has at most."""

Phrase = tuple[frozenset[str], ...]


def ideas_of(words: Sequence[Word]) -> tuple[str, ...]:
    """Return the ideas that the words express, each once and marked with `IDEA`.

    A wording of several words counts only where they stand side by side.
    """
    phrases, firsts = _phrases(), _firsts()
    found: list[str] = []
    for i, w in enumerate(words):
        found.extend(ideas_of_word(w.text))
        if i + 1 == len(words) or firsts.isdisjoint(w.forms):
            continue
        for pair in product(w.forms, words[i + 1].forms):
            for phrase, idea in phrases.get(pair, ()):
                if _stands_at(phrase, words, i):
                    found.append(idea)
    return tuple(dict.fromkeys(found))


@lru_cache(maxsize=5_000)
def ideas_in(text: str) -> frozenset[str]:
    """Return the ideas that a text expresses."""
    return frozenset(ideas_of(words_of(text)))


@cache
def vocabulary() -> frozenset[str]:
    """Return every plain word of the lexicon."""
    return frozenset(p for p in re.findall(r"[^\W\d_]{4,}", fold(" ".join(_wordings()))))


def _stands_at(phrase: Phrase, words: Sequence[Word], at: int) -> bool:
    if at + len(phrase) > len(words):
        return False
    return all(forms & words[at + k].forms for k, forms in enumerate(phrase))


@lru_cache(maxsize=50_000)
def ideas_of_word(text: str) -> tuple[str, ...]:
    """Return the ideas that one word may stand for by itself."""
    w = word(text)
    if not w.telling:
        return ()
    exact, starts, wild = _single()
    found = [idea for form in (*w.forms, "=" + w.text) for idea in exact.get(form, ())]
    found.extend(idea for n in range(2, len(w.text) + 1) for idea in starts.get(w.text[:n], ()))
    found.extend(idea for idea, pattern in wild if pattern.fullmatch(w.text))
    return tuple(dict.fromkeys(found))


@lru_cache(maxsize=50_000)
def ideas_named(text: str) -> frozenset[str]:
    """Return the ideas whose wordings name the word itself, an ending aside: not those of what it begins with
    («telefonsamtale» is no «telefon»)."""
    w = word(text)
    if not w.telling:
        return frozenset()
    exact, starts, _ = _single()
    found = {idea for form in (*w.forms, "=" + w.text) for idea in exact.get(form, ())}
    ends = range(max(2, len(w.text) - ENDING), len(w.text) + 1)
    return frozenset(found.union(*(starts.get(w.text[:n], ()) for n in ends)))


@cache
def _entries() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for file in FILES:
        content = tomllib.loads(Path(__file__).with_name(file).read_text(encoding="utf-8"))
        for part in content.values():
            for idea, wordings in part.items():
                more = (wording.strip() for wording in wordings.split(","))
                found[idea] = (*found.get(idea, ()), *(wording for wording in more if wording))
    return found


def _wordings() -> list[str]:
    return [wording.replace("*", "") for wordings in _entries().values() for wording in wordings]


@cache
def _single() -> tuple[dict[str, list[str]], dict[str, list[str]], tuple[tuple[str, re.Pattern[str]], ...]]:
    """Return the ideas of single words: by a form of the word, by how it starts, and by other patterns."""
    exact: dict[str, list[str]] = {}
    starts: dict[str, list[str]] = {}
    wild: list[tuple[str, re.Pattern[str]]] = []
    for idea, wordings in _entries().items():
        for single in (fold(wording).replace("-", "") for wording in wordings if " " not in wording):
            if single.startswith("="):
                exact.setdefault("=" + single[1:], []).append(IDEA + idea)
            elif "*" not in single:
                for form in word(single).forms:
                    exact.setdefault(form, []).append(IDEA + idea)
            elif single.find("*") == len(single) - 1:
                start = single[:-1]
                starts.setdefault(start[:-1] if len(start) > 5 and start[-1] == "e" else start, []).append(
                    IDEA + idea
                )
            else:
                wild.append((IDEA + idea, re.compile(re.escape(single).replace(r"\*", ".*"))))
    return exact, starts, tuple(wild)


@cache
def _phrases() -> dict[tuple[str, str], tuple[tuple[Phrase, str], ...]]:
    """Return the wordings of several words by the forms of their first two."""
    found: dict[tuple[str, str], list[tuple[Phrase, str]]] = {}
    for idea, wordings in _entries().items():
        for wording in wordings:
            parts = fold(wording).split()
            if len(parts) > 1:
                phrase = tuple(word(part.strip("*").replace("-", "")).forms for part in parts)
                for pair in product(phrase[0], phrase[1]):
                    found.setdefault(pair, []).append((phrase, IDEA + idea))
    return {pair: tuple(entries) for pair, entries in found.items()}


@cache
def _firsts() -> frozenset[str]:
    """Return the forms that a wording of several words begins with."""
    return frozenset(first for first, _ in _phrases())
