"""Receipt and clock events -> the date an answer is due, and the other clocks of the law.

GDPR Art. 12(3) with EDPB Guidelines 01/2022 paras. 157-164, counted by Reg. (EEC, Euratom) 1182/71, which is
Norwegian law as FOR-1992-12-04-910. Days are civil days in Oslo. Lateness is computed, stored nowhere.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final, Literal

from dateutil.relativedelta import relativedelta

from law.calendar import add_months, back, end_of_day, forward, hours_after, is_working_day, oslo_day
from law.clock import (
    ClockEvent,
    ClockEventType,
    Deadline,
    Extension,
    Notice,
    Pause,
    PauseRefusal,
    Question,
)
from law.derivation import explain

__all__ = [
    "PROMPT_DAYS",
    "ClockEvent",
    "ClockEventType",
    "Deadline",
    "breach_due",
    "days_left",
    "due",
    "explain",
    "is_working_day",
    "oslo_day",
    "overdue",
    "promise_due",
    "retain_until",
]

# Not law: EDPB 01/2022 para. 159 says «without undue delay» and gives no number.
PROMPT_DAYS: Final = 7
MONTH: Final = 1
EXTENDED_MONTHS: Final = 3  # Art. 12(3): two further months, three in all, counted from receipt
BREACH_HOURS: Final = 72  # Art. 33(1)

_ASKS: Final = {
    ClockEventType.IDENTITY_REQUESTED: Question.IDENTITY,
    ClockEventType.CLARIFICATION_REQUESTED: Question.CLARIFICATION,
}
_ANSWERS: Final = {
    ClockEventType.IDENTITY_CONFIRMED: Question.IDENTITY,
    ClockEventType.CLARIFICATION_RECEIVED: Question.CLARIFICATION,
}


def due(
    received: datetime,
    events: Sequence[ClockEvent] = (),
    *,
    official_channel: bool = True,
    processor_received: datetime | None = None,
) -> Deadline:
    """The dates of a request received at an aware time; events in any order.

    `official_channel` false: it reached nobody the company had opened as a channel, so no clock runs yet.
    `processor_received`: when a processor that is no channel of the controller's had it; the working date
    counts from then. ValueError for a time without zone, or a processor that had it after the controller.
    """
    day = oslo_day(received)
    start = oslo_day(processor_received) if processor_received else day
    if start > day:
        raise ValueError("processor_received is later than received")
    # Before the clock starts there is nothing to stop or prolong.
    events = sorted(events, key=lambda event: event.at.timestamp()) if official_channel else ()
    pauses = _pauses(day, events)
    paused = _paused_days(pauses)
    waiting = any(pause.answered is None and not pause.refused for pause in pauses)
    month_end = add_months(day, MONTH)
    first_month_due = None if waiting else forward(month_end + timedelta(days=paused))
    extensions = _extensions(day, first_month_due, events)
    accepted = next((notice for notice in extensions if notice.outcome is Notice.ACCEPTED), None)
    limit = add_months(day, EXTENDED_MONTHS) if accepted else month_end
    undisputed = accepted is not None and accepted.sent <= add_months(start, MONTH)
    plain_months = EXTENDED_MONTHS if undisputed else MONTH
    plain = add_months(start, plain_months)
    unrolled = limit + timedelta(days=paused) if official_channel and not waiting else None
    due_date = forward(unrolled) if unrolled else None
    clock = None if unrolled else "suspended" if official_channel else "not_started"
    return Deadline(
        received_day=day,
        due_date=due_date,
        due_instant=end_of_day(due_date) if due_date else None,
        unrolled_date=unrolled,
        conservative_date=back(plain) if official_channel else None,
        paused_days=paused,
        extended=accepted is not None,
        clock=clock,
        extension="rejected" if any(n.outcome is not Notice.ACCEPTED for n in extensions) else None,
        month_end=month_end,
        first_month_due=first_month_due,
        limit=limit,
        plain=plain,
        plain_from=start,
        plain_months=plain_months,
        pauses=pauses,
        extensions=extensions,
    )


def days_left(deadline: Deadline, today: date) -> int:
    """Days from `today` to the due date; negative when it has passed.

    While the clock is suspended they are counted to the conservative date (the desk must not let it pass
    silently); before it has started, as if it started today.
    """
    target = deadline.due_date or deadline.conservative_date or forward(add_months(today, MONTH))
    return (target - today).days


def overdue(deadline: Deadline, now: datetime) -> bool:
    """Whether the due date has ended in Oslo at `now`; never while no clock runs."""
    return deadline.due_date is not None and oslo_day(now) > deadline.due_date


def breach_due(aware_at: datetime) -> datetime:
    """When Datatilsynet must know of a breach: 72 elapsed hours from awareness, weekends too (Art. 33(1))."""
    return hours_after(aware_at, BREACH_HOURS)


def retain_until(
    document_date: date,
    document_class: Literal["primary", "secondary"],
    year_end: str = "12-31",
) -> date:
    """The last day an accounting document must be kept (bokføringsloven § 13); erase from the day after.

    Primary documents five years, secondary ones three years and six months, after the end of the accounting
    year. `year_end` is month and day, "12-31" unless the company's year deviates. ValueError for other words.
    """
    months = {"primary": 60, "secondary": 42}
    if document_class not in months:
        raise ValueError(f"document class is primary or secondary, not {document_class!r}")
    return after_year_end(document_date, months[document_class], year_end)


def after_year_end(day: date, months: int, year_end: str = "12-31") -> date:
    """The last day of so many months after the end of the accounting year that `day` falls in."""
    # Counted from the first day of the next year, so that six months after 30 June end on 31 December.
    first_of_next = _year_end(day, year_end) + timedelta(days=1)
    return add_months(first_of_next, months) - timedelta(days=1)


def promise_due(start: date, *, days: int = 0, months: int = 0, years: int = 0) -> date:
    """The last day of a promise in a contract: the first day is not counted, weekends are not passed."""
    return start + relativedelta(years=years, months=months, days=days)


def _year_end(day: date, year_end: str) -> date:
    try:
        month, number = (int(part) for part in year_end.split("-"))
        date(2000, month, number)
    except ValueError:
        raise ValueError(f"the end of an accounting year is written MM-DD, not {year_end!r}") from None
    end = date(day.year, 1, 1) + relativedelta(month=month, day=number)
    return end if day <= end else date(day.year + 1, 1, 1) + relativedelta(month=month, day=number)


def _pauses(day: date, events: Sequence[ClockEvent]) -> tuple[Pause, ...]:
    """Each question that could stop the clock; one more in a running pause changes nothing (ex. 31)."""
    pauses: list[Pause] = []
    running: dict[Question, int] = {}
    for event in events:
        when = max(oslo_day(event.at), day)
        if question := _ASKS.get(event.type):
            refused = _refusal(day, when, event.qualifies)
            if question in running and (refused or not pauses[running[question]].refused):
                continue
            running[question] = len(pauses)
            pauses.append(Pause(question, when, None, refused))
        elif (question := _ANSWERS.get(event.type)) in running:
            index = running.pop(question)
            asked = pauses[index]
            pauses[index] = Pause(question, asked.asked, when, asked.refused)
    return tuple(pauses)


def _refusal(day: date, asked: date, qualifies: bool) -> PauseRefusal | None:
    if not qualifies:
        return PauseRefusal.NO_GROUND
    if asked > forward(add_months(day, MONTH)):
        return PauseRefusal.EXPIRED
    return PauseRefusal.LATE if (asked - day).days > PROMPT_DAYS else None


def _paused_days(pauses: Sequence[Pause]) -> int:
    """Days in the union of the pauses that count: difference of Oslo dates, overlapping ones merged."""
    total, reached = 0, date.min
    for pause in sorted(pauses, key=lambda pause: pause.asked):
        if pause.refused or pause.answered is None or pause.answered <= reached:
            continue
        total += (pause.answered - max(pause.asked, reached)).days
        reached = pause.answered
    return total


def _extensions(day: date, last: date | None, events: Sequence[ClockEvent]) -> tuple[Extension, ...]:
    """Notices in order: in time, with reasons, once. `last` None: the first month is still suspended."""
    notices: list[Extension] = []
    for event in events:
        if event.type is not ClockEventType.EXTENDED:
            continue
        sent = oslo_day(event.at)
        if any(notice.outcome is Notice.ACCEPTED for notice in notices):
            outcome = Notice.SECOND
        elif sent < day:
            outcome = Notice.EARLY
        elif last is not None and sent > last:
            outcome = Notice.LATE
        else:
            outcome = Notice.ACCEPTED if event.qualifies else Notice.NO_REASONS
        notices.append(Extension(sent, outcome))
    return tuple(notices)
