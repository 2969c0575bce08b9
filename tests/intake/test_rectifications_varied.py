"""Corrections in many ways of putting them: the field, the new value and the old one are found as they stand.

A line of `rectifications_varied.jsonl` is a message with the correction it asks for; `field` is null where it asks for
none. The lines marked `locked` were written before the rules and not looked at while these were; `third` and `fourth`
before the rules they were then used to mend. All people, companies and addresses are invented.
"""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from intake.read_line import read_line
from intake.rectification import rectification

pytestmark = pytest.mark.slow  # some eleven hundred messages

VARIED = Path(__file__).with_name("rectifications_varied.jsonl")


@cache
def _measured() -> tuple[tuple[dict[str, Any], dict[str, Any]], ...]:
    """Each message with the correction that was read in it, empty where none was."""
    lines = (json.loads(line) for line in VARIED.read_text(encoding="utf-8").splitlines())
    return tuple((line, read_line(line)["rectification"] or {}) for line in lines)


def _fold(value: str | None) -> str:
    """As values are compared: without case, commas and extra space."""
    return re.sub(r"[\s,]+", " ", value or "").strip().casefold()


def _missed(name: str, part: str | None = None) -> tuple[list[str], int]:
    """The messages whose `name` (a value) was not found in the right field, and how many have one."""
    wanted = [
        (line, found)
        for line, found in _measured()
        if line["field"] and line[name] and part in (None, line["part"])
    ]
    missed = [
        line["body"]
        for line, found in wanted
        if found.get("field") != line["field"] or _fold(found.get(name)) != _fold(line[name])
    ]
    return missed, len(wanted)


@pytest.mark.parametrize(("name", "share"), [("new_value", 0.04), ("old_value", 0.05)])
def test_nearly_all_are_found(name: str, share: float) -> None:
    """Of 100 corrections at least 96 have the right field and new value, and of 100 old values 95 are told."""
    missed, total = _missed(name)
    assert len(missed) / total <= share, missed


@pytest.mark.parametrize(("name", "share"), [("new_value", 0.12), ("old_value", 0.15)])
def test_most_that_were_locked_away_are_found(name: str, share: float) -> None:
    """What was not looked at while the rules were written is found nearly as often."""
    missed, total = _missed(name, "locked")
    assert total > 90
    assert len(missed) / total <= share, len(missed)


def test_hardly_any_is_invented() -> None:
    """Where no correction is asked for hardly one is read, though values stand in the text: of 100 at most six."""
    none = [(line["body"], found) for line, found in _measured() if not line["field"]]
    invented = [(body, found) for body, found in none if found]
    assert len(invented) / len(none) <= 0.06, invented


@pytest.mark.parametrize(
    "text",
    [
        "Delete Peter, not Paul, from my contact list.",
        "Pakken skulle til Storgata 5, ikke til nummer 7.",
        "Jeg bestilte Model X, ikke Model Y.",
        "I'd like the data as JSON, not as screenshots.",
        "Jeg er kunde, ikke publikum. La meg handle i fred.",
    ],
)
def test_what_is_set_against_something_else_is_no_sure_correction(text: str) -> None:
    """Only values that are surely a person's own are taken for a correction where nobody says "correct"."""
    found = rectification(text)
    assert found is None or not found.sure


def test_an_address_on_lines_of_its_own_is_one_value() -> None:
    """Street and postcode on two lines are read as one address, on one line."""
    found = rectification(
        "Ny adresse:\nStorgata 1\n0155 Oslo\n\nGammel adresse:\nElvegata 7\n2003 Lillestrøm"
    )
    assert found is not None
    assert (found.new_value, found.old_value) == ("Storgata 1, 0155 Oslo", "Elvegata 7, 2003 Lillestrøm")


def test_a_value_in_the_signature_is_found_where_the_text_points_there() -> None:
    """ "The one in my signature" is read from the signature, and nothing is where the text does not point there."""
    signed = "Jorunn Aarvik\njorunn.aa@example.no"
    found = rectification("Ny e-post er den i signaturen under.", signed=signed)
    assert found is not None
    assert found.new_value == "jorunn.aa@example.no"
    assert rectification("E-posten min er feil, kan dere rette den?", signed=signed) is None
