"""Documents of every shape become sections and passages that are slices of the file."""

from pathlib import Path

import pytest

from knowledge.blocks import sentences
from knowledge.documents import Document, load_document, read_document

CONTENTS = """Leievilkår

1 Innhold

2 Bestilling

2.1 Frist

3 Betaling.

2 Bestilling

Båten bestilles på nettsiden. Vi bekrefter bestillingen samme dag.

2.1 Frist

Bestillingen kan endres til og med tre dager før turen.

3 Betaling

Leien betales ved utlevering:

  • kort
  • Vipps

Side 2 av 3

6419 MOLDE er ingen overskrift.
"""

LABELS = """Slik behandler vi
opplys-
ninger

<img src="x.png">

båt

Ansvarlig:
Navn:
 Nordlys Båt
Telefon: 00 00 00 00

Når lagrer vi noe?

Vi lagrer noe i tre tilfeller, og sier her hvilke.

Gjestebok:

Hva lagres: Navnet du skriver, og teksten.
Lagringstid: Gjesteboken tas vare på så lenge hytta står, fordi den er en del av historien til stedet og eierne.
Grunnlag: Samtykket ditt, som du gir ved å skrive i boken og som du når som helst kan trekke tilbake igjen.
Mottakere: Ingen andre enn gjestene som kommer etter deg og som leser i boken når de sitter på hytta om kvelden.

PRØV GRATIS
"""

DASHED = """PERSONVERN

1- HVORFOR SPØR VI?
Vi spør for å kunne levere.

2- HVA HAR DU KRAV PÅ?
Du kan kreve:

      å få se det vi har om deg, uansett hvor i systemene våre det måtte ligge,
      å få rettet det som er feil, enten du selv oppdager det eller vi gjør det først,
      å få slettet det som ikke trengs lenger, så sant ingen lov krever at vi beholder det,
      å få det utlevert i et format som andre systemer kan lese uten videre hjelp fra oss,
      å klage til tilsynet, hvis du mener at vi har behandlet opplysningene i strid med loven.
"""

MARKDOWN = """# Husregler

Gjelder fra 1. mai 2031.

## 1. Ro

Det skal være ro mellom kl. 23 og kl. 7.
Musikk spilles lavt.

## 2. Nøkler

- Nøkkelen leveres i resepsjonen.
- Mistet nøkkel koster 300 kroner.
"""

ALL = {"contents": CONTENTS, "labels": LABELS, "dashed": DASHED, "markdown": MARKDOWN}


def _read(name: str) -> Document:
    return read_document(ALL[name], markdown=name == "markdown")


@pytest.mark.parametrize("name", ALL)
def test_every_passage_is_a_slice_of_the_file(name: str) -> None:
    """What is quoted stands in the document, spaces and all."""
    assert all(passage.text in ALL[name] for passage in _read(name).passages)


@pytest.mark.parametrize("name", ALL)
def test_anchors_are_unique_and_safe_in_an_address(name: str) -> None:
    """No two passages or sections share an anchor, and none needs quoting."""
    document = _read(name)
    anchors = [p.anchor for p in document.passages] + [s.anchor for s in document.sections()]
    assert len(set(anchors)) == len(anchors)
    assert all(anchor.replace("-", "").isalnum() and anchor.isascii() for anchor in anchors)


def test_a_table_of_contents_is_no_text() -> None:
    """Entries of the table of contents become neither passages nor sections."""
    numbers = [s.number for s in _read("contents").sections() if s.number]
    assert numbers == ["2", "2.1", "3"]


def test_a_number_that_does_not_follow_is_no_heading() -> None:
    """A line that begins with a postal code stays text."""
    assert _read("contents").passages[-1].section == "3"


def test_a_page_number_is_furniture() -> None:
    """«Side 2 av 3» is in no passage."""
    assert not any("Side 2" in p.text for p in _read("contents").passages)


def test_a_list_is_kept_with_what_leads_in_to_it() -> None:
    """A short list and the sentence above it are one passage."""
    passage = next(p for p in _read("contents").passages if "Vipps" in p.text)
    assert passage.text.startswith("Leien betales")


def test_a_title_broken_over_lines_is_put_together() -> None:
    """A title with a hyphen at the end of a line reads as one."""
    assert _read("labels").title == "Slik behandler vi opplysninger"


def test_page_furniture_is_left_out() -> None:
    """Tags, the name of a picture and a button at the end are no part of the document."""
    text = " ".join(p.text for p in _read("labels").passages)
    assert "<img" not in text
    assert "båt\n" not in text
    assert "PRØV GRATIS" not in text


def test_a_card_of_labels_is_kept_whole() -> None:
    """Name and telephone belong together."""
    card = next(p for p in _read("labels").passages if "Telefon" in p.text)
    assert "Nordlys Båt" in card.text


def test_a_long_block_of_labels_is_one_passage_a_label() -> None:
    """Each label line answers by itself, with the purpose it belongs to in its path."""
    passage = next(p for p in _read("labels").passages if p.text.startswith("Lagringstid"))
    assert passage.path == ("Når lagrer vi noe?", "Gjestebok:")
    assert "Grunnlag" not in passage.text


def test_headings_with_a_dash_are_numbered() -> None:
    """`1- HEADING` gives a section its number."""
    sections = _read("dashed").sections()
    assert [(s.number, s.heading) for s in sections if s.number] == [
        ("1", "HVORFOR SPØR VI?"),
        ("2", "HVA HAR DU KRAV PÅ?"),
    ]


def test_items_cut_off_from_their_lead_in_remember_it() -> None:
    """The later items of a long list know the words above the list."""
    assert _read("dashed").passages[-1].lead == "Du kan kreve:"


def test_markdown_headings_give_number_and_level() -> None:
    """`## 1. Ro` is section 1, and lines of a paragraph are put together."""
    section = _read("markdown").sections()[1]
    assert (section.number, section.heading, section.level) == ("1", "Ro", 2)
    assert len(section.paragraphs) == 1


def test_sentences_are_not_cut_at_shortened_words() -> None:
    """«kl.» and a date end no sentence."""
    text = "Det er ro fra kl. 23. Regelen gjelder fra 1. mai."
    assert [text[a:b] for a, b in sentences(text)] == ["Det er ro fra kl. 23.", "Regelen gjelder fra 1. mai."]


def test_an_empty_document_has_no_passages() -> None:
    """Nothing in, nothing out."""
    assert read_document("").passages == ()


def test_other_kinds_of_file_are_refused(tmp_path: Path) -> None:
    """A file we cannot read as it is says so, and a text file beside it is read."""
    (tmp_path / "a.pdf").write_bytes(b"%PDF")
    with pytest.raises(ValueError, match=r"a\.pdf"):
        load_document(tmp_path / "a.pdf")
    (tmp_path / "a.txt").write_bytes("Åpent\n\nDøgnet rundt.\n".encode("cp1252"))
    assert load_document(tmp_path / "a.txt").passages[0].text == "Døgnet rundt."
