"""A DOCX file reads as Word shows it with all changes accepted: numbers counted, lists and tables whole."""

import pytest

from knowledge.documents import Document, load_bytes
from knowledge.loaders.numbering import counted
from tests.knowledge.writing_docx import deleted, inserted, paragraph, run, table, written

TITLE = paragraph("Vilkår", "Tittel")


def _read(*blocks: str, **more: str) -> Document:
    return load_bytes(written(TITLE + "".join(blocks), **more), "vilkar.docx")


def _texts(*blocks: str, **more: str) -> list[str]:
    return [passage.text for passage in _read(*blocks, **more).passages]


@pytest.mark.parametrize(
    ("n", "written", "shown"),
    [(3, "decimal", "3"), (4, "lowerRoman", "iv"), (1994, "upperRoman", "MCMXCIV"), (27, "lowerLetter", "aa"),
     (2, "upperLetter", "B"), (7, "decimalZero", "07"), (5, "hebrew1", "5")],
)  # fmt: skip
def test_numbers_are_written_as_word_writes_them(n: int, written: str, shown: str) -> None:
    """Figures, letters that double after z, Roman numerals; an unknown way is read as figures."""
    assert counted(n, written) == shown


def test_headings_in_translated_styles_are_counted() -> None:
    """«Overskrift1» is heading 1, and its number, which no text holds, goes on and begins anew below."""
    document = _read(
        paragraph("Avtalen", "Overskrift1"),
        paragraph("Bestilling", "Overskrift2"),
        paragraph("Nettet."),
        paragraph("Frist", "Overskrift2"),
        paragraph("Tre dager."),
        paragraph("Pris", "Overskrift1"),
        paragraph("Gebyr", "Overskrift2"),
        paragraph("35 kroner."),
    )
    assert [(p.section, p.path) for p in document.passages] == [
        ("1.1", ("Avtalen", "Bestilling")),
        ("1.2", ("Avtalen", "Frist")),
        ("2.1", ("Pris", "Gebyr")),
    ]


def test_a_numbered_paragraph_is_a_clause_of_its_own() -> None:
    """It is cited by its number, which its text begins with, under the heading it stands below."""
    document = _read(paragraph("Pris", "Overskrift1"), paragraph("Prisen er fast.", "Ledd"))
    assert [(p.section, p.heading, p.text) for p in document.passages] == [
        ("1.1", "Pris", "1.1 Prisen er fast.")
    ]


def test_a_list_that_starts_again_counts_from_the_start() -> None:
    """Two lists of one numbering, the second told to begin anew."""
    texts = _texts(
        paragraph("kort", num=3), paragraph("Vipps", num=3), paragraph("Og:"), paragraph("faktura", num=5)
    )
    assert texts == ["a) kort\nb) Vipps", "Og:\na) faktura"]


def test_tracked_changes_are_accepted() -> None:
    """Deleted words are gone, inserted ones there; a paragraph whose end was deleted runs on in the next."""
    changed = paragraph(run("Fristen er ") + deleted("to") + inserted("tre") + run(" dager."))
    assert _texts(changed) == ["Fristen er tre dager."]
    joined = paragraph("Fristen er", mark='<w:del w:id="3" w:author="A"/>') + paragraph("tre dager.")
    assert _texts(joined) == ["Fristen er tre dager."]


def test_a_deleted_clause_is_not_counted() -> None:
    """The clause after it takes its number."""
    gone = paragraph(deleted("Gratis."), "Ledd", mark='<w:del w:id="3" w:author="A"/>')
    document = _read(paragraph("Pris", "Overskrift1"), gone, paragraph("Prisen er fast.", "Ledd"))
    assert document.passages[0].section == "1.1"


def test_comments_heads_feet_contents_and_hidden_text_are_left_out() -> None:
    """Only what a reader of the printed body sees, footnotes below their paragraph."""
    note = f'<w:footnote w:id="2">{paragraph("Fra oktober.")}</w:footnote>'
    texts = _texts(
        paragraph("Pris\t2", "INNH1"),
        paragraph(run("Prisen følger indeksen.") + '<w:r><w:footnoteReference w:id="2"/></w:r>'),
        paragraph(run("Internt", "<w:vanish/>")),
        comments=f'<w:comment w:id="0">{paragraph("Sjekk dette")}</w:comment>',
        footer1=paragraph("Bunntekst"),
        footnotes=note,
    )
    assert texts == ["Prisen følger indeksen.\n\nFra oktober."]


def test_a_row_of_a_table_is_a_passage_with_its_labels() -> None:
    """A cell that reaches down belongs to each row it stands beside."""
    grid = [["Formål", "Grunnlag"], ["Kjøp", "Avtale"], ["Retur", "^"]]
    assert _texts(table(grid)) == ["Formål: Kjøp\nGrunnlag: Avtale", "Formål: Retur\nGrunnlag: Avtale"]


def test_bold_paragraphs_head_a_document_without_styles() -> None:
    """Many set their headings by hand; the first, with nothing below it, is the title."""
    content = written(
        "".join(
            paragraph(run(head, "<w:b/>")) + (paragraph(text) if text else "")
            for head, text in [("Leievilkår", ""), ("1. Leie", "Den første."), ("2. Frist", "En måned.")]
        )
    )
    document = load_bytes(content, "a.docx")
    assert document.title == "Leievilkår"
    assert [(p.section, p.heading) for p in document.passages] == [("1", "Leie"), ("2", "Frist")]
