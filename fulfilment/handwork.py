"""What an officer did by hand in a system, put on its step as a program's outcome would be."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from fulfilment.adapter import Action, Controller, KeepRule, Outcome, OutcomeKind
from fulfilment.adapters.manual import TICK
from fulfilment.forwarding import reached_at
from fulfilment.package import File
from fulfilment.records import PlanRecord, StepRecord, StepState
from fulfilment.sealed import Done, open_done, open_plan, seal_done
from fulfilment.soundness import Flaw, Unsound
from intake.case import Act
from intake.log import officer, record
from intake.records import Attachment, Case
from intake.vault import Vault
from law.grounds import ground
from law.rights import Right


async def tick_manual(
    session: AsyncSession,
    vault: Vault,
    step: StepRecord,
    note: str,
    files: Sequence[File],
    officer_id: str,
    now: datetime,
    *,
    found: bool = True,
    counts: Mapping[str, int] | None = None,
    kept: Sequence[KeepRule] | None = None,
    controllers: Sequence[str] = (),
) -> None:
    """Note that a step was done by hand, as a program's outcome would be.

    `note` says what was done. It goes to the person in a step ANSWER, where it is the answer itself, and
    where the letter would otherwise have nothing to tell. `found`: the system held something. `counts`:
    holding -> rows acted on. `kept`: rows that stay, with ground and date; both None where nobody counted.
    `controllers`: whom the request was forwarded to by hand, besides those written to at once (none given:
    all whom the plan names). `files` go into an access package. Raises Unsound.
    """
    if step.state not in (StepState.MANUAL.value, StepState.BLOCKED.value):
        raise Unsound(Flaw.NOT_BY_HAND)
    if not note.strip():
        raise Unsound(Flaw.NO_NOTE)
    _check_rules(kept or ())
    action = Action(step.action)
    before = open_done(vault, step)
    base = before.outcome if before is not None else await _planned(session, vault, step, action)
    outcome = replace(
        base,
        kind=OutcomeKind.DONE if found else OutcomeKind.NO_MATCH,
        removed=dict(counts or base.removed),
        kept=tuple(rule for rule in (base.kept if kept is None else kept) if rule.count),
        evidence=f"{TICK}{officer_id}",
    )
    planned = before.controllers if before is not None else ()
    written_to = tuple(one for one in planned if reached_at(one))
    records = before.records if before is not None else ()
    by_hand = tuple(Controller(name) for name in controllers)
    named = (*written_to, *by_hand) if by_hand or not found else planned
    done = Done(outcome, records=records, note=note.strip(), controllers=named)
    step.outcome = seal_done(vault, step, done)
    step.state, step.fault = StepState.DONE.value, None
    step.done_at = step.not_before = now
    for file in files:
        session.add(_attachment(vault, step, file, now))
    case = await session.get_one(Case, step.case_id)
    detail = {
        "system": step.system,
        "action": step.action,
        "by_hand": True,
        "note": note.strip(),
        "removed": dict(outcome.removed),
        "kept": [f"{rule.holding}:{rule.count}:{rule.ground}:{rule.until}" for rule in outcome.kept],
    }
    await record(session, vault, case, Act.NOTE, now=now, actor=officer(officer_id), detail=detail)


async def retry(
    session: AsyncSession, vault: Vault, step: StepRecord, officer_id: str, now: datetime
) -> None:
    """Try a blocked step again at once. Raises Unsound where it is not blocked."""
    if step.state != StepState.BLOCKED.value:
        raise Unsound(Flaw.NOT_BY_HAND)
    step.state, step.not_before = StepState.READY.value, now
    case = await session.get_one(Case, step.case_id)
    detail = {"system": step.system, "action": step.action, "retry": True}
    await record(session, vault, case, Act.NOTE, now=now, actor=officer(officer_id), detail=detail)


async def _planned(session: AsyncSession, vault: Vault, step: StepRecord, action: Action) -> Outcome:
    """For a step that a program never got through: what the plan wanted done, so that it is read back."""
    plan = open_plan(vault, await session.get_one(PlanRecord, step.plan_id))
    return Outcome(OutcomeKind.MANUAL, action, holdings=plan.steps[step.position].holdings)


def _check_rules(rules: Sequence[KeepRule]) -> None:
    """Whatever stays has a ground for erasure that the register knows. Raises Unsound, UnknownGround."""
    for rule in rules:
        if Right.ERASURE not in ground(rule.ground).rights:
            raise Unsound(Flaw.NO_GROUND)


def _attachment(vault: Vault, step: StepRecord, file: File, now: datetime) -> Attachment:
    id = uuid4().hex
    return Attachment(
        id=id,
        dossier_id=step.dossier_id,
        case_id=step.case_id,
        message_id=None,
        step_id=step.id,
        name=vault.seal(step.dossier_id, f"attachment.name:{id}", file.name),
        media_type=file.media_type,
        size=len(file.content),
        content=vault.seal(step.dossier_id, f"attachment.content:{id}", file.content),
        at=now,
    )
