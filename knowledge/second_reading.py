"""Decide between our own answer and what a language model read: the program decides, never the model."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from knowledge.answers import SURE, Knowledge
from knowledge.claims import Unfounded
from knowledge.lawful import told_instead
from knowledge.model_reply import Broken, Quoted, Read, check_reply
from knowledge.model_request import Request
from knowledge.replies import Answer, Citation, NoAnswer, Why
from knowledge.wording import sentence
from operators.profile import Conflict

NEVER_READ: Final = frozenset({Why.EMPTY, Why.CHIT_CHAT, Why.OFF_TOPIC, Why.INJECTION, Why.LAW})
"""What is no question for the documents, and so none for a model either; and what the law has answered."""


class Verdict(StrEnum):
    """What became of a reply that is in order."""

    ACCEPTED = "accepted"
    LOWERED = "lowered"
    KEPT = "kept"


@dataclass(frozen=True, slots=True)
class Decided:
    """The reply that stands, and why: a verdict, or what was wrong with the model's reply."""

    reply: Answer | NoAnswer
    why: Verdict | Broken | Unfounded


def is_worth_reading(own: Answer | NoAnswer) -> bool:
    """Whether a model is asked at all, after our own answer.

    Not about what is no question for the documents, not where the law answers, and not where clauses contradict
    each other: then both are quoted and an officer looks, and no model picks one.
    """
    return own.why not in NEVER_READ if isinstance(own, NoAnswer) else not (own.handoff or own.reviewed)


def decide(
    knowledge: Knowledge, question: str, request: Request, own: Answer | NoAnswer, content: str
) -> Decided:
    """Return what stands: the model's reading where every check holds, else our own answer, unchanged.

    `own` is our extractive answer to `question`, `content` the text the model replied to `request`. A model that
    finds no answer, and has seen every passage, makes one of ours that is not sure (below `SURE`) into an honest
    no; one that answers where we did not is believed, since its quotations stand in the document, and an officer
    is offered as well. A quotation of one of several clauses that contradict each other is not taken.
    """
    read = check_reply(request, content, company=knowledge.operator.name)
    if not isinstance(read, Read):
        return Decided(own, read)
    if not read.answered:
        if isinstance(own, Answer) and own.confidence < SURE and request.whole:
            return Decided(_lowered(own), Verdict.LOWERED)
        return Decided(own, Verdict.KEPT)
    conflicts = [knowledge.conflict(question, own.lang, quoted.passage) for quoted in read.quotes]
    if any(conflict and conflict.against for conflict in conflicts):
        return Decided(own, Verdict.KEPT)
    conflict = next((one for one in conflicts if one), None)
    return Decided(_raised(knowledge, own, read, conflict), Verdict.ACCEPTED)


def _lowered(own: Answer) -> NoAnswer:
    nearest = own.citations[0] if own.citations else None
    text = sentence(own.lang, "no_answer", Why.UNSURE)
    return NoAnswer(Why.UNSURE, text, own.lang, own.confidence, nearest, own.suggests)


def _raised(knowledge: Knowledge, own: Answer | NoAnswer, read: Read, conflict: Conflict | None) -> Answer:
    parts = [
        read.sentence,
        *([told_instead(conflict, own.lang)] if conflict else []),
        sentence(own.lang, "answer", "by_model"),
    ]
    is_ours = isinstance(own, Answer)
    return Answer(
        text=" ".join(parts),
        lang=own.lang,
        confidence=own.confidence if is_ours else max(own.confidence, knowledge.threshold),
        citations=tuple(_cited(knowledge, quoted) for quoted in read.quotes),
        suggests=own.suggests or (conflict.right if conflict else None),
        handoff=not is_ours,
    )


def _cited(knowledge: Knowledge, quoted: Quoted) -> Citation:
    passage = quoted.passage
    return Citation(
        operator=knowledge.operator.id,
        document=passage.document,
        section=passage.section,
        heading=passage.heading,
        quote=quoted.text,
        anchor=passage.anchor,
        in_force_from=passage.in_force_from,
    )
