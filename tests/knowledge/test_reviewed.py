"""Which question a reviewed answer answers, and what is put together for an officer."""

from datetime import UTC, datetime, timedelta

import pytest

from knowledge.grouping import Open, grouped
from knowledge.reviewed import Reviewed, answering

EXAMPLES = (
    "Kan jeg leie sykkelen ut til en venn?",
    "Hvor lenge beholder dere chatloggen?",
    "Selger dere opplysningene mine videre?",
    "Can I pause my subscription during the summer?",
)
ANSWERS = tuple(Reviewed(str(i), {"nb": "Ja."}, (way,)) for i, way in enumerate(EXAMPLES))
NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("kan jeg leie sykkelen ut til en venn", "0"),
        ("Hvor lenge lagrer dere chatloggen?", "1"),
        ("Hvor lenge blir chatloggen lagret?", "1"),
        ("Selger dere opplysninger om meg videre?", "2"),
        ("Could I pause the subscription in the summer?", "3"),
    ],
)
def test_the_same_question_in_other_words_is_answered(question: str, answer: str) -> None:
    """Another verb of the same meaning, another order, no question mark."""
    found = answering(question, ANSWERS)
    assert found is not None
    assert found.id == answer


@pytest.mark.parametrize(
    "question",
    [
        "Kan jeg leie en sykkel?",
        "Kan jeg selge sykkelen til en venn?",
        "Kan jeg ikke leie sykkelen ut til en venn?",
        "Hvor lenge beholder dere fakturaer?",
        "Hvor lenge beholder dere e-posten min?",
        "Hvorfor beholder dere chatloggen?",
        "Hvor lagrer dere chatloggen?",
        "Hvem kan lese chatloggen?",
        "Deler dere opplysningene mine med politiet?",
        "Kan jeg slette opplysningene mine?",
        "Selger dere sykler?",
        "Can I cancel my subscription during the summer?",
        "Can I share my subscription?",
        "Hei!",
    ],
)
def test_a_question_about_something_else_is_not(question: str) -> None:
    """One word that is another thing, another kind of answer, or a no, is enough."""
    assert answering(question, ANSWERS) is None


def asked(id: str, text: str | None, *topics: str, hour: int = 0) -> Open:
    """A question, some hours after noon."""
    return Open(id, text, topics, "nb", NOON + timedelta(hours=hour))


def test_like_questions_are_one_group_and_the_biggest_is_first() -> None:
    """The same words about the same go together; other things do not; a text that is gone still counts."""
    groups = grouped(
        [
            asked("a", "Kan jeg leie sykkelen ut til en venn?", "rent"),
            asked("b", "Hvor lenge beholder dere chatloggen?", "retention", hour=1),
            asked("c", "Hvor lenge lagrer dere chatloggen?", "retention", hour=2),
            asked("d", None, "retention", hour=3),
        ]
    )
    assert [[one.id for one in group.members] for group in groups] == [["b", "c", "d"], ["a"]]
    assert groups[0].last == NOON + timedelta(hours=3)


def test_the_languages_stand_in_for_each_other() -> None:
    """Nynorsk reads bokmål before English; English reads what there is."""
    answer = Reviewed("1", {"nb": "Ja.", "en": "Yes."}, ())
    assert answer.text_for("nn") == ("nb", "Ja.")
    assert Reviewed("1", {"nn": "Ja."}, ()).text_for("en") == ("nn", "Ja.")
