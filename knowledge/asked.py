"""What a company is asked: which of its facts a question is after, or that its documents are silent on it.

A logistic over the question's words and what they are about, learnt from the company's asked.toml by `python -m
knowledge.learn_asked`; its weights lie beside that file (asked.npz). A company without it is served by what is common
to all.
"""

import hashlib
import math
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Final

import numpy as np

from knowledge.logistic import Logistic
from knowledge.subjects import tokens_of
from knowledge.words import Word
from operators.asked import FILE
from operators.profile import Operator

WEIGHTS: Final = Path(FILE).with_suffix(".npz").name
SILENT: Final = "silent:"
"""Marks what the documents do not say among the facts."""

ABOUT: Final = "@"
"""Marks what a question is about among its words."""

BESIDE: Final = 1.0
"""What a question is about counts for so much of what its words do."""

LEAST: Final = 0.01
"""A probability below this says nothing."""


class Asked:
    """The learnt weights of one company; `vocabulary` is every word that was learnt from.

    `silent` are the facts that say that the documents are silent; they count among the silences.
    """

    def __init__(self, path: Path, silent: Collection[str] = ()) -> None:
        self._logistic = Logistic(path)
        self.vocabulary, self.made_from = self._logistic.vocabulary, self._logistic.made_from
        self._names = [SILENT + name if name in silent else name for name in self._logistic.names]

    def of(self, words: Sequence[Word], subjects: Mapping[str, float]) -> dict[str, float]:
        """Return the probability of each fact, by id, and of each silence; those below `LEAST` left out.

        `subjects` are the probabilities of what the words are about.
        """
        shares = self._logistic.shares(tokens_of(words), beside(subjects))
        if shares is None:
            return {}
        return {self._names[i]: float(shares[i]) for i in np.flatnonzero(shares >= LEAST)}


def asked_of(operator: Operator) -> Asked | None:
    """Return what was learnt for a company; None where nothing was."""
    path = operator.folder / WEIGHTS
    return Asked(path, silent_facts(operator)) if path.is_file() else None


def silent_facts(operator: Operator) -> frozenset[str]:
    """Return the ids of the facts that say that the documents are silent."""
    return frozenset(fact.id for fact in operator.facts if not fact.stated)


def beside(subjects: Mapping[str, float]) -> dict[str, float]:
    """Return what a question is about as tokens beside its words."""
    return {ABOUT + one: BESIDE * math.sqrt(p) for one, p in subjects.items()}


def mark(folder: Path, subjects: str) -> str:
    """Return what tells one state of a company's asked.toml and facts.toml, and of what topics were learnt from, from
    another."""
    files = [folder / FILE, folder / "facts.toml"]
    content = b"\0".join(path.read_bytes() for path in files if path.is_file())
    return hashlib.sha256(content + subjects.encode()).hexdigest()[:16]
