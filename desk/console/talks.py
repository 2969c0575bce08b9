"""Conversations that wait for a human: the list, one conversation, and the officer's answer in it."""

from fastapi import APIRouter, HTTPException
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.ext.asyncio import AsyncSession

from bot import handover
from bot.memory import said
from desk.console.doors import Form, Inside, Visit
from intake.records import Conversation

LONGEST = 4000


def router() -> APIRouter:
    """`/console/talks` and below."""
    router = APIRouter(prefix="/console/talks")

    @router.get("")
    async def talks(visit: Visit, m: str = "") -> Response:
        async with visit.desk.unit_of_work() as session:
            waiting = await handover.waiting(session, sorted(visit.officer.serves))
        names = {id: operator.name for id, operator in visit.desk.operators.items()}
        return visit.page(
            "console/talks.html",
            nav="talks",
            back="/console/talks",
            talks=waiting,
            names=names,
            answered=m == "answered",
        )

    @router.get("/{talk_id}")
    async def talk(talk_id: str, visit: Visit) -> Response:
        return await _page(visit, talk_id)

    @router.post("/{talk_id}")
    async def answer(talk_id: str, visit: Visit, form: Form) -> Response:
        text = str(form.get("answer", "")).strip()
        if not text or len(text) > LONGEST:
            return await _page(visit, talk_id, given=text[:LONGEST], failed=True)
        async with visit.desk.unit_of_work() as session:
            found = await _found(session, visit, talk_id)
            if found.asked_human_at is None:
                # a second click, or a colleague was faster: one answer is enough, and nothing is lost by looking
                return RedirectResponse(f"/console/talks/{talk_id}", 303)
            await handover.answer(session, visit.desk.hub, found, text, visit.now)
        return RedirectResponse("/console/talks?m=answered", 303)

    return router


async def _page(visit: Inside, talk_id: str, given: str = "", failed: bool = False) -> Response:
    async with visit.desk.unit_of_work() as session:
        found = await _found(session, visit, talk_id)
        messages = await said(session, visit.desk.vault, found.id)
    return visit.page(
        "console/talk.html",
        nav="talks",
        back=f"/console/talks/{talk_id}",
        status=422 if failed else 200,
        talk=found,
        operator=visit.desk.operators[found.operator],
        messages=messages,
        given=given,
        failed=failed,
    )


async def _found(session: AsyncSession, visit: Inside, talk_id: str) -> Conversation:
    """The conversation, if the officer serves its company; otherwise as if it did not exist."""
    found = await session.get(Conversation, talk_id, with_for_update=True)
    if (
        found is None
        or found.operator not in visit.officer.serves
        or found.operator not in visit.desk.operators
    ):
        raise HTTPException(404)
    return found
