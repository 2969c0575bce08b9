"""How like known ways of asking a question is: words, groups of letters and ideas, weighed by how telling
they are."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final

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
        texts = [(owner, _features_in(text)) for owner, text in ways]
        self._owner = [owner for owner, _ in texts]
        owners = len(set(self._owner))
        held: dict[str, set[str]] = {}
        for owner, text in texts:
            held.setdefault(owner, set()).update(text)
        spread = Counter(token for tokens in held.values() for token in tokens)
        self._idf = {token: math.log(1 + owners / times) for token, times in spread.items()}
        self._rarest = math.log(1 + owners)
        self._postings: dict[str, list[tuple[int, float]]] = {}
        for i, (_, text) in enumerate(texts):
            for token, weight in self._weighed(text).items():
                self._postings.setdefault(token, []).append((i, weight))

    def of(self, words: Sequence[Word]) -> dict[str, float]:
        """Return each owner's likeness from 0 to 1: that of its nearest way of asking; those below `LEAST`
        left out."""
        likeness: dict[int, float] = {}
        for token, weight in self._weighed(features(words)).items():
            for i, other in self._postings.get(token, ()):
                likeness[i] = likeness.get(i, 0.0) + weight * other
        best: dict[str, float] = {}
        for i, value in likeness.items():
            if value >= LEAST and value > best.get(self._owner[i], 0.0):
                best[self._owner[i]] = min(value, 1.0)
        return best

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
