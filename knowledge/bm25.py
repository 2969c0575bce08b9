"""Okapi BM25 over weighted tokens, in numpy."""

import math
from collections.abc import Mapping, Sequence
from itertools import accumulate, pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

K1: Final = 0.9
B: Final = 0.4
"""Chosen on Norwegian questions (NorQuAD); better there than 1.2 and 0.75."""

Vector = NDArray[np.float64]


class Index:
    """Texts as weighted tokens, scored against a question as weighted tokens."""

    def __init__(self, texts: Sequence[Mapping[str, float]]) -> None:
        self.size = len(texts)
        lengths = np.array([sum(text.values()) for text in texts], dtype=np.float64)
        mean = float(lengths.mean()) if self.size and lengths.any() else 1.0
        self._norm = K1 * (1 - B + B * lengths / (mean or 1.0))
        places: dict[str, list[tuple[int, float]]] = {}
        for i, text in enumerate(texts):
            for token, count in text.items():
                places.setdefault(token, []).append((i, count))
        held = [len(at) for at in places.values()]
        rows = np.fromiter((i for at in places.values() for i, _ in at), np.intp, sum(held))
        times = np.fromiter((count for at in places.values() for _, count in at), np.float64, sum(held))
        idf = [math.log(1 + (self.size - n + 0.5) / (n + 0.5)) for n in held]
        worth = np.repeat(np.array(idf), held) * times * (K1 + 1) / (times + self._norm[rows])
        ends = [0, *accumulate(held)]
        self._idf = dict(zip(places, idf, strict=True))
        self._postings: dict[str, tuple[NDArray[np.intp], Vector]] = {
            token: (rows[a:b], worth[a:b]) for token, (a, b) in zip(places, pairwise(ends), strict=True)
        }

    def score(self, question: Mapping[str, float]) -> Vector:
        """Return one score a text."""
        scores = np.zeros(self.size)
        for token, weight in question.items():
            entry = self._postings.get(token)
            if entry is not None:
                scores[entry[0]] += weight * entry[1]
        return scores

    def knows(self, token: str) -> bool:
        """Whether any text holds the token."""
        return token in self._postings

    def idf(self, token: str) -> float:
        """Return how telling a token is; as for one that no text holds when it is unknown."""
        return self._idf.get(token, math.log(1 + (self.size + 0.5) / 0.5))
