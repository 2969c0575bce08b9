"""One attempt of one step: do it, read it back, and write on the row how it went."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from fulfilment.adapter import (
    Action,
    Adapter,
    Misconfigured,
    NeedsOfficer,
    Outcome,
    OutcomeKind,
    Person,
    Residue,
    TryLater,
)
from fulfilment.adapters.manual import TICK
from fulfilment.forwarding import pass_on, tell
from fulfilment.plan import Plan
from fulfilment.records import PlanRecord, StepRecord, StepState
from fulfilment.run import Task, act, read_back
from fulfilment.sealed import Done, open_done, open_plan, seal_done
from fulfilment.tools import BLOCKED_WAIT, LEASE, MANY, Tools, backoff
from intake.case import Act, State
from intake.log import DESK, record
from intake.records import Case
from law.calendar import oslo_day

# What an outcome leaves to do: reading back (done), a human's hand, or a human's judgement.
_NEXT: Final = {
    OutcomeKind.DONE: StepState.DONE,
    OutcomeKind.NO_MATCH: StepState.DONE,
    OutcomeKind.PARTIAL: StepState.MANUAL,
    OutcomeKind.MANUAL: StepState.MANUAL,
    OutcomeKind.REFERRED: StepState.MANUAL,
    OutcomeKind.BLOCKED: StepState.BLOCKED,
    OutcomeKind.REFUSED: StepState.BLOCKED,
}


@dataclass(frozen=True, slots=True)
class Job:
    """A step taken out of the database. `done` is what an earlier attempt got; `version` the row's."""

    step_id: str
    version: int
    attempts: int
    task: Task
    adapter: Adapter | None
    state: StepState
    done: Done | None


async def do_step(tools: Tools, step_id: str) -> None:
    """One attempt. What goes wrong is written on the step and tried again; a fault of our own is raised.

    After a kill at any point the next attempt ends the same way: before it acts it asks what stands, and
    what was already done is recognised or found gone.
    """
    now = tools.clock()
    job = await _begin(tools, step_id, now)
    if job is None:
        return
    try:
        if job.state is StepState.READY:
            done = await act(job.adapter, job.task)
            job = await _keep(tools, job, done, now)
        if job is None or job.done is None:
            return
        residue = await read_back(job.adapter, job.task, job.done.outcome)
    except TryLater as fault:
        assert job is not None
        await _try_later(tools, job, fault, now)
    except (NeedsOfficer, Misconfigured) as fault:
        assert job is not None
        kind = "needs_officer" if isinstance(fault, NeedsOfficer) else "misconfigured"
        await _block(tools, job, f"{kind}:{fault.why}", now)
    else:
        await _settle(tools, job, residue, now)


def may_try(case: Case, step: StepRecord) -> bool:
    """Whether the case stands where the step may be done; passing on waits for no decision."""
    undecided = case.state == State.AWAITING_DECISION.value and step.action == Action.FORWARD.value
    return undecided or case.state == State.FULFILLING.value


def job_of(tools: Tools, case: Case, plan: Plan, step: StepRecord, now: datetime) -> Job:
    """A step as what is to be done."""
    part = plan.steps[step.position]
    adapters = tools.adapters(case.operator)
    holdings = {one.holding: one.count for one in plan.findings if one.system == step.system}
    return Job(
        step_id=step.id,
        version=step.version,
        attempts=step.attempts,
        task=Task(
            action=part.action,
            person=Person(plan.identifiers, plan.known(step.system)),
            holdings=part.holdings,
            today=oslo_day(now),
            keep=tuple(rule for rule in part.keep if rule.count),
            change=plan.change,
            found=holdings,
        ),
        adapter=None if part.action in (Action.FORWARD, Action.ANSWER) else adapters[step.system],
        state=StepState(step.state),
        done=open_done(tools.vault, step),
    )


async def _begin(tools: Tools, step_id: str, now: datetime) -> Job | None:
    """Count the attempt and take the step out; None where there is nothing to try."""
    async with tools.unit_of_work() as session:
        step = await session.get(StepRecord, step_id, with_for_update=True)
        if step is None or step.state not in (StepState.READY, StepState.DONE, StepState.BLOCKED):
            return None
        case = await session.get(Case, step.case_id)
        row = await session.get(PlanRecord, step.plan_id)
        if case is None or not may_try(case, step):
            return None
        if row is None or row.superseded_at is not None:
            return None
        plan = open_plan(tools.vault, row)
        if step.state == StepState.BLOCKED.value:
            step.state = StepState.READY.value
        step.attempts += 1
        step.not_before = now + LEASE
        if step.action == Action.FORWARD.value and step.state == StepState.READY.value:
            await pass_on(session, tools, case, plan, step, now)
            return None
        await session.flush()
        return job_of(tools, case, plan, step, now)


