"""Deadlines: vectors of our own that always run, and properties that hold for any request."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from law.calendar import is_working_day
from law.deadlines import (
    ClockEvent,
    ClockEventType,
    Deadline,
    days_left,
    due,
    overdue,
    promise_due,
    retain_until,
)
from law.due_line import due_line

ASK, CONFIRM = "identity_requested", "identity_confirmed"
CLARIFY, CLEAR, EXTEND = "clarification_requested", "clarification_received", "extended"


def at(text: str) -> datetime:
    """A time on the Oslo clock in summer, "2029-06-04 09:00"."""
    return datetime.fromisoformat(f"{text}+02:00")


def counted(received: str, *events: tuple[str, str], unqualified: bool = False) -> Deadline:
    """The deadline of a request received in an Oslo summer."""
    happened = [ClockEvent(at(when), ClockEventType(kind), not unqualified) for when, kind in events]
    return due(at(received), happened)


@pytest.mark.parametrize(
    ("received", "due_date", "working"),
    [
        pytest.param("2029-06-12T09:00:00+02:00", "2029-07-12", "2029-07-12", id="a plain month"),
        pytest.param("2029-01-10T09:00:00+01:00", "2029-02-12", "2029-02-09", id="ends on a Saturday"),
        pytest.param("2029-01-31T09:00:00+01:00", "2029-02-28", "2029-02-28", id="no 31 February"),
        pytest.param("2032-01-31T09:00:00+01:00", "2032-03-01", "2032-02-27", id="29 February, a Sunday"),
        pytest.param("2029-03-01T09:00:00+01:00", "2029-04-03", "2029-03-28", id="Easter Sunday"),
        pytest.param("2029-04-17T09:00:00+02:00", "2029-05-18", "2029-05-16", id="17 May"),
        pytest.param("2029-11-24T09:00:00+01:00", "2029-12-24", "2029-12-24", id="24 December is worked"),
        pytest.param("2029-06-30T22:05:00+00:00", "2029-08-01", "2029-08-01", id="1 July in Oslo already"),
        pytest.param("2029-06-03T23:59:00+02:00", "2029-07-03", "2029-07-03", id="a Sunday night counts"),
    ],
)
def test_one_month_from_receipt(received: str, due_date: str, working: str) -> None:
    """Art. 12(3) by Reg. 1182/71: same date next month, clamped, passed over days off; ours before them."""
    found = due(datetime.fromisoformat(received))
    assert found.due_date == date.fromisoformat(due_date)
    assert found.conservative_date == date.fromisoformat(working)


def test_the_period_ends_with_the_last_second_of_the_day() -> None:
    """The offset is the one that holds on the due date, not the one of the receipt."""
    assert due_line({"id": 1, "received": "2029-03-05T09:00:00+01:00"})["due_instant"] == (
        "2029-04-05T23:59:59+02:00"
    )


def test_a_question_about_identity_pauses_the_clock() -> None:
    """Six days from question to answer are added to the end, and not to the date we work to."""
    found = counted("2029-06-04 09:00", ("2029-06-05 09:00", ASK), ("2029-06-11 09:00", CONFIRM))
    assert (found.paused_days, found.due_date) == (6, date(2029, 7, 10))
    assert found.conservative_date == date(2029, 7, 4)


@pytest.mark.parametrize(("asked", "paused"), [(7, 2), (8, 0)])
def test_only_a_prompt_question_pauses(asked: int, paused: int) -> None:
    """EDPB para. 159 «without undue delay»: our seventh day still is, the eighth is not."""
    received = at("2029-06-04 09:00")
    question = ClockEvent(received + timedelta(days=asked), ClockEventType.IDENTITY_REQUESTED)
    answer = ClockEvent(received + timedelta(days=asked + 2), ClockEventType.IDENTITY_CONFIRMED)
    assert due(received, [question, answer]).paused_days == paused


def test_a_pause_is_counted_in_oslo_days() -> None:
    """An answer at 22:30 UTC is given the next day in Oslo, which makes seven days and not six."""
    answer = ClockEvent(datetime(2029, 6, 11, 22, 30, tzinfo=UTC), ClockEventType.IDENTITY_CONFIRMED)
    question = ClockEvent(at("2029-06-05 09:00"), ClockEventType.IDENTITY_REQUESTED)
    assert due(at("2029-06-04 09:00"), [question, answer]).paused_days == 7


def test_a_pause_begins_with_the_period_at_the_earliest() -> None:
    """A processor asked a week before the controller had the request: only the days since then count."""
    found = counted("2029-06-12 09:00", ("2029-06-05 09:00", ASK), ("2029-06-14 09:00", CONFIRM))
    assert found.paused_days == 2


def test_a_question_without_ground_pauses_nothing() -> None:
    """Art. 12(6): no reasonable doubt recorded, no pause."""
    events = (("2029-06-05 09:00", ASK), ("2029-06-11 09:00", CONFIRM))
    assert counted("2029-06-04 09:00", *events, unqualified=True).due_date == date(2029, 7, 4)


def test_a_ground_found_after_a_groundless_question_still_counts() -> None:
    """A question without ground neither pauses nor blocks the lawful one two days later."""
    found = due(
        at("2029-06-04 09:00"),
        [
            ClockEvent(at("2029-06-05 09:00"), ClockEventType.IDENTITY_REQUESTED, qualifies=False),
            ClockEvent(at("2029-06-07 09:00"), ClockEventType.IDENTITY_REQUESTED),
            ClockEvent(at("2029-06-08 09:00"), ClockEventType.IDENTITY_CONFIRMED),
        ],
    )
    assert found.paused_days == 1


def test_overlapping_pauses_count_once() -> None:
    """5 to 13 June is eight days, though the two questions were open for six and for four."""
    found = counted(
        "2029-06-04 09:00",
        ("2029-06-05 09:00", ASK),
        ("2029-06-09 09:00", CLARIFY),
        ("2029-06-11 09:00", CONFIRM),
        ("2029-06-13 09:00", CLEAR),
    )
    assert (found.paused_days, found.unrolled_date) == (8, date(2029, 7, 12))


def test_an_unanswered_question_leaves_no_due_date() -> None:
    """The clock is suspended, yet the date we work to does not move."""
    found = counted("2029-06-04 09:00", ("2029-06-05 09:00", ASK))
    assert (found.clock, found.due_date, found.due_instant, found.unrolled_date) == (
        "suspended",
        None,
        None,
        None,
    )
    assert found.conservative_date == date(2029, 7, 4)


def test_a_notice_on_the_last_evening_gives_three_months_in_all() -> None:
    """Art. 12(3): two further months, counted from receipt and not from the first month's end."""
    found = counted("2029-06-04 09:00", ("2029-07-04 23:59", EXTEND))
    assert (found.extended, found.extension, found.due_date) == (True, None, date(2029, 9, 4))


