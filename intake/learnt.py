"""What was learnt from ways of asking: how probable each type is, told by a message's features.

A logistic a type, and one for whether anything is asked at all; then one more, common to all types, that weighs them
beside what the rules read. The weights are data (`reading.npz`), written by `python -m intake.learn_reading`.
"""

from collections.abc import Sequence
from copy import copy
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from intake.features import BUCKETS, Features

WEIGHTS: Final = Path(__file__).with_name("reading.npz")
SHARES: Final = (1.0, 1.0, 1.5)
"""How much pieces of words, words and cues count beside each other."""

Numbers = NDArray[np.float32]


class Learnt:
    """Weights as `learn_reading` writes them; KeyError or ValueError if the file holds none."""

    def __init__(self, path: Path) -> None:
        with np.load(path) as held:
            self.names: tuple[str, ...] = tuple(bytes(held["names"]).decode().split("\n"))
            self.made_from = bytes(held["made_from"]).decode()
            self._idf: Numbers = held["idf"].astype(np.float32)
            self._weights: Numbers = held["weights"].astype(np.float32)  # whole numbers of a byte
            self._scale: Numbers = held["scale"]
            self._constant: Numbers = held["constant"]
            self._row = np.full(len(SHARES) * BUCKETS, -1, np.int32)
            self._row[held["columns"]] = np.arange(len(held["columns"]), dtype=np.int32)
            self._blend: Numbers = held["blend"]

    def scores_each(self, heard: Sequence[Features]) -> Numbers:
        """Return the logarithm of the odds of each of `names`, each by itself, for each of several texts (rows).

        At once is much cheaper than one by one. What is weighed is as `fitting.matrix` counts it.
        """
        scores: Numbers = np.repeat(self._constant[np.newaxis], len(heard), axis=0)
        for block, (kind, share) in enumerate(
            zip(zip(*(one.blocks() for one in heard), strict=True), SHARES, strict=True)
        ):
            counts = np.fromiter(map(len, kind), np.int64, len(heard))
            buckets = np.fromiter(chain.from_iterable(kind), np.int64, int(counts.sum()))
            rows = self._row.take(buckets + block * BUCKETS)
            known = rows >= 0
            rows, text = rows[known], np.repeat(np.arange(len(heard)), counts)[known]
            idf = self._idf.take(rows)
            lengths = np.sqrt(np.bincount(text, idf * idf, len(heard)))
            each = np.zeros((len(heard), len(rows)), np.float32)
            each[text, np.arange(len(rows))] = idf * (share / np.where(lengths, lengths, 1.0)).take(text)
            scores += (each @ self._weights.take(rows, axis=0)) * self._scale
        return scores

    def with_blend(self, blend: Numbers) -> Self:
        """Return the same weights, blended otherwise."""
        other = copy(self)
        other._blend = blend
        return other

    def blended(self, evidence: Numbers) -> Numbers:
        """Return the probability of each type by its `evidence` (types by pieces of it, see `deciding`)."""
        scores = evidence @ self._blend[:-1] + self._blend[-1]
        shares: Numbers = 1 / (1 + np.exp(-scores))
        return shares


@cache
def learnt() -> Learnt:
    """Return what is shipped."""
    return Learnt(WEIGHTS)


def as_bytes(lines: Sequence[str]) -> NDArray[np.uint8]:
    """Return lines as an array can hold them."""
    return np.frombuffer("\n".join(lines).encode(), np.uint8)
