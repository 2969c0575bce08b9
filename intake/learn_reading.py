"""Learn what people ask: `python -m intake.learn_reading [--examples FILE] [--try] [--write]` (needs the extra `learn`).

Reads our ways of asking (`phrases/asked/`), and with --examples also what officers have corrected. --try prints how
often a held-back example is read exactly; --write makes reading.npz anew: the same bytes from the same examples.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from intake.deciding import decided
from intake.examples import TYPES, Example, corrected_examples, our_examples
from intake.features import BUCKETS, Features
from intake.fingerprint import fingerprint
from intake.hearing import Heard, hear
from intake.learnt import ASKS, SHARES, WEIGHTS, Learnt, as_bytes, scaled
from intake.likeness import groups

STRENGTH: Final = 10.0
"""Inverse of the penalty on weights."""
RARE: Final = 2
"""A piece or word that fewer examples hold is not learnt from."""
FOLDS: Final = 5


def learn(heard: Sequence[Heard], types: Sequence[Sequence[str]], target: Path, made_from: str) -> None:
    """Fit a logistic a type to examples as they were heard, and write the weights to `target`."""
    features = [one.features() for one in heard]
    columns, idf = _known(features)
    row = np.full(len(SHARES) * BUCKETS, -1, np.int64)
    row[columns] = np.arange(len(columns))
    matrix = _matrix(features, row, idf)
    names = (*TYPES, ASKS)
    weights = np.zeros((len(columns), len(names)))
    constant = np.zeros(len(names))
    for at, name in enumerate(names):
        model = LogisticRegression(C=STRENGTH, solver="liblinear", random_state=0, max_iter=300)
        model.fit(matrix, [bool(asked) if name == ASKS else name in asked for asked in types])
        weights[:, at], constant[at] = model.coef_[0], model.intercept_[0]
    scale = np.abs(weights).max(axis=0) / 127
    np.savez_compressed(
        target,
        names=as_bytes(names),
        made_from=as_bytes([made_from]),
        columns=columns.astype(np.uint32),
        idf=idf.astype(np.float16),
        weights=np.rint(weights / scale).astype(np.int8),
        scale=scale.astype(np.float32),
        constant=constant.astype(np.float32),
    )


def _known(features: Sequence[Features]) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """The features that are learnt from, and how rare each is."""
    held = np.zeros(len(SHARES) * BUCKETS, np.int64)
    for one in features:
        for block, buckets in enumerate(one.blocks()):
            held[np.fromiter(buckets, np.int64, len(buckets)) + block * BUCKETS] += 1
    columns = np.flatnonzero(held >= RARE)
    idf = np.log(1 + len(features) / held[columns]).astype(np.float16)
    return columns, idf.astype(np.float32)


def _matrix(features: Sequence[Features], row: NDArray[np.int64], idf: NDArray[np.float32]) -> csr_matrix:
    at, columns, values = [], [], []
    for number, one in enumerate(features):
        for block, (buckets, share) in enumerate(zip(one.blocks(), SHARES, strict=True)):
            known = row[np.fromiter(sorted(buckets), np.int64, len(buckets)) + block * BUCKETS]
            known = known[known >= 0]
            at.append(np.full(len(known), number))
            columns.append(known)
            values.append(scaled(idf[known], share, block))
    return csr_matrix(
        (np.concatenate(values), (np.concatenate(at), np.concatenate(columns))),
        shape=(len(features), len(idf)),
    )


def attempt(examples: Sequence[Example], heard: Sequence[Heard], target: Path) -> float:
    """Return how many of the examples are read exactly when they, and all that is like them, are held back."""
    alike = groups([one.text for one in examples])
    right = 0
    for fold in range(FOLDS):
        rest = [i for i, group in enumerate(alike) if group % FOLDS != fold]
        learn([heard[i] for i in rest], [examples[i].types for i in rest], target, "")
        trial = Learnt(target)
        for i, group in enumerate(alike):
            if group % FOLDS == fold:
                right += decided(heard[i], trial).types == (examples[i].types or ("none",))
    return right / len(examples)


def main(arguments: Sequence[str]) -> int:
    """Run the command; returns its exit code."""
    parser = argparse.ArgumentParser(prog="python -m intake.learn_reading", description=__doc__)
    parser.add_argument("--examples", type=Path, help="corrected examples, TOML or JSON lines")
    parser.add_argument("--try", dest="attempt", action="store_true", help="measure on held-back examples")
    parser.add_argument("--write", action="store_true", help="write reading.npz")
    parser.add_argument("--to", type=Path, default=WEIGHTS, help="where to write")
    options = parser.parse_args(arguments)
    examples = [*our_examples(), *(corrected_examples(options.examples) if options.examples else ())]
    heard = [hear(one.text) for one in examples]
    if options.attempt:
        share = attempt(examples, heard, options.to.with_suffix(".trial.npz"))
        options.to.with_suffix(".trial.npz").unlink()
        sys.stdout.write(f"{len(examples)} examples, held back and read exactly: {share:.3f}\n")
    if options.write:
        learn(heard, [one.types for one in examples], options.to, fingerprint(options.examples))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
