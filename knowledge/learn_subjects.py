"""Learn what questions are about: `python -m knowledge.learn_subjects [--write]` (needs the extra `learn`).

Reads our own ways of asking (asks.*.toml), the wordings of the law's statements and phrases.toml (what is no question
for us). Prints how often a way of asking that was held back is told right; with --write makes subjects.npz anew,
the same bytes for the same phrases.
"""

import argparse
import math
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from knowledge.subjects import WEIGHTS, tokens_of
from knowledge.ways import all_ways, fingerprint
from knowledge.words import words_of

STRENGTH: Final = 30.0
"""Inverse of the penalty on weights."""

HELD_BACK: Final = 6
"""One way of asking in so many is held back to measure on."""

RARE: Final = 2
"""Ways of asking a word must be in to be learnt."""

Ways = Sequence[tuple[str, str]]


class Learnt:
    """A logistic fitted to ways of asking."""

    def __init__(self, ways: Ways) -> None:
        told = [tokens_of(words_of(way)) for _, way in ways]
        held = Counter(token for tokens in told for token in tokens)
        self.tokens = sorted(token for token, times in held.items() if times >= RARE and "\n" not in token)
        self._row = {token: i for i, token in enumerate(self.tokens)}
        self.idf = np.array([math.log(1 + len(ways) / held[token]) for token in self.tokens])
        self.names = sorted({owner for owner, _ in ways})
        self._model = LogisticRegression(C=STRENGTH, max_iter=400, class_weight="balanced")
        self._model.fit(self._matrix(ways), [self.names.index(owner) for owner, _ in ways])

    @property
    def weights(self) -> NDArray[np.float64]:
        """Tokens by subjects."""
        weights: NDArray[np.float64] = self._model.coef_.T
        return weights

    @property
    def constant(self) -> NDArray[np.float64]:
        """One a subject."""
        constant: NDArray[np.float64] = self._model.intercept_
        return constant

    def found(self, ways: Ways, among: int) -> float:
        """Return how often the right subject is among the likeliest."""
        order = np.argsort(-self._model.predict_proba(self._matrix(ways)), axis=1)[:, :among]
        right = [self.names.index(owner) for owner, _ in ways]
        return float(np.mean([one in likeliest for one, likeliest in zip(right, order, strict=True)]))

    def _matrix(self, ways: Ways) -> csr_matrix:
        rows, columns, values = [], [], []
        for i, (_, way) in enumerate(ways):
            found = [(self._row[t], w) for t, w in tokens_of(words_of(way)).items() if t in self._row]
            weighed = [(row, w * float(self.idf[row])) for row, w in found]
            length = math.hypot(*(w for _, w in weighed)) or 1.0
            for row, w in weighed:
                rows.append(i)
                columns.append(row)
                values.append(w / length)
        return csr_matrix((values, (rows, columns)), shape=(len(ways), len(self.tokens)))


def write(learnt: Learnt, ways: Ways, target: Path = WEIGHTS) -> None:
    """Write the weights, rounded to 1/127 of the largest of each subject."""
    scale = np.abs(learnt.weights).max(axis=0) / 127
    np.savez_compressed(
        target,
        vocabulary=_as_bytes(sorted({w.text for _, way in ways for w in words_of(way)})),
        tokens=_as_bytes(learnt.tokens),
        names=_as_bytes(learnt.names),
        made_from=_as_bytes([fingerprint(ways)]),
        idf=learnt.idf.astype(np.float16),
        weights=np.rint(learnt.weights / scale).astype(np.int8),
        scale=scale.astype(np.float32),
        constant=learnt.constant.astype(np.float32),
    )


def _as_bytes(lines: Sequence[str]) -> NDArray[np.uint8]:
    return np.frombuffer("\n".join(lines).encode(), np.uint8)


def main(arguments: Sequence[str]) -> int:
    """Run the command; returns its exit code."""
    parser = argparse.ArgumentParser(prog="python -m knowledge.learn_subjects", description=__doc__)
    parser.add_argument("--write", action="store_true", help="write subjects.npz")
    options = parser.parse_args(arguments)
    ways = all_ways()
    held_back = [way for i, way in enumerate(ways) if i % HELD_BACK == 0]
    trial = Learnt([way for i, way in enumerate(ways) if i % HELD_BACK])
    first, third = trial.found(held_back, 1), trial.found(held_back, 3)
    sys.stdout.write(
        f"{len(ways)} ways of asking, {len(trial.names)} subjects, {len(held_back)} held back:"
        f" right {first:.3f}, among the first three {third:.3f}\n"
    )
    if options.write:
        write(Learnt(ways), ways)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
