"""The command `due` reads one JSON object and says clearly what is wrong with a bad one."""

from typing import Any

import pytest

from law.due_line import due_line

GOOD = {"id": "a", "received": "2029-06-04T09:00:00+02:00"}


def test_the_line_out_has_the_agreed_keys_in_order() -> None:
    """Other programs rely on them; silent figures are null."""
    found = due_line(GOOD)
    assert list(found) == [
        "id",
        "due_date",
        "due_instant",
        "unrolled_date",
        "conservative_date",
        "paused_days",
        "extended",
        "clock",
        "extension",
        "why",
    ]
    assert found | {"why": 0} == {
        "id": "a",
        "due_date": "2029-07-04",
        "due_instant": "2029-07-04T23:59:59+02:00",
        "unrolled_date": "2029-07-04",
        "conservative_date": "2029-07-04",
        "paused_days": 0,
        "extended": False,
        "clock": None,
        "extension": None,
        "why": 0,
    }


def test_null_counts_as_absent() -> None:
    """A program that always writes all keys is understood."""
    keys = ("processor_received", "official_channel", "events", "lang")
    assert due_line(GOOD | dict.fromkeys(keys)) == due_line(GOOD)


def test_the_why_is_in_the_language_asked_for() -> None:
    """nb when nothing is said."""
    firsts = [due_line(GOOD | {"lang": lang})["why"][0].split()[0] for lang in ("nb", "nn", "en")]
    assert firsts == ["Henvendelsen", "Førespurnaden", "The"]
    assert due_line(GOOD)["why"] == due_line(GOOD | {"lang": "nb"})["why"]


EVENT = {"at": "2029-06-05T09:00:00+02:00", "type": "identity_requested"}


@pytest.mark.parametrize(
    ("bad", "says"),
    [
        ({"id": None}, "id is missing"),
        ({"received": None}, "received is missing"),
        ({"received": "yesterday"}, "received must be a time"),
        ({"received": 1893456000}, "received must be a time"),
        ({"received": "2029-06-04T09:00:00"}, "needs an offset"),
        ({"received": "2029-06-04"}, "needs an offset"),
        ({"received": "9999-12-31T09:00:00+01:00"}, "outside 1995 to 2099"),
        ({"lang": "sv"}, "lang must be"),
        ({"official_channel": "no"}, "official_channel must be true or false"),
        ({"processor_received": "2029-07-04T09:00:00+02:00"}, "later than received"),
        ({"events": {}}, "events must be a list"),
        ({"events": ["extended"]}, "each event must be a JSON object"),
        ({"events": [{"type": "extended"}]}, "an event needs its time"),
        ({"events": [EVENT | {"type": "paused"}]}, "event type must be one of"),
        ({"events": [EVENT | {"type": ["extended"]}]}, "event type must be one of"),
        ({"events": [EVENT | {"qualifies": 1}]}, "qualifies must be true or false"),
    ],
)
def test_a_bad_line_is_refused_with_a_sentence(bad: dict[str, Any], says: str) -> None:
    """ValueError, whose text names the key."""
    with pytest.raises(ValueError, match=says):
        due_line(GOOD | bad)


def test_a_line_that_is_no_object_is_refused() -> None:
    """JSON knows more than objects."""
    with pytest.raises(ValueError, match="JSON object"):
        due_line(["a"])  # type: ignore[arg-type]  # what a stranger's JSON may hold
