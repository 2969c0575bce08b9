"""The companies' documents: which version counts, handing in a new one, taking one back, and what to mend in them."""

import asyncio
from typing import Annotated, Final
from urllib.parse import quote

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.datastructures import FormData
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from desk.console.doors import Form, Inside, Visit, inside
from desk.console.handing_in import Errors, read
from desk.console.paper import TONES, Paper, Previews, papers
from desk.log import log
from desk.pages.document import shown
from desk.records import DocumentVersion, Officer
from desk.versions import (
    COMMAND_LINE,
    Standing,
    add,
    as_version,
    contents,
    history,
    standing_versions,
    standings,
)
from knowledge.loaders.choosing import ENDINGS, MOST_BYTES
from knowledge.shelf import in_force
from law.calendar import oslo_day
from operators.profile import Operator

LARGEST_POST: Final = 3 * MOST_BYTES
"""Bytes of a post that are taken in at all; a file too large to be read is then refused on the page."""


async def measured(request: Request, visit: Annotated[Inside, Depends(inside)]) -> None:
    """Refuse a post that nobody in earnest sends before it is taken in. 413 where it says no size, too."""
    length = request.headers.get("content-length", "")
    if not length.isdecimal() or int(length) > LARGEST_POST:
        raise HTTPException(413)


def router() -> APIRouter:
    """`/console/documents` and below."""
    router = APIRouter(prefix="/console/documents")
    previews = Previews()

    @router.get("")
    async def documents(visit: Visit) -> Response:
        served = [visit.desk.operators[id] for id in visit.officer.serves if id in visit.desk.operators]
        rows = [
            (one, await _papers(visit, one)) for one in sorted(served, key=lambda one: one.name.casefold())
        ]
        return visit.page(
            "console/documents.html", nav="documents", back="/console/documents", companies=rows
        )

    @router.get("/{operator_id}")
    async def company(operator_id: str, visit: Visit, m: str = "") -> Response:
        return await _company(visit, _served(visit, operator_id), notice=m)

    @router.post("/{operator_id}", dependencies=[Depends(measured)])
    async def hand_in(operator_id: str, visit: Visit, form: Form) -> Response:
        operator = _served(visit, operator_id)
        handed, errors = await read(visit, operator, form)
        if handed is None:
            return await _company(visit, operator, errors=errors, given=form)
        async with visit.desk.unit_of_work() as session:
            added = await add(
                session,
                operator.id,
                file=handed.expected.file,
                name=handed.name,
                title=handed.expected.title,
                content=handed.content,
                in_force_from=handed.since,
                by=visit.officer.id,
                now=visit.now,
            )
        if added.new:
            log.info("document version added", operator=operator.id, name=handed.expected.file)
        await visit.desk.in_force(operator.id, visit.now)
        notice = "added" if added.new else "same"
        return RedirectResponse(f"/console/documents/{operator.id}/{added.row.id}?m={notice}", 303)

    @router.get("/{operator_id}/{version_id}")
    async def version(operator_id: str, version_id: str, visit: Visit, m: str = "") -> Response:
        return await _version(visit, _served(visit, operator_id), version_id, previews, notice=m)

    @router.post("/{operator_id}/{version_id}/retire")
    async def retire(operator_id: str, version_id: str, visit: Visit, form: Form) -> Response:
        operator = _served(visit, operator_id)
        async with visit.desk.unit_of_work() as session:
            row = await _found(session, operator, version_id)
            if row.retired_at is None:
                row.retired_at, row.retired_by = visit.now, visit.officer.id
                log.info("document version taken back", operator=operator.id, name=row.file)
        await visit.desk.in_force(operator.id, visit.now)
        return RedirectResponse(f"/console/documents/{operator.id}?m=retired", 303)

    return router


