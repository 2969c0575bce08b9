"""Whose a mail is that somebody passes on, and who passes it on."""

import pytest

from intake.bearing import same
from intake.passing import Values, first_writer, with_cover, writer
from intake.reading import read

PASSED = (
    "Se under.\n\nTorgeir Lie\n\n---------- Videresendt melding ----------\n"
    "Fra: {head}\nDato: 3. november 2025\nEmne: kontoen\n\nSlett alt dere har om meg. Kundenummer 20417.\n"
)


def test_the_first_writer_is_the_person_concerned() -> None:
    """Who passes a request on is its requester, and it is read as written for another."""
    found = read(PASSED.format(head="Aud Marie Vik"), subject="VS: kontoen", channel="email")
    assert (found.on_behalf, dict(found.identifiers)) == (
        True,
        {"customer_number": "20417", "name": "Aud Marie Vik", "requester_name": "Torgeir Lie"},
    )


def test_who_sends_their_own_mail_once_more_is_one_person() -> None:
    """The same name in the head and below the note is one requester, for whom nobody else writes."""
    found = read(PASSED.format(head="Torgeir Lie"), subject="VS: kontoen", channel="email")
    assert (found.on_behalf, dict(found.identifiers)) == (
        False,
        {"customer_number": "20417", "name": "Torgeir Lie"},
    )


@pytest.mark.parametrize(
    ("heads", "name"),
    [
        (["Fra: Aud Marie Vik <aud@example.no>", "Til: Ola"], "Aud Marie Vik"),
        (["From: Bjørn Nes", "Sent: Monday"], "Bjørn Nes"),
        (["From: shop@example.com"], None),
        (["Fra: Kundeservice"], None),
        (["Emne: Aud Marie Vik"], None),
    ],
)
def test_the_head_names_its_writer(heads: list[str], name: str | None) -> None:
    """A person by full name after "From:"; a desk or a bare address is nobody."""
    assert writer(heads) == name


def test_an_answered_mail_has_no_first_writer() -> None:
    """What a reply quotes is the company's own letter and concerns nobody."""
    quoted = "Fra: Aud Marie Vik\nEmne: kontoen\n\nHei"
    assert first_writer("SV: kontoen", quoted) is None
    assert first_writer("VS: kontoen", quoted) == "Aud Marie Vik"


@pytest.mark.parametrize(("name", "known", "is_same"), [
    ("Ola", "Ola Nes", True),
    ("O. Nes", "Ola Nes", True),
    ("Ola Nes", "Ola Nes", True),
    ("Kari Nes", "Ola Nes", False),
    ("Ol", "Ola Nes", False),
])  # fmt: skip
def test_a_short_name_is_known(name: str, known: str, is_same: bool) -> None:
    """A first name or an initial stands for the full name that bears it."""
    assert same(name, known) is is_same


def test_the_covers_company_and_numbers_are_kept() -> None:
    """Both mails' identifiers are there, each value once."""
    request: Values = {"customer_number": "20417", "name": "Aud Vik"}
    cover: Values = {
        "company": "Lie Bygg AS",
        "customer_number": ["20417", "7"],
        "requester_name": "Torgeir Lie",
    }
    assert with_cover(request, cover, (), another=True) == {
        "company": "Lie Bygg AS",
        "customer_number": ["20417", "7"],
        "name": "Aud Vik",
        "requester_name": "Torgeir Lie",
    }
