"""Which field a correction is about, and its values."""

import pytest

from intake.reading import read
from intake.rectification import READ_AT_MOST, rectification


@pytest.mark.parametrize(
    ("text", "field", "old", "new"),
    [
        (
            "Jeg har byttet e-post fra a.nes@example.com til b.nes@example.org.",
            "email",
            "a.nes@example.com",
            "b.nes@example.org",
        ),
        ("Bruk heller b.nes@example.org når dere skriver.", "email", None, "b.nes@example.org"),
        (
            "The address should read b-nes@example.org, not bnes@example.org.",
            "email",
            "bnes@example.org",
            "b-nes@example.org",
        ),
        ("Nytt nummer er 415 22 343. Det gamle var 415 22 334.", "phone", "415 22 334", "415 22 343"),
        ("Eg har fått ny mobil: 415 22 343. Kan de leggje det inn?", "phone", None, "415 22 343"),
        (
            "Vi flyttet fra Elvegata 3, 2003 Lillestrøm til Solsida 4, 7800 Namsos.",
            "address",
            "Elvegata 3, 2003 Lillestrøm",
            "Solsida 4, 7800 Namsos",
        ),
        ("Please change my address to 12 Kirkegata, 0153 Oslo.", "address", None, "12 Kirkegata, 0153 Oslo"),
        ("Postnummeret mitt er feil, det skal være 5700, ikke 5070.", "postcode", "5070", "5700"),
        ("Poststedet er feil. Det står Bergen, men jeg bor i Voss.", "city", "Bergen", "Voss"),
        ("Fødselsdatoen er feil, den skal vere 12.03.1985.", "birthdate", None, "12.03.1985"),
        (
            "You have 7 June 1980 as my birthday, but I was born on 6 July 1980.",
            "birthdate",
            "7 June 1980",
            "6 July 1980",
        ),
        ("Namnet mitt er stava feil: Det skal vere Sigrid, ikkje Siri.", "name", "Siri", "Sigrid"),
        ("I got married; my name is now Ida Fjeld. Please update it.", "name", None, "Ida Fjeld"),
        ("Jeg jobber nå for Sundet Bygg, kan dere endre arbeidsgiver?", "company", None, "Sundet Bygg"),
        ("Tittelen min er feil, den skal være driftssjef.", "title", None, "driftssjef"),
        (
            "Min mejl ska vara e.ek@example.com, ni har e.eek@example.com.",
            "email",
            "e.eek@example.com",
            "e.ek@example.com",
        ),
        (
            "Mit nummer er ændret fra +47 415 22 334 til +47 415 22 343.",
            "phone",
            "+47 415 22 334",
            "+47 415 22 343",
        ),
    ],
)
def test_field_and_values_are_found(text: str, field: str, old: str | None, new: str) -> None:
    """The field, the new value and, where it is told, the old one are read verbatim."""
    found = rectification(text)
    assert found is not None
    assert (found.field, found.old_value, found.new_value) == (field, old, new)
    assert read(text).types == ("rectification",)


def test_a_value_that_stays_is_not_the_correction() -> None:
    """A number said to be the same as before is not taken for the new value."""
    found = rectification("Ny e-post er b.nes@example.org. Telefonen er den samme, 415 22 334.")
    assert found is not None
    assert found.new_value == "b.nes@example.org"


def test_a_correction_without_a_value_is_still_a_right() -> None:
    """Somebody who only says what is wrong asks for rectification; the value is asked for later."""
    found = read("Etternavnet mitt er skrevet feil hos dere, kan dere rette det?")
    assert found.types == ("rectification",)
    assert found.rectification is None


def test_a_value_in_another_request_is_no_correction() -> None:
    """An address given to be found by does not become a change."""
    assert read("Slett kontoen min, e-posten er b.nes@example.org").rectification is None


def test_long_text_is_read_to_its_limit() -> None:
    """What comes after the limit is left alone."""
    assert rectification("a " * READ_AT_MOST + "ny e-post er b.nes@example.org") is None


