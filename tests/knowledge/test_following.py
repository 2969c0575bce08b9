"""A short question may lean on the one before."""

import pytest

from knowledge.answers import Answer, Knowledge
from knowledge.following import in_full

BEFORE = "Hvor lenge lagrer dere opplysningene om meg?"


@pytest.mark.parametrize(
    "question",
    [
        "Og fakturaene?",
        "hva med nyhetsbrevet",
        "Kva med fakturaene då?",
        "and the invoices?",
        "What about calls?",
    ],
)
def test_a_question_that_goes_on_keeps_its_subject(question: str) -> None:
    """It is read with the one before."""
    assert in_full(question, BEFORE) == f"{BEFORE}\n{question}"


@pytest.mark.parametrize(
    "question",
    [
        "Hvem er behandlingsansvarlig?",
        "Ogne dere firmaet?",
        "Og så lurer jeg på om dere selger opplysningene mine videre til noen andre selskaper",
    ],
)
def test_a_question_that_stands_by_itself_does(question: str) -> None:
    """A new subject is none of the old one's."""
    assert in_full(question, BEFORE) == question
    assert in_full("Og fakturaene?", None) == "Og fakturaene?"


def test_the_subject_is_kept_and_the_thing_is_new(fjordlys: Knowledge) -> None:
    """«And the invoices?» after a question of how long: how long invoices are kept."""
    answer = fjordlys.ask(
        in_full("Og fakturaene?", "Hvor lenge lagrer dere e-postadressen min til nyhetsbrevet?")
    )
    assert isinstance(answer, Answer)
    assert any("faktura" in cited.quote.casefold() and "år" in cited.quote for cited in answer.citations)
