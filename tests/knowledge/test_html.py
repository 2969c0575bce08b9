"""Of a web page its content is read, in the language it says, and nothing of the site around it."""

import pytest

from knowledge.documents import Document, load_bytes

BODY = "<h1>Personvern</h1><h2>1. Lagring</h2><p>Vi lagrer navnet ditt i ett år.</p>"


def _read(html: str) -> Document:
    return load_bytes(f"<!doctype html>{html}".encode(), "side.html")


def _texts(html: str) -> list[str]:
    return [passage.text for passage in _read(html).passages]


@pytest.mark.parametrize(
    "around",
    [
        "<nav><p>Forside</p></nav>",
        "<header><p>Bølgeblikk</p></header>",
        "<footer><p>Adresse i bunnen</p></footer>",
        "<ul><li><a href=/a>Utleie</a><li><a href=/b>Kurs</a><li><a href=/c>Om oss</a></ul>",
        "<div class='CookieConsent'><p>Vi bruker kapsler.</p><button>Greit</button></div>",
        "<div role=dialog><p>Nyhetsbrev?</p></div>",
        "<form><p>Skriv til oss</p><input></form>",
        "<script>alert('hei')</script><style>p{}</style><noscript>Slå på skript</noscript>",
        "<p hidden>Skjult</p><p style='display: none'>Skjult</p><span class=sr-only>åpnes i ny fane</span>",
        "<p>Skriv ut</p>",
    ],
)
def test_what_belongs_to_the_site_is_left_out(around: str) -> None:
    """Menus, heads, feet, boxes, forms and scripts are in no passage."""
    assert _texts(f"<body>{around}{BODY}{around}</body>") == ["Vi lagrer navnet ditt i ett år."]


def test_a_section_on_cookies_is_no_consent_box() -> None:
    """A notice's own words on cookies stay: there is nothing in them to press."""
    assert "Én kapsel." in _texts(f"<main>{BODY}<div class=cookie-policy><p>Én kapsel.</p></div></main>")[0]


def test_a_page_wrapped_in_a_form_is_read() -> None:
    """Some systems put the whole page into one form."""
    assert _texts(f"<form id=aspnetForm>{BODY}<input></form>") == ["Vi lagrer navnet ditt i ett år."]


@pytest.mark.parametrize(
    "answer",
    [
        "<h3><button aria-expanded=false aria-controls=s>Hvor lenge?</button></h3><div id=s hidden>Ett år.</div>",
        "<button aria-expanded=false>Hvor lenge?</button><div style='display:none'>Ett år.</div>",
        "<details><summary>Hvor lenge?</summary>Ett år.</details>",
    ],
)
def test_what_a_button_unfolds_is_read_under_its_words(answer: str) -> None:
    """An answer that is folded away has its question as heading, and the section's number."""
    passage = _read(f"<main>{BODY}<h2>2. Spørsmål</h2>{answer}</main>").passages[-1]
    assert (passage.text, passage.path, passage.section) == ("Ett år.", ("Spørsmål", "Hvor lenge?"), "2")


@pytest.mark.parametrize(
    ("code", "text", "lang"),
    [
        ("nb-NO", "Short notice.", "nb"),
        ("en", "Vi lagrer navnet ditt.", "en"),
        ("no", "Vi lagrar namnet ditt og kva du har kjøpt hjå oss.", "nn"),
        ("no", "Vi lagrer navnet ditt og hva du har kjøpt av oss.", "nb"),
        ("xx", "Vi lagrar namnet ditt og kva du har kjøpt hjå oss.", "nn"),
    ],
)
def test_the_language_is_what_the_page_says(code: str, text: str, lang: str) -> None:
    """`lang` decides; «no» is told apart by the text, and so is a code we do not know."""
    assert _read(f"<html lang={code}><p>{text}</html>").lang == lang


def test_a_table_without_head_cells_is_headed_by_its_bold_row() -> None:
    """Each row is a passage with the columns' labels, though the page marks none."""
    rows = (
        "<tr><td><b>Kapsel</b><td><b>Varighet</b></tr><tr><td>kurv<td>to timer</tr><tr><td>økt<td>én dag</tr>"
    )
    assert _texts(f"<table>{rows}</table>") == [
        "Kapsel: kurv\nVarighet: to timer",
        "Kapsel: økt\nVarighet: én dag",
    ]


def test_equal_cells_are_all_read() -> None:
    """«Ja» twice is two answers; a cell over two columns is one."""
    head = "<tr><th>Data<th>Norge<th>Irland</tr>"
    rows = "<tr><td>Navn<td>Ja<td>Ja</tr><tr><td>Bilde<td colspan=2>Nei</tr><tr><td>Ja<td>Ja<td>Ja</tr>"
    assert _texts(f"<table>{head}{rows}</table>") == [
        "Data: Navn\nNorge: Ja\nIrland: Ja",
        "Data: Bilde\nNorge: Nei",
        "Data: Ja\nNorge: Ja\nIrland: Ja",
    ]


def test_a_number_says_which_heading_it_belongs_below() -> None:
    """2.1 stands below 2, though the page gives both the same rank."""
    html = f"<main>{BODY}<h2>2. Pris</h2><p>Fast.</p><h2>2.1 Gebyr</h2><p>35 kroner.</p></main>"
    passage = _read(html).passages[-1]
    assert (passage.section, passage.path) == ("2.1", ("Pris", "Gebyr"))


def test_headings_counted_by_a_list_get_its_numbers() -> None:
    """A heading in an ordered list has the number the browser shows."""
    html = "<main><h1>Terms</h1><ol><li><h2>Scope</h2><p>All.</p></li><li><h2>Price</h2><p>In kroner.</p></li></ol>"
    assert [(p.section, p.heading) for p in _read(html).passages] == [("1", "Scope"), ("2", "Price")]


def test_bold_paragraphs_head_a_page_without_headings() -> None:
    """Bold above text is a heading where no heading is marked, and emphasis where many are."""
    fake = (
        "<h1>Vilkår</h1><p><b>1. Levering</b></p><p>I hele landet.</p><p><b>2. Pris</b></p><p>I kroner.</p>"
    )
    assert [p.section for p in _read(fake).passages] == ["1", "2"]
    real = f"<main>{BODY}<h2>2. Pris</h2><p><b>Viktig</b></p><p>Prisen står i avtalen.</p></main>"
    assert _read(real).passages[-1].text == "Viktig\n\nPrisen står i avtalen."


def test_letters_are_read_as_the_page_says() -> None:
    """A page in an older encoding that says so, and one that says nothing."""
    said = '<!doctype html><meta charset="iso-8859-1"><p>Når båten går.'.encode("latin-1")
    for content in (said, "<!doctype html><p>Når båten går.".encode("cp1252")):
        assert load_bytes(content, "a.html").passages[0].text == "Når båten går."
