"""Fit a logistic to examples and write its weights as data (needs the extra `learn`)."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

STRENGTH: Final = 30.0
"""Inverse of the penalty on weights."""


@dataclass(frozen=True, slots=True)
class Example:
    """What an example is (its name), its tokens, and what is known of it beside them, as `Logistic.shares` takes
    them."""

    name: str
    tokens: Mapping[str, float]
    beside: Mapping[str, float] = field(default_factory=dict)


class Learnt:
    """A logistic fitted to examples; a token that fewer than `rare` of them have is not learnt from."""

    def __init__(self, examples: Sequence[Example], rare: int = 1, strength: float = STRENGTH) -> None:
        held = Counter(token for one in examples for token in one.tokens)
        known = sorted(token for token, times in held.items() if times >= rare and "\n" not in token)
        beside = sorted({token for one in examples for token in one.beside} - set(known))
        self.tokens = [*known, *beside]
        self._row = {token: i for i, token in enumerate(self.tokens)}
        self.idf = np.array([math.log(1 + len(examples) / held[t]) for t in known] + [1.0] * len(beside))
        self.names = sorted({one.name for one in examples})
        self._model = LogisticRegression(C=strength, max_iter=400, class_weight="balanced")
        self._model.fit(self._matrix(examples), [self.names.index(one.name) for one in examples])

    @property
    def weights(self) -> NDArray[np.float64]:
        """Tokens by names."""
        weights: NDArray[np.float64] = self._model.coef_.T
        return weights

    @property
    def constant(self) -> NDArray[np.float64]:
        """One a name."""
        constant: NDArray[np.float64] = self._model.intercept_
        return constant

    def found(self, examples: Sequence[Example], among: int) -> float:
        """Return how often the right name is among the likeliest."""
        order = np.argsort(-self.shares(examples), axis=1)[:, :among]
        right = [self.names.index(one.name) for one in examples]
        return float(np.mean([one in likeliest for one, likeliest in zip(right, order, strict=True)]))

    def shares(self, examples: Sequence[Example]) -> NDArray[np.float64]:
        """Return each example's probability of each name."""
        shares: NDArray[np.float64] = self._model.predict_proba(self._matrix(examples))
        return shares

    def write(self, target: Path, made_from: str, vocabulary: Iterable[str]) -> None:
        """Write the weights, rounded to 1/127 of the largest of each name: the same bytes for the same examples."""
        scale = np.abs(self.weights).max(axis=0) / 127
        np.savez_compressed(
            target,
            vocabulary=as_bytes(sorted(vocabulary)),
            tokens=as_bytes(self.tokens),
            names=as_bytes(self.names),
            made_from=as_bytes([made_from]),
            idf=self.idf.astype(np.float16),
            weights=np.rint(self.weights / scale).astype(np.int8),
            scale=scale.astype(np.float32),
            constant=self.constant.astype(np.float32),
        )

    def _matrix(self, examples: Sequence[Example]) -> csr_matrix:
        rows, columns, values = [], [], []
        for i, one in enumerate(examples):
            found = [(self._row[t], w) for t, w in one.tokens.items() if t in self._row]
            weighed = [(row, w * float(self.idf[row])) for row, w in found]
            length = math.hypot(*(w for _, w in weighed)) or 1.0
            more = [(self._row[t], w) for t, w in one.beside.items() if t in self._row]
            for row, w in [*((row, w / length) for row, w in weighed), *more]:
                rows.append(i)
                columns.append(row)
                values.append(w)
        return csr_matrix((values, (rows, columns)), shape=(len(examples), len(self.tokens)))


def as_bytes(lines: Sequence[str]) -> NDArray[np.uint8]:
    """Return lines as an array can hold them."""
    return np.frombuffer("\n".join(lines).encode(), np.uint8)
