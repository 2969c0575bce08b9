"""Ways of looking at the passages of a company: by their text in different sizes, and by our notes on them."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from knowledge.bm25 import Index, Vector
from knowledge.documents import Passage
from knowledge.lexicon import ideas_of
from knowledge.likeness import Likeness
from knowledge.question import Query
from knowledge.words import grams, words_of

BRIEF: Final = 160
"""Characters of a passage that says little without its heading."""


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each kind of likeness counts in the ranking; found by `python -m knowledge.calibrate`."""

    gram: float
    idea: float
    passage: float
    section: float
    heading: float
    told: float
    topic: float
    asked: float
    kind: float
    missing_kind: float


@dataclass(frozen=True, slots=True)
class Note:
    """Words of ours about a passage, in any language, by which it can be found too; never quoted.

    `topics` are those that the passage is known to speak of, the nearest first; `fact` the id of the fact that the
    words are, "" where they are none.
    """

    passage: int
    texts: tuple[str, ...]
    topics: tuple[str, ...] = ()
    fact: str = ""


class Notes:
    """Notes, found by how like a question they are."""

    def __init__(self, notes: Sequence[Note]) -> None:
        self._notes = tuple(notes)
        self._likeness = Likeness([(str(i), text) for i, note in enumerate(notes) for text in note.texts])

    def like(self, query: Query) -> Iterator[tuple[Note, float]]:
        """Yield the notes that are at all like the question, with their likeness, 0 to 1."""
        for i, likeness in self._likeness.of(query.words).items():
            yield self._notes[int(i)], likeness


class Field:
    """One view of the texts (sentences, passages, headings): stems, groups of letters and ideas."""

    def __init__(self, texts: Sequence[str]) -> None:
        words = [words_of(text) for text in texts]
        self._stems = Index([_counted(w.nb for w in ws if w.telling) for ws in words])
        self._grams = Index([_counted(g for w in ws if w.telling for g in grams(w.text)) for ws in words])
        self._ideas = Index([dict.fromkeys(ideas_of(ws), 1.0) for ws in words])

    def score(self, query: Query, w: Weights) -> Vector:
        """Return one score a text."""
        scores = self._stems.score(query.stems) + w.gram * self._grams.score(query.letters)
        return scores + w.idea * self._ideas.score(query.ideas)

    def most(self, query: Query, w: Weights) -> float:
        """Return about what a text would score that held everything in the question once."""
        words = sum(weight * self._stems.idf(stem) for stem, weight in query.stems.items())
        ideas = sum(weight * self._ideas.idf(idea) for idea, weight in query.ideas.items())
        return words * (1 + w.gram) + w.idea * ideas

    def stem_idf(self, stem: str) -> float:
        """Return how telling a stem is among these texts."""
        return self._stems.idf(stem)

    def idea_idf(self, idea: str) -> float:
        """Return how telling an idea is among these texts."""
        return self._ideas.idf(idea)


def context(passage: Passage) -> str:
    """Return what a short passage must be read with: its heading, and what leads in to it."""
    if len(passage.text) > BRIEF:
        return passage.lead
    return " ".join((passage.path[-1] if passage.path else passage.heading, passage.lead))


def _counted(tokens: Iterable[str]) -> dict[str, float]:
    counts: dict[str, float] = {}
    for token in tokens:
        counts[token] = counts.get(token, 0.0) + 1.0
    return counts


@cache
def default_weights() -> Weights:
    """Return the weights of weights.json."""
    content = json.loads(Path(__file__).with_name("weights.json").read_text(encoding="utf-8"))
    return Weights(**content["ranking"])
