"""The Norwegian calendar, and how its days are written."""

from datetime import UTC, date, datetime, timedelta

import pytest

from law.calendar import back, forward, holiday_keys, is_working_day, oslo_day
from law.dates import say_date, say_days, say_holiday, say_list, say_moment
from law.language import LANGS, Lang, catalogue


def easter(year: int) -> date:
    """Easter Sunday by Meeus, Jones and Butcher; independent of the calendar library."""
    a, b, c = year % 19, year // 100, year % 100
    d = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    e = (32 + 2 * (b % 4) + 2 * (c // 4) - d - c % 4) % 7
    f = d + e - 7 * ((a + 11 * d + 22 * e) // 451) + 114
    return date(year, f // 31, f % 31 + 1)


@pytest.mark.parametrize("year", range(2018, 2041))
def test_the_holidays_follow_from_easter_and_two_acts(year: int) -> None:
    """Lov 24.02.1995 nr. 12 § 2 and lov 26.04.1947 nr. 1 § 1, worked out a second way."""
    movable = {easter(year) + timedelta(days=n) for n in (-3, -2, 0, 1, 39, 49, 50)}
    fixed = {date(year, *day) for day in ((1, 1), (5, 1), (5, 17), (12, 25), (12, 26))}
    days = [date(year, 1, 1) + timedelta(days=n) for n in range(365)] + [date(year, 12, 31)]
    assert {day for day in days if holiday_keys(day)} == movable | fixed


@pytest.mark.parametrize("day", [date(2026, 12, 24), date(2026, 12, 31), date(2026, 4, 1), date(2026, 5, 15)])
def test_half_days_and_squeezed_days_are_working_days(day: date) -> None:
    """Christmas Eve, New Year's Eve, Wednesday before Easter, Friday after Ascension."""
    assert is_working_day(day)
    assert forward(day) == back(day) == day


def test_an_oslo_day_begins_before_the_utc_day() -> None:
    """22:30 UTC in summer and 23:30 in winter are tomorrow; 22:30 in winter is still today."""
    moments = [(6, 15, 22, 30), (1, 15, 23, 30), (1, 15, 22, 30)]
    assert [oslo_day(datetime(2026, *moment, tzinfo=UTC)) for moment in moments] == [
        date(2026, 6, 16),
        date(2026, 1, 16),
        date(2026, 1, 15),
    ]


@pytest.mark.parametrize(
    ("lang", "day", "moment"),
    [
        ("nb", "22. november 2026", "22. november 2026 kl. 09.14"),
        ("nn", "22. november 2026", "22. november 2026 kl. 09.14"),
        ("en", "22 November 2026", "22 November 2026 at 09:14"),
    ],
)
def test_dates_are_written_out(lang: Lang, day: str, moment: str) -> None:
    """As the languages write them in running text, on the Oslo clock."""
    assert say_date(date(2026, 11, 22), lang) == day
    assert say_moment(datetime(2026, 11, 22, 8, 14, tzinfo=UTC), lang) == moment


def test_every_holiday_has_a_name_in_every_language() -> None:
    """Whatever the calendar library calls a day, in any year, dates.toml knows it."""
    days = [date(2018, 1, 1) + timedelta(days=n) for n in range(366 * 23)]
    met = {key for day in days for key in holiday_keys(day)}
    assert met == set(catalogue("dates.toml")["holiday"])
    assert all(set(names) == set(LANGS) for names in catalogue("dates.toml")["holiday"].values())


def test_two_holidays_on_one_day_are_both_named() -> None:
    """17 May 2027 is Whit Monday too."""
    assert say_holiday(date(2027, 5, 17), "nb") == "grunnlovsdagen og 2. pinsedag"
    assert say_holiday(date(2027, 5, 18), "nb") is None


def test_counts_and_lists_read_as_speech() -> None:
    """One day, many days; a comma between all but the last two."""
    assert [say_days(1, "nb"), say_days(7, "nn"), say_days(2, "en")] == ["1 dag", "7 dagar", "2 days"]
    assert [say_list(items, "en") for items in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == [
        "",
        "a",
        "a and b",
        "a, b and c",
    ]