def test_a_notice_one_day_late_is_refused() -> None:
    """The request is then overdue from that very day."""
    found = counted("2029-06-04 09:00", ("2029-07-05 00:01", EXTEND))
    assert (found.extended, found.extension, found.due_date) == (False, "rejected", date(2029, 7, 4))
    assert overdue(found, at("2029-07-05 00:01"))
    assert not overdue(found, at("2029-07-04 23:59"))


def test_a_second_extension_is_refused() -> None:
    """The first one stands, the second changes no date."""
    once = counted("2029-06-04 09:00", ("2029-06-20 09:00", EXTEND))
    twice = counted("2029-06-04 09:00", ("2029-06-20 09:00", EXTEND), ("2029-06-25 09:00", EXTEND))
    assert (twice.extended, twice.extension, twice.due_date) == (True, "rejected", once.due_date)


def test_an_extension_needs_reasons() -> None:
    """A notice without lawful reasons is refused, and a later one with reasons is still the first."""
    bare = ClockEvent(at("2029-06-20 09:00"), ClockEventType.EXTENDED, qualifies=False)
    reasoned = ClockEvent(at("2029-06-25 09:00"), ClockEventType.EXTENDED)
    assert not due(at("2029-06-04 09:00"), [bare]).extended
    assert due(at("2029-06-04 09:00"), [bare, reasoned]).due_date == date(2029, 9, 4)


def test_a_notice_that_only_a_pause_saved_does_not_move_our_own_date() -> None:
    """Sent after the plain month but within the paused one: valid, and still disputed."""
    pause = (("2029-06-05 09:00", ASK), ("2029-06-11 09:00", CONFIRM))
    found = counted("2029-06-04 09:00", *pause, ("2029-07-09 09:00", EXTEND))
    assert (found.extended, found.due_date) == (True, date(2029, 9, 10))
    assert found.conservative_date == date(2029, 7, 4)


def test_no_clock_runs_for_a_message_to_nobodys_channel() -> None:
    """EDPB example 9; whatever is recorded in the meantime counts for nothing."""
    events = [ClockEvent(at("2029-06-05 09:00"), ClockEventType.EXTENDED)]
    found = due(at("2029-06-04 09:00"), events, official_channel=False)
    assert (found.clock, found.due_date, found.conservative_date) == ("not_started", None, None)
    assert not found.extended
    assert not overdue(found, at("2031-01-01 09:00"))


def test_our_date_counts_from_the_processor_the_laws_from_the_controller() -> None:
    """Art. 28(3)(e): the week a processor kept the request is not the person's loss."""
    found = due(at("2029-06-12 09:00"), processor_received=at("2029-06-05 09:00"))
    assert (found.due_date, found.conservative_date) == (date(2029, 7, 12), date(2029, 7, 5))


def test_a_processor_cannot_have_had_it_after_the_controller() -> None:
    """Then one of the two times is wrong, and no date may rest on it."""
    with pytest.raises(ValueError, match="processor_received"):
        due(at("2029-06-05 09:00"), processor_received=at("2029-06-12 09:00"))


