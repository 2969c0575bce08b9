"""The queue: every case an officer may see and still has to do with, the one due first on top."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from fulfilment.records import StepRecord
from intake.case import ENDS, Act, State
from intake.letters import undelivered
from intake.log import clock_events
from intake.records import Case, LogEntry
from law.deadlines import ClockEvent, Deadline, days_left, due, oslo_day
from law.rights import Right, RightCard, card

PAGE = 50
SOON = 3  # days
UNPROVEN = frozenset({State.RECEIVED, State.IDENTIFYING})
BY_HAND = ("manual", "blocked")
URGENT_SHARE = 0.25  # the rest of the period below which a case turns red

Tone = str


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the officer filters by. `state` is "open", "closed" or one state; empty text means no filter."""

    operator: str = ""
    right: str = ""
    state: str = "open"
    q: str = ""
    unverified: bool = False
    page: int = 1


@dataclass(frozen=True, slots=True)
class Row:
    """One case as the queue shows it; `left` is in days, negative when over.

    `needs_hand`: a step waits for an officer. `waits_for_us`: it is not proven who asks, but the next move is
    an officer's: somebody writes for another, nothing was found, or the person asked for a human.
    `undelivered`: a letter was refused for good, so that even an ended case is not over.
    """

    id: str
    reference: str
    operator: str
    card: RightCard
    channel: str
    state: State
    received_at: datetime
    deadline: Deadline
    left: int
    tone: Tone
    needs_hand: bool = False
    waits_for_us: bool = False
    undelivered: bool = False

    @property
    def open(self) -> bool:
        """The case is not ended."""
        return self.state not in ENDS

    @property
    def current(self) -> bool:
        """There is still something to do about it."""
        return self.open or self.undelivered

    @property
    def verified(self) -> bool:
        """The person has shown who they are, as far as this right needs it."""
        return self.state not in UNPROVEN

    @property
    def state_tone(self) -> Tone:
        """The colour of the state's tag."""
        return state_tone(self.state)


@dataclass(frozen=True, slots=True)
class Queue:
    """One page of the queue, and what the rest of it holds."""

    rows: tuple[Row, ...]
    total: int
    pages: int
    over: int
    soon: int
    hidden: int
    hidden_urgent: int


async def load(session: AsyncSession, serves: Collection[str], wanted: Wanted, now: datetime) -> Queue:
    """The page of the queue that was asked for, of the companies the officer serves.

    The deadlines of all fitting cases are computed (six statements whatever their number), since the due
    date is stored nowhere.
    """
    fits = _fits(serves, wanted)
    events = await _clock_events(session, fits)
    ours = await _waiting_for_us(session, fits)
    unread = set(await session.scalars(undelivered()))
    cards = {right.value: card(right) for right in Right}
    today = oslo_day(now)
    # the dates hang on days alone, so cases of one day with the same events share them
    known: dict[tuple[date, tuple[tuple[date, str], ...]], tuple[Deadline, int, Tone]] = {}
    rows: list[Row] = []
    columns = (
        Case.id, Case.reference, Case.operator, Case.right, Case.channel, Case.state, Case.received_at,
        Case.on_behalf,
    )  # fmt: skip
    for id, reference, operator, right, channel, state, received_at, on_behalf in await session.execute(
        select(*columns).where(*fits)
    ):
        happened = events.get(id, ())
        key = (oslo_day(received_at), tuple((oslo_day(one.at), one.type.value) for one in happened))
        if key not in known:
            deadline = due(received_at, happened)
            known[key] = deadline, days_left(deadline, today), tone(deadline, today)
        deadline, left, colour = known[key]
        rows.append(
            Row(
                id=id,
                reference=reference,
                operator=operator,
                card=cards[right],
                channel=channel,
                state=State(state),
                received_at=received_at,
                deadline=deadline,
                left=left,
                tone=colour,
                waits_for_us=on_behalf or id in ours,
                undelivered=id in unread,
            )
        )
    queue = arrange(rows, wanted)
    return await _with_hands(session, queue)


