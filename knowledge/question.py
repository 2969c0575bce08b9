"""Read a question: its sentences, its words with misspelt ones mended, and what they mean and are about."""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from rapidfuzz import fuzz, process

from knowledge.asked import SILENT, Asked
from knowledge.kinds import kinds_asked
from knowledge.lexicon import ideas_of, ideas_of_word, vocabulary
from knowledge.subjects import LAW, OTHER, Subjects, subjects
from knowledge.words import LONGEST_QUESTION, MOST_WORDS, Word, grams, word, words_of

LIKE_ENOUGH: Final = 80.0
"""Likeness (0 to 100) above which an unknown word is taken for a known one, misspelt."""

LIKE_ENOUGH_OTHERWISE: Final = 87.0
"""The same for a word of four or five letters, of which more are alike by chance, and for one of nine or more,
which may be another compound."""

AMBIGUOUS: Final = 0.5
"""How fast an idea counts for less, the more ideas the same word may stand for."""

STORY: Final = 0.35
"""What a word counts for that stands in the story before the question."""


@dataclass(frozen=True, slots=True)
class Query:
    """A question as the search sees it: stems, groups of letters, ideas and topics with their weights.

    `topics` and `law` (statements that answer it) are from 0 to 1, `other` the probability that it is none for
    us; `facts` the probabilities of the company's facts by id, `silent` that its documents are silent on it;
    `unknown` is the share of the telling words that are known nowhere, 0 to 1.
    """

    words: tuple[Word, ...]
    stems: Mapping[str, float]
    letters: Mapping[str, float]
    ideas: Mapping[str, float]
    topics: Mapping[str, float]
    law: Mapping[str, float]
    other: float
    facts: Mapping[str, float]
    silent: float
    kinds: frozenset[str]
    unknown: float

    @property
    def telling(self) -> tuple[Word, ...]:
        """The words that carry meaning by themselves."""
        return tuple(w for w in self.words if w.telling)


@dataclass(frozen=True, slots=True)
class _Part:
    """One sentence of a question: its words, whether it asks, and how many of its words are known nowhere."""

    words: tuple[Word, ...]
    asks: bool
    unknown: int


class Reader:
    """Reads questions, knowing the words that may be meant."""

    def __init__(
        self, known: Iterable[str], told_by: Subjects | None = None, asked: Asked | None = None
    ) -> None:
        self._subjects = told_by or subjects()
        self._asked = asked
        heard = asked.vocabulary if asked else frozenset()
        self._known = frozenset(known) | self._subjects.vocabulary | vocabulary() | heard
        letters: dict[str, list[str]] = {}
        for text in sorted(self._known):
            if len(text) > 3 and text.isalpha():
                letters.setdefault(text[0], []).append(text)
        self._by_letter = letters

    def read(self, question: str) -> Query:
        """Return a question as the search sees it; where one sentence asks, the others count as its story."""
        sentences = re.split(r"(?<=[.!?])\s+|\n+", question[:LONGEST_QUESTION])
        parts = [self._part(sentence) for sentence in sentences if sentence.strip()]
        asks = [part.asks for part in parts]
        stems: dict[str, float] = {}
        letters: dict[str, float] = {}
        ideas: dict[str, float] = {}
        about: dict[str, float] = {}
        after: dict[str, float] = {}
        for part in parts:
            weight = 1.0 if part.asks or not any(asks) else STORY
            for w in part.words:
                if w.telling:
                    _raise(stems, {w.nb: weight})
                    groups = grams(w.text)
                    _raise(letters, {group: weight / len(groups) for group in groups})
            _raise(ideas, {idea: weight * share for idea, share in _shares(part.words).items()})
            self._tell(part.words, weight, about, after)
        words = tuple(w for part in parts for w in part.words)
        if len(parts) > 1:
            self._tell(words, 1.0, about, after)
        telling = sum(w.telling for w in words)
        return Query(
            words=words,
            stems=stems,
            letters=letters,
            ideas=ideas,
            topics={
                one: math.sqrt(p) for one, p in about.items() if one != OTHER and not one.startswith(LAW)
            },
            law={one.removeprefix(LAW): p for one, p in about.items() if one.startswith(LAW)},
            other=about.get(OTHER, 0.0),
            facts={one: p for one, p in after.items() if not one.startswith(SILENT)},
            silent=min(1.0, sum(p for one, p in after.items() if one.startswith(SILENT))),
            kinds=kinds_asked([w for part in parts if part.asks or not any(asks) for w in part.words]),
            unknown=sum(part.unknown for part in parts) / telling if telling else 1.0,
        )

    def _tell(
        self, words: Sequence[Word], weight: float, about: dict[str, float], after: dict[str, float]
    ) -> None:
        """Raise what words are about, and what they are after, by their probabilities, times `weight`.

        A company's asked.toml knows hardly any small talk: what is none for us is after nothing.
        """
        found = self._subjects.of(words)
        _raise(about, {one: weight * p for one, p in found.items()})
        if self._asked:
            ours = weight * (1 - found.get(OTHER, 0.0))
            _raise(after, {one: ours * p for one, p in self._asked.of(words, found).items()})

    def _part(self, sentence: str) -> _Part:
        words: list[Word] = []
        unknown = 0
        for w in words_of(sentence)[:MOST_WORDS]:
            if not w.telling or w.text.isdigit() or len(w.text) < 3 or self._knows(w):
                words.append(w)
                continue
            better = self._mended(w.text)
            words.append(word(better) if better else w)
            unknown += better is None
        return _Part(tuple(words), sentence.rstrip().endswith("?"), unknown)

    def _knows(self, w: Word) -> bool:
        return w.text in self._known or w.nb in self._known or bool(ideas_of_word(w.text))

    def _mended(self, text: str) -> str | None:
        if len(text) < 4:
            return None
        enough = LIKE_ENOUGH if 5 < len(text) < 9 else LIKE_ENOUGH_OTHERWISE
        choices = self._by_letter.get(text[0], ())
        match = process.extractOne(text, choices, scorer=fuzz.ratio, score_cutoff=enough)
        return match[0] if match else None


def _shares(words: Sequence[Word]) -> dict[str, float]:
    """Return the ideas of the words, with less weight for one of the many that a word may mean."""
    shares: dict[str, float] = {}
    for w in words:
        own = ideas_of_word(w.text)
        _raise(shares, dict.fromkeys(own, len(own) ** -AMBIGUOUS if own else 1.0))
    return dict.fromkeys(ideas_of(words), 1.0) | shares


def _raise(weights: dict[str, float], by: Mapping[str, float]) -> None:
    for key, weight in by.items():
        weights[key] = max(weights.get(key, 0.0), weight)
