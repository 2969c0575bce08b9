"""The language of a short text is told from its words."""

import pytest

from operators.languages import detect


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("Hvor lenge lagrer dere opplysningene mine?", "nb"),
        ("Kor lenge lagrar de opplysningane mine?", "nn"),
        ("How long do you keep my data?", "en"),
        ("Hur länge sparar ni mina uppgifter?", "sv"),
        ("Hvad gemmer I om mig, og hvor længe?", "da"),
        ("Jak długo przechowujecie moje dane?", "pl"),
        ("slett meg", "nb"),
        ("eg vil ha innsyn", "nn"),
        ("unsubscribe", "en"),
    ],
)
def test_a_language_is_known_by_its_words(text: str, lang: str) -> None:
    """One short sentence is enough in every language that is recognised."""
    assert detect(text) == lang


def test_a_text_that_tells_nothing_is_bokmal() -> None:
    """Those who write to a Norwegian company get bokmål until something else shows."""
    assert detect("") == "nb"
    assert detect("12345 !!") == "nb"


def test_addresses_say_nothing_about_the_language() -> None:
    """An English web address does not make a Norwegian sentence English."""
    assert detect("Fjern kontoen: https://the-customer.example.com/your/account/is/what/you/want") == "nb"
