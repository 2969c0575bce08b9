"""What an officer does to a case: reads the form, says what is missing, and hands it to the rooms below."""

from dataclasses import dataclass

from fastapi import HTTPException
from fastapi.datastructures import FormData
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.datastructures import UploadFile

from desk.console.doors import Inside
from desk.console.erased_by_hand import Erased, read
from desk.pages.sight import answer_address, proven_addresses
from fulfilment import decisions
from fulfilment.adapter import Action
from fulfilment.package import File
from fulfilment.records import StepRecord
from fulfilment.sealed import open_plan
from fulfilment.work import current_plan
from intake import letters
from intake.case import Act
from intake.log import officer, record
from intake.opening import details
from intake.records import Case
from law.calendar import oslo_day
from law.grounds import Ground
from law.language import as_lang
from verification.identify import confirm_by_officer

LARGEST_FILE = 10 * 1024 * 1024  # bytes
MOST_FILES = 10

Errors = list[tuple[str, str]]


class Changed(Exception):
    """The case is not what the officer saw any more."""


@dataclass(slots=True, eq=False)  # a frozen exception cannot pass through a context manager
class Incomplete(Exception):
    """The form lacks something: (field, text) for each."""

    errors: Errors


async def approve(visit: Inside, session: AsyncSession, case: Case, form: FormData) -> str:
    """Let the plan that the officer saw be carried out; an erasure wants the reference typed."""
    plan = await current_plan(session, case.id)
    digest = str(form.get("digest", ""))
    if plan is None or plan.digest != digest:
        raise decisions.StalePlan(case.reference)
    erases = any(step.action is Action.ERASE for step in open_plan(visit.desk.vault, plan).steps)
    if erases and str(form.get("confirm", "")).strip().upper() != case.reference:
        said = visit.say("console.case.approve.error_reference", reference=case.reference)
        raise Incomplete([("confirm", said)])
    await decisions.approve(session, visit.desk.vault, case, digest, visit.officer.id, visit.now)
    return "approved"


def refusal_errors(visit: Inside, ground: Ground, form: FormData) -> Errors:
    """What a refusal lacks: every fact the ground demands, and the law that makes it concrete."""
    errors = [
        (f"fact-{one.id}", visit.say("console.case.refuse.error_field", label=one.label[visit.lang]))
        for one in ground.missing(_facts(ground, form))
    ]
    if not ground.accepts(_subcode(form)):
        errors.insert(0, ("subcode", visit.say("console.case.refuse.error_subcode")))
    return errors


async def refuse(visit: Inside, session: AsyncSession, case: Case, ground: Ground, form: FormData) -> str:
    """Refuse on a ground of the register; where it takes two officers, the first only puts it forward."""
    letter = await decisions.refuse(
        session,
        visit.desk.vault,
        visit.desk.operators[case.operator],
        case,
        ground.code,
        _subcode(form),
        _facts(ground, form),
        visit.officer.id,
        visit.now,
        proven=await proven_addresses(session, visit.desk, case),
    )
    return "refused" if letter is not None else "second_needed"


async def extend(visit: Inside, session: AsyncSession, case: Case, form: FormData) -> str:
    """Take up to two more months, with the reason the person gets (Art. 12(3))."""
    reason = needed_text(visit, form, "reason", "console.case.extend.error")
    operator = visit.desk.operators[case.operator]
    await decisions.extend(
        session,
        visit.desk.vault,
        operator,
        case,
        reason,
        visit.officer.id,
        visit.now,
        links=visit.desk.links,
        proven=await proven_addresses(session, visit.desk, case),
    )
    return "extended"


async def answer(visit: Inside, session: AsyncSession, case: Case, form: FormData) -> str:
    """End an undecided case with the officer's own words, or by saying that nothing is held."""
    nothing = bool(form.get("nothing_held"))
    said = "" if nothing else needed_text(visit, form, "answer", "console.case.answer.error")
    await decisions.answer_by_hand(
        session,
        visit.desk.vault,
        visit.desk.operators[case.operator],
        case,
        said,
        visit.officer.id,
        visit.now,
        links=visit.desk.links,
        nothing_held=nothing,
        proven=await proven_addresses(session, visit.desk, case),
    )
    return "answered"


async def note(visit: Inside, session: AsyncSession, case: Case, form: FormData) -> str:
    """Keep a note for the officers."""
    said = needed_text(visit, form, "note", "console.case.note.error")
    actor = officer(visit.officer.id)
    await record(session, visit.desk.vault, case, Act.NOTE, now=visit.now, actor=actor, detail={"note": said})
    return "noted"


