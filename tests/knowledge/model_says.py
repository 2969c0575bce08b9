"""What a model may say about Fjordlys' documents, and a short way to have it checked."""

import json
from collections.abc import Sequence

from knowledge.answers import Knowledge, spoken
from knowledge.claims import Unfounded
from knowledge.model_reply import Broken, Read, check_reply
from knowledge.model_request import Limits, Request, request_for
from knowledge.second_reading import Decided, decide

WHOLE = Limits(characters=20_000)


def asked(knowledge: Knowledge, question: str, limits: Limits = WHOLE) -> Request:
    """What would be sent about a question."""
    request = request_for(knowledge, question, spoken(question), limits)
    assert request is not None
    return request


def reply(sentence: str, *quotes: str, request: Request | None = None) -> str:
    """A reply with these quotations, each under the id of a passage that holds it, else of the first."""

    def place(quote: str) -> str:
        passages = request.passages if request else {}
        return next((id for id, p in passages.items() if quote in p.text), "p1")

    placed = [{"passage": place(quote), "quote": quote} for quote in quotes]
    return json.dumps({"answered": True, "quotes": placed, "sentence": sentence}, ensure_ascii=False)


def checked(
    knowledge: Knowledge, question: str, sentence: str, quotes: Sequence[str]
) -> Read | Broken | Unfounded:
    """What the check makes of a reply with this sentence and these quotations."""
    request = asked(knowledge, question)
    return check_reply(request, reply(sentence, *quotes, request=request), company=knowledge.operator.name)


def decided(knowledge: Knowledge, question: str, content: str, limits: Limits = WHOLE) -> Decided:
    """What stands after a model has replied `content` to a question."""
    own = knowledge.ask(question)
    return decide(knowledge, question, asked(knowledge, question, limits), own, content)
