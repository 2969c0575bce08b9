"""What was learnt from ways of asking: how probable each type is, told by a message's features.

A logistic a type, and one for whether anything is asked at all; the weights are data (`reading.npz`), written by
`python -m intake.learn_reading`.
"""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from intake.features import BUCKETS, Features

WEIGHTS: Final = Path(__file__).with_name("reading.npz")
SHARES: Final = (1.0, 1.0, 1.0, 1.0)
"""How much pieces of words, words, cues and the rules' marks count beside each other."""
ASKS: Final = "asks"
"""The name of the logistic that tells whether a message asks for anything."""


class Learnt:
    """Weights as `learn_reading` writes them; KeyError or ValueError if the file is none."""

    def __init__(self, path: Path) -> None:
        with np.load(path) as held:
            self.names: tuple[str, ...] = tuple(bytes(held["names"]).decode().split("\n"))
            self.made_from = bytes(held["made_from"]).decode()
            self._idf: NDArray[np.float32] = held["idf"].astype(np.float32)
            self._weights: NDArray[np.float32] = held["weights"].astype(np.float32) * held["scale"]
            self._constant: NDArray[np.float32] = held["constant"].astype(np.float32)
            self._row = np.full(len(SHARES) * BUCKETS, -1, np.int32)
            self._row[held["columns"]] = np.arange(len(held["columns"]), dtype=np.int32)

    def odds(self, heard: Features) -> dict[str, float]:
        """Return the probability of each type, and of `ASKS`, each by itself."""
        scores = self._constant.copy()
        for block, (buckets, share) in enumerate(zip(heard.blocks(), SHARES, strict=True)):
            rows = self._row[np.fromiter(buckets, np.int64, len(buckets)) + block * BUCKETS]
            rows = rows[rows >= 0]
            if len(rows):
                values = scaled(self._idf[rows], share, block)
                scores += values @ self._weights[rows]
        shares = 1 / (1 + np.exp(-scores))
        return dict(zip(self.names, map(float, shares), strict=True))


def scaled(idf: NDArray[np.float32], share: float, block: int) -> NDArray[np.float32]:
    """Return the values of one block's features: as rare as they are, together of length `share`; marks count alike."""
    if block == len(SHARES) - 1:
        return np.full(len(idf), share, np.float32)
    return (idf * (share / (float(np.linalg.norm(idf)) or 1.0))).astype(np.float32)


@cache
def learnt() -> Learnt:
    """Return what is shipped."""
    return Learnt(WEIGHTS)


def as_bytes(lines: Sequence[str]) -> NDArray[np.uint8]:
    """Return lines as an array can hold them."""
    return np.frombuffer("\n".join(lines).encode(), np.uint8)
