"""Questions that found no answer, or none that helped: grouped, answered once by an officer, and looked at again."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final
from uuid import uuid4

from fastapi import APIRouter, HTTPException
from fastapi.datastructures import FormData
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from desk.console.doors import Form, Inside, Visit
from desk.log import log
from desk.records import Feedback, ReviewedAnswer
from desk.reviews import as_value, close, open_questions, standing_answers
from knowledge.answers import Knowledge
from knowledge.grouping import Group, grouped
from knowledge.masking import mask
from knowledge.reviewed import fingerprint, stands
from law.language import LANGS
from operators.profile import Operator

LONGEST: Final = 4000
EXAMPLES_AT_MOST: Final = 20
EXAMPLE_LONGEST: Final = 300
SHOWN: Final = 4
PAGE: Final = "/console/questions"
SILENT: Final = "none"
Errors = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Shown:
    """A group as the officer sees it: `id` is its oldest question's, `nearest` the clause cited oftenest."""

    id: str
    group: Group
    examples: tuple[tuple[str, str], ...]
    langs: tuple[str, ...]
    nearest: tuple[str, str, str] | None


def router() -> APIRouter:
    """`/console/questions` and below."""
    router = APIRouter(prefix=PAGE)

    @router.get("")
    async def questions(visit: Visit, m: str = "") -> Response:
        companies = []
        for operator in _served(visit):
            await visit.desk.in_force(operator.id, visit.now)
            async with visit.desk.unit_of_work() as session:
                groups = await _groups(session, visit, operator)
                answers = await standing_answers(session, (operator.id,))
                helped = await session.scalar(
                    select(func.count()).where(Feedback.operator == operator.id, Feedback.kind == "helpful")
                )
            documents = visit.desk.knowledge[operator.id].documents
            rows = [(row, stands(as_value(row), documents)) for row in answers]
            companies.append((operator, groups, sorted(rows, key=lambda pair: pair[1]), helped))
        notice = m if m in ("saved", "retired") else ""
        return visit.page(
            "console/questions.html", nav="questions", back=PAGE, companies=companies, notice=notice
        )

    @router.get("/group/{group_id}")
    async def group(group_id: str, visit: Visit) -> Response:
        operator, shown = await _group(visit, group_id)
        given = {"id": uuid4().hex, "clause": ""}
        return await _form(visit, operator, f"{PAGE}/group/{group_id}", given, shown=shown)

    @router.post("/group/{group_id}")
    async def answer(group_id: str, visit: Visit, form: Form) -> Response:
        async with visit.desk.unit_of_work() as session:
            written = await session.get(ReviewedAnswer, str(form.get("id", "")))
        if written is not None and written.operator in visit.officer.serves:
            return RedirectResponse(f"{PAGE}?m=saved", 303)  # a second click
        operator, shown = await _group(visit, group_id)
        members = [str(one) for one in form.getlist("member")]
        return await _save(visit, operator, f"{PAGE}/group/{group_id}", form, shown=shown, members=members)

    @router.get("/answer/{answer_id}")
    async def written(answer_id: str, visit: Visit) -> Response:
        async with visit.desk.unit_of_work() as session:
            row = await _answer(session, visit, answer_id)
        given = {"id": uuid4().hex, "examples": row.examples} | {lang: getattr(row, lang) for lang in LANGS}
        given["clause"] = _value((row.document, row.section, row.heading)) if row.document else SILENT
        return await _form(
            visit, visit.desk.operators[row.operator], f"{PAGE}/answer/{answer_id}", given, old=row
        )

    @router.post("/answer/{answer_id}")
    async def edit(answer_id: str, visit: Visit, form: Form) -> Response:
        async with visit.desk.unit_of_work() as session:
            row = await _answer(session, visit, answer_id, standing=False)
        if row.retired_at is not None:
            return RedirectResponse(f"{PAGE}?m=saved", 303)  # a second click, or a colleague was faster
        operator = visit.desk.operators[row.operator]
        return await _save(visit, operator, f"{PAGE}/answer/{answer_id}", form, old=row)

    @router.post("/answer/{answer_id}/retire")
    async def retire(answer_id: str, visit: Visit, form: Form) -> Response:
        async with visit.desk.unit_of_work() as session:
            row = await _answer(session, visit, answer_id, standing=False)
            if row.retired_at is None:
                row.retired_at = visit.now
                log.info("reviewed answer retired", operator=row.operator)
        return RedirectResponse(f"{PAGE}?m=retired", 303)

    return router


def _served(visit: Inside) -> list[Operator]:
    served = [visit.desk.operators[id] for id in visit.officer.serves if id in visit.desk.operators]
    return sorted(served, key=lambda one: one.name.casefold())


async def _groups(session: AsyncSession, visit: Inside, operator: Operator) -> list[Shown]:
    found, rows = await open_questions(session, visit.desk.vault, operator.id)
    log.info("questions opened", operator=operator.id, count=len(found))
    masked = tuple(replace(one, text=mask(one.text).text if one.text is not None else None) for one in found)
    return [_shown(group, rows) for group in grouped(masked)]


def _shown(group: Group, rows: Mapping[str, Feedback]) -> Shown:
    examples: dict[str, str] = {}
    for one in reversed(group.members):
        if one.text and len(examples) < SHOWN:
            examples.setdefault(" ".join(one.text.split())[:EXAMPLE_LONGEST], one.lang)
    clauses = [
        (r.document, r.section, r.heading) for r in (rows[one.id] for one in group.members) if r.document
    ]
    return Shown(
        id=group.members[0].id,
        group=group,
        examples=tuple(examples.items()),
        langs=tuple(lang for lang in LANGS if any(one.lang == lang for one in group.members)),
        nearest=max(clauses, key=clauses.count) if clauses else None,
    )


