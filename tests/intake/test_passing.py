"""Whose a mail is that somebody passes on."""

import pytest

from intake.bearing import same
from intake.passing import first_writer, writer


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
