"""Tells in sentences how a deadline came about, each step with the rule it rests on.

The sentences are in deadlines.<lang>.toml; this module only chooses them and fills in dates.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from law.calendar import is_working_day
from law.clock import Deadline, Extension, Notice, Pause
from law.dates import say_date, say_days, say_holiday, say_list, say_month, say_weekday
from law.language import Lang, catalogue


def explain(deadline: Deadline, lang: Lang) -> tuple[str, ...]:
    """The derivation as the law counts: receipt, month, pauses, extension, last day, and our working date."""
    teller = _Teller(lang)
    if deadline.clock == "not_started":
        return (teller.say("not_started", received=deadline.received_day),)
    return (
        *_start(deadline, teller),
        *_pauses(deadline, teller),
        *_extensions(deadline, teller),
        *_end(deadline, teller),
        *_working_date(deadline, teller),
    )


class _Teller:
    """One language's sentences, with dates and day counts written out."""

    def __init__(self, lang: Lang) -> None:
        self.lang = lang
        self._sentences = catalogue(f"deadlines.{lang}.toml")

    def say(self, key: str, **values: date | int | str) -> str:
        return str(self._sentences[key]).format(**{name: self._word(value) for name, value in values.items()})

    def what(self, day: date) -> str:
        """«en lørdag», or the name of the holiday, «1. påskedag»."""
        return say_holiday(day, self.lang) or self.say("weekday", weekday=say_weekday(day, self.lang))

    def _word(self, value: date | int | str) -> str:
        if isinstance(value, date):
            return say_date(value, self.lang)
        return say_days(value, self.lang) if isinstance(value, int) else value


def _start(deadline: Deadline, teller: _Teller) -> Iterator[str]:
    received, end = deadline.received_day, deadline.month_end
    if is_working_day(received):
        yield teller.say("received", received=received)
    else:
        yield teller.say("received_on_day_off", received=received, what=teller.what(received))
    if end.day == received.day:
        yield teller.say("month", end=end)
    else:
        month = say_month(end, teller.lang)
        yield teller.say("month_clamped", month=month, number=str(received.day), end=end)


def _pauses(deadline: Deadline, teller: _Teller) -> Iterator[str]:
    counting = [pause for pause in deadline.pauses if pause.days]
    for pause in deadline.pauses:
        yield _pause(deadline, pause, teller)
    if deadline.paused_days < sum(pause.days for pause in counting):
        yield teller.say("pauses_overlap", days=deadline.paused_days)
    if deadline.paused_days and not deadline.extended and deadline.unrolled_date:
        yield teller.say("paused_end", days=deadline.paused_days, end=deadline.unrolled_date)


def _pause(deadline: Deadline, pause: Pause, teller: _Teller) -> str:
    question, asked = pause.question.value, pause.asked
    if pause.refused:
        after = (asked - deadline.received_day).days
        return teller.say(f"{question}_{pause.refused.value}", asked=asked, after=after)
    if pause.answered is None:
        return teller.say(f"{question}_open", asked=asked)
    if pause.days == 0:
        return teller.say(f"{question}_same_day", asked=asked)
    return teller.say(f"{question}_granted", asked=asked, answered=pause.answered, days=pause.days)


def _extensions(deadline: Deadline, teller: _Teller) -> Iterator[str]:
    for notice in deadline.extensions:
        yield _extension(deadline, notice, teller)
    if deadline.extended:
        if deadline.limit.day != deadline.received_day.day:
            month, number = say_month(deadline.limit, teller.lang), str(deadline.received_day.day)
            yield teller.say("limit_clamped", month=month, number=number, end=deadline.limit)
        if deadline.paused_days and deadline.unrolled_date:
            yield teller.say("paused_end", days=deadline.paused_days, end=deadline.unrolled_date)


def _extension(deadline: Deadline, notice: Extension, teller: _Teller) -> str:
    last = deadline.first_month_due
    if notice.outcome is Notice.ACCEPTED and last is None:
        return teller.say("extension_while_waiting", sent=notice.sent, end=deadline.limit)
    return teller.say(
        f"extension_{notice.outcome.value}",
        sent=notice.sent,
        last=last or deadline.month_end,
        end=deadline.limit,
    )


def _end(deadline: Deadline, teller: _Teller) -> Iterator[str]:
    last, due = deadline.unrolled_date, deadline.due_date
    if last is None or due is None:
        yield teller.say("no_end")
        return
    if due == last:
        yield teller.say("not_rolled", due=due, what=teller.what(due))
    else:
        weekday = say_weekday(due, teller.lang)
        yield teller.say("rolled", last=last, what=teller.what(last), due=due, weekday=weekday)
        between = [last + timedelta(days=n) for n in range(1, (due - last).days)]
        if between:
            days = [teller.say("day_off", day=day, what=teller.what(day)) for day in between]
            yield teller.say("rolled_past", days=say_list(days, teller.lang))
    yield teller.say("due", due=due)


def _working_date(deadline: Deadline, teller: _Teller) -> Iterator[str]:
    working, plain = deadline.conservative_date, deadline.plain
    if working is None:
        return
    if deadline.plain_from != deadline.received_day:
        yield teller.say("processor", first=deadline.plain_from)
    if deadline.extended and deadline.plain_months == 1:
        yield teller.say("extension_disputed")
    if working == plain:
        yield teller.say("working_date", working=working)
    else:
        yield teller.say("working_date_back", working=working, plain=plain, what=teller.what(plain))
    if deadline.clock == "suspended":
        yield teller.say("chase", working=working)
