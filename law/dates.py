"""Dates as people read them in bokmål, nynorsk and English, always Oslo time."""

from datetime import date, datetime

from babel.dates import format_date, format_datetime

from law.calendar import OSLO, holiday_keys
from law.language import Lang, catalogue


def say_date(day: date, lang: Lang) -> str:
    """«22. november 2026», "22 November 2026"."""
    return format_date(day, _format("date", lang), locale=lang)


def say_moment(instant: datetime, lang: Lang) -> str:
    """«22. november 2026 kl. 09.14», "22 November 2026 at 09:14"; an aware time, told on the Oslo clock.

    ValueError for a time without zone.
    """
    if instant.utcoffset() is None:
        raise ValueError(f"a time needs its zone: {instant.isoformat()}")
    return format_datetime(instant.astimezone(OSLO), _format("moment", lang), locale=lang)


def say_weekday(day: date, lang: Lang) -> str:
    """«lørdag», «laurdag», "Saturday"."""
    return format_date(day, "EEEE", locale=lang)


def say_month(day: date, lang: Lang) -> str:
    """«september», "September"."""
    return format_date(day, "MMMM", locale=lang)


def say_holiday(day: date, lang: Lang) -> str | None:
    """The name of the public holiday, both where two meet, or None: «grunnlovsdagen og 2. pinsedag»."""
    names = [str(catalogue("dates.toml")["holiday"][key][lang]) for key in holiday_keys(day)]
    return say_list(names, lang) if names else None


def say_list(items: list[str], lang: Lang) -> str:
    """«a», «a og b», «a, b og c», "a, b and c"."""
    last = str(catalogue("dates.toml")["and"][lang])
    return f" {last} ".join(filter(None, [", ".join(items[:-1]), items[-1]])) if items else ""


def say_days(count: int, lang: Lang) -> str:
    """«1 dag», «7 dager», «7 dagar», "7 days"."""
    one, many = catalogue("dates.toml")["days"][lang]
    return f"{count} {one if count == 1 else many}"


def _format(kind: str, lang: Lang) -> str:
    return str(catalogue("dates.toml")[kind][lang])
