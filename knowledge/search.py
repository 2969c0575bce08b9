"""Find the passages that answer a question: by its words, by what they mean, and by what it is about."""

import json
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from knowledge.blocks import sentences
from knowledge.bm25 import Index, Vector
from knowledge.documents import Passage
from knowledge.kinds import kinds_asked, kinds_given
from knowledge.lexicon import ideas_of, vocabulary
from knowledge.likeness import Likeness
from knowledge.topics import topics
from knowledge.words import LONGEST_QUESTION, MOST_WORDS, Word, fold, grams, word, words_of

LIKE_ENOUGH: Final = 80.0
"""Likeness (0 to 100) above which an unknown word is taken for a known one, misspelt."""

LIKE_ENOUGH_OTHERWISE: Final = 87.0
"""The same for a word of four or five letters, of which more are alike by chance, and for one of nine or
more, which may be another compound."""

BESIDE: Final = 0.8
"""What a note counts for at the sentences of its passage that it is not about."""

BRIEF: Final = 160
"""Characters of a passage that says little without its heading."""

STORY: Final = 0.35
"""What a word counts for that stands in the story before the question."""


@dataclass(frozen=True, slots=True)
class Note:
    """Words of ours about a passage, in any language, by which it can be found too; never quoted.

    With `evidence` they are about the sentence in it that holds that.
    """

    passage: int
    texts: tuple[str, ...]
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each kind of likeness counts in the ranking; chosen by `python -m knowledge.calibrate`."""

    gram: float
    idea: float
    passage: float
    section: float
    heading: float
    told: float
    asked: float
    topic: float
    kind: float
    missing_kind: float


@dataclass(frozen=True, slots=True)
class Query:
    """A question as the search sees it."""

    words: tuple[Word, ...]
    stems: Mapping[str, float]
    letters: Mapping[str, float]
    ideas: Mapping[str, float]
    topics: Mapping[str, float]
    kinds: frozenset[str]
    mended: float
    """Share of the telling words that were known only after mending."""

    unknown: float
    """Share of the telling words that are known nowhere."""


@dataclass(frozen=True, slots=True)
class Found:
    """A passage with its score, the sentence in it that fits best (start, end), and what the score is made
    of.

    `about` (0 to 1) is how well its topics fit, `headed` the score of its headings, `told` and `asked` the
    likeness of the nearest note on it, `gives` the kinds of answer it gives.
    """

    passage: Passage
    score: float
    best: tuple[int, int]
    parts: Mapping[str, float]
    about: float
    headed: float
    told: float
    asked: float
    gives: frozenset[str]


@dataclass(frozen=True, slots=True)
class Cover:
    """How much of a question a passage holds, by ideas and by words, and how much no passage holds; 0 to
    1."""

    ideas: float
    words: float
    nowhere: float


class Search:
    """The passages of one company, ready to be searched."""

    def __init__(self, passages: Sequence[Passage], notes: Sequence[Note] = ()) -> None:
        self.passages = tuple(passages)
        self._units: list[tuple[int, int, int]] = []
        for i, passage in enumerate(self.passages):
            self._units.extend((i, start, end) for start, end in sentences(passage.text))
        self._owner: NDArray[np.intp] = np.array([i for i, _, _ in self._units], dtype=np.intp)
        texts = [self.passages[i].text[start:end] for i, start, end in self._units]
        self._sentence = _Field(
            [
                " ".join((_context(self.passages[i]), text))
                for (i, _, _), text in zip(self._units, texts, strict=True)
            ]
        )
        self._passage = _Field([" ".join((_context(passage), passage.text)) for passage in self.passages])
        places = list(dict.fromkeys((p.document, p.path) for p in self.passages))
        self._section_of = np.array(
            [places.index((p.document, p.path)) for p in self.passages], dtype=np.intp
        )
        self._section = _Field(
            [" ".join(p.text for p in self.passages if (p.document, p.path) == place) for place in places]
        )
        self._heading = _Field([" ".join((*p.path, p.heading, p.lead)) for p in self.passages])
        self._told = _Notes([note for note in notes if not note.evidence])
        self._asked = _Notes([note for note in notes if note.evidence])
        self._folded = [fold(text) for text in texts]
        self._topics = [topics().of_passage((*p.path, p.lead), p.text) for p in self.passages]
        self._kinds = [kinds_given(text) for text in texts]
        self._known = self._vocabulary(notes)
        self._held = [_holds(passage) for passage in self.passages]
        self._all_ideas = frozenset(idea for ideas, _ in self._held for idea in ideas)
        self._all_stems = frozenset(stem for _, stems in self._held for stem in stems)

    @property
    def has_asks(self) -> bool:
        """Whether it is known how people ask about these passages."""
        return bool(self._asked)

    def query(self, question: str) -> Query:
        """Return a question as the search sees it, misspelt words mended."""
        parts = [self._mended(part) for part in _sentences(question[:LONGEST_QUESTION])]
        asks = [ends for _, ends, _, _ in parts]
        words: list[Word] = []
        stems: dict[str, float] = {}
        letters: dict[str, float] = {}
        ideas: dict[str, float] = {}
        about: dict[str, float] = {}
        for part, is_question, _, _ in parts:
            weight = 1.0 if is_question or not any(asks) else STORY
            words.extend(part)
            for w in part:
                if w.telling:
                    stems[w.nb] = max(stems.get(w.nb, 0.0), weight)
                    for gram in (letter_groups := grams(w.text)):
                        letters[gram] = max(letters.get(gram, 0.0), weight / len(letter_groups))
            for idea in ideas_of(part):
                ideas[idea] = max(ideas.get(idea, 0.0), weight)
            for topic, value in topics().of_question(part).items():
                about[topic] = max(about.get(topic, 0.0), weight * value)
        if len(parts) > 1:
            for topic, value in topics().of_question(words).items():
                about[topic] = max(about.get(topic, 0.0), value)
        telling = sum(w.telling for w in words)
        return Query(
            words=tuple(words),
            stems=stems,
            letters=letters,
            ideas=ideas,
            topics=about,
            kinds=kinds_asked([w for part, asked, _, _ in parts if asked or not any(asks) for w in part]),
            mended=sum(n for _, _, n, _ in parts) / telling if telling else 0.0,
            unknown=sum(n for _, _, _, n in parts) / telling if telling else 1.0,
        )

    def _mended(self, part: str) -> tuple[list[Word], bool, int, int]:
        """Return a sentence's words, whether it asks, and how many were mended and how many stayed
        unknown."""
        words: list[Word] = []
        mended = unknown = 0
        for w in words_of(part)[:MOST_WORDS]:
            if not w.telling or w.text.isdigit() or len(w.text) < 3 or self._is_known(w):
                words.append(w)
                continue
            better = self._mend(w.text)
            words.append(word(better) if better else w)
            mended += better is not None
            unknown += better is None
        return words, part.rstrip().endswith("?"), mended, unknown

    def find(self, query: Query, top: int = 3, weights: Weights | None = None) -> tuple[Found, ...]:
        """Return the `top` passages that fit best, best first; fewer where there are fewer."""
        if not self._units:
            return ()
        w = weights or default_weights()
        parts = self._parts(query, w)
        total = sum(parts.values(), np.zeros(len(self._units)))
        found: list[Found] = []
        seen: set[int] = set()
        for unit in np.argsort(-total, kind="stable"):
            i, start, end = self._units[int(unit)]
            if i in seen:
                continue
            seen.add(i)
            made_of = {name: float(values[unit]) for name, values in parts.items()}
            about = min(1.0, made_of["topic"] / w.topic) if w.topic else 0.0
            gives = kinds_given(self.passages[i].text)
            headed, told, asked = self._nearest(made_of, w)
            found.append(
                Found(
                    self.passages[i],
                    float(total[unit]),
                    (start, end),
                    made_of,
                    about,
                    headed,
                    told,
                    asked,
                    gives,
                )
            )
            if len(found) == top:
                break
        return tuple(found)

    def sentences(self, passage: Passage) -> tuple[tuple[int, int], ...]:
        """Return the sentences of a passage as (start, end) in its text."""
        place = self._place(passage)
        return tuple((start, end) for i, start, end in self._units if i == place)

    def marks(self, query: Query, passage: Passage) -> tuple[tuple[int, float], ...]:
        """Return the places in a passage whose words answer to the question, with how telling they are."""
        found: list[tuple[int, float]] = []
        for match in re.finditer(r"[^\W_]+(?:-[^\W_]+)?", passage.text):
            for w in words_of(match[0]):
                weight = query.stems.get(w.nb, 0.0) * self._sentence.stem_idf(w.nb)
                shared = [i for i in ideas_of((w,)) if i in query.ideas]
                weight += sum(query.ideas[i] * self._sentence.idea_idf(i) for i in shared)
                if weight:
                    found.append((match.start(), weight))
        return tuple(found)

    def _place(self, passage: Passage) -> int:
        at = passage.position
        return at if self.passages[at : at + 1] == (passage,) else self.passages.index(passage)

    def cover(self, query: Query, passage: Passage) -> Cover:
        """Return how much of the question a passage holds, its headings and our notes on it taken along."""
        at = (
            passage.position if self.passages[passage.position : passage.position + 1] == (passage,) else None
        )
        place = at if at is not None else self.passages.index(passage)
        ideas, stems = self._held[place]
        telling = tuple(w for w in query.words if w.telling)
        weigh = self._passage.idea_idf
        total = sum(weigh(idea) for idea in query.ideas) or 1.0
        covered = sum(weigh(idea) for idea in query.ideas if idea in ideas)
        words_held = sum(w.nb in stems or bool(set(ideas_of((w,))) & ideas) for w in telling)
        missing = sum(
            w.nb not in self._all_stems and not set(ideas_of((w,))) & self._all_ideas for w in telling
        )
        n = len(telling) or 1
        return Cover(covered / total, words_held / n, missing / n)

    def most(self, query: Query) -> float:
        """Return the score of a passage that held every word of the question once: what scores are measured
        by."""
        return self._sentence.most(query, default_weights())

    def _parts(self, query: Query, w: Weights) -> dict[str, Vector]:
        owner = self._owner
        about = np.array([_fit(query.topics, spoken) for spoken in self._topics])
        parts = {
            "sentence": self._sentence.score(query, w),
            "passage": w.passage * self._passage.score(query, w)[owner],
            "section": w.section * self._section.score(query, w)[self._section_of[owner]],
            "heading": w.heading * self._heading.score(query, w)[owner],
            "told": w.told * self._noted(self._told, query),
            "asked": w.asked * self._noted(self._asked, query),
            "topic": w.topic * about[owner],
        }
        if query.kinds:
            gives = np.array([len(query.kinds & given) for given in self._kinds], dtype=np.float64)
            parts["kind"] = w.kind * np.minimum(gives, 1.0) - w.missing_kind * (gives == 0)
        return parts

    @staticmethod
    def _nearest(made_of: Mapping[str, float], w: Weights) -> tuple[float, float, float]:
        weights = {"heading": w.heading, "told": w.told, "asked": w.asked}
        heading, told, asked = (made_of[name] / by if by else 0.0 for name, by in weights.items())
        return heading, told, asked

    def _noted(self, notes: "_Notes", query: Query) -> Vector:
        """Return for each sentence how like the question our words about it are; 0 to 1."""
        scores = np.zeros(len(self._units))
        for note, likeness in notes.like(query):
            evidence = fold(note.evidence)
            for unit in np.flatnonzero(self._owner == note.passage):
                here = not evidence or evidence in self._folded[unit]
                scores[unit] = max(scores[unit], likeness if here else BESIDE * likeness)
        return scores

    def _vocabulary(self, notes: Sequence[Note]) -> frozenset[str]:
        own = {w.text for p in self.passages for w in words_of(" ".join((p.text, *p.path)))}
        asked = {w.text for t in topics().topics.values() for ask in t.asks for w in words_of(ask)}
        noted = {w.text for note in notes for text in note.texts for w in words_of(text)}
        return frozenset(own | asked | noted | vocabulary())

    def _is_known(self, w: Word) -> bool:
        return w.text in self._known or w.nb in self._known or bool(ideas_of((w,)))

    def _mend(self, text: str) -> str | None:
        if len(text) < 4:
            return None
        choices = self._by_letter.get(text[0], ())
        enough = LIKE_ENOUGH if 5 < len(text) < 9 else LIKE_ENOUGH_OTHERWISE
        match = process.extractOne(text, choices, scorer=fuzz.ratio, score_cutoff=enough)
        return match[0] if match else None

    @property
    def _by_letter(self) -> Mapping[str, tuple[str, ...]]:
        return _by_letter(self._known)


class _Notes:
    """Notes, found by how like a question they are."""

    def __init__(self, notes: Sequence[Note]) -> None:
        self._notes = tuple(notes)
        self._likeness = Likeness([(str(i), text) for i, note in enumerate(notes) for text in note.texts])

    def __len__(self) -> int:
        return len(self._notes)

    def like(self, query: Query) -> Iterator[tuple[Note, float]]:
        """Yield the notes that are at all like the question, with their likeness."""
        for i, likeness in self._likeness.of(query.words).items():
            yield self._notes[int(i)], likeness


class _Field:
    """One view of the texts (sentences, passages, headings): stems, groups of letters and ideas."""

    def __init__(self, texts: Sequence[str]) -> None:
        words = [words_of(text) for text in texts]
        self._stems = Index([_counted(w.nb for w in ws if w.telling) for ws in words])
        self._grams = Index([_counted(g for w in ws if w.telling for g in grams(w.text)) for ws in words])
        self._ideas = Index([dict.fromkeys(ideas_of(ws), 1.0) for ws in words])

    def score(self, query: Query, w: Weights) -> Vector:
        scores = self._stems.score(query.stems) + w.gram * self._grams.score(query.letters)
        return scores + w.idea * self._ideas.score(query.ideas)

    def stem_idf(self, stem: str) -> float:
        return self._stems.idf(stem)

    def idea_idf(self, idea: str) -> float:
        return self._ideas.idf(idea)

    def most(self, query: Query, w: Weights) -> float:
        words = sum(weight * self._stems.idf(stem) for stem, weight in query.stems.items())
        ideas = sum(weight * self._ideas.idf(idea) for idea, weight in query.ideas.items())
        return words * (1 + w.gram) + w.idea * ideas


def _holds(passage: Passage) -> tuple[frozenset[str], frozenset[str]]:
    """Return the ideas and stems in a passage and its headings."""
    words = words_of(" ".join((*passage.path, passage.heading, passage.lead, passage.text)))
    return frozenset(ideas_of(words)), frozenset(w.nb for w in words)


def _fit(asked: Mapping[str, float], spoken: Mapping[str, float]) -> float:
    """Return how well a passage's topics fit a question's; the nearest topics weigh most, so that a passage
    that touches on everything does not win by that."""
    return math.sqrt(sum((value**1.5 * spoken.get(topic, 0.0)) ** 2 for topic, value in asked.items()))


def _context(passage: Passage) -> str:
    """Return what a short passage must be read with: its heading, and what leads in to it."""
    if len(passage.text) > BRIEF:
        return passage.lead
    return " ".join((passage.path[-1] if passage.path else passage.heading, passage.lead))


def _sentences(question: str) -> list[str]:
    return [part for part in re.split(r"(?<=[.!?])\s+|\n+", question) if part.strip()]


def _counted(tokens: Iterable[str]) -> dict[str, float]:
    counts: dict[str, float] = {}
    for token in tokens:
        counts[token] = counts.get(token, 0.0) + 1.0
    return counts


@cache
def _by_letter(known: frozenset[str]) -> Mapping[str, tuple[str, ...]]:
    letters: dict[str, list[str]] = {}
    for text in sorted(known):
        if len(text) > 3 and text.isalpha():
            letters.setdefault(text[0], []).append(text)
    return {letter: tuple(texts) for letter, texts in letters.items()}


@cache
def default_weights() -> Weights:
    """Return the weights of weights.json."""
    content = json.loads(Path(__file__).with_name("weights.json").read_text(encoding="utf-8"))
    return Weights(**content["ranking"])
