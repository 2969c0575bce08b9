"""What holds of the five companies' own documents, where they are at hand."""

import pytest

from knowledge.answers import Answer, Knowledge
from tests.knowledge.conftest import SEEDS


def test_every_passage_stands_in_its_file(real: dict[str, Knowledge]) -> None:
    """A passage is a slice of the document as published."""
    for knowledge in real.values():
        for document in knowledge.documents:
            source = (SEEDS / document.file).read_text(encoding="utf-8-sig")
            assert all(passage.text in source for passage in document.passages)


def test_every_line_is_in_exactly_one_section(real: dict[str, Knowledge]) -> None:
    """A page that shows the sections shows each passage's text once; lines to sign on aside."""
    for knowledge in real.values():
        for document in knowledge.documents:
            shown = (
                " ".join(p.text for s in document.sections() for p in s.paragraphs).replace("_", "").split()
            )
            quoted = " ".join(p.text for p in document.passages).replace("_", "").split()
            assert shown == quoted


def test_the_table_of_contents_is_left_out(real: dict[str, Knowledge]) -> None:
    """The long agreement begins with its second section, and each number comes once."""
    (document,) = real["adventor"].documents
    numbers = [s.number for s in document.sections() if s.number]
    assert numbers[0] == "2"
    assert numbers[-1] == "17.14"
    assert len(set(numbers)) == len(numbers)


@pytest.mark.parametrize(
    ("operator", "count"), [("cleverstore", 14), ("invoiceclub", 11), ("easystep", 11), ("24nettbutikk", 0)]
)
def test_numbered_sections_are_counted_right(real: dict[str, Knowledge], operator: str, count: int) -> None:
    """As many numbered sections as the document has, in order."""
    (document,) = real[operator].documents
    assert [s.number for s in document.sections() if s.number] == [str(n + 1) for n in range(count)]


@pytest.mark.parametrize(
    ("operator", "question", "section", "figure"),
    [
        ("cleverstore", "How much can the price go up?", "3", "10%"),
        ("cleverstore", "Hvilken skyleverandør bruker dere?", "1", "Lionode"),
        ("adventor", "Hva er gebyret for papirfaktura?", "10.1", "45"),
        ("adventor", "Kva domstol høyrer ein tvist til?", "15", "Romsdal"),
        ("invoiceclub", "How many customers do you have?", "11", "17.000"),
        ("easystep", "Kva er telefonnummeret dykkar?", "11", "72606060"),
        ("24nettbutikk", "What is the e-mail address of the DPO?", "", "personvernombud@24nettbutikk.no"),
    ],
)
def test_known_questions_find_their_clause(
    real: dict[str, Knowledge], operator: str, question: str, section: str, figure: str
) -> None:
    """A quotation from the clause asked about holds the figure or name asked for."""
    answer = real[operator].ask(question)
    assert isinstance(answer, Answer)
    assert any(c.section == section and figure in c.quote for c in answer.citations)


def test_where_the_law_goes_first_the_answer_says_so(real: dict[str, Knowledge]) -> None:
    """A quoted clause that the law overrules is followed by what holds instead, and its article."""
    answer = real["cleverstore"].ask("Hvor lang oppsigelsestid er det på å bli slettet?")
    assert isinstance(answer, Answer)
    conflicts = [c for c in real["cleverstore"].operator.conflicts if c.clause == answer.citations[0].section]
    assert any(c.holds["nb"] in answer.text and c.article in answer.text for c in conflicts)


def test_another_company_cannot_be_asked_about_here(real: dict[str, Knowledge]) -> None:
    """What only another company's document says is never quoted under this one's name."""
    for id, knowledge in real.items():
        answer = knowledge.ask("Hvordan får jeg slettet opplysningene mine?")
        assert isinstance(answer, Answer)
        assert {c.operator for c in answer.citations} == {id}
        texts = [p.text for d in knowledge.documents for p in d.passages]
        assert all(any(c.quote in text for text in texts) for c in answer.citations)
