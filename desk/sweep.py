"""Finds what is due in our rows, and does one attempt of it; knows no engine of durable work."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from desk import sorting
from desk.filing import let_mail_go
from desk.leaving import CAPPED, Leave, came_back, may_leave, sent_before
from desk.log import log
from desk.mail import AUTOMATIC, Deferred, Refused, compose
from desk.reviews import forget_old
from desk.threads import mailbox_of, thread_of
from desk.wiring import Desk
from fulfilment import progress
from fulfilment.adapter import Misconfigured, TryLater
from fulfilment.package import wipe_expired
from fulfilment.records import StepRecord
from fulfilment.tools import backoff
from intake.case import Act
from intake.email.records import IncomingMail, MailState
from intake.letters import FAILED, KEPT, open_letter
from intake.log import DESK, record
from intake.records import Case, Letter

AT_MOST = 50  # rows of a kind taken in one sweep


@dataclass(frozen=True, slots=True)
class Start:
    """One due attempt of one row."""

    kind: str
    row: str
    attempt: int

    @property
    def workflow_id(self) -> str:
        """The name under which starting it twice is a no-op."""
        return f"{self.kind}:{self.row}:{self.attempt}"


async def due(desk: Desk) -> list[Start]:
    """Every attempt that is due, letters first: a code is waited for at the screen."""
    now = desk.clock()
    async with desk.unit_of_work() as session:
        letters = await session.execute(
            select(Letter.id, Letter.attempts)
            .where(Letter.state == "queued", Letter.not_before <= now)
            .order_by(Letter.written_at)
            .limit(AT_MOST)
        )
        starts = [Start("letter", row, attempts) for row, attempts in letters]
        mails = await session.execute(
            select(IncomingMail.id, IncomingMail.attempts)
            .where(IncomingMail.state == MailState.KEPT, IncomingMail.not_before <= now)
            .order_by(IncomingMail.received_at)
            .limit(AT_MOST)
        )
        starts += [Start("mail", row, attempts) for row, attempts in mails]
        let_go = await let_mail_go(session, now, desk.settings.raw_mail_days)
        work = await progress.due_work(session, now)
        wiped = await wipe_expired(session, now)
        forgotten = await forget_old(session, now, desk.settings.questions_days)
    if let_go:
        log.info("raw mail deleted", count=let_go)
    if forgotten:
        log.info("feedback deleted", count=forgotten)
    if wiped:
        log.info("packages wiped", count=wiped)
    for kind, rows in (("plan", work.plans), ("step", work.steps), ("settle", work.settles)):
        starts += [Start(kind, row, work.attempts[row]) for row in rows]
    return starts


async def send_letter(desk: Desk, letter_id: str) -> None:
    """One attempt to mail one letter. It may arrive twice after a crash, with the same Message-ID."""
    now = desk.clock()
    async with desk.unit_of_work() as session:
        letter = await session.get_one(Letter, letter_id, with_for_update=True)
        if letter.state != "queued" or not await _leaves(desk, session, letter, now):
            return
        operator = desk.operators[letter.operator]
        thread = await thread_of(session, desk, letter)
        mail = compose(letter, open_letter(desk.vault, letter), operator, desk.mailer.sender, thread=thread)
        name, attempt = letter.name, letter.attempts
    # what answers a message by itself asks for no bounce; that a case's letter did not arrive must be known
    bounce_to = "" if name in AUTOMATIC else mailbox_of(desk, operator.id)
    try:
        await desk.mailer.send(mail, operator=operator.id, bounce_to=bounce_to)
    except Refused as fault:
        log.warning("letter refused", letter=letter_id, name=name, why=str(fault))
        await _not_sent(desk, letter_id, attempt, str(fault), None)
    except Deferred as fault:
        log.warning("letter put off", letter=letter_id, name=name, why=fault.why)
        await _not_sent(desk, letter_id, attempt, fault.why, backoff(attempt + 1, fault.wait), deferred=True)
    except TryLater as fault:
        log.warning("letter put off", letter=letter_id, name=name, why=fault.why)
        await _not_sent(desk, letter_id, attempt, fault.why, backoff(attempt + 1))
    except Misconfigured as fault:
        log.error("letters cannot leave", letter=letter_id, name=name, why=fault.why)
        await _not_sent(desk, letter_id, attempt, fault.why, backoff(attempt + 1))
    else:
        await _sent(desk, letter_id)


async def _leaves(desk: Desk, session: AsyncSession, letter: Letter, now: datetime) -> bool:
    """Whether it leaves now; else it is put off or kept, and the row says why. No attempt is counted."""
    if await came_back(session, letter):
        await _fail(desk, session, letter, "an earlier letter came back", now)
        return False
    sent = await sent_before(session, letter, now=now)
    leave, at = may_leave(letter.name, sent, a_day=desk.mailer.settings.a_day)
    if leave is Leave.NOW:
        return True
    letter.attempts += 1
    if at is None:
        letter.state, letter.fault = KEPT, "acknowledged before"
    else:
        letter.not_before, letter.fault = at, CAPPED
    log.warning("letter held back", letter=letter.id, name=letter.name, why=letter.fault)
    return False


async def _sent(desk: Desk, letter_id: str) -> None:
    now = desk.clock()
    async with desk.unit_of_work() as session:
        letter = await session.get_one(Letter, letter_id, with_for_update=True)
        if letter.state != "queued":
            return
        letter.state, letter.sent_at, letter.fault = "sent", now, None
        if letter.case_id is not None:
            case = await session.get_one(Case, letter.case_id, with_for_update=True)
            detail = {"letter": letter.id, "name": letter.name}
            await record(session, desk.vault, case, Act.LETTER_SENT, now=now, actor=DESK, detail=detail)


async def _not_sent(
    desk: Desk, letter_id: str, attempt: int, why: str, wait: timedelta | None, *, deferred: bool = False
) -> None:
    """Try again after `wait`. None means the address does not work, which the officer sees in the queue; so does
    what the address' own server has put off for as many days as we are patient (RFC 5321 4.5.4.1).

    What is ours to mend, or our own server's, never makes a letter fail: it waits until that is done.
    """
    now = desk.clock()
    async with desk.unit_of_work() as session:
        letter = await session.get_one(Letter, letter_id, with_for_update=True)
        if letter.attempts != attempt or letter.state != "queued":
            return
        letter.attempts += 1
        letter.fault = why[:120]
        if deferred:
            letter.deferred_at = letter.deferred_at or now
            if now - letter.deferred_at >= timedelta(days=desk.mailer.settings.patience_days):
                log.error("letter given up", letter=letter_id, name=letter.name, why=why)
                wait = None
        if wait is not None:
            letter.not_before = now + wait
            return
        await _fail(desk, session, letter, letter.fault, now)


async def _fail(desk: Desk, session: AsyncSession, letter: Letter, why: str, now: datetime) -> None:
    """The letter is not sent again by itself: an officer sees it in the queue."""
    letter.state, letter.fault = FAILED, why
    if letter.case_id is not None:
        case = await session.get_one(Case, letter.case_id, with_for_update=True)
        detail = {"letter": letter.id, "name": letter.name}
        await record(session, desk.vault, case, Act.LETTER_REFUSED, now=now, actor=DESK, detail=detail)


async def mail(desk: Desk, mail_id: str) -> None:
    """One attempt to sort one mail that came in."""
    await sorting.sort_mail(desk, desk.postroom, mail_id)


async def plan(desk: Desk, case_id: str) -> None:
    """One attempt to plan a case."""
    await progress.plan_case(desk.tools, case_id)


async def step(desk: Desk, step_id: str) -> None:
    """One attempt of one step."""
    await progress.do_step(desk.tools, step_id)


async def settle(desk: Desk, case_id: str) -> None:
    """Answer a case whose steps are all read back."""
    await progress.settle_case(desk.tools, case_id)


async def failed(desk: Desk, kind: str, row: str, why: str) -> None:
    """Record an attempt that broke by a fault of our own, so that another one is due later and an officer sees it."""
    now = desk.clock()
    async with desk.unit_of_work() as session:
        match kind:
            case "letter":
                letter = await session.get_one(Letter, row, with_for_update=True)
                letter.attempts += 1
                letter.not_before = now + backoff(letter.attempts)
            case "mail":
                await sorting.failed(session, row, why, now)
            case "step":
                await _step_failed(session, row, why, now)
            case _:
                case = await session.get_one(Case, row, with_for_update=True)
                detail = {"fault": f"internal:{why}"}
                await record(session, desk.vault, case, Act.STEP_FAILED, now=now, actor=DESK, detail=detail)
                if kind == "settle":
                    steps = await session.scalars(select(StepRecord.id).where(StepRecord.case_id == row))
                    for step_id in steps.all():
                        await _step_failed(session, step_id, why, now)


async def _step_failed(session: AsyncSession, step_id: str, why: str, now: datetime) -> None:
    step = await session.get_one(StepRecord, step_id, with_for_update=True)
    step.attempts += 1
    step.fault = f"internal:{why}"[:200]
    step.not_before = now + backoff(step.attempts)
