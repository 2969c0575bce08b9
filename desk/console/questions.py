"""Questions that found no answer, or none that helped: grouped, answered once by an officer, and looked at again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final
from uuid import uuid4

from fastapi import APIRouter, HTTPException
from fastapi.datastructures import FormData
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from desk.console.doors import Form, Inside, Visit
from desk.console.reviewing import Errors, Written, options, read, value_of
from desk.log import log
from desk.records import Feedback, ReviewedAnswer
from desk.reviews import as_value, close, helped, open_questions, standing_answers
from knowledge.grouping import Group, asking, grouped
from knowledge.masking import blanked
from knowledge.reviewed import Clause, answering, stands
from law.language import LANGS, as_lang
from operators.profile import Operator

PAGE: Final = "/console/questions"
SHOWN: Final = 3  # examples of a group
SHOWN_OF_ONE: Final = 300  # characters of an example


@dataclass(frozen=True, slots=True)
class Shown:
    """A group as the officer sees it: `id` is its oldest question's, `nearest` the clause cited oftenest.

    Of each example there is its text, what is asked in it, which may be accepted, and its language.
    """

    id: str
    group: Group
    examples: tuple[tuple[str, str, str], ...]
    langs: tuple[str, ...]
    nearest: Clause | None


def router() -> APIRouter:
    """`/console/questions` and below."""
    router = APIRouter(prefix=PAGE)

    @router.get("")
    async def questions(visit: Visit, m: str = "") -> Response:
        companies = []
        for operator in _served(visit):
            await visit.desk.hub.ready(operator.id, visit.now)
            async with visit.desk.unit_of_work() as session:
                groups = await _groups(session, visit, operator)
                answers = await standing_answers(session, (operator.id,))
                count = await helped(session, operator.id)
            now = visit.desk.knowledge[operator.id].fingerprints
            rows = [(row, stands(as_value(row), now)) for row in answers]
            companies.append((operator, groups, sorted(rows, key=lambda pair: pair[1]), count))
        companies.sort(key=lambda one: not (one[1] or one[2]))  # those with something to see first
        notice = m if m in ("saved", "retired") else ""
        return visit.page(
            "console/questions.html", nav="questions", back=PAGE, companies=companies, notice=notice
        )

    @router.get("/new/{operator_id}")
    async def blank(operator_id: str, visit: Visit) -> Response:
        return await _form(visit, _company(visit, operator_id), f"{PAGE}/new/{operator_id}", {})

    @router.post("/new/{operator_id}")
    async def write(operator_id: str, visit: Visit, form: Form) -> Response:
        return await _save(visit, _company(visit, operator_id), f"{PAGE}/new/{operator_id}", form)

    @router.get("/group/{group_id}")
    async def group(group_id: str, visit: Visit) -> Response:
        operator, shown = await _group(visit, group_id)
        return await _form(visit, operator, f"{PAGE}/group/{group_id}", {}, shown=shown)

    @router.post("/group/{group_id}")
    async def answer(group_id: str, visit: Visit, form: Form) -> Response:
        async with visit.desk.unit_of_work() as session:
            written = await session.get(ReviewedAnswer, str(form.get("id", "")))
        if written is not None and written.operator in visit.officer.serves:
            return RedirectResponse(f"{PAGE}?m=saved", 303)  # a second click: the group is closed
        operator, shown = await _group(visit, group_id)
        return await _save(visit, operator, f"{PAGE}/group/{group_id}", form, shown=shown)

    @router.get("/answer/{answer_id}")
    async def written(answer_id: str, visit: Visit) -> Response:
        async with visit.desk.unit_of_work() as session:
            row = await _answer(session, visit, answer_id)
        if row.retired_at is not None:
            raise HTTPException(404)
        operator = visit.desk.operators[row.operator]
        return await _form(visit, operator, f"{PAGE}/answer/{answer_id}", {}, old=row)

    @router.post("/answer/{answer_id}")
    async def change(answer_id: str, visit: Visit, form: Form) -> Response:
        async with visit.desk.unit_of_work() as session:
            row = await _answer(session, visit, answer_id)
        operator = visit.desk.operators[row.operator]
        return await _save(visit, operator, f"{PAGE}/answer/{answer_id}", form, old=row)

    @router.post("/answer/{answer_id}/retire")
    async def retire(answer_id: str, visit: Visit, form: Form) -> Response:
        async with visit.desk.unit_of_work() as session:
            row = await _answer(session, visit, answer_id)
            if row.retired_at is None:
                row.retired_at = visit.now
                log.info("reviewed answer retired", operator=row.operator)
        return RedirectResponse(f"{PAGE}?m=retired", 303)

    return router


def _served(visit: Inside) -> list[Operator]:
    served = [visit.desk.operators[id] for id in visit.officer.serves if id in visit.desk.operators]
    return sorted(served, key=lambda one: one.name.casefold())


def _company(visit: Inside, operator_id: str) -> Operator:
    """The company, if the officer serves it; otherwise as if it did not exist."""
    for one in _served(visit):
        if one.id == operator_id:
            return one
    raise HTTPException(404)


async def _groups(session: AsyncSession, visit: Inside, operator: Operator) -> list[Shown]:
    found, rows = await open_questions(session, visit.desk.vault, operator.id)
    masked = tuple(replace(one, text=blanked(one.text) if one.text is not None else None) for one in found)
    return [_shown(group, rows) for group in grouped(masked)]


def _shown(group: Group, rows: Mapping[str, Feedback]) -> Shown:
    examples: dict[str, tuple[str, str, str]] = {}
    for one in reversed(group.members):
        if one.text and len(examples) < SHOWN:
            text, asked = (" ".join(part.split())[:SHOWN_OF_ONE] for part in (one.text, asking(one.text)))
            examples.setdefault(asked.casefold(), (text, asked, one.lang))
    clauses = [
        (r.document, r.section, r.heading) for r in (rows[one.id] for one in group.members) if r.document
    ]
    return Shown(
        id=group.members[0].id,
        group=group,
        examples=tuple(examples.values()),
        langs=tuple(lang for lang in LANGS if any(one.lang == lang for one in group.members)),
        nearest=max(clauses, key=clauses.count) if clauses else None,
    )


async def _group(visit: Inside, group_id: str) -> tuple[Operator, Shown]:
    """The group an open question is in, where the officer serves its company; else as if there were none."""
    async with visit.desk.unit_of_work() as session:
        row = await session.get(Feedback, group_id)
        if row is None:
            raise HTTPException(404)
        operator = _company(visit, row.operator)
        for shown in await _groups(session, visit, operator):
            if any(one.id == group_id for one in shown.group.members):
                return operator, shown
    raise HTTPException(404)


async def _answer(session: AsyncSession, visit: Inside, answer_id: str) -> ReviewedAnswer:
    """The answer, also a retired one, where the officer serves its company."""
    row = await session.get(ReviewedAnswer, answer_id, with_for_update=True)
    if row is None:
        raise HTTPException(404)
    _company(visit, row.operator)
    return row


async def _form(
    visit: Inside,
    operator: Operator,
    action: str,
    given: Mapping[str, str],
    *,
    shown: Shown | None = None,
    old: ReviewedAnswer | None = None,
    errors: Errors | None = None,
    ticked: Sequence[str] = (),
) -> Response:
    """The form, filled in as the old answer or, with `errors`, as it was sent."""
    await visit.desk.hub.ready(operator.id, visit.now)
    now = visit.desk.knowledge[operator.id].fingerprints
    filled = {"id": uuid4().hex}
    if old is not None:
        bound = as_value(old).bound
        filled |= {"examples": old.examples, "clause": value_of(bound.clause if bound else None, now)}
        filled |= {lang: getattr(old, lang) for lang in LANGS}
    return visit.page(
        "console/question.html",
        status=422 if errors else 200,
        nav="questions",
        back=action,
        operator=operator,
        action=action,
        given=filled | dict(given),
        shown=shown,
        changed=old is not None and not stands(as_value(old), now),
        clauses=options(now),
        errors=errors or [],
        ticked=ticked,
    )


async def _save(
    visit: Inside,
    operator: Operator,
    action: str,
    form: FormData,
    *,
    shown: Shown | None = None,
    old: ReviewedAnswer | None = None,
) -> Response:
    """Keep the answer in the form; however often the form is sent, it is one."""
    await visit.desk.hub.ready(operator.id, visit.now)
    offered = [asked for _, asked, _ in shown.examples] if shown else []
    now = visit.desk.knowledge[operator.id].fingerprints
    written, errors, given = read(visit, form, offered, now)
    if written is None:
        ticked = [str(one) for one in form.getlist("example")]
        return await _form(visit, operator, action, given, shown=shown, old=old, errors=errors, ticked=ticked)
    # what it was written for, and whatever else it answers
    members = [str(one) for one in form.getlist("member")]
    try:
        async with visit.desk.unit_of_work() as session:
            standing = await _answer(session, visit, old.id) if old is not None else None
            if standing is None or standing.retired_at is None:  # else a colleague, or a click, was faster
                if standing is not None:
                    standing.retired_at = visit.now
                row = _row(visit, operator, written)
                session.add(row)
                await session.flush()
                found, _ = await open_questions(session, visit.desk.vault, operator.id)
                answer = [as_value(row)]
                members += [
                    one.id
                    for one in found
                    if one.text and answering(one.text, as_lang(one.lang), answer, now)
                ]
                await close(session, operator.id, members, written.id, visit.now)
                log.info("reviewed answer written", operator=operator.id, count=len(members))
    except IntegrityError:  # both clicks at the same moment
        log.info("reviewed answer written before", operator=operator.id)
    return RedirectResponse(f"{PAGE}?m=saved", 303)


def _row(visit: Inside, operator: Operator, written: Written) -> ReviewedAnswer:
    document, section, heading = written.clause or ("", "", "")
    return ReviewedAnswer(
        id=written.id,
        operator=operator.id,
        examples="\n".join(written.examples),
        document=document,
        section=section,
        heading=heading,
        fingerprint=written.fingerprint,
        written_by=visit.officer.id,
        written_at=visit.now,
        **written.texts,
    )
