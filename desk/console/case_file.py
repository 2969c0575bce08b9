"""Everything an officer sees of one case, opened for the page."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.memory import Said, said
from desk.concealing import concealed
from desk.console.erased_by_hand import Asked, asked, choices
from desk.console.plan_table import PlanSeen, plan_seen, system_name
from desk.console.queue import state_tone, tone
from desk.console.tray import waiting_on
from desk.leaving import CAPPED
from desk.records import Officer
from desk.wiring import Desk
from fulfilment.adapter import Action
from fulfilment.faults import say_fault
from fulfilment.records import PlanRecord, StepRecord
from fulfilment.sealed import open_done, open_plan
from intake.case import ENDS, Act, State, possible
from intake.letters import FAILED, QUEUED, open_letter
from intake.log import entries
from intake.opening import deadline_of, details
from intake.records import Attachment, Case, Letter, LogEntry
from law.deadlines import Deadline, days_left, explain, oslo_day
from law.grounds import Ground, Kind, ground, grounds
from law.language import Lang, Words
from law.rights import Right, RightCard, card
from operators.profile import Operator
from verification.challenges import Proven, proven

HAND_STATES = frozenset({"manual", "blocked"})


@dataclass(frozen=True, slots=True)
class StepSeen:
    """One step; `by_hand`: it waits for an officer. `task` says what to do, where the system says so.

    `asked`: what an officer must say of an erasure done by hand, kind of data by kind of data.
    """

    id: str
    system: Words | None
    action: str
    state: str
    attempts: int
    fault: str | None
    by_hand: bool
    task: Words | None
    note: str | None
    asked: tuple[Asked, ...]


@dataclass(frozen=True, slots=True)
class Event:
    """One entry of the timeline."""

    at: datetime
    act: str
    who: str
    name: str | None
    note: str | None


@dataclass(frozen=True, slots=True)
class Proposal:
    """A refusal that one officer put forward and a second must agree to; the values of its form."""

    ground: Ground
    by: str | None
    given: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class LetterSeen:
    """A letter as it was written; `failed`: the mail server did not accept it, once for all or for days.

    `again_at`: when one that could not leave is tried next; `capped`: it waits because of the cap of the day.
    """

    id: str
    subject: str
    text: str
    to: str | None
    state: str
    at: datetime
    again_at: datetime | None = None
    capped: bool = False

    @property
    def failed(self) -> bool:
        """Nobody has read it, and no officer has dealt with that."""
        return self.state == FAILED


@dataclass(frozen=True, slots=True)
class File:
    """A file on the case."""

    id: str
    name: str
    size: int


@dataclass(frozen=True, slots=True)
class CaseFile:
    """The page's values, by the names the template knows."""

    case: Case
    operator: Operator
    card: RightCard
    state: State
    state_tone: str
    open: bool
    verified: bool
    deadline: Deadline
    left: int
    due_tone: str
    why: tuple[str, ...]
    details: Mapping[str, Any]
    proven: tuple[Proven, ...]
    conversation: tuple[Said, ...]
    notes: tuple[Event, ...]
    timeline: tuple[Event, ...]
    plan: PlanSeen | None
    steps: tuple[StepSeen, ...]
    letters: tuple[LetterSeen, ...]
    files: tuple[File, ...]
    others: tuple[Case, ...]
    may: frozenset[Act]
    grounds: tuple[Ground, ...]
    spare: tuple[tuple[str, str], ...]
    handed_over: bool
    mails: tuple[str, ...]  # that point to it and wait for an officer
    nothing_found: bool
    proposal: Proposal | None

    def values(self) -> dict[str, Any]:
        """The values under the names the template knows them by."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


async def find_case(session: AsyncSession, officer: Officer, reference: str) -> Case | None:
    """The case with this reference, if it is of a company the officer serves."""
    case = await session.scalar(select(Case).where(Case.reference == reference))
    return case if case is not None and case.operator in officer.serves else None


async def read(session: AsyncSession, desk: Desk, case: Case, lang: Lang, now: datetime) -> CaseFile:
    """Open the whole case. Raises KeyGone after its dossier was erased."""
    operator, right, state = desk.operators[case.operator], Right(case.right), State(case.state)
    log = await entries(session, case.id)
    deadline = deadline_of(case, log)
    timeline = await _timeline(session, desk, case, list(log))
    plan_row = await session.scalar(
        select(PlanRecord)
        .where(PlanRecord.case_id == case.id, PlanRecord.superseded_at.is_(None))
        .order_by(PlanRecord.made_at.desc())
        .limit(1)
    )
    held = await proven(session, desk.vault, case.dossier_id)
    return CaseFile(
        case=case,
        operator=operator,
        card=card(right),
        state=state,
        state_tone=state_tone(state),
        open=state not in ENDS,
        verified=state not in {State.RECEIVED, State.IDENTIFYING},
        deadline=deadline,
        left=days_left(deadline, oslo_day(now)),
        due_tone=tone(deadline, oslo_day(now)),
        why=explain(deadline, lang),
        details=await details(desk.vault, case),
        proven=held,
        conversation=await said(session, desk.vault, case.conversation_id) if case.conversation_id else (),
        notes=tuple(one for one in timeline if one.act == Act.NOTE and one.note and one.who == "officer"),
        timeline=timeline,
        plan=plan_seen(operator, plan_row, open_plan(desk.vault, plan_row)) if plan_row else None,
        steps=await _steps(session, desk, operator, plan_row, lang) if plan_row else (),
        letters=await _letters(session, desk, case),
        files=await _files(session, desk, case),
        others=await _others(session, case),
        may=possible(state),
        grounds=refusable(right),
        spare=choices(lang) if right is Right.ERASURE else (),
        mails=tuple(await waiting_on(session, case.id)),
        handed_over=any(entry.act == Act.HAND_OVER for entry in log),
        nothing_found=any(entry.act == Act.NOTHING_FOUND for entry in log),
        proposal=await proposal_of(session, desk, case),
    )


def refusable(right: Right) -> tuple[Ground, ...]:
    """The grounds that can carry a whole refusal of this right."""
    return tuple(one for one in grounds(right) if one.kind is Kind.REFUSAL and not one.partial_only)


async def proposal_of(session: AsyncSession, desk: Desk, case: Case) -> Proposal | None:
    """The refusal last put forward on the case, if any."""
    for entry in reversed(await entries(session, case.id)):
        if entry.act != Act.NOTE:
            continue
        detail = desk.vault.open_json(case.dossier_id, f"log_entry.detail:{entry.id}", entry.detail) or {}
        said = detail.get("refusal")
        if said is None:
            continue
        officer = await session.get(Officer, entry.actor.partition(":")[2])
        subcode = said["subcode"] or ""
        other = subcode.removeprefix("OTHER:") if subcode.startswith("OTHER:") else ""
        given = {f"fact-{id}": text for id, text in said["facts"].items()}
        given |= {"subcode": "" if other else subcode, "other": other}
        return Proposal(ground(said["ground"]), officer.name if officer else None, given)
    return None


async def _steps(
    session: AsyncSession, desk: Desk, operator: Operator, plan: PlanRecord, lang: Lang
) -> tuple[StepSeen, ...]:
    made = open_plan(desk.vault, plan)
    rows = await session.scalars(
        select(StepRecord).where(StepRecord.plan_id == plan.id).order_by(StepRecord.position)
    )
    seen = []
    for row in rows:
        done = open_done(desk.vault, row)
        seen.append(
            StepSeen(
                id=row.id,
                system=system_name(operator, row.system),
                action=row.action,
                state=row.state,
                attempts=row.attempts,
                fault=say_fault(row.fault, lang) if row.fault else None,
                by_hand=row.state in HAND_STATES,
                task=next((one.task for one in operator.systems if one.id == row.system), None),
                note=done.note if done else None,
                asked=asked(operator, made.steps[row.position], done) if row.action == Action.ERASE else (),
            )
        )
    return tuple(seen)


async def _timeline(session: AsyncSession, desk: Desk, case: Case, log: list[LogEntry]) -> tuple[Event, ...]:
    ids = {entry.actor.partition(":")[2] for entry in log if entry.actor.startswith("officer:")}
    found = await session.execute(select(Officer.id, Officer.name).where(Officer.id.in_(ids)))
    names = {row.id: row.name for row in found}
    events = []
    for entry in log:
        who, _, id = entry.actor.partition(":")
        detail = desk.vault.open_json(case.dossier_id, f"log_entry.detail:{entry.id}", entry.detail) or {}
        note = detail.get("note") or detail.get("reason")
        events.append(Event(entry.at, entry.act, who, names.get(id), str(note) if note else None))
    return tuple(events)


async def _letters(session: AsyncSession, desk: Desk, case: Case) -> tuple[LetterSeen, ...]:
    """The letters, without what would let an officer act as the person."""
    rows = await session.scalars(
        select(Letter).where(Letter.case_id == case.id, Letter.name != "code").order_by(Letter.written_at)
    )
    seen = []
    for row in rows:
        opened = open_letter(desk.vault, row)
        seen.append(
            LetterSeen(
                id=row.id,
                subject=opened.subject,
                text=concealed(opened.text),
                to=opened.to,
                state=row.state,
                at=row.written_at,
                again_at=row.not_before if row.state == QUEUED and row.fault is not None else None,
                capped=row.fault == CAPPED,
            )
        )
    return tuple(seen)


async def _files(session: AsyncSession, desk: Desk, case: Case) -> tuple[File, ...]:
    rows = await session.scalars(
        select(Attachment).where(Attachment.case_id == case.id).order_by(Attachment.at)
    )
    return tuple(
        File(row.id, desk.vault.open_text(row.dossier_id, f"attachment.name:{row.id}", row.name), row.size)
        for row in rows
    )


async def _others(session: AsyncSession, case: Case) -> tuple[Case, ...]:
    rows = await session.scalars(
        select(Case).where(Case.dossier_id == case.dossier_id, Case.id != case.id).order_by(Case.reference)
    )
    return tuple(rows)
