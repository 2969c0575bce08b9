"""Turns what the documents answer into replies with citations, choices and links."""

from bot.hub import Choice, Hub, Quote, Reply
from bot.replies import say
from knowledge.answers import NoAnswer
from law.language import Lang
from operators.profile import Operator

ASK_AT_MOST = 2_000  # characters of a question that are searched with


def answer(hub: Hub, operator: Operator, text: str, lang: Lang) -> list[Reply]:
    """The answer out of the company's documents or register, or an honest no with a human offered."""
    found = hub.knowledge[operator.id].ask(text[:ASK_AT_MOST], lang)
    human = Choice("human", say("choice_human", lang))
    if isinstance(found, NoAnswer):
        return [Reply(found.text or say("dont_know", lang), choices=(human,))]
    quotes = tuple(
        Quote(
            document=cited.document,
            section=cited.section,
            heading=cited.heading,
            text=cited.quote,
            url=hub.links.document(operator.id, cited.document, cited.anchor),
        )
        for cited in found.citations
    )
    choices: list[Choice] = []
    if found.suggests is not None:
        choices.append(Choice(f"right:{found.suggests.value}", say(f"choice_{found.suggests.value}", lang)))
    if found.handoff:
        choices.append(human)
    return [Reply(found.text, quotes=quotes, choices=tuple(choices))]
