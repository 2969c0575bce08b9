"""Identifiers in many ways of writing: found as they stand, and none invented where there is none.

A line of `identifiers_varied.jsonl` is a message with what is to be found in it, by kind; `subject_name` is the person
concerned where somebody writes for another. All people and companies are invented.
"""

import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from intake.read_line import read_line

VARIED = Path(__file__).with_name("identifiers_varied.jsonl")


@cache
def _measured() -> tuple[tuple[str, set[str], set[str]], ...]:
    """Of each message its text, the values wanted and the values found."""
    lines = (json.loads(line) for line in VARIED.read_text(encoding="utf-8").splitlines())
    return tuple(
        (
            line["body"],
            _values(line["identifiers"].values()),
            _values(read_line(line)["identifiers"].values()),
        )
        for line in lines
    )


def _values(entries: Iterable[Any]) -> set[str]:
    return {value for entry in entries for value in (entry if isinstance(entry, list) else [entry])}


def test_nearly_all_are_found() -> None:
    """At least 97 of 100 values are found, exactly as they were written."""
    missed = [(text, wanted - found) for text, wanted, found in _measured() if wanted - found]
    total = sum(len(wanted) for _, wanted, _ in _measured())
    assert sum(len(values) for _, values in missed) / total <= 0.03, missed


def test_hardly_any_is_invented() -> None:
    """At most 2 of 100 values found are no identifier of anybody concerned."""
    invented = [(text, found - wanted) for text, wanted, found in _measured() if found - wanted]
    total = sum(len(found) for _, _, found in _measured())
    assert sum(len(values) for _, values in invented) / total <= 0.02, invented


def test_where_nobody_is_named_nothing_is_found() -> None:
    """Greetings, officials, products, places and months are nobody's identifiers."""
    idle = [(text, found) for text, wanted, found in _measured() if not wanted]
    assert len(idle) >= 260
    assert not [one for one in idle if one[1]]
