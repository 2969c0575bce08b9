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
from numpy.typing import NDArray

from knowledge.likeness import features
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
        with np.load(path) as held:
            tokens = bytes(held["tokens"]).decode().split("\n")
            self.vocabulary = frozenset(bytes(held["vocabulary"]).decode().split("\n"))
            self.names: tuple[str, ...] = tuple(bytes(held["names"]).decode().split("\n"))
            self.made_from = bytes(held["made_from"]).decode()
            self._idf: NDArray[np.float32] = held["idf"].astype(np.float32)
            self._weights: NDArray[np.int8] = held["weights"]
            self._scale: NDArray[np.float32] = held["scale"].astype(np.float32)
            self._constant: NDArray[np.float32] = held["constant"].astype(np.float32)
        self._row = {token: i for i, token in enumerate(tokens)}

    def of(self, words: Sequence[Word]) -> dict[str, float]:
        """Return the probability of each subject, 0 to 1; those below `LEAST` left out."""
        found = [(self._row[t], w) for t, w in tokens_of(words).items() if t in self._row]
        if not found:
            return {OTHER: 1.0}
        rows = np.array([row for row, _ in found])
        values = np.array([w for _, w in found], dtype=np.float32) * self._idf[rows]
        values /= float(np.linalg.norm(values)) or 1.0
        scores = values @ self._weights[rows].astype(np.float32) * self._scale + self._constant
        shares = np.exp(scores - scores.max())
        shares /= shares.sum()
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
