"""What an officer must not see of a person's letters."""

import textwrap

import pytest

from desk.concealing import concealed
from law.language import LANGS, Lang
from tests.intake.specimens import specimen


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("Følg saken: https://desk.example/s/abcDEF_-0123456789xyz", "Følg saken: https://desk.example/s/…"),
        ("skriv koden 012345 i svaret", "skriv koden •••••• i svaret"),
        ("> with the code 012 345. It", "> with the code ••••••. It"),
        (
            "<p>skriv koden <b style='margin:0 0 12px'>012345</b></p>",
            "<p>skriv koden <b style='margin:0 0 12px'>••••••</b></p>",
        ),
        ("Kode:\n\nKundenummer som har 012345", "Kode:\n\nKundenummer som har 012345"),
        ("Kundenummer 012345, side /s/kort", "Kundenummer 012345, side /s/kort"),
    ],
)
def test_links_and_codes_are_cut_short(text: str, seen: str) -> None:
    """The status link's secret and the one-time code go; other numbers and pages stay."""
    assert concealed(text) == seen


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("name", ["code", "received"])
def test_no_letter_of_ours_shows_its_code_however_it_is_quoted(name: str, lang: Lang) -> None:
    """As text or page, and wherever a mail program breaks the quoted lines."""
    letter = specimen(name, lang)
    assert "012345" in letter.text
    assert "012345" not in concealed(letter.html)
    for width in range(20, 120):
        lines = [piece for line in letter.text.splitlines() for piece in textwrap.wrap(line, width) or [""]]
        assert "012345" not in concealed("\n".join(f"> {line}" for line in lines)), width
