"""What a question is about: one of our topics, something the law itself answers, or nothing of ours.

A logistic over the question's words, learnt from our own ways of asking by `python -m knowledge.learn_subjects`;
its weights are data (subjects.npz). Nothing here was learnt from a company's documents or from anybody's questions.
"""

import itertools
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np

from knowledge.likeness import features
from knowledge.logistic import Logistic
from knowledge.words import Word

HERE: Final = Path(__file__).parent
WEIGHTS: Final = HERE / "subjects.npz"
LAW: Final = "law:"
"""Marks a subject that a statement of law/statutory answers."""

OTHER: Final = "other"
"""No question about terms or privacy."""

LEAST: Final = 0.01
"""A probability below this says nothing."""

PAIR: Final = 0.6
"""What two words beside each other count for, of what one word does."""


class Subjects:
    """The learnt weights, ready to tell what a question is about; `vocabulary` is every word that was learnt from."""

    def __init__(self, path: Path = WEIGHTS) -> None:
        self._logistic = Logistic(path)
        self.names, self.made_from = self._logistic.names, self._logistic.made_from
        self.vocabulary = self._logistic.vocabulary

    def of(self, words: Sequence[Word]) -> dict[str, float]:
        """Return the probability of each subject, 0 to 1; those below `LEAST` left out."""
        shares = self._logistic.shares(tokens_of(words))
        if shares is None:
            return {OTHER: 1.0}
        return {self.names[i]: float(shares[i]) for i in np.flatnonzero(shares >= LEAST)}


def tokens_of(words: Sequence[Word]) -> dict[str, float]:
    """Return what a question is told by, with weights: as `likeness.features`, and words beside each other."""
    found = dict(features(words))
    stems = ["^", *(w.nb for w in words)]
    for first, second in itertools.pairwise(stems):
        found[f"{first} {second}"] = PAIR
    return found


@cache
def subjects() -> Subjects:
    """Return the subjects of subjects.npz."""
    return Subjects()
