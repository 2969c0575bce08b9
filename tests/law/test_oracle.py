"""The law package against the shared oracle: every vector, every figure."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from law.calendar import is_working_day
from law.deadlines import breach_due, promise_due, retain_until
from law.due_line import due_line
from law.periods import kept_until
from tests.law.oracle import section

FIGURES = (
    "due_date",
    "due_instant",
    "unrolled_date",
    "conservative_date",
    "paused_days",
    "extended",
    "clock",
    "extension",
)
SILENT = {"clock": None, "extension": None}


@pytest.mark.parametrize("vector", section("vectors"))
def test_a_request_is_due_when_the_oracle_says(vector: dict[str, Any]) -> None:
    """Every figure of the oracle's vector, and null for a clock or extension it does not mention."""
    found = due_line(vector)
    expected = {key: vector[key] for key in FIGURES if key in vector} | {
        key: vector.get(key) for key in SILENT
    }
    assert {key: found[key] for key in expected} == expected


@pytest.mark.parametrize("vector", section("vectors"))
def test_no_other_reading_slips_in(vector: dict[str, Any]) -> None:
    """Dates that other readings would give, where they differ, are never given out as the due date."""
    found = due_line(vector)["due_date"]
    others = set(vector.get("alternatives", {}).values()) | {vector.get("wrong_if_utc")}
    assert found not in others - {vector["due_date"]} - {None}


@pytest.mark.parametrize("vector", section("vectors"))
def test_the_due_date_is_told_in_every_language(vector: dict[str, Any]) -> None:
    """Each derivation says its dates out loud, in nb, nn and en, and leaves no gap in a sentence."""
    for lang in ("nb", "nn", "en"):
        told = due_line(vector | {"lang": lang})["why"]
        assert told
        assert all("{" not in sentence and "None" not in sentence for sentence in told)
        assert all(sentence.endswith(".") and sentence.count("(") >= 1 for sentence in told)


@pytest.mark.parametrize("vector", section("breach_vectors_art33"))
def test_a_breach_is_due_72_hours_later(vector: dict[str, Any]) -> None:
    """The hours elapse, whatever the clock on the wall does."""
    found = breach_due(datetime.fromisoformat(vector["aware_at"]))
    assert found.isoformat() == vector["due_instant"]


@pytest.mark.parametrize("vector", section("retention_vectors_bokforingsloven"))
def test_accounting_documents_are_kept_as_long_as_the_law_says(vector: dict[str, Any]) -> None:
    """Both by class and by period code, and erasable the day after."""
    day, year_end = date.fromisoformat(vector["document_date"]), vector["accounting_year_end_mmdd"]
    code = {"primary": "BOKF-5Y", "secondary": "BOKF-3_5Y"}[vector["doc_class"]]
    until = retain_until(day, vector["doc_class"], year_end)
    assert until.isoformat() == vector["retain_until"]
    assert kept_until(code, day, year_end) == until
    assert (until + timedelta(days=1)).isoformat() == vector["earliest_erase"]


PROMISES = {
    "CT-CS-ERASE": {"months": 3},
    "CT-WH-COMPLAINT": {"days": 14},
    "CT-WH-DELETE": {"months": 3},
    "CT-WH-CASELOG": {"years": 5},
    "CT-IC-3Y": {"years": 3},
    "CT-24N-DEMO": {"months": 6},
}


@pytest.mark.parametrize("vector", section("contract_promise_vectors"))
def test_a_promise_ends_when_the_contract_says(vector: dict[str, Any]) -> None:
    """Promises are counted plainly, never moved for a weekend; the law's date stands beside them."""
    start = date.fromisoformat(vector["start"])
    assert promise_due(start, **PROMISES[vector["id"]]).isoformat() == vector["promise_date"]
    if vector["statutory_due"]:
        received = f"{vector['start']}T12:00:00+01:00"
        assert due_line({"id": "x", "received": received})["due_date"] == vector["statutory_due"]


@pytest.mark.parametrize("year", section("public_holidays_no"))
def test_the_holidays_are_the_ones_of_the_law(year: tuple[str, list[str]]) -> None:
    """A weekday of the year is no working day exactly when the oracle lists it."""
    number, listed = year
    days = (date(int(number), 1, 1) + timedelta(days=n) for n in range(366))
    off = {d.isoformat() for d in days if d.weekday() < 5 and d.year == int(number) and not is_working_day(d)}
    assert off == {day for day in listed if date.fromisoformat(day).weekday() < 5}
