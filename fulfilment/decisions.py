"""What an officer decides about a case: approve, refuse, extend or answer; and what was done by hand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from fulfilment.adapter import Action
from fulfilment.handwork import retry, tick_manual
from fulfilment.plan import Plan
from fulfilment.planning import mailable_or_none, proven_address, reply_address
from fulfilment.records import StepState
from fulfilment.sealed import open_plan
from fulfilment.soundness import Flaw, Unsound
from fulfilment.work import current_plan, steps_of
from intake import letters
from intake.case import Act, State, after
from intake.links import Links
from intake.log import clock_events, entries, officer, record
from intake.opening import deadline_of, details
from intake.records import Case, Letter
from intake.vault import Vault
from law.deadlines import ClockEvent, ClockEventType, due
from law.grounds import Ground, Kind, ground, grounds
from law.language import as_lang, say
from law.periods import UnknownPeriod, period
from law.rights import Right, card
from operators.profile import Operator

__all__ = [
    "Flaw", "StalePlan", "Unsound", "answer_by_hand", "approve", "extend", "refuse", "retry", "tick_manual",
]  # fmt: skip


@dataclass(slots=True, eq=False)
class StalePlan(Exception):
    """The plan is no longer the one the officer saw."""

    reference: str

    def __str__(self) -> str:
        return f"{self.reference}: the plan has changed since it was shown"


async def approve(
    session: AsyncSession, vault: Vault, case: Case, plan_digest: str, officer_id: str, now: datetime
) -> None:
    """Let the plan run. Raises StalePlan where it is not the plan shown, NotAllowed in another state."""
    row = await current_plan(session, case.id)
    if row is None or row.digest != plan_digest or open_plan(vault, row).digest != plan_digest:
        raise StalePlan(case.reference)
    after(State(case.state), Act.APPROVE)
    for step in await steps_of(session, row):
        if step.state == StepState.WAITING.value:
            step.state, step.not_before = StepState.READY.value, now
    detail = {"plan": plan_digest}
    await record(session, vault, case, Act.APPROVE, now=now, actor=officer(officer_id), detail=detail)


async def refuse(
    session: AsyncSession,
    vault: Vault,
    operator: Operator,
    case: Case,
    ground_code: str,
    subcode: str | None,
    facts: Mapping[str, str],
    officer_id: str,
    now: datetime,
    *,
    marketing: bool | None = None,
    proven: Sequence[str] = (),
) -> Letter | None:
    """Refuse on a ground of the register, with every fact it forces (`facts`: evidence id -> words, told to
    the person). None: the ground takes two officers and this was the first.

    `marketing`: the objection is to direct marketing, where the law has no ground (Art. 21(2)-(3)); left out,
    it is taken to be where the plan found marketing to stop. `proven` here and below: the addresses proven by now,
    of which a plan made before knows nothing. Raises Unsound, UnknownGround, NotAllowed.
    """
    right = Right(case.right)
    chosen = ground(ground_code)
    if marketing is None:
        marketing = await _stops_marketing(session, vault, case)
    _sound(chosen, right, subcode, facts, marketing=marketing)
    after(State(case.state), Act.REFUSE)
    decision = {"ground": ground_code, "subcode": subcode, "facts": dict(facts)}
    if chosen.approvals_for(right) > 1:
        first = await _proposed(session, vault, case, decision)
        if first is None:
            detail = {"refusal": decision}
            await record(session, vault, case, Act.NOTE, now=now, actor=officer(officer_id), detail=detail)
            return None
        if first == officer(officer_id):
            raise Unsound(Flaw.SAME_OFFICER)
    lang = as_lang(case.lang)
    told = [f"{say(one.label, lang)}: {facts[one.id].strip()}" for one in chosen.evidence]
    letter = await letters.write(
        session,
        vault,
        operator,
        name="refusal",
        lang=lang,
        dossier_id=case.dossier_id,
        case=case,
        to=await _address(session, vault, case, proven),
        values={"ground": chosen, "facts": "\n".join(told), "subground": _period(subcode)},
        now=now,
    )
    await record(session, vault, case, Act.REFUSE, now=now, actor=officer(officer_id), detail=decision)
    return letter


async def extend(
    session: AsyncSession,
    vault: Vault,
    operator: Operator,
    case: Case,
    reason: str,
    officer_id: str,
    now: datetime,
    *,
    links: Links | None = None,
    proven: Sequence[str] = (),
) -> Letter:
    """Take two further months (Art. 12(3)), once, within the first month, telling the person why.

    Raises Unsound, NotAllowed.
    """
    if not card(Right(case.right)).extendable:
        raise Unsound(Flaw.NOT_EXTENDABLE)
    if not reason.strip():
        raise Unsound(Flaw.NO_REASON)
    log = await entries(session, case.id)
    old = deadline_of(case, log)
    if old.extended:
        raise Unsound(Flaw.EXTENDED)
    new = due(case.received_at, (*clock_events(log), ClockEvent(now, ClockEventType.EXTENDED)))
    if not new.extended:
        raise Unsound(Flaw.TOO_LATE)
    await record(
        session, vault, case, Act.EXTEND, now=now, actor=officer(officer_id), detail={"reason": reason}
    )
    secret = (await details(vault, case))["secret"]
    return await letters.write(
        session,
        vault,
        operator,
        name="extension",
        lang=as_lang(case.lang),
        dossier_id=case.dossier_id,
        case=case,
        to=await _address(session, vault, case, proven),
        values={
            "reason": reason.strip(),
            "old_due": old.due_date or old.conservative_date,
            "deadline": new,
            "link": links.status(case.operator, secret) if links else None,
        },
        now=now,
    )


async def answer_by_hand(
    session: AsyncSession,
    vault: Vault,
    operator: Operator,
    case: Case,
    text: str,
    officer_id: str,
    now: datetime,
    *,
    links: Links | None = None,
    nothing_held: bool = False,
    proven: Sequence[str] = (),
) -> Letter:
    """End an undecided case with the officer's own answer, or by saying that nothing is held.

    Raises Unsound without words, NotAllowed once the plan is being carried out.
    """
    if not text.strip() and not nothing_held:
        raise Unsound(Flaw.NO_NOTE)
    after(State(case.state), Act.ANSWER)
    secret = (await details(vault, case))["secret"]
    link = links.status(case.operator, secret) if links else None
    searched = [system.name for system in operator.systems]
    found_nothing: dict[str, object] = {"searched": searched, "final": True, "link": link}
    letter = await letters.write(
        session,
        vault,
        operator,
        name="nothing_found" if nothing_held else "answer",
        lang=as_lang(case.lang),
        dossier_id=case.dossier_id,
        case=case,
        to=await _address(session, vault, case, proven),
        values=found_nothing if nothing_held else {"done": (), "note": text.strip(), "link": link},
        now=now,
    )
    detail = {"letter": letter.name, "by_hand": True}
    await record(session, vault, case, Act.ANSWER, now=now, actor=officer(officer_id), detail=detail)
    return letter


def _sound(
    chosen: Ground, right: Right, subcode: str | None, facts: Mapping[str, str], *, marketing: bool
) -> None:
    """A ground the law knows for this right, made concrete, with nothing left open. Raises Unsound."""
    if chosen not in grounds(right, marketing=marketing) or chosen.kind is not Kind.REFUSAL:
        raise Unsound(Flaw.NO_GROUND)
    if chosen.partial_only:
        raise Unsound(Flaw.PARTIAL_ONLY)
    if not chosen.accepts(subcode or None):
        raise Unsound(Flaw.SUBCODE)
    missing = chosen.missing(facts)
    if missing:
        raise Unsound(Flaw.EVIDENCE, tuple(one.id for one in missing))


async def _stops_marketing(session: AsyncSession, vault: Vault, case: Case) -> bool:
    row = await current_plan(session, case.id)
    return row is not None and any(step.action is Action.OBJECT for step in open_plan(vault, row).steps)


async def _proposed(
    session: AsyncSession, vault: Vault, case: Case, decision: Mapping[str, object]
) -> str | None:
    """Who proposed this very refusal, if anybody has."""
    for entry in reversed(await entries(session, case.id)):
        if entry.act == Act.NOTE.value and entry.detail is not None:
            said = vault.open_json(case.dossier_id, f"log_entry.detail:{entry.id}", entry.detail)
            if said.get("refusal") == decision:
                return entry.actor
    return None


async def _address(session: AsyncSession, vault: Vault, case: Case, proven: Sequence[str]) -> str | None:
    """Where a decision is sent: a proven address; before any proof and plan the one given, since nothing is told."""
    given: str | None = (await details(vault, case)).get("address")
    if proven:
        return proven_address(proven, given)
    row = await current_plan(session, case.id)
    plan: Plan | None = open_plan(vault, row) if row is not None else None
    if plan is not None:
        return reply_address(plan, given)
    return mailable_or_none(given)


def _period(subcode: str | None) -> object:
    try:
        return period(subcode) if subcode else None
    except UnknownPeriod:
        return None
