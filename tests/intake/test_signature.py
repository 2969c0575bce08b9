"""How a letter closes: who signs it, and the card that a mail program sets below."""

import re

import pytest

from intake.closing import last_lines, parting, without_card
from intake.cue import Cue, Said
from intake.quoted import own_text
from intake.reading import read
from intake.signature import signature

CARD = "Sigrid Foss | Fagsjef | Foss Analyse\nTlf 911 20 384\nVi tar vare på alle dine opplysninger hos oss"


@pytest.mark.parametrize(
    ("body", "left"),
    [
        (f"Slett meg.\n\nSigrid Foss\n\n{CARD}", "Slett meg.\n\nSigrid Foss"),
        (f"Slett alt om meg.\n\nMvh\nSigrid Foss\n--\n{CARD}", "Slett alt om meg.\n\nMvh\nSigrid Foss"),
        (
            "Slett meg nå.\n\nMvh\nOla Vik\n\nOla Vik Bygg\nVi bygger der du bor og trives",
            "Slett meg nå.\n\nMvh\nOla Vik",
        ),
    ],
)
def test_a_card_that_repeats_the_signed_name_is_left_out(body: str, left: str) -> None:
    """What stands below the name a second time is the mail program's, and what is left begins the writer's words."""
    parts = own_text(body)
    assert " ".join(without_card(parts).own.split()) == " ".join(left.split())
    assert parts.own.startswith(without_card(parts).own)


@pytest.mark.parametrize(
    "body",
    [
        "Slett meg.\n\nTakk\nSigrid\n\n--\nSigrid Foss | Fagsjef | Foss Analyse\nTlf 911 20 384",
        "Slett meg.\n\nMvh\nOla Vik\nOla Vik Bygg\nTlf 911 20 384",
        "Slett meg.\n\nMvh\nOla Vik\n\nOla Vik Bygg",
        "Sigrid Foss\n\nSlett meg, og svar til Sigrid Foss, Storgata 1, 6800 Førde",
    ],
)
def test_a_signature_that_tells_more_is_kept(body: str) -> None:
    """A first name above a full one, a firm in the same block, a letterhead: nothing is repeated."""
    parts = own_text(body)
    assert without_card(parts) == parts


def test_numbers_of_a_card_still_tell_who_writes() -> None:
    """A customer number below the name is kept; the firm's telephone of a card is not the writer's word."""
    found = read(
        "Slett meg.\n\nMvh\nOla Vik\n\nOla Vik, kundenr 55120\nTlf 911 20 384", channel="email"
    ).identifiers
    assert found == {"customer_number": "55120", "name": "Ola Vik"}


@pytest.mark.parametrize(
    ("line", "farewell", "whence", "rest"),
    [
        ("Mvh Ola Vik", True, False, "Ola Vik"),
        ("Helsing frå Vinje", True, True, "Vinje"),
        ("Blid hilsen", True, False, ""),
        ("Ola Vik", False, False, "Ola Vik"),
    ],
)
def test_a_line_is_parted(line: str, farewell: bool, whence: bool, rest: str) -> None:
    """What is said at parting, and what stands beside it."""
    found = parting(line)
    assert (found.farewell, found.whence, found.rest) == (farewell, whence, rest)


@pytest.mark.parametrize(
    ("said", "lines"),
    [
        ("Ring meg.\nBeklager bryet,\nGudny", ["Gudny"]),
        ("Ring meg.\n\nHollis\nFenwick Tools Ltd", ["Hollis", "Fenwick Tools Ltd"]),
        ("Ring meg.\n\nFor Berg & Lie AS\nOlaug Berg", ["For Berg & Lie AS", "Olaug Berg"]),
        ("Ring meg. Det haster fordi jeg skal reise på mandag,\nGudny", []),
        ("Ring meg.\nHaster", []),
    ],
)
def test_the_lines_that_sign(said: str, lines: list[str]) -> None:
    """A name by itself after a short parting, above a firm, below whom it is for; no other last word."""
    assert last_lines(said) == lines


@pytest.mark.parametrize(
    ("signed", "who"),
    [
        ("Mvh\nStian Vollan", ("Stian Vollan", None)),
        ("Hälsningar\nAlva Bergqvist\nVD, Bergqvist Måleri AB", ("Alva Bergqvist", "Bergqvist Måleri AB")),
        ("Regards\nCedric Holloway\nFacilities & Estates Lead", ("Cedric Holloway", None)),
        ("Regards\nCorbett & Lyle\nSolicitors", (None, "Corbett & Lyle")),
        ("Hilsen\nRoar Vik\nRørlegger Vik as", ("Roar Vik", "Rørlegger Vik as")),
        ("Hilsen\nStyret", (None, None)),
        ("Best regards\nSales Team", (None, None)),
        ("Helsing frå Vinje", (None, None)),
        ("takk\nbilly", ("billy", None)),
        ("takk\nregnskapsføreren", (None, None)),
    ],
)
def test_who_signs(signed: str, who: tuple[str | None, str | None]) -> None:
    """Names that end as professions do are names; what people do, teams and places are none."""
    assert signature(own_text(f"Slett alt dere har om meg.\n\n{signed}")) == who


def test_a_cue_is_met_without_regard_to_case() -> None:
    """The cue is found in small letters; the value after it keeps its own."""
    cue = Cue(re.compile(r"(?<!\w)verge for"), re.compile(r" ([A-Z]\w+)"))
    assert [match[1] for _, match in cue.find(Said.of("VERGE FOR Kari, verge for kari"))] == ["Kari"]
    assert Said.of("İstanbul").small == "İstanbul"
