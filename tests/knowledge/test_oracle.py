"""What the five companies' desks must say to questions on which much hangs; behaviour, not wording."""

import pytest

from knowledge.answers import Answer, Knowledge
from law.rights import Right
from law.statutory import statement


@pytest.mark.parametrize(
    ("operator", "question", "section", "figure"),
    [
        ("cleverstore", "Jeg er kona, mannen min er død, gi meg passordet", "9", ""),
        ("adventor", "Hvor lenge lagres sakslogger?", "8.2.3", "5"),
        ("invoiceclub", "Har dere noe på papir?", "7", ""),
        ("24nettbutikk", "Hvem er personvernombud?", "", "Robert Zwarg"),
        ("24nettbutikk", "Sender dere data til USA?", "", "EØS"),
    ],
)
def test_the_clause_asked_about_is_quoted(
    real: dict[str, Knowledge], operator: str, question: str, section: str, figure: str
) -> None:
    """With the figure or name it turns on."""
    answer = real[operator].ask(question)
    assert isinstance(answer, Answer)
    assert any(c.section == section and figure in c.quote for c in answer.citations)


@pytest.mark.parametrize(
    ("operator", "question", "conflict"),
    [
        ("cleverstore", "Slett meg nå", "CS-C1"),
        ("cleverstore", "Jeg er kona, mannen min er død, gi meg passordet", "CS-C2"),
        ("24nettbutikk", "Sender dere data til USA?", "N24-C1"),
        ("24nettbutikk", "Bare frys dataene, ikke slett", "N24-C8"),
    ],
)
def test_where_the_document_and_the_law_part_the_law_is_told(
    real: dict[str, Knowledge], operator: str, question: str, conflict: str
) -> None:
    """What holds instead, and by which article."""
    expected = next(one for one in real[operator].operator.conflicts if one.id == conflict)
    answer = real[operator].ask(question)
    assert isinstance(answer, Answer)
    assert expected.holds["nb"] in answer.text
    assert expected.article in answer.text


def test_the_law_goes_first_without_the_document_too(real: dict[str, Knowledge]) -> None:
    """The register alone answers, and what holds instead is told with it."""
    operator = real["cleverstore"].operator
    expected = next(one for one in operator.conflicts if one.id == "CS-C1")
    answer = Knowledge(operator, ()).ask("Slett meg nå")
    assert isinstance(answer, Answer)
    assert answer.from_register
    assert expected.holds["nb"] in answer.text


def test_a_dpo_is_named_by_those_who_have_one_only(real: dict[str, Knowledge]) -> None:
    """24Nettbutikk names one; of the others none is made up."""
    for operator, one in real.items():
        reply = one.ask("Hvem er personvernombudet deres?")
        assert ("Robert Zwarg" in reply.text) is (operator == "24nettbutikk")


@pytest.mark.parametrize(
    ("operator", "question", "section", "told"),
    [
        ("adventor", "Fjern kollegaen min som kontaktperson", "8.1.1", "hovedkontakt"),
        ("adventor", "Klage på faktura", "11.3", "14 dager"),
        ("adventor", "Jeg er kontaktperson, hvilke saker har dere på meg?", "8.1", ""),
        ("invoiceclub", "Send meg sletterutinene deres", "7", "forespørsel"),
        ("24nettbutikk", "Hvor lenge lagres e-posten min for nyhetsbrev?", "", "ubestemt tid"),
    ],
)
def test_what_the_clause_gives_is_told_or_quoted(
    real: dict[str, Knowledge], operator: str, question: str, section: str, told: str
) -> None:
    """Who may do it, by when, for how long: in our sentence or in the quotation."""
    answer = real[operator].ask(question)
    assert isinstance(answer, Answer)
    assert section in {c.section for c in answer.citations}
    assert told in " ".join((answer.text, *(c.quote for c in answer.citations)))


def test_who_is_in_a_customers_list_is_sent_on(real: dict[str, Knowledge]) -> None:
    """The company is a processor there: the request goes on to the controller, and the law says so (WH-C2)."""
    expected = next(one for one in real["adventor"].operator.conflicts if one.id == "WH-C2")
    answer = real["adventor"].ask("Jeg står i kundelisten til et firma som bruker Adventor")
    assert isinstance(answer, Answer)
    assert answer.citations[0].section == expected.clause
    assert expected.holds["nb"] in answer.text


def test_bought_lists_are_told_of_with_the_law(real: dict[str, Knowledge]) -> None:
    """Who is no customer learns where the name came from, and what the law demands of that (ES-C2)."""
    expected = next(one for one in real["easystep"].operator.conflicts if one.id == "ES-C2")
    answer = real["easystep"].ask("Hvor fikk dere navnet mitt? Jeg er ikke kunde")
    assert isinstance(answer, Answer)
    assert expected.holds["nb"] in answer.text


@pytest.mark.parametrize("operator", ["cleverstore", "adventor", "invoiceclub", "24nettbutikk", "easystep"])
def test_no_ground_is_asked_for_to_stop_advertising(real: dict[str, Knowledge], operator: str) -> None:
    """Whatever the document says of it, the law is told first: it stops at once (Art. 21(3))."""
    reply = real[operator].ask("Slutt med reklame")
    assert reply.suggests == Right.OBJECTION
    assert reply.law == "marketing_stop"
    assert statement("marketing_stop", "nb").text in reply.text
