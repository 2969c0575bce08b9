"""What an officer must not see of a person's letters."""

import pytest

from desk.concealing import concealed


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("Følg saken: https://desk.example/s/abcDEF_-0123456789xyz", "Følg saken: https://desk.example/s/…"),
        ("skriv koden 012345 i svaret", "skriv koden •••••• i svaret"),
        ("> with the code 012 345. It", "> with the code ••••••. It"),
        ("Kundenummer 012345, side /s/kort", "Kundenummer 012345, side /s/kort"),
    ],
)
def test_links_and_codes_are_cut_short(text: str, seen: str) -> None:
    """The status link's secret and the one-time code go; other numbers and pages stay."""
    assert concealed(text) == seen
