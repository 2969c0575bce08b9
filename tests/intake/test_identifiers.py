"""What a person can be found by."""

import pytest

from intake.identifiers import HIDDEN, mask_national_ids
from intake.reading import read


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("Slett meg, e-posten er kari.nes@example.com", "email", "kari.nes@example.com"),
        ("Innsyn takk. Mobil 415 22 334", "phone", "415 22 334"),
        ("Innsyn takk. Tlf. +47 41522334", "phone", "+47 41522334"),
        ("My number is 07700 900123, delete it", "phone", "07700 900123"),
        ("Jeg er født 03.04.1971 og vil ha innsyn", "birthdate", "03.04.1971"),
        ("I was born on 6 July 1977. Delete me.", "birthdate", "6 July 1977"),
        ("Jeg bor i Solbakken 4B, 7080 Heimdal og vil ha innsyn", "address", "Solbakken 4B, 7080 Heimdal"),
        ("Post til Postboks 31, 9250 Bardu. Slett meg.", "address", "Postboks 31, 9250 Bardu"),
        ("kundenr 88121, slett meg", "customer_number", "88121"),
        ("Customer number: CS-2201. Delete me.", "customer_number", "CS-2201"),
        ("Det gjelder faktura 55120", "invoice_number", "55120"),
        ("Ordrenummer 7712, hvor blir den av?", "order_number", "7712"),
        ("Hvordan går det med sak CLV-2026-0042?", "case_reference", "CLV-2026-0042"),
        ("Brukernavn: fjell_rev9. Slett kontoen.", "username", "fjell_rev9"),
        ("Firmaet har org.nr. 974 760 673", "org_number", "974 760 673"),
        ("Send svar til 974 760 673 MVA, slett kontoen", "org_number", "974 760 673 MVA"),
        ("Eg heiter Tuva Li Berge og vil ha innsyn", "name", "Tuva Li Berge"),
        ("Slett meg.\n\nMvh\nEli van Berg", "name", "Eli van Berg"),
        (
            "Delete me.\n\nBest regards,\nSean O'Neill\nHead of Sales, Glen Foods Ltd",
            "company",
            "Glen Foods Ltd",
        ),
        ("Slett meg.\n\nHilsen Eli Vik, Vik Rør AS", "company", "Vik Rør AS"),
        ("Fakturaene 70214 og 70215 er ikke mine", "invoice_number", ["70214", "70215"]),
        ("Kva skjer med DSR-771?", "case_reference", "DSR-771"),
        ("pause my data, cust 80-4431", "customer_number", "80-4431"),
        ("Brukernavnet var nok fjellmus, slett det", "username", "fjellmus"),
        ("Slett brukeren «Kaptein Sabel»", "username", "Kaptein Sabel"),
        ("Dere sender til Kongens gate 8 i Narvik", "address", "Kongens gate 8"),
        (
            "Slett meg. Skal jeg skrive til support@example.no? Jeg er registrert som dpo@example.com",
            "email",
            "dpo@example.com",
        ),
        ("Jeg har sluttet i Malermester Vik as, slett meg", "company", "Malermester Vik as"),
        ("Delete me please\n\nEli Vik", "name", "Eli Vik"),
    ],
)
def test_an_identifier_is_found_as_it_was_written(text: str, kind: str, value: str | list[str]) -> None:
    """Each kind of identifier is found, verbatim, under its key."""
    assert read(text, channel="email").identifiers.get(kind) == value


def test_several_values_of_a_kind_are_a_list() -> None:
    """Two addresses are both kept, in order."""
    found = read("Slett a.nes@example.com og b.nes@example.org").identifiers
    assert found["email"] == ["a.nes@example.com", "b.nes@example.org"]


def test_the_person_and_the_one_who_asks_are_told_apart() -> None:
    """On behalf of another, `name` is the person concerned and the signature belongs to the requester."""
    text = "Jeg er verge for Ola Nes (f. 04.10.1947) og ber om innsyn.\n\nHilsen\nEli Vik\neli@example.com"
    found = read(text, channel="email").identifiers
    assert (found["name"], found["birthdate"]) == ("Ola Nes", "04.10.1947")
    assert (found["requester_name"], found["requester_email"]) == ("Eli Vik", "eli@example.com")


def test_a_new_value_finds_nobody() -> None:
    """In a correction the value on file is the identifier, not the one that is to replace it."""
    found = read("Ny e-post er tuva@example.com, den gamle var tova@example.com.").identifiers
    assert found == {"email": "tova@example.com"}


def test_numbers_that_are_no_telephone_are_left() -> None:
    """Account numbers, amounts, years and customer numbers are not read as telephones."""
    found = read("Kontonummer 12345678, kundenr 20304050, perioden 2021-2024, kr 20 000 000").identifiers
    assert "phone" not in found


@pytest.mark.parametrize("number", ["15108695088", "151086 95088", "55128611613"])
def test_national_identity_numbers_are_hidden(number: str) -> None:
    """A valid fødselsnummer or D-number is masked, and never comes back as an identifier."""
    hidden, count = mask_national_ids(f"Mitt nummer er {number}.")
    assert count == 1
    assert HIDDEN in hidden
    assert number[:6] not in hidden
    found = read(f"Slett meg, fødselsnummer {number}").identifiers
    assert number not in str(found)


def test_eleven_digits_that_are_no_identity_number_stay() -> None:
    """A number with a wrong check digit is not an identity number and is not hidden."""
    assert mask_national_ids("konto 15108695089") == ("konto 15108695089", 0)
