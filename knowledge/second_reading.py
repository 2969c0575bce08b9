"""Decide between our own answer and what a language model read: the program decides, never the model."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from knowledge.answers import Knowledge
from knowledge.claims import Unfounded
from knowledge.confidence import default_model
from knowledge.model_reply import Broken, Quoted, Read, check_reply
from knowledge.model_request import Request
from knowledge.replies import Answer, Citation, NoAnswer, Why
from knowledge.wording import sentence
from law.rights import Right

SURE: Final = 0.75
"""Our own confidence from which a model that finds no answer is not believed."""

NEVER_READ: Final = frozenset({Why.EMPTY, Why.CHIT_CHAT, Why.OFF_TOPIC, Why.INJECTION})
"""What is no question for the documents, and so none for a model either."""


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
    """Whether a model is asked at all, after our own answer: not about what is no question for the documents."""
    return not (isinstance(own, NoAnswer) and own.why in NEVER_READ)


def decide(
    knowledge: Knowledge, question: str, request: Request, own: Answer | NoAnswer, content: str
) -> Decided:
    """Return what stands: the model's reading where every check holds, else our own answer, unchanged.

    `own` is our extractive answer to `question`, `content` the text the model replied to `request`. A model that
    finds no answer makes one of ours that is not sure into an honest no; one that answers where we did not is
    believed, since its quotations stand in the document, and an officer is offered as well.
    """
    read = check_reply(request, content, company=knowledge.operator.name)
    if not isinstance(read, Read):
        return Decided(own, read)
    if not read.answered:
        if isinstance(own, Answer) and own.confidence < SURE and request.whole:
            return Decided(_lowered(own), Verdict.LOWERED)
        return Decided(own, Verdict.KEPT)
    return Decided(_raised(knowledge, question, own, read), Verdict.ACCEPTED)


def _lowered(own: Answer) -> NoAnswer:
    nearest = own.citations[0] if own.citations else None
    text = sentence(own.lang, "no_answer", Why.UNSURE)
    return NoAnswer(Why.UNSURE, text, own.lang, own.confidence, nearest, own.suggests)


def _raised(knowledge: Knowledge, question: str, own: Answer | NoAnswer, read: Read) -> Answer:
    parts, right = [read.sentence], own.suggests
    for quoted in read.quotes:
        law = knowledge.law_first(question, own.lang, quoted.passage)
        if law:
            parts.append(law[0])
            right = right or law[1]
            break
    parts.append(sentence(own.lang, "answer", "by_model"))
    citations = tuple(_cited(knowledge, quoted) for quoted in read.quotes)
    return _answer(own, " ".join(parts), citations, right)


def _answer(
    own: Answer | NoAnswer, text: str, citations: tuple[Citation, ...], right: Right | None
) -> Answer:
    if isinstance(own, Answer):
        return replace(own, text=text, citations=citations, suggests=right, from_register=False)
    sure = max(own.confidence, default_model().threshold)
    return Answer(text, own.lang, sure, citations, right, handoff=True)


def _cited(knowledge: Knowledge, quoted: Quoted) -> Citation:
    passage = quoted.passage
    return Citation(
        operator=knowledge.operator.id,
        document=passage.document,
        section=passage.section,
        heading=passage.heading,
        quote=quoted.text,
        anchor=passage.anchor,
    )
