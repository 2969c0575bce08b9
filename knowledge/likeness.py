"""How like known ways of asking a question is: words, groups of letters and ideas, weighed by how telling
they are."""

import itertools
import math
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final

import numpy as np

from knowledge.kinds import kinds_asked
from knowledge.lexicon import ideas_of, ideas_of_word
from knowledge.words import Word, grams, little, words_of

STEM: Final = 0.7
ALONE: Final = 1.5
"""A word that the lexicon has no idea for must speak for itself."""

IDEA: Final = 3.5
KIND: Final = 1.5
MEANING: Final = 1.5
GRAM: Final = 0.1
FUNCTION_WORD: Final = 0.2
"""A question is known by its little words too: «how long», «kven»."""

LEAST: Final = 0.15
"""A likeness below this says nothing."""


class Likeness:
    """Ways of asking, each with an owner (a topic, a statement of the law)."""

    def __init__(self, ways: Sequence[tuple[str, str]]) -> None:
        texts = [_features_in(text) for _, text in ways]
        self._owners = tuple(dict.fromkeys(owner for owner, _ in ways))
        number = {owner: i for i, owner in enumerate(self._owners)}
        self._owner = np.array([number[owner] for owner, _ in ways], np.intp)
        tokens = {token: i for i, token in enumerate(dict.fromkeys(itertools.chain.from_iterable(texts)))}
        held = sum(map(len, texts))
        places = np.fromiter((tokens[token] for text in texts for token in text), np.intp, held)
        weights = np.fromiter((w for text in texts for w in text.values()), np.float64, held)
        rows = np.repeat(np.arange(len(texts)), [len(text) for text in texts])
        by_owner = np.unique(places * max(1, len(self._owners)) + self._owner[rows])
        spread = np.bincount(by_owner // max(1, len(self._owners)), minlength=len(tokens))
        idf = np.log(1 + len(self._owners) / np.maximum(spread, 1))
        weights *= idf[places]
        lengths = np.sqrt(np.bincount(rows, weights**2, minlength=len(texts)))
        weights /= np.where(lengths, lengths, 1.0)[rows]
        order = np.argsort(places, kind="stable")
        self._rows, self._worth = rows[order], weights[order]
        ends = np.searchsorted(places[order], np.arange(len(tokens) + 1)).tolist()
        self._postings = {token: (ends[i], ends[i + 1]) for token, i in tokens.items()}
        self._idf = dict(zip(tokens, idf.tolist(), strict=True))
        self._rarest = math.log(1 + len(self._owners))

    def of(self, words: Sequence[Word]) -> dict[str, float]:
        """Return each owner's likeness from 0 to 1: that of its nearest way of asking; those below `LEAST`
        left out."""
        likeness = np.zeros(len(self._owner))
        for token, weight in self._weighed(features(words)).items():
            start, end = self._postings.get(token, (0, 0))
            likeness[self._rows[start:end]] += weight * self._worth[start:end]
        best = np.zeros(len(self._owners))
        np.maximum.at(best, self._owner, np.minimum(likeness, 1.0))
        return {self._owners[i]: float(best[i]) for i in np.flatnonzero(best >= LEAST)}

    def _weighed(self, found: Mapping[str, float]) -> dict[str, float]:
        weights = {token: weight * self._idf.get(token, self._rarest) for token, weight in found.items()}
        length = math.hypot(*weights.values()) or 1.0
        return {token: weight / length for token, weight in weights.items()}


@lru_cache(maxsize=20_000)
def _features_in(text: str) -> Mapping[str, float]:
    return features(words_of(text))


def features(words: Sequence[Word]) -> dict[str, float]:
    """Return what a question is compared by, with weights."""
    found: dict[str, float] = {}
    for w in words:
        for meaning in little(w):
            found[meaning] = MEANING
        if not w.telling:
            found[w.text] = FUNCTION_WORD
            continue
        found[w.nb] = STEM if ideas_of_word(w.text) else ALONE
        for gram in grams(w.text):
            found[gram] = GRAM
    for idea in ideas_of(words):
        found[idea] = IDEA
    for kind in kinds_asked(words):
        found["?" + kind] = KIND
    return found