async def _keep(tools: Tools, job: Job, done: Done, now: datetime) -> Job | None:
    """Write down what was done before it is read back; None where a human goes on, or another attempt has."""
    async with tools.unit_of_work() as session:
        step = await _still(session, job)
        if step is None:
            return None
        if job.done is not None:
            done = replace(done, outcome=merged(job.done.outcome, done.outcome))
        outcome = done.outcome
        state, fault = _NEXT[outcome.kind], None
        if outcome.kind is OutcomeKind.NO_MATCH and outcome.action is Action.RECTIFY:
            state = StepState.BLOCKED  # what the person says stands there does not: an officer must look
        if state is not StepState.DONE and outcome.kind is not OutcomeKind.MANUAL:
            fault = outcome.kind.value
        step.outcome = seal_done(tools.vault, step, done)
        step.state, step.fault = state.value, fault
        step.done_at = now if state is StepState.DONE else None
        if state is StepState.BLOCKED:
            await _log_failure(session, tools, step, fault or "", now)
            step.not_before = now + BLOCKED_WAIT
        later = outcome.verify_after
        if later is not None and later > now:
            step.not_before = later
        await session.flush()
        if state is not StepState.DONE or (later is not None and later > now):
            return None
        return replace(job, state=StepState.DONE, done=done, version=step.version)


def merged(before: Outcome, after: Outcome) -> Outcome:
    """An erasure that needed two attempts, as one: rows removed by both, and what the last one kept."""
    if after.action is not Action.ERASE or before.action is not Action.ERASE:
        return after
    removed = dict(before.removed)
    for holding, count in after.removed.items():
        # a blanked row is met again by its own key; it was counted once
        fresh = count - len(set(after.blanked.get(holding, ())) & set(before.blanked.get(holding, ())))
        removed[holding] = removed.get(holding, 0) + fresh
    keys = {
        holding: tuple(dict.fromkeys((*before.keys.get(holding, ()), *after.keys.get(holding, ()))))
        for holding in (*before.keys, *(one for one in after.keys if one not in before.keys))
    }
    kind = OutcomeKind.DONE if before.kind is OutcomeKind.DONE else after.kind
    return replace(
        after,
        kind=kind,
        removed=removed,
        keys=keys,
        blanked={**before.blanked, **after.blanked},
        kept=after.kept or before.kept,
        kept_keys=after.kept_keys or before.kept_keys,
    )


async def _settle(tools: Tools, job: Job, residue: Residue, now: datetime) -> None:
    """Verified, or back to be done again (decision 12: an erasure is done when it has been read back)."""
    async with tools.unit_of_work() as session:
        step = await _still(session, job)
        if step is None or job.done is None:
            return
        outcome = job.done.outcome
        if residue.clean:
            step.state, step.fault, step.verified_at = StepState.VERIFIED.value, None, now
            step.not_before = now
            detail = {
                "system": step.system,
                "action": step.action,
                "outcome": outcome.kind.value,
                "evidence": outcome.evidence,
                "removed": dict(outcome.removed),
                "changed": len(outcome.changed),
                "kept": sum(rule.count for rule in outcome.kept),
            }
            await _log(session, tools, step, Act.STEP_DONE, detail, now)
            if outcome.action is Action.FORWARD:
                await tell(session, tools, step, job.done.controllers, now)
            return
        reopen(step, residue, job, now)
        await _log_failure(session, tools, step, step.fault or "", now)


def reopen(step: StepRecord, residue: Residue, job: Job, now: datetime) -> None:
    """Reading back found something: a program tries again, a human looks again."""
    left = ",".join(f"{holding}={count}" for holding, count in sorted(residue.left.items()))
    step.fault = f"residue:{left}"[:200]
    step.done_at = step.verified_at = None
    if job.done is not None and job.done.outcome.evidence.startswith(TICK):
        step.state = StepState.MANUAL.value
    elif step.attempts >= MANY:
        step.state = StepState.BLOCKED.value
    else:
        step.state = StepState.READY.value
    step.not_before = now + backoff(step.attempts)


async def _try_later(tools: Tools, job: Job, fault: TryLater, now: datetime) -> None:
    async with tools.unit_of_work() as session:
        step = await _still(session, job)
        if step is None:
            return
        step.fault = f"try_later:{fault.why}"[:200]
        step.not_before = now + backoff(step.attempts, fault.wait)
        if step.attempts >= MANY and step.state == StepState.READY.value:
            step.state = StepState.BLOCKED.value
            if step.attempts == MANY:
                await _log_failure(session, tools, step, step.fault, now)


async def _block(tools: Tools, job: Job, why: str, now: datetime) -> None:
    async with tools.unit_of_work() as session:
        step = await _still(session, job)
        if step is None:
            return
        new = step.fault != why[:200]
        step.fault = why[:200]
        step.not_before = now + BLOCKED_WAIT
        if step.state == StepState.READY.value:
            step.state = StepState.BLOCKED.value
        if new:
            await _log_failure(session, tools, step, step.fault, now)


async def _still(session: AsyncSession, job: Job) -> StepRecord | None:
    """The step's row if it is as the job left it; None where somebody else has moved it."""
    step = await session.get(StepRecord, job.step_id, with_for_update=True)
    return step if step is not None and step.version == job.version else None


async def _log_failure(
    session: AsyncSession, tools: Tools, step: StepRecord, fault: str, now: datetime
) -> None:
    detail = {"system": step.system, "action": step.action, "fault": fault}
    await _log(session, tools, step, Act.STEP_FAILED, detail, now)


async def _log(
    session: AsyncSession,
    tools: Tools,
    step: StepRecord,
    act: Act,
    detail: Mapping[str, object],
    now: datetime,
) -> None:
    case = await session.get(Case, step.case_id, with_for_update=True, populate_existing=True)
    assert case is not None
    await record(session, tools.vault, case, act, now=now, actor=DESK, detail=detail)