async def _company(
    visit: Inside,
    operator: Operator,
    *,
    errors: Errors | None = None,
    given: FormData | None = None,
    notice: str = "",
) -> Response:
    """A company's page; with `errors` the form stands as it was filled in, but for the file."""
    today = oslo_day(visit.now)
    texts = {key: value for key, value in (given or {}).items() if isinstance(value, str)}
    return visit.page(
        "console/document_company.html",
        status=422 if errors else 200,
        nav="documents",
        back=f"/console/documents/{operator.id}",
        operator=operator,
        papers=await _papers(visit, operator),
        errors=errors or [],
        given={"since": today.isoformat()} | texts,
        endings=",".join(ENDINGS),
        page_of=_page_of,
        tones=TONES,
        retired=notice == "retired",
    )


async def _papers(visit: Inside, operator: Operator) -> tuple[Paper, ...]:
    await visit.desk.hub.ready(operator.id, visit.now)
    async with visit.desk.unit_of_work() as session:
        rows = await history(session, operator.id)
    known = visit.desk.knowledge.known(operator.id)
    # the findings may still have to be made
    return await asyncio.to_thread(papers, operator, known, rows, oslo_day(visit.now), visit.lang)


async def _version(
    visit: Inside, operator: Operator, version_id: str, previews: Previews, *, notice: str
) -> Response:
    """The page of one version, whether or not it counts: an old answer may rest on it."""
    today = oslo_day(visit.now)
    async with visit.desk.unit_of_work() as session:
        row = await _found(session, operator, version_id)
        stands = standings(await history(session, operator.id), today)[row.id]
        own = as_version(row)
        counts = stands in (Standing.IN_FORCE, Standing.COMING)
        beside = []
        if counts:
            others = (await standing_versions(session, (operator.id,)))[operator.id]
            of_then = in_force(others, max(row.in_force_from, today)).values()
            beside = [one for one in of_then if one.file != row.file]
        handed_in = await contents(session, [own, *beside])
        by = await _who(session, row.added_by, visit)
        retired_by = await _who(session, row.retired_by, visit)
    preview = await asyncio.to_thread(
        previews.of, visit.desk.knowledge, operator, own, handed_in, lint=counts
    )
    return visit.page(
        "console/document_version.html",
        nav="documents",
        back=f"/console/documents/{operator.id}/{row.id}",
        operator=operator,
        row=row,
        stands=stands.value,
        counts=counts,
        document=preview.document,
        sections=tuple(shown(preview.document.sections())) if preview.document else (),
        fault=preview.fault.sentence(visit.lang) if preview.fault else None,
        findings=preview.findings,
        tones=TONES,
        by=by,
        retired_by=retired_by,
        notice=notice if notice in ("added", "same") else "",
        here=f"/console/documents/{operator.id}/{row.id}",
    )


def _served(visit: Inside, operator_id: str) -> Operator:
    """The company, if the officer serves it; otherwise as if it did not exist."""
    if operator_id not in visit.officer.serves or operator_id not in visit.desk.operators:
        raise HTTPException(404)
    return visit.desk.operators[operator_id]


async def _found(session: AsyncSession, operator: Operator, version_id: str) -> DocumentVersion:
    """The version of this company; 404 for another one's."""
    row = await session.get(DocumentVersion, version_id, with_for_update=True)
    if row is None or row.operator != operator.id:
        raise HTTPException(404)
    return row


async def _who(session: AsyncSession, by: str | None, visit: Inside) -> str | None:
    """Who handed a version in or took it back, by name."""
    if by is None:
        return None
    if by == COMMAND_LINE:
        return visit.say("console.documents.command_line")
    name = await session.scalar(select(Officer.name).where(Officer.id == by))
    return name or visit.say("console.case.officer")


def _page_of(operator: Operator, paper: Paper) -> str:
    """Where the text in force is read: the version's page, or the public page of the file in the folder."""
    if paper.current is not None:
        return f"/console/documents/{operator.id}/{paper.current.id}"
    return f"/o/{operator.id}/dokument/{quote(paper.title, safe='')}"
