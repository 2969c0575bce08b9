"""What a company is asked, told by weights that were learnt from its own asked.toml."""

from dataclasses import replace
from pathlib import Path

import pytest

from knowledge.answers import Answer, Knowledge, NoAnswer
from knowledge.asked import Asked, asked_of, mark
from knowledge.subjects import subjects
from knowledge.words import words_of
from operators.asked import FILE, read_asked
from operators.profile import Operator


def learnt(operator: Operator) -> Asked:
    """What was learnt about a company of ours."""
    found = asked_of(operator)
    assert found is not None
    return found


def test_the_weights_were_learnt_from_what_is_asked_as_it_is(operators: dict[str, Operator]) -> None:
    """After a change of asked.toml, facts.toml or subjects.npz: `python -m knowledge.learn_asked --write`."""
    for operator in operators.values():
        if (operator.folder / FILE).is_file():
            assert learnt(operator).made_from == mark(operator.folder, subjects().made_from), operator.id


def test_a_company_that_nothing_was_learnt_about_has_none(
    tmp_path: Path, operators: dict[str, Operator]
) -> None:
    """It is served by what is common to all."""
    assert asked_of(replace(operators["fjordlys"], folder=tmp_path)) is None


def test_the_shares_are_probabilities(operators: dict[str, Operator]) -> None:
    """At most one in sum; words that are known nowhere tell nothing."""
    words = words_of("Hva koster en papirfaktura?")
    shares = learnt(operators["fjordlys"]).of(words, subjects().of(words))
    assert 0.5 < sum(shares.values()) <= 1.0001
    assert learnt(operators["fjordlys"]).of(words_of("qxz"), {}) == {}


@pytest.mark.parametrize(
    ("question", "section"),
    [
        ("jeg skal flytte, hvor tidlig må jeg si fra", "10"),
        ("hva skjer hvis jeg ikke betaler regninga", "8"),
        ("the lights went out, who do I tell?", "11"),
    ],
)
def test_questions_in_other_words_find_the_clause(fjordlys: Knowledge, question: str, section: str) -> None:
    """None of them is a way of asking that was learnt from."""
    operator = fjordlys.operator
    ways = {words for _, words in read_asked(operator.folder, {f.id for f in operator.facts}).facts}
    assert question not in ways
    answer = fjordlys.ask(question)
    assert isinstance(answer, Answer)
    assert answer.citations[0].section == section


def test_what_the_documents_are_silent_on_is_not_answered(fjordlys: Knowledge) -> None:
    """Near as it may lie to what they say."""
    assert isinstance(fjordlys.ask("Har dere en app til Apple Watch?"), NoAnswer)
