"""What a request says beside its right: how much it covers, where data go, by what authority somebody writes."""

import pytest

from intake.deciding import choose
from intake.reading import read


@pytest.mark.parametrize(
    ("text", "scope"),
    [
        ("Slett alt dere har om meg.", "everything"),
        ("Slett kontoen min.", "everything"),
        ("Slett kortet mitt.", "item"),
        ("Ta bort biletet av meg frå nettsida.", "item"),
        ("Please delete my comment.", "item"),
        ("Slett bursdagen min, resten kan dere beholde.", "item"),
        ("Eg vil ha sletta dei gamle ordrane, men ikkje kontoen.", "item"),
        ("Please get rid of the voice message.", "item"),
        ("Kan du fjerne mellomnavnet mitt fra profilen?", "item"),
        ("Delete the account I made last year.", "everything"),
        ("Fjern nummeret mitt og alt annet dere har.", "everything"),
        ("Slett meg fra kundelisten.", "everything"),
        ("Jeg motsetter meg all bruk av opplysningene mine.", "everything"),
        ("Delete everything, my photos too.", "everything"),
        ("Slutt å sende meg reklame.", "marketing"),
        ("Stopp nyhendebrevet, eg vil ikkje ha reklame.", "marketing"),
        ("No more marketing emails, please.", "marketing"),
        ("I object to being profiled.", None),
        ("Send meg en kopi av opplysningene mine.", None),
    ],
)
def test_how_much_an_erasure_or_objection_covers(text: str, scope: str | None) -> None:
    """Everything, marketing or one item; nothing is said of other rights."""
    assert read(text).scope == scope


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("Overfør dataene mine til Tripletex.", "Tripletex"),
        (
            "Eg vil ha flytta alle opplysningane mine til Nordlys Data AS i eit maskinleseleg format.",
            "Nordlys Data AS",
        ),
        ("Please transfer all my data to Northmail in CSV.", "Northmail"),
        ("Send opplysningene mine direkte til min nye leverandør, i JSON.", "min nye leverandør"),
        ("Jeg ber om dataportabilitet, send filen til meg.", None),
    ],
)
def test_where_data_are_to_be_moved(text: str, place: str | None) -> None:
    """A named company or words for a provider, as they were written."""
    found = read(text)
    assert "portability" in found.types
    assert found.destination == place


@pytest.mark.parametrize(
    ("text", "authority"),
    [
        ("FULLMAKT FØLGER VEDLAGT. SLETT KONTOEN TIL BESTEMOR, HUN KAN IKKE SELV.", "power_of_attorney"),
        ("Slett kontoen til sønnen min, han er bare elleve.", "parent"),
        ("Eg er verje for Ola Nes og bed om innsyn i opplysningane hans.", "guardian"),
        (
            "I hold a power of attorney for my brother. Please send me a copy of his data.",
            "power_of_attorney",
        ),
        ("Vi representerer vår klient Eva Holm og ber om innsyn i hennes opplysninger.", "lawyer"),
        ("Min avdøde far får fortsatt reklame fra dere. Stopp det.", "heir"),
        ("Our former employee Tom is still listed with you. Please delete his details.", "employer"),
        ("Slett kontoen min.", None),
        ("Jeg er advokat. Send meg alt dere har om meg.", None),
    ],
)
def test_by_what_authority_somebody_writes_for_another(text: str, authority: str | None) -> None:
    """An authority is claimed for another; who writes for themselves claims none."""
    found = read(text)
    assert found.authority == authority
    assert found.on_behalf == (authority is not None)


@pytest.mark.parametrize(
    ("shares", "types", "alternatives"),
    [
        ({"access": 0.55, "portability": 0.45}, ("access",), ("access", "portability")),
        ({"access": 0.45, "portability": 0.44}, ("access",), ("access", "portability")),
        ({"erasure": 0.52, "access": 0.1}, ("erasure",), ("erasure", "none")),
        ({"erasure": 0.35, "access": 0.1}, ("none",), ("none", "erasure")),
        ({"erasure": 0.9, "access": 0.8}, ("access", "erasure"), ()),
        ({"erasure": 0.9, "access": 0.4}, ("erasure",), ()),
        ({"erasure": 0.1, "access": 0.05}, ("none",), ()),
    ],
)
def test_two_close_readings_are_told(
    shares: dict[str, float], types: tuple[str, ...], alternatives: tuple[str, ...]
) -> None:
    """Where two readings are close both are named, the chosen one first, so that one short question settles it."""
    found = choose(shares, {}, 0.4)
    assert (found.types, found.alternatives) == (types, alternatives)


def test_what_the_rules_read_in_a_sentence_of_its_own_stands() -> None:
    """Several requests are each read, though every one makes the others less likely."""
    assert choose({"erasure": 0.9, "access": 0.3}, {"access": 0.2}, 0.4).types == ("access", "erasure")


@pytest.mark.parametrize("text", ["Slett kontoen min.", "I withdraw my consent.", "Takk for hjelpa!"])
def test_a_clear_reading_has_no_alternatives(text: str) -> None:
    """Nobody is asked about what is plain."""
    assert read(text).alternatives == ()


@pytest.mark.parametrize(
    ("text", "types"),
    [
        ("Proszę usunąć moje konto i wszystkie dane.", ("erasure",)),
        ("Chcę otrzymać kopię moich danych osobowych.", ("access",)),
        ("Proszę poprawić mój adres e-mail, jest błędny.", ("rectification",)),
        ("Wycofuję zgodę na marketing.", ("withdraw_consent",)),
        ("Wnoszę sprzeciw wobec przetwarzania moich danych.", ("objection",)),
        ("Proszę o ograniczenie przetwarzania moich danych.", ("restriction",)),
    ],
)
def test_polish_is_recognised_and_read(text: str, types: tuple[str, ...]) -> None:
    """Polish is told as such, and the verbs of the rights are known."""
    found = read(text)
    assert (found.lang, found.types) == ("pl", types)
