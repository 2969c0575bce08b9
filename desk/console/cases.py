"""The page of a case, and what an officer can do there."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, HTTPException
from fastapi.datastructures import FormData
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm.exc import StaleDataError

from desk.console import acts, undelivered
from desk.console.acts import Changed, Errors
from desk.console.case_file import find_case, proposal_of, read, refusable
from desk.console.doors import Form, Inside, Visit
from desk.console.files import handed_out
from desk.pages.sight import answer_address
from fulfilment.decisions import Flaw, StalePlan, Unsound
from intake.case import NotAllowed
from intake.records import Attachment, Case
from intake.vault import KeyGone
from law.grounds import Ground
from law.periods import UnknownPeriod, period
from law.rights import Right

GOOD = frozenset(
    {
        "approved",
        "refused",
        "second_needed",
        "extended",
        "answered",
        "noted",
        "asked",
        "confirmed",
        "ticked",
        "retried",
        "again",
        "settled",
    }
)
BAD = frozenset({"changed", "plan_changed", "too_late"})
FLAW = "flaw-"

Doing = Callable[[AsyncSession, Case], Awaitable[str]]


@dataclass(frozen=True, slots=True)
class Notice:
    """What came of the last thing the officer did."""

    text: str
    bad: bool


def router() -> APIRouter:
    """`/console/cases/{reference}` and below."""
    router = APIRouter(prefix="/console/cases/{reference}")

    @router.get("")
    async def case(reference: str, visit: Visit, m: str = "") -> Response:
        return await _case_page(visit, reference, said=m)

    @router.post("/approve")
    async def approve(reference: str, visit: Visit, form: Form) -> Response:
        return await _do(visit, reference, form, lambda s, c: acts.approve(visit, s, c, form))

    @router.get("/refuse")
    async def refusal(reference: str, visit: Visit, ground: str = "") -> Response:
        async with visit.desk.unit_of_work() as session:
            found = await _found(session, visit, reference)
            proposal = await proposal_of(session, visit.desk, found)
        chosen = _ground(found, ground)
        if chosen is None:
            return RedirectResponse(_path(found.reference), 303)
        given = proposal.given if proposal is not None and proposal.ground == chosen else {}
        return _refuse_page(visit, found, chosen, given, [])

    @router.post("/refuse")
    async def refuse(reference: str, visit: Visit, form: Form) -> Response:
        async with visit.desk.unit_of_work() as session:
            found = await _found(session, visit, reference)
        chosen = _ground(found, str(form.get("ground", "")))
        if chosen is None:
            return RedirectResponse(_path(found.reference), 303)
        errors = acts.refusal_errors(visit, chosen, form)
        if errors:
            return _refuse_page(visit, found, chosen, _texts(form), errors, status=422)
        return await _do(visit, reference, form, lambda s, c: acts.refuse(visit, s, c, chosen, form))

    @router.post("/extend")
    async def extend(reference: str, visit: Visit, form: Form) -> Response:
        return await _do(visit, reference, form, lambda s, c: acts.extend(visit, s, c, form))

    @router.post("/answer")
    async def answer(reference: str, visit: Visit, form: Form) -> Response:
        return await _do(visit, reference, form, lambda s, c: acts.answer(visit, s, c, form))

    @router.post("/note")
    async def note(reference: str, visit: Visit, form: Form) -> Response:
        return await _do(visit, reference, form, lambda s, c: acts.note(visit, s, c, form), pinned=False)

    @router.post("/doubt")
    async def doubt(reference: str, visit: Visit, form: Form) -> Response:
        return await _do(visit, reference, form, lambda s, c: acts.doubt(visit, s, c, form))

    @router.post("/confirm")
    async def confirm(reference: str, visit: Visit, form: Form) -> Response:
        return await _do(visit, reference, form, lambda s, c: acts.confirm(visit, s, c, form))

    @router.post("/steps/{step_id}")
    async def tick(reference: str, step_id: str, visit: Visit, form: Form) -> Response:
        return await _do(
            visit, reference, form, lambda s, c: acts.tick(visit, s, c, step_id, form), pinned=False
        )

    @router.post("/steps/{step_id}/retry")
    async def retry(reference: str, step_id: str, visit: Visit, form: Form) -> Response:
        return await _do(visit, reference, form, lambda s, c: acts.retry(visit, s, c, step_id), pinned=False)

    @router.post("/letters/{letter_id}/again")
    async def again(reference: str, letter_id: str, visit: Visit, form: Form) -> Response:
        return await _do(
            visit, reference, form, lambda s, c: undelivered.again(visit, s, c, letter_id), pinned=False
        )

    @router.post("/letters/{letter_id}/settled")
    async def settled(reference: str, letter_id: str, visit: Visit, form: Form) -> Response:
        return await _do(
            visit,
            reference,
            form,
            lambda s, c: undelivered.settled(visit, s, c, letter_id, form),
            pinned=False,
        )

    @router.get("/files/{file_id}")
    async def file(reference: str, file_id: str, visit: Visit) -> Response:
        async with visit.desk.unit_of_work() as session:
            found = await _found(session, visit, reference)
            row = await session.scalar(
                select(Attachment).where(Attachment.id == file_id, Attachment.case_id == found.id)
            )
            if row is None:
                raise HTTPException(404)
            return handed_out(visit.desk.vault, row)

    return router


async def _found(session: AsyncSession, visit: Inside, reference: str) -> Case:
    """The case, if the officer may see it; the same 404 for another's and for one that is not there."""
    case = await find_case(session, visit.officer, reference)
    if case is None or case.operator not in visit.desk.operators:
        raise HTTPException(404)
    return case


