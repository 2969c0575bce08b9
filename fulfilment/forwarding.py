"""Passes a request on to the customers whose data it is about, where the company is only their processor."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from fulfilment.adapter import Action, Controller, Outcome, OutcomeKind
from fulfilment.plan import Plan
from fulfilment.planning import reply_address
from fulfilment.records import PlanRecord, StepRecord, StepState
from fulfilment.sealed import Done, open_done, open_plan, seal_done
from fulfilment.tools import Tools
from intake import letters
from intake.case import Act
from intake.letters import mailable
from intake.log import DESK, entries, record
from intake.opening import deadline_of, details
from intake.records import Case
from law.language import DEFAULT, as_lang


async def pass_on(
    session: AsyncSession, tools: Tools, case: Case, plan: Plan, step: StepRecord, now: datetime
) -> None:
    """Write the letter to each controller (Art. 28(3)(e)) who has not had it, in the caller's unit of work.

    A customer whose address the system knows is written to at once. Where one has none, the letter is kept for
    an officer, who sends it and ticks the step off; only then is the person told that it has been passed on.
    """
    operator = tools.operators[case.operator]
    controllers = next((one.controllers for one in plan.forwards if one.system == step.system), ())
    kept = await details(tools.vault, case)
    deadline = deadline_of(case, await entries(session, case.id))
    proven = plan.identifiers.get("email", ())
    before = await _passed_on(session, tools, case, step)
    for controller in (one for one in controllers if one not in before):
        await letters.write(
            session,
            tools.vault,
            operator,
            name="forward",
            lang=DEFAULT,
            dossier_id=case.dossier_id,
            case=case,
            to=reached_at(controller),
            values={
                "requester": proven[0] if proven else kept.get("address") or case.reference,
                "deadline": deadline,
                "wish": kept.get("wish"),
            },
            now=now,
        )
    sent = bool(controllers) and all(reached_at(one) for one in controllers)
    kind = OutcomeKind.DONE if sent else OutcomeKind.MANUAL
    outcome = Outcome(kind, Action.FORWARD, evidence=f"{len(controllers)} letters")
    step.outcome = seal_done(tools.vault, step, Done(outcome, controllers=controllers))
    step.not_before = now
    step.state = StepState.VERIFIED.value if sent else StepState.MANUAL.value
    if sent:
        step.done_at = step.verified_at = now
        held = await session.get_one(Case, case.id, with_for_update=True, populate_existing=True)
        detail = {"system": step.system, "action": step.action, "evidence": outcome.evidence}
        await record(session, tools.vault, held, Act.STEP_DONE, now=now, actor=DESK, detail=detail)
        if set(controllers) - before:
            await tell(session, tools, step, controllers, now)


async def _passed_on(
    session: AsyncSession, tools: Tools, case: Case, step: StepRecord
) -> frozenset[Controller]:
    """Those whom a letter of this case was written to under an earlier plan, before another address was proven."""
    earlier = await session.scalars(
        select(StepRecord).where(
            StepRecord.case_id == case.id,
            StepRecord.action == Action.FORWARD.value,
            StepRecord.plan_id != step.plan_id,
        )
    )
    done = [open_done(tools.vault, one) for one in earlier]
    return frozenset(who for one in done if one is not None for who in one.controllers)


def reached_at(controller: Controller) -> str | None:
    """Where the customer is written to: the main contact, or the name itself where that is an address."""
    return next((one for one in (controller.email, controller.name) if one and mailable(one)), None)


async def tell(
    session: AsyncSession, tools: Tools, step: StepRecord, controllers: Sequence[Controller], now: datetime
) -> None:
    """Tell the person who decides over the data, and that the request has gone to them; nothing if to nobody."""
    if not controllers:
        return
    case = await session.get_one(Case, step.case_id)
    plan = open_plan(tools.vault, await session.get_one(PlanRecord, step.plan_id))
    await letters.write(
        session,
        tools.vault,
        tools.operators[case.operator],
        name="forwarded",
        lang=as_lang(case.lang),
        dossier_id=case.dossier_id,
        case=case,
        to=reply_address(plan, (await details(tools.vault, case)).get("address")),
        values={
            "controllers": list(dict.fromkeys(one.name for one in controllers)),
            "deadline": deadline_of(case, await entries(session, case.id)),
        },
        now=now,
    )
