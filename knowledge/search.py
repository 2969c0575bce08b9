"""Find the passages that answer a question: by its words, by what they mean, and by what it is about."""

import math
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from knowledge.asked import Asked
from knowledge.blocks import sentences
from knowledge.bm25 import Vector
from knowledge.documents import Passage
from knowledge.kinds import LOOSE, given_at, kinds_given
from knowledge.lexicon import ideas_of_word
from knowledge.question import Query, Reader
from knowledge.subjects import Subjects
from knowledge.topics import topics
from knowledge.views import Field, Note, Notes, Weights, context, default_weights
from knowledge.words import words_of

SHARPNESS: Final = 2.5
"""A passage shows signs of many topics: the power by which its plain ones stand out."""


BESIDE: Final = 0.5
"""How plainly a passage speaks of the topics that a fact about it names beside its nearest one."""

DOUBT: Final = 0.5
"""The power of a probability in the ranking: half a chance is worth more than half of certainty."""

AMONG_EACH: Final = 40
"""Sentences looked at for each passage wanted: a long passage may hold many of the best."""


@dataclass(frozen=True, slots=True)
class Found:
    """A passage with its score, the sentence in it that fits best (start, end), and the parts of the score.

    `about` (0 to 1) is how well its topics fit, `asked` how probably it states what is asked for, `headed` the
    score of its headings, `told` the likeness of the nearest note on it, `gives` the kinds of answer it gives.
    """

    passage: Passage
    score: float
    best: tuple[int, int]
    parts: Mapping[str, float]
    about: float
    asked: float
    headed: float
    told: float
    gives: frozenset[str]


