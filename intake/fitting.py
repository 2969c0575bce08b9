"""Fit weights to examples: which features there are, how they are counted, and how weights are written."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from intake.features import BUCKETS, Features
from intake.learnt import SHARES, Numbers, as_bytes


def known(features: Sequence[Features], *, least: int = 1) -> tuple[NDArray[np.int64], Numbers]:
    """Return the features that at least so many examples hold, and how rare each is."""
    held = np.zeros(len(SHARES) * BUCKETS, np.int64)
    for one in features:
        for block, buckets in enumerate(one.blocks()):
            held[np.fromiter(buckets, np.int64, len(buckets)) + block * BUCKETS] += 1
    columns = np.flatnonzero(held >= least)
    return columns, np.log(1 + len(features) / held[columns]).astype(np.float16).astype(np.float32)


def matrix(features: Sequence[Features], columns: NDArray[np.int64], idf: Numbers) -> csr_matrix:
    """Return examples by features, as `Learnt.scores_each` counts them."""
    row = np.full(len(SHARES) * BUCKETS, -1, np.int64)
    row[columns] = np.arange(len(columns))
    at, known, values = [], [], []
    for number, one in enumerate(features):
        for block, (buckets, share) in enumerate(zip(one.blocks(), SHARES, strict=True)):
            rows = np.sort(row[np.fromiter(buckets, np.int64, len(buckets)) + block * BUCKETS])
            rows = rows[rows >= 0]
            at.append(np.full(len(rows), number))
            known.append(rows)
            values.append(_scaled(idf[rows], share))
    where = (np.concatenate(at), np.concatenate(known))
    return csr_matrix((np.concatenate(values), where), shape=(len(features), len(idf)))


def _scaled(idf: Numbers, share: float) -> Numbers:
    """Return the values of one block's features: each as it is rare, together of length `share`."""
    length = float(np.sqrt(idf.dot(idf)))
    return idf * np.float32(share / (length or 1.0))


def write(
    target: Path,
    names: Sequence[str],
    made_from: str,
    columns: NDArray[np.int64],
    idf: Numbers,
    weights: NDArray[np.float64],
    constant: NDArray[np.float64],
    blend: Numbers,
) -> None:
    """Write weights (features by names) as `Learnt` reads them, each in a byte."""
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
        blend=blend.astype(np.float32),
    )
