"""What a question is about, told by weights that were learnt from our own ways of asking."""

import pytest

from knowledge.subjects import LAW, OTHER, Subjects, subjects
from knowledge.topics import topics
from knowledge.ways import all_ways, fingerprint, ways_of_asking
from knowledge.words import words_of
from law.statutory import statements


def likeliest(question: str) -> str:
    """The subject a question is most probably about."""
    shares = subjects().of(words_of(question))
    return max(shares, key=lambda one: shares[one])


def test_the_weights_were_learnt_from_the_ways_of_asking_as_they_are() -> None:
    """After a change of asks.*.toml, phrases.toml or the law's wordings: `python -m knowledge.learn_subjects --write`."""
    assert subjects().made_from == fingerprint(all_ways())


def test_every_subject_is_a_topic_or_a_statement_of_the_law() -> None:
    """And every topic and statement can be told."""
    known = {*topics().topics, *(LAW + one.id for one in statements("nb")), OTHER}
    assert set(subjects().names) == known


@pytest.mark.parametrize(
    ("question", "subject"),
    [
        ("Når på døgnet tar dere ned serveren for vedlikehold?", "service_window"),
        ("Kor lenge må eg vente på svar frå dykk?", "law:time_limit"),
        ("hvem vant kampen i går kveld", "other"),
    ],
)
def test_questions_in_other_words_are_told(question: str, subject: str) -> None:
    """None of them is a way of asking that was learnt from."""
    assert question not in {way for _, way in ways_of_asking()}
    assert likeliest(question) == subject


def test_the_shares_are_probabilities() -> None:
    """At most one in sum; nothing known in a text means that it is none for us."""
    assert 0.8 < sum(subjects().of(words_of("Hvor lenge lagrer dere fakturaer?")).values()) <= 1.0001
    assert Subjects().of(words_of("qxz")) == {OTHER: 1.0}
