"""Plans a case: asks every system what it holds, and stores what is to be done about it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from fulfilment.adapter import Action, Change, Match, Misconfigured, NeedsOfficer, Person, TryLater
from fulfilment.plan import Plan, Remark, decider, make_plan
from fulfilment.records import PlanRecord, StepRecord, StepState
from fulfilment.run import patience
from fulfilment.sealed import seal_plan
from fulfilment.tools import Tools
from fulfilment.work import current_plan
from intake import letters
from intake.case import Act, State
from intake.letters import mailable
from intake.log import DESK, record
from intake.opening import details
from intake.particulars import Scope
from intake.records import Case
from law.calendar import oslo_day
from law.language import as_lang
from law.rights import Right, card
from operators.profile import Operator


@dataclass(frozen=True, slots=True)
class _Brief:
    """What planning needs to know of a case."""

    version: int
    operator: Operator
    right: Right
    identifiers: Mapping[str, tuple[str, ...]]
    change: Change | None
    on_behalf: bool
    scope: Scope | None


async def plan_case(tools: Tools, case_id: str) -> None:
    """Find in all systems, make the plan, and propose it or let it run as the company's rule says.

    Nothing found: the person is told and may prove another address. A system that does not answer leaves
    the case in planning, with the failure in its log; `due_work` starts it again later.
    """
    now = tools.clock()
    async with tools.unit_of_work() as session:
        case = await session.get(Case, case_id)
        if case is None or case.state != State.PLANNING.value:
            return
        brief = await _brief(session, tools, case)
    try:
        matches = await _search(tools, brief)
    except _Fault as fault:
        await _failed(tools, case_id, brief.version, fault, now)
        return
    plan = make_plan(
        brief.operator,
        brief.right,
        matches,
        brief.identifiers,
        today=oslo_day(now),
        change=brief.change,
        on_behalf=brief.on_behalf,
        scope=brief.scope,
    )
    async with tools.unit_of_work() as session:
        case = await session.get(Case, case_id, with_for_update=True)
        if case is None or case.version != brief.version:
            return  # something happened to the case meanwhile; the next sweep plans it as it is then
        await _store(session, tools, case, plan, now)


class _Fault(Exception):
    """A system that could not be searched."""

    def __init__(self, system: str, kind: str, why: str) -> None:
        super().__init__(system, kind)
        self.system, self.kind, self.why = system, kind, why


async def _brief(session: AsyncSession, tools: Tools, case: Case) -> _Brief:
    kept = await details(tools.vault, case)
    asked = kept.get("rectification") or {}
    change = None
    if asked.get("field") and asked.get("new_value"):
        change = Change(asked["field"], asked["new_value"], asked.get("old_value"))
    return _Brief(
        version=case.version,
        operator=tools.operators[case.operator],
        right=Right(case.right),
        identifiers=await tools.person(session, tools.vault, case.dossier_id),
        change=change,
        on_behalf=case.on_behalf,
        scope=Scope(kept["scope"]) if kept.get("scope") else None,
    )


async def _search(tools: Tools, brief: _Brief) -> dict[str, Match]:
    """What each system holds. Raises _Fault for the first that cannot tell."""
    matches: dict[str, Match] = {}
    if not card(brief.right).searches:
        return matches
    person = Person(brief.identifiers)
    for system, adapter in tools.adapters(brief.operator.id).items():
        try:
            async with patience():
                matches[system] = await adapter.find(person)
        except TryLater as fault:
            raise _Fault(system, "try_later", fault.why) from None
        except NeedsOfficer as fault:
            raise _Fault(system, "needs_officer", fault.why) from None
        except Misconfigured as fault:
            raise _Fault(system, "misconfigured", fault.why) from None
    return matches


async def _failed(tools: Tools, case_id: str, version: int, fault: _Fault, now: datetime) -> None:
    async with tools.unit_of_work() as session:
        case = await session.get(Case, case_id, with_for_update=True)
        if case is None or case.version != version:
            return
        detail = {"system": fault.system, "fault": f"{fault.kind}:{fault.why}"}
        await record(session, tools.vault, case, Act.STEP_FAILED, now=now, actor=DESK, detail=detail)


async def _store(session: AsyncSession, tools: Tools, case: Case, plan: Plan, now: datetime) -> None:
    """The plan, its steps and the move that follows from it, in the caller's unit of work."""
    operator = tools.operators[case.operator]
    before = await current_plan(session, case.id)
    if before is not None:
        before.superseded_at = now
        await session.flush()
    row = PlanRecord(
        id=uuid4().hex,
        case_id=case.id,
        dossier_id=case.dossier_id,
        made_at=now,
        digest=plan.digest,
        content=b"",
        superseded_at=None,
    )
    row.content = seal_plan(tools.vault, row, plan)
    session.add(row)
    await session.flush()
    if Remark.NOTHING_FOUND in plan.remarks:
        again = before is not None and before.digest == plan.digest
        await _nothing(session, tools, operator, case, plan, told=again, now=now)
        return
    alone = decider(plan, operator) == "auto"
    for position, step in enumerate(plan.steps):
        session.add(
            StepRecord(
                id=uuid4().hex,
                plan_id=row.id,
                case_id=case.id,
                dossier_id=case.dossier_id,
                position=position,
                system=step.system,
                action=step.action.value,
                # passing on is no decision and does not wait for one (Art. 28(3)(e))
                state=(
                    StepState.READY if alone or step.action is Action.FORWARD else StepState.WAITING
                ).value,
                not_before=now,
                fault=None,
                outcome=None,
                done_at=None,
                verified_at=None,
            )
        )
    act = Act.RELEASE if alone else Act.PROPOSE
    detail = {"plan": row.digest, "remarks": [remark.value for remark in plan.remarks]}
    await record(session, tools.vault, case, act, now=now, actor=DESK, detail=detail)


async def _nothing(
    session: AsyncSession,
    tools: Tools,
    operator: Operator,
    case: Case,
    plan: Plan,
    *,
    told: bool,
    now: datetime,
) -> None:
    """Tell the person, once for each set of proven addresses, and wait for another one (decision 14)."""
    kept = await details(tools.vault, case)
    if not told:
        await letters.write(
            session,
            tools.vault,
            operator,
            name="nothing_found",
            lang=as_lang(case.lang),
            dossier_id=case.dossier_id,
            case=case,
            to=reply_address(plan, kept.get("address")),
            values={
                "searched": [system.name for system in operator.systems],
                "link": tools.links.status(operator.id, kept["secret"]),
            },
            now=now,
        )
        await record(session, tools.vault, case, Act.NOTHING_FOUND, now=now, actor=DESK)
    await record(session, tools.vault, case, Act.ASK_IDENTITY, now=now, actor=DESK)


def reply_address(plan: Plan, given: str | None) -> str | None:
    """Where an answer goes: the address given if it was proven, else one that was; never an unproven one.

    A right that needs no proof is answered to the address given. None: the status page alone.
    """
    proven = plan.identifiers.get("email", ())
    unproven = given if not plan.identifiers and not plan.findings else None
    return proven_address(proven, given) if proven else mailable_or_none(unproven)


def proven_address(proven: Sequence[str], given: str | None) -> str | None:
    """The address given where it is among the proven ones, else the first of them."""
    named = given is not None and given.casefold() in {one.casefold() for one in proven}
    return mailable_or_none(given if named else next(iter(proven), None))


def mailable_or_none(address: str | None) -> str | None:
    """The address where a letter can go there."""
    return address if address is not None and mailable(address) else None
