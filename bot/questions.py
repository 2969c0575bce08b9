"""Turns what the documents answer into replies with citations, choices and links."""

from collections.abc import Sequence
from typing import Final

from bot.hub import Choice, Hub, Quote, Reply
from bot.replies import choice_label, say
from knowledge.answers import Answer, Citation, Knowledge, NoAnswer
from law.dates import say_date
from law.language import Lang
from operators.profile import Operator

ASK_AT_MOST: Final = 2_000  # characters of a question that are searched with


class Unread(Exception):
    """A question that the reader is to read before it is answered: carried out of the unit of work, since no
    database is held meanwhile."""

    def __init__(self, question: str, lang: Lang) -> None:
        super().__init__("a question is to be read")
        self.question = question
        self.lang: Lang = lang


def beside(hub: Hub, operator: Operator, text: str, lang: Lang) -> list[Reply]:
    """The answer to what was read as a request and may be a question; nothing where there is none.

    Its buttons are left out: what they offer is under way already.
    """
    knowledge = hub.knowledge[operator.id]
    found = knowledge.ask(text[:ASK_AT_MOST], lang)
    return [] if isinstance(found, NoAnswer) else [Reply(found.text, quotes=_quotes(hub, knowledge, found))]


def search(hub: Hub, operator: Operator, text: str, lang: Lang) -> Answer | NoAnswer:
    """What the company's documents or register, or a person there, answer."""
    return hub.knowledge[operator.id].ask(text[:ASK_AT_MOST], lang)


def answer(
    hub: Hub, operator: Operator, lang: Lang, found: Answer | NoAnswer, thumbs: Sequence[str] = ()
) -> list[Reply]:
    """The answer out of the company's documents or register, or an honest no and the offer of a human.

    `thumbs` are the buttons that say whether it helped.
    """
    knowledge = hub.knowledge[operator.id]
    ids: list[str] = [*thumbs]
    if found.suggests is not None:
        ids.append(f"right:{found.suggests.value}")
    if isinstance(found, NoAnswer) or found.handoff:
        ids.append("human")
    choices = tuple(Choice(one, choice_label(one, lang)) for one in ids)
    if isinstance(found, NoAnswer):
        return [Reply(found.text or say("dont_know", lang), choices=choices)]
    return [Reply(found.text, quotes=_quotes(hub, knowledge, found), choices=choices)]


def _quotes(hub: Hub, knowledge: Knowledge, found: Answer) -> tuple[Quote, ...]:
    """The citations, each with the page that shows it in its place."""
    spoken = {document.title: document.lang for document in knowledge.documents}
    return tuple(
        Quote(
            document=cited.document,
            section=cited.section,
            heading=cited.heading,
            text=cited.quote,
            url=hub.links.document(knowledge.operator.id, cited.document, cited.anchor),
            lang=spoken.get(cited.document, "nb"),
            since=_since(cited, found.lang),
        )
        for cited in found.citations
    )


def _since(cited: Citation, lang: Lang) -> str:
    """From when on the version cited counts, in words; empty where that is not known."""
    return say("in_force_from", lang, date=say_date(cited.in_force_from, lang)) if cited.in_force_from else ""
