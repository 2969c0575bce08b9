"""What the company's profile says about clauses of its documents: found by clause and evidence, told in our
words."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from knowledge.confidence import Spoken
from knowledge.documents import Passage
from knowledge.views import Note
from knowledge.words import fold
from law.language import Words
from operators.profile import Operator

MENTION: Final = re.compile(r"[^\w@%]+")


@dataclass(frozen=True, slots=True)
class Told:
    """One sentence of the register: the topics it is about, in words, and the clause it comes from.

    `stated` is false for a sentence that says the document is silent.
    """

    id: str
    topics: tuple[str, ...]
    words: Words
    clause: str
    evidence: tuple[str, ...]
    stated: bool = True


def told_by(operator: Operator) -> tuple[Told, ...]:
    """Return the sentences the desk can answer with, in the order of the profile."""
    return tuple(
        Told(fact.id, fact.topics, fact.words, fact.clause, fact.evidence, fact.stated)
        for fact in operator.facts
    )


def spoken_of(told: Sequence[Told]) -> Spoken:
    """Return the topics that the profile's sentences are about, and those they call the document silent on."""
    stated = frozenset(topic for one in told if one.stated for topic in one.topics)
    return Spoken(stated, frozenset(topic for one in told if not one.stated for topic in one.topics) - stated)


def notes_of(operator: Operator, passages: Sequence[Passage]) -> tuple[Note, ...]:
    """Return what the profile says about each passage, in every language, so that it is found by that
    too."""
    notes: list[Note] = []
    for told in told_by(operator):
        if told.stated:
            found = places(told.clause, told.evidence, passages)
            notes.extend(Note(i, _each(told.words), told.topics) for i in found)
    for entry in operator.register:
        for words in (entry.purpose, entry.data, entry.retention, entry.source, entry.basis_words):
            notes.extend(Note(i, _each(words)) for i in _by_evidence(entry.clause, entry.evidence, passages))
    for recipient in operator.recipients:
        texts = tuple(f"{recipient.name}: {text}" for text in _each(recipient.purpose))
        notes.extend(Note(i, texts) for i in _by_evidence(recipient.clause, recipient.evidence, passages))
    return tuple(notes)


def _each(words: Words) -> tuple[str, ...]:
    return tuple(dict.fromkeys(words.values()))


def places(clause: str, evidence: Sequence[str], passages: Sequence[Passage]) -> tuple[int, ...]:
    """Return the passages a sentence of the profile is about: those of its clause that hold its evidence.

    Where none of them holds any, all of the clause: the figures then stand in a part of it we cannot tell.
    """
    return _by_evidence(clause, evidence, passages) or in_clause(clause, passages)


def in_clause(clause: str, passages: Sequence[Passage]) -> tuple[int, ...]:
    """Return the passages that stand in a clause, named by section number or, without numbers, by heading."""
    return tuple(i for i, passage in enumerate(passages) if is_in(clause, passage))


def is_in(clause: str, passage: Passage) -> bool:
    """Whether a passage stands in a clause of a document; the first words of a long heading name it too."""
    wanted = _plain(clause)
    if not wanted:
        return False
    if passage.section == clause.strip():
        return True
    headings = {_plain(h) for h in (*passage.path, passage.heading, passage.document)}
    return not passage.section and any(h == wanted or h.startswith(f"{wanted} ") for h in headings)


def _by_evidence(clause: str, evidence: Sequence[str], passages: Sequence[Passage]) -> tuple[int, ...]:
    here = in_clause(clause, passages)
    counts = {i: sum(_holds(passages[i], e) for e in evidence) for i in here}
    most = max(counts.values(), default=0)
    return tuple(i for i in here if counts[i] == most) if most else ()


def evidence_at(evidence: Sequence[str], text: str) -> tuple[int, ...]:
    """Return where in a text the evidence of a sentence stands, each piece where it stands first."""
    found = (_as_pattern(piece).search(text) for piece in evidence)
    return tuple(match.start() for match in found if match)


@lru_cache(maxsize=20_000)
def _as_pattern(piece: str) -> re.Pattern[str]:
    """Return what finds the words of a piece of evidence, whatever stands between them."""
    return re.compile(r"[^\w@%]+".join(map(re.escape, MENTION.sub(" ", piece).split())), re.IGNORECASE)


def _holds(passage: Passage, evidence: str) -> bool:
    return _plain(evidence) in _plain(passage.text)


@lru_cache(maxsize=20_000)
def _plain(text: str) -> str:
    return MENTION.sub(" ", fold(text)).strip()