async def _group(visit: Inside, group_id: str) -> tuple[Operator, Shown]:
    """The group an open question is in, where the officer serves its company; else as if there were none."""
    async with visit.desk.unit_of_work() as session:
        row = await session.get(Feedback, group_id)
        if row is None or row.operator not in {one.id for one in _served(visit)}:
            raise HTTPException(404)
        operator = visit.desk.operators[row.operator]
        for shown in await _groups(session, visit, operator):
            if any(one.id == group_id for one in shown.group.members):
                return operator, shown
    raise HTTPException(404)


async def _answer(
    session: AsyncSession, visit: Inside, answer_id: str, *, standing: bool = True
) -> ReviewedAnswer:
    row = await session.get(ReviewedAnswer, answer_id, with_for_update=True)
    if row is None or row.operator not in {one.id for one in _served(visit)}:
        raise HTTPException(404)
    if standing and row.retired_at is not None:
        raise HTTPException(404)
    return row


async def _form(
    visit: Inside,
    operator: Operator,
    action: str,
    given: Mapping[str, str],
    *,
    shown: Shown | None = None,
    old: ReviewedAnswer | None = None,
    errors: Sequence[tuple[str, str]] = (),
) -> Response:
    await visit.desk.in_force(operator.id, visit.now)
    knowledge = visit.desk.knowledge[operator.id]
    return visit.page(
        "console/question.html",
        status=422 if errors else 200,
        nav="questions",
        back=action,
        operator=operator,
        action=action,
        given=given,
        shown=shown,
        old=old,
        changed=old is not None and not stands(as_value(old), knowledge.documents),
        clauses=_clauses(knowledge),
        errors=list(errors),
    )


def _clauses(knowledge: Knowledge) -> list[tuple[str, str, str]]:
    """The form's value, the document and the name of every clause of the documents, in their order."""
    found: dict[str, tuple[str, str, str]] = {}
    for document in knowledge.documents:
        for p in document.passages:
            value = _value((p.document, p.section, p.heading))
            name = " ".join(part for part in (p.section, p.heading) if part) or p.document
            found.setdefault(value, (value, p.document, name))
    return list(found.values())


def _value(clause: tuple[str, str, str]) -> str:
    return " | ".join(clause)


async def _save(
    visit: Inside,
    operator: Operator,
    action: str,
    form: FormData,
    *,
    shown: Shown | None = None,
    old: ReviewedAnswer | None = None,
    members: Sequence[str] = (),
) -> Response:
    given = {key: value for key, value in form.items() if isinstance(value, str)}
    await visit.desk.in_force(operator.id, visit.now)
    knowledge = visit.desk.knowledge[operator.id]
    texts = {lang: given.get(lang, "").replace("\r\n", "\n").strip() for lang in LANGS}
    examples = [" ".join(mask(line).text.split()) for line in given.get("examples", "").splitlines()]
    examples = list(dict.fromkeys(one for one in examples if one))
    examples += [
        one
        for one, _ in (shown.examples if shown else ())
        if one in form.getlist("example") and one not in examples
    ]
    clause = _chosen(knowledge, given.get("clause", ""))
    errors: Errors = []
    if not any(texts.values()):
        errors.append(("nb", visit.say("console.questions.error.empty")))
    errors += [
        (lang, visit.say("console.questions.error.long", n=LONGEST))
        for lang in LANGS
        if len(texts[lang]) > LONGEST
    ]
    if clause is None:
        errors.append(("clause", visit.say("console.questions.error.clause")))
    if not examples:
        errors.append(("examples", visit.say("console.questions.error.examples")))
    elif len(examples) > EXAMPLES_AT_MOST or any(len(one) > EXAMPLE_LONGEST for one in examples):
        errors.append(("examples", visit.say("console.questions.error.many", n=EXAMPLES_AT_MOST)))
    if not re.fullmatch(r"[0-9a-f]{32}", given.get("id", "")):
        given["id"] = uuid4().hex
    if errors or clause is None:
        return await _form(visit, operator, action, given, shown=shown, old=old, errors=errors)
    document, section, heading = clause
    row = ReviewedAnswer(
        id=given["id"],
        operator=operator.id,
        examples="\n".join(examples),
        document=document,
        section=section,
        heading=heading,
        fingerprint=fingerprint(knowledge.documents, *clause) if document else "",
        written_by=visit.officer.id,
        written_at=visit.now,
        **texts,
    )
    try:
        async with visit.desk.unit_of_work() as session:
            if old is not None:
                standing = await _answer(session, visit, old.id, standing=False)
                if standing.retired_at is not None:
                    return RedirectResponse(f"{PAGE}?m=saved", 303)
                standing.retired_at = visit.now
            session.add(row)
            await session.flush()
            await close(session, operator.id, members, row.id, visit.now)
    except IntegrityError:  # both clicks at the same moment: one answer
        return RedirectResponse(f"{PAGE}?m=saved", 303)
    log.info("reviewed answer written", operator=operator.id, count=len(members))
    return RedirectResponse(f"{PAGE}?m=saved", 303)


def _chosen(knowledge: Knowledge, value: str) -> tuple[str, str, str] | None:
    """The clause chosen, ("", "", "") for none; None where nothing of ours was chosen."""
    if value == SILENT:
        return ("", "", "")
    for document in knowledge.documents:
        for p in document.passages:
            clause = (p.document, p.section, p.heading)
            if _value(clause) == value:
                return clause
    return None
