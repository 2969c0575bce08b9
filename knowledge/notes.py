"""What the company's profile says about clauses of its documents: found by clause and evidence, told in our
words."""

from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.clauses import Clauses
from knowledge.confidence import Spoken
from knowledge.views import Note
from law.language import Words
from operators.profile import Operator


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


def notes_of(operator: Operator, clauses: Clauses) -> tuple[Note, ...]:
    """Return what the profile says about each passage, in every language, so that it is found by that
    too."""
    notes: list[Note] = []
    for told in told_by(operator):
        if told.stated:
            found = clauses.stating(told.clause, told.evidence)
            notes.extend(Note(i, _each(told.words), told.topics, told.id) for i in found)
    for entry in operator.register:
        for words in (entry.purpose, entry.data, entry.retention, entry.source, entry.basis_words):
            notes.extend(Note(i, _each(words)) for i in clauses.holding(entry.clause, entry.evidence))
    for recipient in operator.recipients:
        texts = tuple(f"{recipient.name}: {text}" for text in _each(recipient.purpose))
        notes.extend(Note(i, texts) for i in clauses.holding(recipient.clause, recipient.evidence))
    return tuple(notes)


def _each(words: Words) -> tuple[str, ...]:
    return tuple(dict.fromkeys(words.values()))
