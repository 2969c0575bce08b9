"""Answers that a person at the company wrote and bound to a clause: which of them answers a question, if one does."""

import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from knowledge.documents import Document, Passage
from knowledge.kinds import kinds_asked
from knowledge.lexicon import ideas_of_word
from knowledge.likeness import features
from knowledge.subjects import LAW, OTHER, subjects
from knowledge.words import LITTLE, Word, little, words_of
from law.language import Lang

LIKE_ENOUGH: Final = 0.6
"""Likeness to an example from which a reviewed answer is used; see tests/knowledge/test_reviewed.py."""


PLAINLY: Final = 0.6
FAINTLY: Final = 0.1
"""Two questions are about different things where each is about its own this plainly, and about the other's this faintly."""


@dataclass(frozen=True, slots=True)
class Bound:
    """The clause an answer rests on, and the fingerprint of its text when the answer was written."""

    document: str
    section: str
    heading: str
    fingerprint: str

    def holds(self, passage: Passage) -> bool:
        """Whether a passage stands in the clause."""
        return (passage.document, passage.section, passage.heading) == (
            self.document,
            self.section,
            self.heading,
        )


@dataclass(frozen=True, slots=True)
class Reviewed:
    """An answer as a person wrote it, by language; `clause` is None where the documents are silent."""

    id: str
    texts: Mapping[str, str]
    examples: tuple[str, ...]
    clause: Bound | None = None

    def text_for(self, lang: Lang) -> tuple[Lang, str]:
        """Return the text to read in `lang`, and the language it is in: bokmål and nynorsk stand in for each
        other first."""
        order: dict[Lang, tuple[Lang, ...]] = {
            "nb": ("nb", "nn", "en"),
            "nn": ("nn", "nb", "en"),
            "en": ("en", "nb", "nn"),
        }
        found = next(one for one in order[lang] if self.texts.get(one))
        return found, self.texts[found]


def fingerprint(documents: Sequence[Document], document: str, section: str, heading: str) -> str:
    """Return the fingerprint of a clause's text, spaces aside; "" where the documents have no such clause."""
    here = Bound(document, section, heading, "")
    texts = [" ".join(p.text.split()) for one in documents for p in one.passages if here.holds(p)]
    return hashlib.sha256("\n".join(texts).encode()).hexdigest() if texts else ""


def stands(reviewed: Reviewed, documents: Sequence[Document]) -> bool:
    """Whether the clause still says what it said when the answer was written."""
    bound = reviewed.clause
    if bound is None:
        return True
    return bool(bound.fingerprint) and bound.fingerprint == fingerprint(
        documents, bound.document, bound.section, bound.heading
    )


def answering(question: str, reviewed: Sequence[Reviewed]) -> Reviewed | None:
    """Return the reviewed answer one of whose examples asks the same as `question`; None where none surely does."""
    asked = words_of(question)
    best = max(
        ((alike(asked, words_of(way)), one) for one in reviewed for way in one.examples),
        key=lambda pair: pair[0],
        default=None,
    )
    return best[1] if best and best[0] >= LIKE_ENOUGH else None


def alike(one: Sequence[Word], other: Sequence[Word]) -> float:
    """Return how surely two questions ask the same, 0 to 1: 0 where one speaks of a thing the other does not, asks
    for another kind of answer, or is about something else."""
    first, second = _things(one), _things(other)
    if not first or not second or not _covers(first, second) or not _covers(second, first):
        return 0.0
    if kinds_asked(one) != kinds_asked(other):
        return 0.0
    if _denies(one) is not _denies(other):
        return 0.0
    if not _same_subject(one, other):
        return 0.0
    return _cosine(features(one), features(other))


def likeness(one: Sequence[Word], other: Sequence[Word]) -> float:
    """Return how like the words of two questions are, 0 to 1."""
    return _cosine(features(one), features(other))


def _things(words: Sequence[Word]) -> list[frozenset[str]]:
    """What is spoken of: each telling word by its stem and its ideas."""
    return [frozenset({w.nb, *ideas_of_word(w.text)}) for w in words if w.telling]


def _covers(mine: Sequence[frozenset[str]], others: Sequence[frozenset[str]]) -> bool:
    known = frozenset[str]().union(*others)
    return all(not known.isdisjoint(thing) for thing in mine)


def _denies(words: Sequence[Word]) -> bool:
    return any(LITTLE + "not" in little(w) for w in words)


def _same_subject(one: Sequence[Word], other: Sequence[Word]) -> bool:
    first, second = subjects().of(one), subjects().of(other)
    a, b = max(first, key=first.__getitem__), max(second, key=second.__getitem__)
    plainly_apart = (
        min(first[a], second[b]) >= PLAINLY and max(first.get(b, 0.0), second.get(a, 0.0)) < FAINTLY
    )
    return not plainly_apart


def main_subject(topics: Sequence[str]) -> str:
    """Return the topic that a question is mostly about, "" for none: the first, where it is one of ours."""
    return next((one for one in topics if one != OTHER and not one.startswith(LAW)), "")


def _cosine(first: Mapping[str, float], second: Mapping[str, float]) -> float:
    inner = sum(weight * second.get(token, 0.0) for token, weight in first.items())
    return inner / ((math.hypot(*first.values()) * math.hypot(*second.values())) or 1.0)


def about(question: str) -> tuple[str, ...]:
    """Return what a question is about, most first: topics, and `subjects.OTHER` for nothing of ours."""
    shares = subjects().of(words_of(question))
    return tuple(sorted((one for one in shares if shares[one] >= 0.1), key=lambda one: -shares[one]))[:3]