class Search:
    """The passages of one company, ready to be searched."""

    def __init__(
        self,
        passages: Sequence[Passage],
        notes: Sequence[Note] = (),
        subjects: Subjects | None = None,
        asked: Asked | None = None,
        weights: Weights | None = None,
    ) -> None:
        self._weights = weights or default_weights()
        self.passages = tuple(passages)
        self._units = [(i, a, b) for i, p in enumerate(self.passages) for a, b in sentences(p.text)]
        self._owner: NDArray[np.intp] = np.array([i for i, _, _ in self._units], dtype=np.intp)
        texts = [self.passages[i].text[start:end] for i, start, end in self._units]
        beside = [context(passage) for passage in self.passages]
        self._sentence = Field([f"{beside[i]} {text}" for i, text in zip(self._owner, texts, strict=True)])
        places: dict[tuple[str, tuple[str, ...]], int] = {}
        at = [places.setdefault((p.document, p.path), len(places)) for p in self.passages]
        self._section_of = np.array(at, np.intp)
        self._heading = Field([" ".join((*p.path, p.heading, p.lead)) for p in self.passages])
        self._told = Notes(notes)
        self._topics = [_spoken(p) for p in self.passages]
        for note in notes:
            spoken = self._topics[note.passage]
            for rank, topic in enumerate(note.topics):
                spoken[topic] = max(spoken.get(topic, 0.0), BESIDE if rank else 1.0)
        self._spoken = _by_topic(self._topics)
        given = [kinds_given(text) for text in texts]
        self._gives = {
            kind: np.array([kind in one for one in given], np.bool_) for kind in frozenset().union(*given)
        }
        self._rare = {kind: math.log(1 + len(texts) / int(here.sum())) for kind, here in self._gives.items()}
        own = [" ".join((p.text, *p.path)) for p in self.passages]
        noted = [text for note in notes for text in note.texts]
        self._reader = Reader((w.text for text in (*own, *noted) for w in words_of(text)), subjects, asked)
        self._stating: dict[str, list[int]] = {}
        for note in notes:
            if note.fact:
                self._stating.setdefault(note.fact, []).append(note.passage)

    @cached_property
    def _passage(self) -> Field:
        """The passages whole; only made where the weights ask for it."""
        return Field([f"{context(p)} {p.text}" for p in self.passages])

    @cached_property
    def _section(self) -> Field:
        """The sections whole, likewise."""
        texts: dict[int, list[str]] = {}
        for at, passage in zip(self._section_of, self.passages, strict=True):
            texts.setdefault(int(at), []).append(passage.text)
        return Field([" ".join(texts[at]) for at in sorted(texts)])

    def query(self, question: str) -> Query:
        """Return a question as the search sees it, misspelt words mended."""
        return self._reader.read(question)

    def find(
        self,
        query: Query,
        top: int = 3,
        weights: Weights | None = None,
        among: Collection[Passage] | None = None,
    ) -> tuple[Found, ...]:
        """Return the `top` passages (of those `among` which) that fit best, best first; fewer where there are
        fewer."""
        if not self._units:
            return ()
        w = weights or self._weights
        parts = self._parts(query, w)
        total = sum(parts.values(), np.zeros(len(self._units)))
        if among is not None:
            total[~np.isin(self._owner, [self.place(one) for one in among])] = -np.inf
        found: list[Found] = []
        seen: set[int] = set()
        for unit in _highest(total, AMONG_EACH * top):
            i, start, end = self._units[int(unit)]
            if i in seen or total[unit] == -np.inf:
                continue
            seen.add(i)
            made_of = {name: float(values[unit]) for name, values in parts.items()}
            about = min(1.0, made_of["topic"] / w.topic) if w.topic else 0.0
            gives = kinds_given(self.passages[i].text)
            headed, told = self._nearest(made_of, w)
            asked = (made_of["asked"] / w.asked) ** (1 / DOUBT) if w.asked else 0.0
            found.append(
                Found(
                    self.passages[i],
                    float(total[unit]),
                    (start, end),
                    made_of,
                    about,
                    asked,
                    headed,
                    told,
                    gives,
                )
            )
            if len(found) == top:
                break
        return tuple(found)

    def sentences(self, passage: Passage) -> tuple[tuple[int, int], ...]:
        """Return the sentences of a passage as (start, end) in its text."""
        place = self.place(passage)
        return tuple((start, end) for i, start, end in self._units if i == place)

    def marks(self, query: Query, passage: Passage) -> tuple[tuple[int, float], ...]:
        """Return the places in a passage that answer to the question, by a word or by the kind of answer it
        wants, with how telling they are."""
        found: list[tuple[int, float]] = []
        for match in re.finditer(r"[^\W_]+(?:-[^\W_]+)?", passage.text):
            for w in words_of(match[0]):
                weight = query.stems.get(w.nb, 0.0) * self._sentence.stem_idf(w.nb)
                shared = [i for i in ideas_of_word(w.text) if i in query.ideas]
                weight += sum(query.ideas[i] * self._sentence.idea_idf(i) for i in shared)
                if weight:
                    found.append((match.start(), weight))
        found.extend((at, self._rare[kind]) for at, kind in given_at(query.kinds - LOOSE, passage.text))
        return tuple(found)

    def place(self, passage: Passage) -> int:
        """Return the number of a passage among these."""
        at = passage.position
        return at if self.passages[at : at + 1] == (passage,) else self.passages.index(passage)

    def match(self, query: Query, passage: Passage) -> float:
        """Return how probably a passage speaks of what a question is about, 0 to 1."""
        spoken = self._topics[self.place(passage)]
        return min(1.0, sum(value**2 * spoken.get(topic, 0.0) for topic, value in query.topics.items()))

    def most(self, query: Query) -> float:
        """Return about what the perfect passage would score by words: what scores are measured by."""
        return self._sentence.most(query, self._weights)

    def _parts(self, query: Query, w: Weights) -> dict[str, Vector]:
        owner = self._owner
        about = self._fit(query.topics)
        parts = {
            "sentence": self._sentence.score(query, w),
            "heading": w.heading * self._heading.score(query, w)[owner],
            "told": w.told * self._noted(query)[owner],
            "topic": w.topic * about[owner],
            "asked": w.asked * self._after(query)[owner],
        }
        if w.passage:
            parts["passage"] = w.passage * self._passage.score(query, w)[owner]
        if w.section:
            parts["section"] = w.section * self._section.score(query, w)[self._section_of[owner]]
        if query.kinds:
            parts["kind"] = w.kind * self._given(query.kinds) - w.missing_kind * self._lacking(query.kinds)
        return parts

    def _fit(self, asked: Mapping[str, float]) -> Vector:
        """Return how well each passage's topics fit a question's; the nearest topics weigh most, so that a
        passage that touches on everything does not win by that."""
        squares = np.zeros(len(self.passages))
        for topic, value in asked.items():
            spoken = self._spoken.get(topic)
            if spoken is not None:
                squares += (value**1.5 * spoken) ** 2
        fit: Vector = np.sqrt(squares)
        return fit

    def _after(self, query: Query) -> Vector:
        """Return how probably each passage states what a question is after, 0 to 1."""
        shares = np.zeros(len(self.passages))
        for fact, p in query.facts.items():
            shares[self._stating.get(fact, [])] += p
        probable: Vector = np.minimum(shares, 1.0) ** DOUBT
        return probable

    def _given(self, kinds: frozenset[str]) -> Vector:
        """Return for each sentence how rare the rarest kind of answer is that it gives, of those asked for."""
        gives = np.zeros(len(self._units))
        for kind in kinds & self._gives.keys():
            np.maximum(gives, self._rare[kind] * self._gives[kind], out=gives)
        return gives

    def _lacking(self, kinds: frozenset[str]) -> Vector:
        """Return 1 for each sentence that gives no kind of answer asked for that one can tell by its form."""
        wanted = kinds - LOOSE
        lacks = np.full(len(self._units), bool(wanted))
        for kind in wanted & self._gives.keys():
            lacks &= ~self._gives[kind]
        return lacks.astype(np.float64)

    @staticmethod
    def _nearest(made_of: Mapping[str, float], w: Weights) -> tuple[float, float]:
        weights = {"heading": w.heading, "told": w.told}
        heading, told = (made_of[name] / by if by else 0.0 for name, by in weights.items())
        return heading, told

    def _noted(self, query: Query) -> Vector:
        """Return for each passage how like the question our words about it are; 0 to 1."""
        scores = np.zeros(len(self.passages))
        for note, likeness in self._told.like(query):
            scores[note.passage] = max(scores[note.passage], likeness)
        return scores


def _spoken(passage: Passage) -> dict[str, float]:
    """Return the topics a passage speaks of; one that it only touches on counts for little."""
    found = topics().of_passage((*passage.path, passage.lead), passage.text)
    return {topic: value**SHARPNESS for topic, value in found.items()}


def _by_topic(passages: Sequence[Mapping[str, float]]) -> dict[str, Vector]:
    """Return for each topic how plainly each passage speaks of it."""
    found: dict[str, Vector] = {}
    for i, spoken in enumerate(passages):
        for topic, value in spoken.items():
            if topic not in found:
                found[topic] = np.zeros(len(passages))
            found[topic][i] = value
    return found


def _highest(scores: Vector, most: int) -> NDArray[np.intp]:
    """Return the places of the `most` highest scores, highest first, of equal ones the earlier first."""
    if most < len(scores):
        limit = np.partition(scores, -most)[-most]
        among = np.flatnonzero(scores >= limit)
    else:
        among = np.arange(len(scores))
    order: NDArray[np.intp] = among[np.argsort(-scores[among], kind="stable")]
    return order