async def _case_page(
    visit: Inside,
    reference: str,
    *,
    said: str = "",
    errors: Errors | None = None,
    given: Mapping[str, str] | None = None,
    status: int = 200,
) -> Response:
    async with visit.desk.unit_of_work() as session:
        case = await _found(session, visit, reference)
        try:
            seen = await read(session, visit.desk, case, visit.lang, visit.now)
            to = await answer_address(session, visit.desk, case)
        except KeyGone:
            return visit.page(
                "console/missing.html",
                title=visit.say("console.case.erased_title"),
                body=visit.say("console.case.erased_body"),
                onward="/console",
                onward_label=visit.say("console.case.back"),
            )
    values: dict[str, Any] = seen.values() | {
        "to": to,
        "notice": _notice(visit, said),
        "errors": errors or [],
        "given": given or {},
    }
    return visit.page("console/case.html", status=status, nav="case", back=_path(case.reference), **values)


def _notice(visit: Inside, said: str) -> Notice | None:
    """The sentence for what came of the last act: done, in the way, or a flaw the law finds in it."""
    if said in GOOD | BAD:
        return Notice(visit.say(f"console.case.notice.{said}"), said in BAD)
    flaw = said.removeprefix(FLAW)
    if said != flaw and flaw in set(Flaw):
        return Notice(visit.say(f"console.case.flaw.{flaw}"), True)
    return None


def _refuse_page(
    visit: Inside, case: Case, chosen: Ground, given: Mapping[str, str], errors: Errors, *, status: int = 200
) -> Response:
    subcodes = [(code, _label(visit, code)) for code in chosen.subcodes]
    return visit.page(
        "console/refuse.html",
        status=status,
        nav="case",
        back=_path(case.reference),
        case=case,
        version=given.get("version", str(case.version)),
        ground=chosen,
        subcodes=subcodes,
        two=chosen.approvals_for(Right(case.right)) > 1,
        given=given,
        errors=errors,
    )


def _label(visit: Inside, code: str) -> str:
    """A sub-code in words where it is a retention period, else as it is (a statute)."""
    try:
        found = period(code)
    except UnknownPeriod:
        return code
    return f"{found.label[visit.lang]} ({found.statute})"


async def _do(
    visit: Inside, reference: str, form: FormData, doing: Doing, *, pinned: bool = True
) -> Response:
    """Do one thing to the case in one unit of work and go back to its page.

    `pinned`: only if nobody changed the case since the page was made. A second click finds the case changed
    and does nothing, so a double submit is harmless.
    """
    try:
        async with visit.desk.unit_of_work() as session:
            case = await _found(session, visit, reference)
            if pinned and str(form.get("version", "")) != str(case.version):
                raise Changed
            said = await doing(session, case)
    except acts.Incomplete as incomplete:
        return await _case_page(visit, reference, errors=incomplete.errors, given=_texts(form), status=422)
    except (Changed, StaleDataError):
        said = "changed"
    except StalePlan:
        said = "plan_changed"
    except Unsound as unsound:
        said = FLAW + unsound.flaw.value
    except NotAllowed:
        said = "too_late"
    visit.desk.wake()
    return RedirectResponse(f"{_path(reference)}?m={said}", 303)


def _ground(case: Case, code: str) -> Ground | None:
    """The ground an officer chose, if it can carry a refusal of this right."""
    return next((one for one in refusable(Right(case.right)) if one.code == code), None)


def _texts(form: FormData) -> dict[str, str]:
    return {key: value for key, value in form.items() if isinstance(value, str)}


def _path(reference: str) -> str:
    return f"/console/cases/{quote(reference, safe='')}"
