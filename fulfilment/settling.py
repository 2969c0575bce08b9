"""Ends a case whose steps are all verified: reads back once more, packs, writes the letter, answers."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from fulfilment import package
from fulfilment.adapter import Action, Misconfigured, NeedsOfficer, Record, Residue, TryLater
from fulfilment.plan import Plan
from fulfilment.planning import reply_address
from fulfilment.records import PackageRecord, StepRecord, StepState
from fulfilment.results import Results, deeds, nothing_at_all, retained
from fulfilment.run import read_back
from fulfilment.sealed import Done, open_plan, seal_done
from fulfilment.steps import Job, job_of, reopen
from fulfilment.tools import Tools, backoff
from fulfilment.work import current_plan, steps_of
from intake import letters
from intake.case import Act, State
from intake.letters import Download
from intake.log import DESK, record
from intake.opening import details
from intake.records import Attachment, Case
from law.calendar import oslo_day
from law.language import as_lang
from law.rights import Right
from operators.profile import Operator

_CHANGES = (Action.RECTIFY, Action.RESTRICT, Action.OBJECT, Action.ERASE)


@dataclass(frozen=True, slots=True)
class _Ready:
    """A case all of whose steps are verified, taken out of the database."""

    version: int
    operator: Operator
    plan: Plan
    jobs: tuple[Job, ...]
    files: tuple[package.File, ...]
    reference: str
    lang: str

    @property
    def results(self) -> Results:
        """What each step of the plan came to."""
        return tuple(
            (step, job.done) for step, job in zip(self.plan.steps, self.jobs, strict=True) if job.done
        )


async def settle_case(tools: Tools, case_id: str) -> bool:
    """Whether the case was answered. False where steps are open, something came back, or a system is down.

    Reading back, package, letters and the last move are one unit of work: a kill leaves all or nothing.
    """
    now = tools.clock()
    async with tools.unit_of_work() as session:
        ready = await _load(session, tools, case_id, now)
    if ready is None:
        return False
    residues: dict[str, Residue] = {}
    for job in ready.jobs:
        if job.task.action not in _CHANGES or job.done is None:
            continue
        try:
            residue = await read_back(job.adapter, job.task, job.done.outcome)
        except TryLater as fault:
            await _postpone(tools, job, f"try_later:{fault.why}", now)
            return False
        except (NeedsOfficer, Misconfigured) as fault:
            await _postpone(tools, job, f"misconfigured:{fault.why}", now)
            return False
        if not residue.clean:
            residues[job.step_id] = residue
    content = None if residues else _packed(ready, now)
    async with tools.unit_of_work() as session:
        case = await session.get(Case, case_id, with_for_update=True)
        if case is None or case.version != ready.version:
            return False
        await record(session, tools.vault, case, Act.READ_BACK, now=now, actor=DESK)
        if residues:
            await _reopen(session, tools, case, ready, residues, now)
            return False
        await _answer(session, tools, case, ready, content, now)
    return True


async def _load(session: AsyncSession, tools: Tools, case_id: str, now: datetime) -> _Ready | None:
    case = await session.get(Case, case_id)
    row = await current_plan(session, case_id)
    if case is None or row is None or case.state != State.FULFILLING.value:
        return None
    steps = await steps_of(session, row)
    if any(step.state != StepState.VERIFIED.value for step in steps):
        return None
    plan = open_plan(tools.vault, row)
    added = await session.scalars(
        select(Attachment)
        .where(Attachment.step_id.in_([step.id for step in steps]))
        .order_by(Attachment.at, Attachment.id)
    )
    return _Ready(
        version=case.version,
        operator=tools.operators[case.operator],
        plan=plan,
        jobs=tuple(job_of(tools, case, plan, step, now) for step in steps),
        files=tuple(_file(tools, one) for one in added),
        reference=case.reference,
        lang=case.lang,
    )


def _file(tools: Tools, row: Attachment) -> package.File:
    name = tools.vault.open_text(row.dossier_id, f"attachment.name:{row.id}", row.name)
    content = tools.vault.open(row.dossier_id, f"attachment.content:{row.id}", row.content)
    return package.File(name, row.media_type, content)


def _packed(ready: _Ready, now: datetime) -> bytes | None:
    """The zip where the right asks for one and there is anything to put in it."""
    if ready.plan.right not in (Right.ACCESS, Right.PORTABILITY):
        return None
    records: dict[str, tuple[Record, ...]] = {}
    for step, done in ready.results:
        if step.action is Action.EXPORT and done.records:
            records[step.system] = done.records
    if not records and not ready.files:
        return None
    return package.build(
        ready.operator,
        ready.plan,
        records,
        ready.files,
        lang=as_lang(ready.lang),
        reference=ready.reference,
        made=oslo_day(now),
    )


async def _postpone(tools: Tools, job: Job, fault: str, now: datetime) -> None:
    async with tools.unit_of_work() as session:
        step = await session.get(StepRecord, job.step_id, with_for_update=True)
        if step is not None and step.version == job.version:
            step.attempts += 1
            step.fault, step.not_before = fault[:200], now + backoff(step.attempts)


async def _reopen(
    session: AsyncSession,
    tools: Tools,
    case: Case,
    ready: _Ready,
    residues: dict[str, Residue],
    now: datetime,
) -> None:
    for job in ready.jobs:
        if job.step_id in residues:
            step = await session.get_one(StepRecord, job.step_id)
            reopen(step, residues[job.step_id], job, now)
    left = {job.step_id: dict(residues[job.step_id].left) for job in ready.jobs if job.step_id in residues}
    await record(session, tools.vault, case, Act.RESIDUE, now=now, actor=DESK, detail={"left": left})


async def _answer(
    session: AsyncSession, tools: Tools, case: Case, ready: _Ready, content: bytes | None, now: datetime
) -> None:
    """Package, letters and the end of the case."""
    plan, results = ready.plan, ready.results
    kept_details = await details(tools.vault, case)
    link = tools.links.status(case.operator, kept_details["secret"])
    to = reply_address(plan, kept_details.get("address"))
    forwarded = any(done.controllers for _, done in results)
    if forwarded and all(step.action is Action.FORWARD for step in plan.steps):
        await record(session, tools.vault, case, Act.FORWARD, now=now, actor=DESK)
        return
    act, name = Act.ANSWER, "answer"
    values: dict[str, object] = {"link": link}
    stays = retained(ready.operator, results)
    if nothing_at_all(plan, results) and content is None:
        name = "nothing_found"
        values |= {"searched": [system.name for system in ready.operator.systems], "final": True}
    else:
        values["done"] = deeds(ready.operator, plan, results)
        values["note"] = _note(results, told=bool(values["done"] or stays or content))
        if content is not None:
            row = package.seal(tools.vault, case, content, now=now, days=tools.package_days)
            await _replace(session, row)
            values["package"] = Download(link, row.expires_at)
        if stays:
            act, name = Act.ANSWER_PARTLY, "partial"
            values["kept"] = stays
    await letters.write(
        session,
        tools.vault,
        ready.operator,
        name=name,
        lang=as_lang(case.lang),
        dossier_id=case.dossier_id,
        case=case,
        to=to,
        values=values,
        now=now,
    )
    await _forget_rows(session, tools, ready)
    detail = {"letter": name, "kept": [f"{rule.ground}:{rule.until}" for _, rule in plan.kept]}
    await record(session, tools.vault, case, act, now=now, actor=DESK, detail=detail)


def _note(results: Results, *, told: bool) -> str | None:
    """An officer's words to the person, where the answer was theirs to give or there is nothing else to tell."""
    words = [done.note for step, done in results if done.note and (step.action is Action.ANSWER or not told)]
    return "\n\n".join(words) or None


async def _replace(session: AsyncSession, row: PackageRecord) -> None:
    """One package a case: a new one takes the old one's place."""
    old = await session.scalar(select(PackageRecord).where(PackageRecord.case_id == row.case_id))
    if old is not None:
        await session.delete(old)
        await session.flush()
    session.add(row)
    await session.flush()


async def _forget_rows(session: AsyncSession, tools: Tools, ready: _Ready) -> None:
    """Exported rows live on in the package alone, so that they are gone when it is wiped."""
    for job in ready.jobs:
        if job.done is not None and job.done.records:
            step = await session.get_one(StepRecord, job.step_id)
            bare: Done = replace(job.done, records=())
            step.outcome = seal_done(tools.vault, step, bare)
