"""What signs a letter is no part of what it asks."""

import pytest

from intake.closing import unsigned
from intake.reading import read


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("Er det noe nytt i saken?\n\nEndre", "Er det noe nytt i saken?"),
        ("Send me a copy.\n\nJo Doe\nManager", "Send me a copy."),
        ("Slett meg.", "Slett meg."),
        (
            "Slett meg.\n\nKari Nes\nPS: Jeg vil dessuten vite hvem som har fått opplysningene mine fra dere i år.",
            "Slett meg.\n\nPS: Jeg vil dessuten vite hvem som har fått opplysningene mine fra dere i år.",
        ),
    ],
)
def test_only_the_short_lines_that_sign_are_left_out(said: str, left: str) -> None:
    """A name and a title go; a request below them stays."""
    assert unsigned(said, lambda line: "Jeg vil" not in line).replace("\n\n\n", "\n\n") == left


def test_a_name_that_is_also_a_verb_asks_for_nothing() -> None:
    """ "Endre" below a letter is who wrote it, and no wish to have anything changed."""
    found = read("Hei, er det noko nytt i saka mi?\n\nEndre", subject="Sv: Saka", channel="email")
    assert found.types == ("status",)


def test_the_card_below_a_signed_letter_asks_for_nothing() -> None:
    """What a mail program sets below every letter, an invitation to ask for erasure included, is not the writer's wish."""
    card = "Sigrid Moe\nPersonvernrådgiver, Ytre kommune\nSi fra om du vil ha innsyn i, rettet eller slettet noe om deg."
    found = read(f"Slutt å ringe meg for å selge strøm.\n\nSigrid Moe\n\n{card}", channel="email")
    assert found.types == ("objection",)


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("Hei,\nKari Nes\nSlett alt dere har", "erasure"),
        ("Hi,\n\nJohn Smith\nPlease delete all my data", "erasure"),
        ("Hei\nOla Nes, delete my data please\nThanks", "erasure"),
        ("Hei\nKari Nes, født 010180, ønsker innsyn\ntakk", "access"),
        ("Til dere\nKari Nes, Fjordveien 3\nGi meg innsyn", "access"),
        ("Hello\nI am a customer.\n\nOla Nes (please erase everything about me)", "erasure"),
        ("Navn:\nKari Nes\nØnske:\nInnsyn i mine data", "access"),
    ],
)
def test_a_wish_beside_or_below_a_name_is_never_cut(text: str, right: str) -> None:
    """Only the name itself and idle lines sign; whoever begins with who they are asks all the same."""
    assert read(text, channel="email").types == (right,)
