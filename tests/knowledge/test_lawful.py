"""The law above the documents: it answers by itself, holds instead of a clause, and settles no contradiction."""

import pytest

from knowledge.answers import Answer, Knowledge, Why
from law.statutory import statement


@pytest.mark.parametrize("id", ["cleverstore", "adventor", "invoiceclub", "24nettbutikk", "easystep"])
@pytest.mark.parametrize(
    ("question", "statement_id"),
    [
        ("Når får jeg svar?", "time_limit"),
        ("Kan dere nekte meg innsyn fordi jeg skal saksøke dere?", "refusal"),
    ],
)
def test_what_the_law_answers_is_answered_by_it(
    real: dict[str, Knowledge], id: str, question: str, statement_id: str
) -> None:
    """Whatever the document says near it: the law is told first, and a clause at most beside it."""
    reply = real[id].ask(question)
    assert reply.law == statement_id
    told = statement(statement_id, "nb").text
    assert told in reply.text
    if isinstance(reply, Answer):
        assert reply.text.startswith(told)
        assert reply.citations
    else:
        assert reply.why == Why.LAW


def test_clauses_that_contradict_each_other_are_all_shown_and_handed_over(real: dict[str, Knowledge]) -> None:
    """Adventor's lock-in: which clause holds is for a human to say."""
    one: Knowledge = real["adventor"]
    conflict = next(c for c in one.operator.conflicts if c.against)
    reply = one.ask("Har jeg bindingstid?")
    assert isinstance(reply, Answer)
    assert {cited.section for cited in reply.citations} == {conflict.clause, *conflict.against}
    assert conflict.says["nb"] in reply.text
    assert conflict.holds["nb"] in reply.text
    assert reply.handoff
