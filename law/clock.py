"""The values of a deadline: what stops or prolongs the clock, and the dates that follow."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class ClockEventType(StrEnum):
    """What can happen to a running time limit."""

    IDENTITY_REQUESTED = "identity_requested"
    IDENTITY_CONFIRMED = "identity_confirmed"
    CLARIFICATION_REQUESTED = "clarification_requested"
    CLARIFICATION_RECEIVED = "clarification_received"
    EXTENDED = "extended"


@dataclass(frozen=True, slots=True)
class ClockEvent:
    """One event, at an aware time.

    `qualifies` false: the officer recorded no lawful ground (no reasonable doubt by Art. 12(6), not a large
    quantity of information by Recital 63, no reasons for an extension by Art. 12(3)); so nothing changes.
    """

    at: datetime
    type: ClockEventType
    qualifies: bool = True


class Question(StrEnum):
    """What we asked the person about."""

    IDENTITY = "identity"
    CLARIFICATION = "clarification"


class PauseRefusal(StrEnum):
    """Why a question did not stop the clock."""

    NO_GROUND = "no_ground"
    LATE = "late"
    EXPIRED = "expired"


class Notice(StrEnum):
    """What became of a notice of extension."""

    ACCEPTED = "accepted"
    LATE = "late"
    NO_REASONS = "no_reasons"
    SECOND = "second"
    EARLY = "early"


@dataclass(frozen=True, slots=True)
class Pause:
    """One question to the person, on Oslo days; `answered` None while open, `refused` None if it counts."""

    question: Question
    asked: date
    answered: date | None
    refused: PauseRefusal | None

    @property
    def days(self) -> int:
        """Whole days between question and answer; 0 while open or where it does not count."""
        return 0 if self.refused or self.answered is None else (self.answered - self.asked).days


@dataclass(frozen=True, slots=True)
class Extension:
    """One notice of extension, sent on an Oslo day."""

    sent: date
    outcome: Notice


@dataclass(frozen=True, slots=True)
class Deadline:
    """The dates of one request, with all that `explain` needs to derive them in words.

    `due_date` is the last lawful Oslo day and `due_instant` its last second; both None where no clock runs,
    and then `clock` says "not_started" or "suspended". `unrolled_date` is the end before weekends, holidays
    are passed. `conservative_date` is what the desk works to: no pauses, never rolled forward; None only
    while not started. `extension` is "rejected" where a notice had to be refused. `month_end` is one month
    after receipt, `first_month_due` the last day for a notice of extension (None while suspended), `limit`
    the end of the period before pauses, `plain` the conservative date before it is moved back: `plain_months`
    after `plain_from`.
    """

    received_day: date
    due_date: date | None
    due_instant: datetime | None
    unrolled_date: date | None
    conservative_date: date | None
    paused_days: int
    extended: bool
    clock: str | None
    extension: str | None
    month_end: date
    first_month_due: date | None
    limit: date
    plain: date
    plain_from: date
    plain_months: int
    pauses: tuple[Pause, ...] = ()
    extensions: tuple[Extension, ...] = ()