@pytest.mark.parametrize(
    ("received", "event"),
    [
        pytest.param(datetime(2029, 6, 4, 9), at("2029-06-05 09:00"), id="received"),
        pytest.param(at("2029-06-04 09:00"), datetime(2029, 6, 5, 9), id="event"),
    ],
)
def test_a_time_without_zone_is_no_time(received: datetime, event: datetime) -> None:
    """An Oslo day cannot be told from it."""
    with pytest.raises(ValueError, match="zone"):
        due(received, [ClockEvent(event, ClockEventType.EXTENDED)])


def test_days_left_count_to_the_due_date_and_past_it() -> None:
    """Zero on the day, negative after, to the date we work to while suspended."""
    plain = counted("2029-06-04 09:00")
    assert [days_left(plain, date(2029, 7, day)) for day in (1, 4, 6)] == [3, 0, -2]
    waiting = counted("2029-06-04 09:00", ("2029-06-05 09:00", ASK))
    assert days_left(waiting, date(2029, 7, 1)) == 3


def test_half_a_year_after_a_june_year_end_is_the_end_of_december() -> None:
    """Three years and six months after 30 June end with December, not on the thirtieth."""
    assert retain_until(date(2026, 5, 1), "secondary", "06-30") == date(2029, 12, 31)


def test_a_leap_day_year_end_exists_every_year() -> None:
    """An accounting year that ends with February ends on the 28th where there is no 29th."""
    assert retain_until(date(2027, 1, 5), "primary", "02-29") == date(2032, 2, 29)


@pytest.mark.parametrize("wrong", ["13-01", "31-12", "december", ""])
def test_a_year_end_that_is_no_day_is_refused(wrong: str) -> None:
    """The operator's profile is wrong then, and no erase date may be made from it."""
    with pytest.raises(ValueError, match="MM-DD"):
        retain_until(date(2026, 5, 1), "primary", wrong)


def test_a_promise_is_not_moved_for_a_weekend() -> None:
    """14 days from Saturday 2 June end on Saturday 16 June."""
    assert promise_due(date(2029, 6, 2), days=14) == date(2029, 6, 16)


instants = st.datetimes(datetime(2018, 7, 20), datetime(2045, 12, 31), timezones=st.just(UTC))
kinds = st.sampled_from(ClockEventType)
offsets = st.integers(0, 60 * 24 * 60).map(lambda minutes: timedelta(minutes=minutes))
happenings = st.lists(st.tuples(offsets, kinds, st.booleans()), max_size=8)


def happened(received: datetime, drawn: list[tuple[timedelta, ClockEventType, bool]]) -> list[ClockEvent]:
    """Events at drawn distances after the receipt."""
    return [ClockEvent(received + offset, kind, qualifies) for offset, kind, qualifies in drawn]


@given(instants, happenings)
@settings(deadline=None)
def test_the_dates_keep_their_order(
    received: datetime, drawn: list[tuple[timedelta, ClockEventType, bool]]
) -> None:
    """Due dates are working days on or after their unrolled date; our own date is never after the law's."""
    found = due(received, happened(received, drawn))
    assert found.conservative_date is not None
    assert is_working_day(found.conservative_date)
    if found.due_date is None or found.unrolled_date is None:
        assert found.clock == "suspended"
        return
    assert is_working_day(found.due_date)
    assert found.received_day < found.conservative_date <= found.due_date
    assert timedelta(0) <= found.due_date - found.unrolled_date <= timedelta(days=5)


@given(instants, happenings)
@settings(deadline=None)
def test_the_order_in_which_events_are_told_does_not_matter(
    received: datetime, drawn: list[tuple[timedelta, ClockEventType, bool]]
) -> None:
    """Only when they happened counts (times kept apart, so that their order is a fact)."""
    apart = list({offset: (offset, kind, qualifies) for offset, kind, qualifies in drawn}.values())
    events = happened(received, apart)
    assert due(received, events) == due(received, events[::-1])


@given(instants, happenings)
@settings(deadline=None)
def test_paused_days_are_days_someone_was_waited_for(
    received: datetime, drawn: list[tuple[timedelta, ClockEventType, bool]]
) -> None:
    """Never negative, never more than the time until the last event, none without a ground."""
    events = happened(received, drawn)
    found = due(received, events)
    span = max((event.at for event in events), default=received) - received
    assert 0 <= found.paused_days <= span.days + 1
    if not any(event.qualifies for event in events):
        assert found.paused_days == 0
        assert not found.extended
        assert found.clock is None


@given(st.lists(instants, min_size=2, max_size=20))
@settings(deadline=None)
def test_who_asks_later_is_never_due_earlier(received: list[datetime]) -> None:
    """Plain months keep the order of receipt."""
    dates = [due(moment).due_date for moment in sorted(received)]
    assert all(first <= second for first, second in pairwise(dates) if first and second)
