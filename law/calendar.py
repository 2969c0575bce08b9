"""The Norwegian calendar: the civil day, the working days, and the names of the days that are none."""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo

import holidays
from dateutil.relativedelta import relativedelta

OSLO: Final = ZoneInfo("Europe/Oslo")
_DAY: Final = timedelta(days=1)


def oslo_day(instant: datetime) -> date:
    """The Oslo civil day of an aware instant. ValueError for a time without zone."""
    return _aware(instant).astimezone(OSLO).date()


def end_of_day(day: date) -> datetime:
    """The last second of an Oslo day, with the offset that holds then (the period ends at 24:00)."""
    return datetime.combine(day, time(23, 59, 59), OSLO)


def holiday_keys(day: date) -> tuple[str, ...]:
    """The English names of the public holidays on a day, none on most days; two can meet (17 May 2027).

    Lov 24.02.1995 nr. 12 § 2, and 1 and 17 May by lov 26.04.1947 nr. 1 § 1. Sundays are not among them.
    """
    return _year(day.year).get(day, ())


def is_working_day(day: date) -> bool:
    """Neither Saturday, Sunday nor a Norwegian public holiday (Reg. 1182/71 Art. 2(2), FOR-1992-12-04-910).

    24 and 31 December and the Wednesday before Easter are working days.
    """
    return day.weekday() < 5 and not holiday_keys(day)


def forward(day: date) -> date:
    """The day itself or the next working day (Reg. 1182/71 Art. 3(4))."""
    while not is_working_day(day):
        day += _DAY
    return day


def back(day: date) -> date:
    """The day itself or the last working day before it."""
    while not is_working_day(day):
        day -= _DAY
    return day


def add_months(day: date, months: int) -> date:
    """The same date so many months on, or the last day of a month without it (Reg. 1182/71 Art. 3(2)(c))."""
    return day + relativedelta(months=months)


def hours_after(instant: datetime, hours: int) -> datetime:
    """So many elapsed hours later, on the Oslo clock; a change to summer time makes no difference to them."""
    return (_aware(instant).astimezone(UTC) + timedelta(hours=hours)).astimezone(OSLO)


def _aware(instant: datetime) -> datetime:
    if instant.utcoffset() is None:
        raise ValueError(f"a time needs its zone: {instant.isoformat()}")
    return instant


@cache
def _year(year: int) -> dict[date, tuple[str, ...]]:
    found = holidays.country_holidays("NO", years=year, language="en_US")
    return {day: tuple(names.split("; ")) for day, names in found.items() if day.year == year}