def arrange(rows: Sequence[Row], wanted: Wanted) -> Queue:
    """Sort, hide what waits for proof of identity unless asked for, count, and cut the page out."""
    hide = wanted.state == "open" and not wanted.unverified and not wanted.q
    shown = [row for row in rows if not hide or not _unproven(row)]
    hidden = [row for row in rows if hide and _unproven(row)]
    shown.sort(key=_order)
    pages = max(1, -(-len(shown) // PAGE))
    start = (min(wanted.page, pages) - 1) * PAGE
    return Queue(
        rows=tuple(shown[start : start + PAGE]),
        total=len(shown),
        pages=pages,
        over=sum(row.current and row.left < 0 for row in shown),
        soon=sum(row.current and 0 <= row.left <= SOON for row in shown),
        hidden=len(hidden),
        hidden_urgent=sum(row.tone == "danger" for row in hidden),
    )


def tone(deadline: Deadline, today: date) -> Tone:
    """Red when over, or when less than a quarter of the period is left; else neutral."""
    end = deadline.due_date or deadline.conservative_date or deadline.month_end
    period = max(1, (end - deadline.received_day).days)
    return "danger" if days_left(deadline, today) < period * URGENT_SHARE else "neutral"


def state_tone(state: State) -> Tone:
    """The colour of a state's tag."""
    if state in UNPROVEN:
        return "warning"
    if state in {State.ANSWERED, State.PARTLY}:
        return "success"
    return "neutral" if state in ENDS else "info"


def _unproven(row: Row) -> bool:
    return row.card.identity and not row.verified and not row.waits_for_us and not row.undelivered


def _order(row: Row) -> tuple[bool, int, datetime, str]:
    return (not row.current, row.left, row.received_at, row.reference)


def _fits(serves: Collection[str], wanted: Wanted) -> list[ColumnElement[bool]]:
    served = set(serves) & {wanted.operator} if wanted.operator else set(serves)
    fits: list[ColumnElement[bool]] = [Case.operator.in_(sorted(served))]
    ends = sorted(ENDS)
    if wanted.state == "closed":
        fits.append(Case.state.in_(ends))
    elif wanted.state == "open":
        fits.append(or_(Case.state.not_in(ends), Case.id.in_(undelivered())))
    else:
        fits.append(Case.state == wanted.state)
    if wanted.right:
        fits.append(Case.right == wanted.right)
    if wanted.q:
        fits.append(Case.reference.contains(wanted.q.strip().upper(), autoescape=True))
    return fits


async def _clock_events(
    session: AsyncSession, fits: Sequence[ColumnElement[bool]]
) -> dict[str, tuple[ClockEvent, ...]]:
    """What moved the clock of each case: extensions, and questions of identity that an officer put."""
    asked = select(LogEntry.case_id).where(
        LogEntry.act == Act.ASK_IDENTITY.value, LogEntry.actor.startswith("officer:")
    )
    questions = (Act.ASK_IDENTITY.value, Act.CONFIRM_IDENTITY.value)
    entries = await session.scalars(
        select(LogEntry)
        .join(Case, Case.id == LogEntry.case_id)
        .where(
            *fits,
            or_(
                LogEntry.act == Act.EXTEND.value,
                and_(LogEntry.act.in_(questions), LogEntry.case_id.in_(asked)),
            ),
        )
        .order_by(LogEntry.case_id, LogEntry.seq)
    )
    by_case: dict[str, list[LogEntry]] = defaultdict(list)
    for entry in entries:
        by_case[entry.case_id].append(entry)
    return {case_id: clock_events(log) for case_id, log in by_case.items()}


async def _waiting_for_us(session: AsyncSession, fits: Sequence[ColumnElement[bool]]) -> set[str]:
    """The unproven cases where nothing was found under what is proven, or the person asked for a human."""
    acts = (Act.NOTHING_FOUND.value, Act.HAND_OVER.value)
    return set(
        await session.scalars(
            select(LogEntry.case_id)
            .join(Case, Case.id == LogEntry.case_id)
            .where(*fits, LogEntry.act.in_(acts), Case.state.in_(sorted(UNPROVEN)))
        )
    )


async def _with_hands(session: AsyncSession, queue: Queue) -> Queue:
    """Mark the cases on the page where a step waits for an officer's hand."""
    ids = [row.id for row in queue.rows]
    waiting = set(
        await session.scalars(
            select(StepRecord.case_id).where(StepRecord.case_id.in_(ids), StepRecord.state.in_(BY_HAND))
        )
    )
    rows = (replace(row, needs_hand=row.id in waiting and row.open) for row in queue.rows)
    return replace(queue, rows=tuple(rows))