async def doubt(visit: Inside, session: AsyncSession, case: Case, form: FormData) -> str:
    """Ask the person for more, on a doubt that is written down (Art. 12(6)); the clock may pause."""
    doubted = str(form.get("doubt", "")).strip()
    question = str(form.get("question", "")).strip()
    wanted = (("doubt", doubted), ("question", question))
    errors = [(id, visit.say(f"console.case.identity.error_{id}")) for id, given in wanted if not given]
    if errors:
        raise Incomplete(errors)
    detail = {"doubt": doubted, "question": question}
    vault, actor = visit.desk.vault, officer(visit.officer.id)
    await record(session, vault, case, Act.ASK_IDENTITY, now=visit.now, actor=actor, detail=detail)
    secret = (await details(vault, case))["secret"]
    await letters.write(
        session,
        vault,
        visit.desk.operators[case.operator],
        name="identity",
        lang=as_lang(case.lang),
        dossier_id=case.dossier_id,
        case=case,
        to=await answer_address(session, visit.desk, case),
        values={**detail, "link": visit.desk.links.status(case.operator, secret)},
        now=visit.now,
    )
    return "asked"


async def confirm(visit: Inside, session: AsyncSession, case: Case, form: FormData) -> str:
    """The officer has seen who asks, or the authority to ask for somebody else."""
    seen = needed_text(visit, form, "seen", "console.case.identity.error_note")
    await confirm_by_officer(session, visit.desk.vault, case, visit.officer.id, seen, visit.now)
    return "confirmed"


async def tick(visit: Inside, session: AsyncSession, case: Case, step_id: str, form: FormData) -> str:
    """A step done by hand: what was done, whether anything was there, the files it gave, whom it went to."""
    step = await _step(session, case, step_id)
    found = not form.get(f"nothing-{step_id}")
    erased = await _erased(visit, session, case, step, form, found=found)
    said = needed_text(visit, form, f"note-{step_id}", "console.case.step.error")
    controllers = [name.strip() for name in str(form.get(f"controller-{step_id}", "")).split(",")]
    await decisions.tick_manual(
        session,
        visit.desk.vault,
        step,
        said,
        await _files(visit, form, step_id),
        visit.officer.id,
        visit.now,
        found=found,
        counts=erased.counts if erased else None,
        kept=erased.kept if erased else None,
        controllers=[name for name in controllers if name],
    )
    return "ticked"


async def _erased(
    visit: Inside, session: AsyncSession, case: Case, step: StepRecord, form: FormData, *, found: bool
) -> Erased | None:
    """How much went and what stays, where the step erases and found anything. Raises Incomplete."""
    plan = await current_plan(session, case.id)
    if step.action != Action.ERASE or plan is None or step.plan_id != plan.id:
        return None
    made = open_plan(visit.desk.vault, plan).steps[step.position]
    operator, texts = (
        visit.desk.operators[case.operator],
        {k: v for k, v in form.items() if isinstance(v, str)},
    )
    if not found and not any(value.strip() for name, value in texts.items() if _counts(name, step.id)):
        return None
    erased, errors = read(operator, made, step.id, texts, visit.say, visit.lang, oslo_day(visit.now))
    if not found:
        errors = [(f"nothing-{step.id}", visit.say("console.case.erased.error_both"))]
    if not texts.get(f"note-{step.id}", "").strip():
        errors.append((f"note-{step.id}", visit.say("console.case.step.error")))
    if errors:
        raise Incomplete(errors)
    return erased


def _counts(name: str, step_id: str) -> bool:
    return name.startswith((f"removed-{step_id}-", f"kept-{step_id}-"))


async def retry(visit: Inside, session: AsyncSession, case: Case, step_id: str) -> str:
    """Try a stopped step again at once."""
    step = await _step(session, case, step_id)
    await decisions.retry(session, visit.desk.vault, step, visit.officer.id, visit.now)
    return "retried"


async def _files(visit: Inside, form: FormData, step_id: str) -> list[File]:
    """The files of a form. Raises Incomplete for one that is too large, or for too many."""
    given = [one for one in form.getlist("files") if isinstance(one, UploadFile) and one.filename]
    if len(given) > MOST_FILES or any((one.size or 0) > LARGEST_FILE for one in given):
        raise Incomplete([(f"files-{step_id}", visit.say("console.case.step.error_file"))])
    return [
        File(one.filename or "", one.content_type or "application/octet-stream", await one.read())
        for one in given
    ]


async def _step(session: AsyncSession, case: Case, step_id: str) -> StepRecord:
    """The step of this case; 404 for another one's."""
    step = await session.get(StepRecord, step_id, with_for_update=True)
    if step is None or step.case_id != case.id:
        raise HTTPException(404)
    return step


def needed_text(visit: Inside, form: FormData, field: str, missing: str) -> str:
    """A text that must be there. Raises Incomplete."""
    given = str(form.get(field, "")).replace("\x00", "").strip()
    if not given:
        raise Incomplete([(field, visit.say(missing))])
    return given


def _facts(ground: Ground, form: FormData) -> dict[str, str]:
    return {one.id: str(form.get(f"fact-{one.id}", "")).strip() for one in ground.evidence}


def _subcode(form: FormData) -> str | None:
    """The listed sub-code, or OTHER with the statute that was written."""
    other = str(form.get("other", "")).strip()
    return f"OTHER:{other}" if other else str(form.get("subcode", "")) or None
