"""What is due now, read off the rows: cases to plan, steps to try, cases to answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy import case as case_when
from sqlalchemy.ext.asyncio import AsyncSession

from fulfilment.adapter import Action
from fulfilment.plan import Plan
from fulfilment.records import PlanRecord, StepRecord, StepState
from fulfilment.results import Results
from fulfilment.sealed import open_done, open_plan
from fulfilment.tools import MANY, backoff
from intake.case import Act, State
from intake.records import Case, LogEntry
from intake.vault import Vault

AT_ONCE: Final = 200
_TRIABLE: Final = (StepState.READY, StepState.DONE, StepState.BLOCKED)


@dataclass(frozen=True, slots=True)
class Work:
    """Ids of what may be started. `attempts` has id -> a number that is another one for each new attempt."""

    plans: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()
    settles: tuple[str, ...] = ()
    attempts: Mapping[str, int] = field(default_factory=dict)


async def due_work(session: AsyncSession, now: datetime, at_once: int = AT_ONCE) -> Work:
    """What the sweep should start, at most `at_once` of each kind, the longest waiting first."""
    attempts: dict[str, int] = {}
    plans = [case for case in await _planning(session, at_once) if await _may_plan(session, case, now)]
    attempts |= {case.id: case.log_length for case in plans}
    steps = (
        await session.execute(
            select(StepRecord.id, StepRecord.attempts)
            .join(PlanRecord, PlanRecord.id == StepRecord.plan_id)
            .join(Case, Case.id == StepRecord.case_id)
            .where(_triable(), StepRecord.state.in_(_TRIABLE), StepRecord.not_before <= now)
            .order_by(StepRecord.not_before, StepRecord.position)
            .limit(at_once)
        )
    ).all()
    attempts.update((id, count) for id, count in steps)
    settles = (
        await session.execute(
            # the case's log counts too: one that moved while it was being ended is ended by another attempt
            select(StepRecord.case_id, func.sum(StepRecord.attempts) + func.max(Case.log_length))
            .join(PlanRecord, PlanRecord.id == StepRecord.plan_id)
            .join(Case, Case.id == StepRecord.case_id)
            .where(_current())
            .group_by(StepRecord.case_id)
            .having(
                func.sum(case_when((StepRecord.state != StepState.VERIFIED.value, 1), else_=0)) == 0,
                func.max(StepRecord.not_before) <= now,
            )
            .limit(at_once)
        )
    ).all()
    attempts |= {id: int(count) for id, count in settles}
    return Work(
        plans=tuple(case.id for case in plans),
        steps=tuple(id for id, _ in steps),
        settles=tuple(id for id, _ in settles),
        attempts=attempts,
    )


async def current_plan(session: AsyncSession, case_id: str) -> PlanRecord | None:
    """The plan that holds, if one was made."""
    return await session.scalar(
        select(PlanRecord).where(PlanRecord.case_id == case_id, PlanRecord.superseded_at.is_(None))
    )


async def steps_of(session: AsyncSession, plan: PlanRecord) -> list[StepRecord]:
    """A plan's steps in order."""
    rows = await session.scalars(
        select(StepRecord).where(StepRecord.plan_id == plan.id).order_by(StepRecord.position)
    )
    return list(rows)


async def results_of(session: AsyncSession, vault: Vault, case_id: str) -> tuple[Plan, Results] | None:
    """The plan that holds and what each of its steps came to so far; None before planning. Raises KeyGone."""
    row = await current_plan(session, case_id)
    if row is None:
        return None
    plan = open_plan(vault, row)
    steps = {step.position: open_done(vault, step) for step in await steps_of(session, row)}
    done = [(part, steps.get(position)) for position, part in enumerate(plan.steps)]
    return plan, tuple((part, one) for part, one in done if one is not None)


def _current() -> ColumnElement[bool]:
    return and_(PlanRecord.superseded_at.is_(None), Case.state == State.FULFILLING.value)


def _triable() -> ColumnElement[bool]:
    """Steps of a plan that is carried out; those that only pass on, already while it waits for a decision."""
    undecided = and_(
        PlanRecord.superseded_at.is_(None),
        Case.state == State.AWAITING_DECISION.value,
        StepRecord.action == Action.FORWARD.value,
    )
    return or_(_current(), undecided)


async def _planning(session: AsyncSession, at_once: int) -> list[Case]:
    """The cases to plan: those whose search has not failed first, so that a company whose system is down holds
    up nobody else's; then the one tried longest ago."""
    failed = LogEntry.act == Act.STEP_FAILED.value
    waiting = (
        select(Case)
        .join(LogEntry, and_(LogEntry.case_id == Case.id, LogEntry.seq == Case.log_length))
        .where(Case.state == State.PLANNING.value)
        .order_by(failed, case_when((failed, LogEntry.at), else_=Case.received_at))
    )
    return list(await session.scalars(waiting.limit(at_once)))


async def _may_plan(session: AsyncSession, case: Case, now: datetime) -> bool:
    """Whether a failed search has waited long enough; each failure is an entry at the end of the log."""
    tail = await session.scalars(
        select(LogEntry).where(LogEntry.case_id == case.id).order_by(LogEntry.seq.desc()).limit(MANY)
    )
    failed: list[LogEntry] = []
    for entry in tail:
        if entry.act != Act.STEP_FAILED.value:
            break
        failed.append(entry)
    return not failed or failed[0].at + backoff(len(failed)) <= now
