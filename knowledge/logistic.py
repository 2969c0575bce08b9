"""A logistic whose weights are data: what a text is most probably, told by its tokens."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray


class Logistic:
    """Learnt weights, read from a file that `knowledge.learning` wrote; ValueError or KeyError if it is no such file.

    `names` are what it tells apart, `vocabulary` every word it was learnt from, `made_from` the mark of all that.
    """

    def __init__(self, path: Path) -> None:
        with np.load(path) as held:
            tokens = bytes(held["tokens"]).decode().split("\n")
            self.names: tuple[str, ...] = tuple(bytes(held["names"]).decode().split("\n"))
            self.vocabulary = frozenset(bytes(held["vocabulary"]).decode().split("\n"))
            self.made_from = bytes(held["made_from"]).decode()
            self._idf: NDArray[np.float32] = held["idf"].astype(np.float32)
            self._weights: NDArray[np.int8] = held["weights"]
            self._scale: NDArray[np.float32] = held["scale"].astype(np.float32)
            self._constant: NDArray[np.float32] = held["constant"].astype(np.float32)
        self._row = {token: i for i, token in enumerate(tokens)}

    def shares(
        self, tokens: Mapping[str, float], beside: Mapping[str, float] | None = None
    ) -> NDArray[np.float32] | None:
        """Return the probability of each name; None where no token is known.

        `tokens` are weighed by how rare they are and brought to length one; `beside` is taken as it is.
        """
        found = [(self._row[t], w) for t, w in tokens.items() if t in self._row]
        rows = np.array([row for row, _ in found], np.intp)
        values = np.array([w for _, w in found], np.float32) * self._idf[rows]
        values /= float(np.linalg.norm(values)) or 1.0
        more = [(self._row[t], w) for t, w in (beside or {}).items() if t in self._row]
        if not found and not more:
            return None
        rows = np.concatenate([rows, np.array([row for row, _ in more], np.intp)])
        values = np.concatenate([values, np.array([w for _, w in more], np.float32)])
        scores = values @ self._weights[rows].astype(np.float32) * self._scale + self._constant
        odds = np.exp(scores - scores.max())
        shares: NDArray[np.float32] = odds / odds.sum()
        return shares
