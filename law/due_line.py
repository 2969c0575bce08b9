"""One line of the command `due`: a JSON object in, the dates and their derivation as a JSON object out."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from law.clock import ClockEvent, ClockEventType
from law.deadlines import due, explain
from law.language import DEFAULT, LANGS, Lang

# The act on public holidays is of 1995; the calendar library ends with the century.
FIRST_YEAR: Final = 1995
LAST_YEAR: Final = 2099


def due_line(item: Mapping[str, Any]) -> dict[str, Any]:
    """The deadline of one request.

    `item`: `id`, `received`, and where they apply `processor_received`, `official_channel` (true), `events`
    (each `at`, `type`, `qualifies`), `lang` ("nb"); times in ISO 8601 with offset; null counts as absent,
    other keys are ignored. Gives `id`, `due_date`, `due_instant`, `unrolled_date`, `conservative_date`,
    `paused_days`, `extended`, `clock`, `extension` and `why`, the sentences. ValueError says in one sentence
    what is wrong with the item.
    """
    if not isinstance(item, Mapping):
        raise ValueError("the line must be a JSON object")
    if item.get("id") is None:
        raise ValueError("id is missing")
    received = _time(item, "received")
    if received is None:
        raise ValueError("received is missing")
    lang = _lang(item.get("lang"))
    found = due(
        received,
        _events(item.get("events")),
        official_channel=_flag(item, "official_channel"),
        processor_received=_time(item, "processor_received"),
    )
    return {
        "id": item["id"],
        "due_date": _iso(found.due_date),
        "due_instant": _iso(found.due_instant),
        "unrolled_date": _iso(found.unrolled_date),
        "conservative_date": _iso(found.conservative_date),
        "paused_days": found.paused_days,
        "extended": found.extended,
        "clock": found.clock,
        "extension": found.extension,
        "why": list(explain(found, lang)),
    }


def _events(value: object) -> tuple[ClockEvent, ...]:
    if value is None:
        return ()
    if not isinstance(value, list):
        raise ValueError("events must be a list")
    return tuple(_event(entry) for entry in value)


def _event(entry: object) -> ClockEvent:
    if not isinstance(entry, Mapping):
        raise ValueError("each event must be a JSON object")
    at = _time(entry, "at")
    if at is None:
        raise ValueError("an event needs its time: at")
    kind = entry.get("type")
    if kind not in list(ClockEventType):
        known = ", ".join(ClockEventType)
        raise ValueError(f"event type must be one of {known}, not {kind!r}")
    return ClockEvent(at, ClockEventType(kind), _flag(entry, "qualifies"))


def _time(item: Mapping[str, Any], key: str) -> datetime | None:
    value = item.get(key)
    if value is None:
        return None
    if not isinstance(value, str):
        raise ValueError(f"{key} must be a time in ISO 8601 with offset, not {value!r}")
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        raise ValueError(f"{key} must be a time in ISO 8601 with offset, not {value!r}") from None
    if found.utcoffset() is None:
        raise ValueError(f"{key} needs an offset from UTC, such as +01:00: {value!r}")
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise ValueError(f"{key} is outside {FIRST_YEAR} to {LAST_YEAR}, the years whose holidays are known")
    return found


def _flag(item: Mapping[str, Any], key: str) -> bool:
    value = item.get(key)
    if value is None:
        return True
    if not isinstance(value, bool):
        raise ValueError(f"{key} must be true or false, not {value!r}")
    return value


def _lang(value: object) -> Lang:
    if value is None:
        return DEFAULT
    for lang in LANGS:
        if value == lang:
            return lang
    raise ValueError(f"lang must be nb, nn or en, not {value!r}")


def _iso(value: date | None) -> str | None:
    return value.isoformat() if value else None
