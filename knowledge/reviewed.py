"""Answers that a person at the company wrote and bound to a clause: which of them answers a question, if one does."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from knowledge.documents import Document, Passage
from knowledge.sameness import sameness
from knowledge.subjects import LAW, OTHER, subjects
from knowledge.words import words_of
from law.language import Lang

SURE_ENOUGH: Final = 0.5
"""Sameness to an example from which a reviewed answer is used; measured on tests/knowledge/reviewed.toml."""

ABOUT: Final = 0.1
MOST_ABOUT: Final = 3
"""A question is about at most so many subjects, each at least this probable."""

Clause = tuple[str, str, str]
"""A section of the documents: document, section number, heading; the last two may be empty."""

Fingerprints = Mapping[Clause, str]

STAND_IN: Final[Mapping[Lang, tuple[Lang, ...]]] = {"nb": ("nb", "nn"), "nn": ("nn", "nb"), "en": ("en",)}
"""Whose text is read in a language: bokmål and nynorsk stand in for each other."""


@dataclass(frozen=True, slots=True)
class Bound:
    """The clause an answer rests on, and the fingerprint of its text when the answer was written."""

    clause: Clause
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Reviewed:
    """An answer as a person wrote it, by language, and the questions it answers, as examples; `bound` is None
    where the documents are silent."""

    id: str
    texts: Mapping[str, str]
    examples: tuple[str, ...]
    bound: Bound | None = None

    def text_in(self, lang: Lang) -> str | None:
        """Return the text to read in `lang`; None where it is not written in that."""
        return next((self.texts[one] for one in STAND_IN[lang] if self.texts.get(one)), None)


def clause_of(passage: Passage) -> Clause:
    """Return the section that a passage stands in."""
    return (passage.document, passage.section, passage.heading)


def fingerprints(documents: Sequence[Document]) -> Fingerprints:
    """Return the fingerprint of every clause's text, spaces aside, in the order of the documents."""
    texts: dict[Clause, list[str]] = {}
    for document in documents:
        for passage in document.passages:
            texts.setdefault(clause_of(passage), []).append(" ".join(passage.text.split()))
    return {one: hashlib.sha256("\n".join(said).encode()).hexdigest() for one, said in texts.items()}


def stands(reviewed: Reviewed, now: Fingerprints) -> bool:
    """Whether the clause still says what it said when the answer was written; so does silence."""
    return reviewed.bound is None or now.get(reviewed.bound.clause) == reviewed.bound.fingerprint


def answering(question: str, lang: Lang, reviewed: Sequence[Reviewed], now: Fingerprints) -> Reviewed | None:
    """Return the reviewed answer one of whose examples asks the same as `question`; None where none surely does.

    One that is not written in the language, or whose clause has changed, is not used. Of two that fit alike, the
    first counts: hand in the newest first.
    """
    best: Reviewed | None = None
    most = SURE_ENOUGH
    for one in reviewed:
        if one.text_in(lang) is None or not stands(one, now):
            continue
        for example in one.examples:
            fits = sameness(question, example, one.examples)
            if fits > most or (best is None and fits == most):
                best, most = one, fits
    return best


def about(question: str) -> tuple[str, ...]:
    """Return what a question is likeliest about, most first: topics, and `subjects.OTHER` for nothing of ours."""
    shares = subjects().of(words_of(question))
    return tuple(sorted((one for one in shares if shares[one] >= ABOUT), key=lambda one: -shares[one]))[
        :MOST_ABOUT
    ]


def main_topic(topics: Sequence[str]) -> str:
    """Return the topic that a question is mostly about, "" for none: the first that is one of ours."""
    return next((one for one in topics if one != OTHER and not one.startswith(LAW)), "")
