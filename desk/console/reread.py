"""An officer says what a case's message really asked for: the case stays as it is, and the reading can learn from it."""

from fastapi.datastructures import FormData
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from desk import labels
from desk.console.acts import Changed, Incomplete
from desk.console.doors import Inside
from intake.log import officer
from intake.records import Case, Message


async def correct(visit: Inside, session: AsyncSession, case: Case, form: FormData) -> str:
    """Keep the labels that were ticked for the message that opened the case. Raises Incomplete for none, and Changed
    where the case came by a form or its message is gone."""
    ticked = [str(value) for value in form.getlist("label")]
    if not ticked or not set(ticked) <= set(labels.LABELS) or (labels.NONE in ticked and len(ticked) > 1):
        raise Incomplete([("label", visit.say("console.case.reread.error"))])
    message = await session.scalar(
        select(Message)
        .where(Message.conversation_id == case.conversation_id, Message.inbound, Message.at == case.opened_at)
        .limit(1)
    )
    if message is None:
        raise Changed
    together = await session.scalars(
        select(Case.right).where(
            Case.conversation_id == case.conversation_id, Case.opened_at == case.opened_at
        )
    )
    await labels.label(
        session,
        source=message.id,
        operator_id=case.operator,
        types=ticked,
        read_as=sorted(set(together)),
        lang=case.lang,
        by=officer(visit.officer.id),
        now=visit.now,
    )
    return "reread"
