"""The pages of a PDF are read in order: columns, tables, paragraphs over pages, words broken at line ends."""

import pytest

from knowledge.documents import Document, load_bytes
from knowledge.loaders.hyphens import mended, whole_words
from tests.knowledge.writing_pdf import Layout, Set, set_document, written

pytestmark = pytest.mark.slow

TEXT = "Leietaker skal kontrollere rommet og melde fra om feil innen tre virkedager etter overtakelsen."


def _read(source: str, layout: Layout) -> Document:
    return load_bytes(set_document(source, layout), "vilkar.pdf")


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        (["person-", "vern"], "personvern"),
        (["inn-", "og utgang"], "inn- og utgang"),
        (["e-", "post"], "e-post"),
        (["IT-", "systemer"], "IT-systemer"),
        (["2030-", "2031"], "2030-2031"),
        (["Forbruker-", "Norge"], "Forbruker-Norge"),
        (["opp\u00ad", "bevaring"], "oppbevaring"),
        (["uten strek", "her"], "uten strek her"),
        (["o\ufb03siell"], "offisiell"),
    ],
)
def test_words_broken_at_line_ends_are_mended(lines: list[str], text: str) -> None:
    """The hyphen goes where it only broke the word, and stays where it belongs to it."""
    assert mended(lines, whole_words([])) == text


def test_a_word_is_mended_as_the_document_writes_it_elsewhere() -> None:
    """A hyphen that stands inside a line too is the word's own."""
    assert mended(["drop-", "in"], whole_words(["velkommen på drop-in hver dag"])) == "drop-in"


@pytest.mark.parametrize("columns", [2, 3])
def test_columns_are_read_one_after_the_other(columns: int) -> None:
    """However many columns a page is set in, the clauses come in order and whole, without head and foot."""
    clauses = [f"{n}.1 Dette er punkt {n}. {TEXT}" for n in range(1, 25)]
    source = "# Leievilkår\n\n" + "\n\n".join(
        f"## {n}. Del {n}\n\n{clause}" for n, clause in enumerate(clauses, 1)
    )
    layout = Layout(columns=columns, head="Havneloftet – vilkår", foot="Side {n} av 9", body=9.0)
    assert [p.text for p in _read(source, layout).passages] == clauses


def test_a_paragraph_goes_on_over_the_page() -> None:
    """A sentence that a page breaks is one passage."""
    source = "# Vilkår\n\n" + "\n\n".join(f"{TEXT} {TEXT} {TEXT} Ledd {n}." for n in range(16))
    layout = Layout(foot="Side {n}")
    document = _read(source, layout)
    assert len(layout.pages) > 1
    assert " ".join(p.text for p in document.passages).split() == source.split()[2:]


def test_numbers_in_running_text_open_no_clause() -> None:
    """«punkt 4.2» at the beginning of a line goes on with its sentence."""
    lines: list[Set] = [
        (60, 700, "F2", 12, "4. Ansvar"),
        (60, 680, "F1", 10, "Utleier svarer for skade på rommet etter det som står om dette i punkt"),
        (60, 668, "F1", 10, "4.2 og ellers bare etter loven. Leietaker kan ringe 00 00 55 66 eller 00"),
        (60, 656, "F1", 10, "17. Det koster ikke noe."),
    ]
    assert len(load_bytes(written([lines]), "a.pdf").passages) == 1


def test_a_table_with_drawn_lines_is_read_by_row() -> None:
    """A cell's lines belong together, and each row is a passage behind its columns' labels."""
    page: list[Set] = [
        (60, 730, "F2", 16, "Personvern"),
        (60, 705, "F1", 10, "Tabellen viser hva vi lagrer."),
    ]
    for x, y, font, text in [
        (65, 680, "F2", "Formål"), (200, 680, "F2", "Grunnlag"), (65, 660, "F1", "Levere det du"),
        (65, 648, "F1", "har kjøpt"), (200, 660, "F1", "Avtale"), (65, 628, "F1", "Nyhetsbrev"),
        (200, 628, "F1", "Samtykke"),
    ]:  # fmt: skip
        page.append((x, y, font, 10, text))
    rules = [(60, y, 340, y) for y in (692, 674, 642, 620)]
    document = load_bytes(written([page], rules=rules), "a.pdf")
    assert [p.text for p in document.passages][1:] == [
        "Formål: Levere det du har kjøpt\nGrunnlag: Avtale",
        "Formål: Nyhetsbrev\nGrunnlag: Samtykke",
    ]


def test_a_first_page_is_not_robbed_of_its_title() -> None:
    """Later pages repeat the title small, as a running head; on the first it stays."""
    pages: list[list[Set]] = [[(60, 760, "F2", 18, "Leievilkår"), (60, 700, "F1", 10, TEXT)]]
    for n in range(2, 5):
        pages.append([(60, 800, "F1", 8, "Leievilkår"), (60, 700, "F1", 10, f"Ledd {n}. {TEXT}")])
    document = load_bytes(written(pages), "a.pdf")
    assert document.title == "Leievilkår"
    assert not any("Leievilkår" in passage.text for passage in document.passages)
