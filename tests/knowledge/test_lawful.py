"""The law above the documents: it answers by itself, holds instead of a clause, and settles no contradiction."""

import pytest

from knowledge.answers import Answer, Knowledge, NoAnswer, Why


@pytest.mark.parametrize("id", ["cleverstore", "adventor", "invoiceclub", "24nettbutikk", "easystep"])
@pytest.mark.parametrize(
    ("question", "statement"),
    [
        ("Når får jeg svar?", "time_limit"),
        ("Kan dere nekte meg innsyn fordi jeg skal saksøke dere?", "refusal"),
    ],
)
def test_what_the_law_answers_is_answered_by_it(
    real: dict[str, Knowledge], id: str, question: str, statement: str
) -> None:
    """Whatever the document says near it."""
    reply = real[id].ask(question)
    assert isinstance(reply, NoAnswer)
    assert (reply.why, reply.law) == (Why.LAW, statement)


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