@pytest.mark.parametrize(
    ("text", "field", "old", "new"),
    [
        (
            "Profilen sier at jeg er født 1.1.1970. Det rette er 9.10.1984.",
            "birthdate",
            "1.1.1970",
            "9.10.1984",
        ),
        ("Ifølge dere bor jeg i Molde, men jeg bor i Volda.", "city", "Molde", "Volda"),
        ("The label reads Hamar. I live in Gjøvik.", "city", "Hamar", "Gjøvik"),
        ("On your page I'm shown as Analyst. I'm Head of Sales now.", "title", "Analyst", "Head of Sales"),
    ],
)
def test_what_a_record_claims_is_the_old_value(text: str, field: str, old: str, new: str) -> None:
    """A mere "born" or "lives in" after "according to you" says nothing for its value."""
    found = rectification(text)
    assert found is not None
    assert (found.field, found.old_value, found.new_value) == (field, old, new)


def test_of_two_corrections_the_first_is_read() -> None:
    """An address before a telephone number is the one that is asked for first."""
    found = rectification(
        "Ny adresse er Elvegata 3, 2003 Lillestrøm. Telefonen er også feil, den er 415 22 343 og ikke 415 22 334."
    )
    assert found is not None
    assert (found.field, found.new_value) == ("address", "Elvegata 3, 2003 Lillestrøm")


@pytest.mark.parametrize(
    "address",
    [
        "7 Harbour Row, Stavanger 4006",
        "15 Elm Grove, Leeds LS6 2AB",
        "Torggata 22 H0304, 0183 Oslo",
        "Vestergade 16, 8000 Aarhus C",
    ],
)
def test_an_address_is_read_to_its_end(address: str) -> None:
    """A postcode behind the place, a flat and a letter of the district belong to the address."""
    found = rectification(f"My new address is {address}.")
    assert found is not None
    assert found.new_value == address


def test_dialect_is_read_as_what_it_stands_for() -> None:
    """ "Æ e ikkje" is "I am not", and "with an e" is no "er"."""
    found = rectification("Æ e ikkje Kjell Iver, æ e Kjell Ivar. Ivar med a.")
    assert found is not None
    assert (found.old_value, found.new_value) == ("Kjell Iver", "Kjell Ivar")


def test_the_only_other_value_is_the_old_one() -> None:
    """Where one of two addresses is plainly new, the other is replaced though nothing is said of it."""
    found = rectification("Skriv til b.nes@example.org heretter, for a.nes@example.org er i permisjon")
    assert found is not None
    assert (found.old_value, found.new_value) == ("a.nes@example.org", "b.nes@example.org")


@pytest.mark.parametrize(
    "text",
    [
        "not a.nes@example.org!! that's a different one. i'm b.nes@example.org",
        "My birthday is on the 3rd of May 1996",
        "Bor på Nesodden, har aldri bodd på Nesbyen! Resten stemmer",
        "Telefonnummeret mitt endar på 17 og ikkje 71: 480 25 317",
    ],
)
def test_values_that_speak_for_themselves_need_no_wish(text: str) -> None:
    """A new value against an old one, or one for the field that is named, is a correction though nobody says so."""
    assert read(text).types == ("rectification",)


@pytest.mark.parametrize(
    "text",
    [
        "Jeg flyttet fra Bergen til Oslo, påvirker det samtykket?",
        "Pakken skal til Storgata 4, 0155 Oslo. Når kommer den?",
        "Kan du sende koden til 928 33 104?",
        "Møtet ble flyttet fra Drammen til Oslo.",
        "Thanks for changing my name to Nina Cole so quickly!",
        "Eg vil ha innsyn i alt de har på meg. Telefonen min er 957 40 113.",
    ],
)
def test_values_that_are_only_told_are_no_correction(text: str) -> None:
    """What is asked about, done already, about something else or there to be found by is no new value."""
    assert read(text).rectification is None
