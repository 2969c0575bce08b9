"""Mail that nobody could place, or that points to a case and comes from a stranger: an officer says what it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from fastapi import APIRouter, HTTPException
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from desk import labels, sorting
from desk.console.doors import Form, Inside, Visit
from desk.console.files import handed_out
from desk.log import log
from intake.email.placing import Reason
from intake.email.records import IncomingMail, MailState
from intake.log import officer
from intake.records import Attachment, Case
from law.rights import Right, card

PAGE: Final = "/console/mail"
WAITING: Final = (MailState.TRAY.value, MailState.QUARANTINE.value)
AT_MOST: Final = 200
DISMISSED: Final = {"reject": MailState.REJECTED, "spam": MailState.SPAM}
AS_READ: Final = {Right.AUTOMATED_DECISION: Right.OBJECTION.value}  # Art. 22 reads as objection
NOTICES: Final = frozenset({"placed", "opened", "reject", "spam", "gone"})


@dataclass(frozen=True, slots=True)
class Shown:
    """A mail as the officer sees it; `content` as desk.filing keeps it, empty where it could not be read."""

    id: str
    operator: str
    state: str
    reason: str
    received_at: datetime
    content: Mapping[str, Any]
    case: str | None
    readable: bool


def router() -> APIRouter:
    """`/console/mail` and below."""
    router = APIRouter(prefix=PAGE)

    @router.get("")
    async def tray(visit: Visit, show: str = "", m: str = "") -> Response:
        states = (MailState.AUTOMATIC.value,) if show == "automatic" else WAITING
        async with visit.desk.unit_of_work() as session:
            mails = await _mails(session, visit, states)
        names = {id: operator.name for id, operator in visit.desk.operators.items()}
        notice = m if m in NOTICES else ""
        return visit.page(
            "console/tray.html", nav="mail", back=PAGE, mails=mails, names=names, show=show, notice=notice
        )

    @router.get("/{mail_id}")
    async def one(mail_id: str, visit: Visit) -> Response:
        return await _page(visit, mail_id)

    @router.post("/{mail_id}/{act}")
    async def deal(mail_id: str, act: str, visit: Visit, form: Form) -> Response:
        async with visit.desk.unit_of_work() as session:
            row = await _found(session, visit, mail_id)
            waits = row.state in (*WAITING, MailState.AUTOMATIC.value)
            if waits and act in DISMISSED:
                row.state, row.handled_at = DISMISSED[act].value, visit.now
                row.handled_by = officer(visit.officer.id)
                if act == "reject":
                    await _label(session, visit, row, ())
                log.info("mail dismissed", operator=row.operator, kind=act)
        if not waits:
            return RedirectResponse(f"{PAGE}?m=gone", 303)  # a second click, or a colleague was faster
        if act in DISMISSED:
            return RedirectResponse(f"{PAGE}?m={act}", 303)
        if act == "open":
            return await _open(visit, mail_id, str(form.get("right", "")))
        if act == "place":
            return await _place(visit, mail_id, str(form.get("reference", "")))
        raise HTTPException(404)

    @router.get("/{mail_id}/files/{file_id}")
    async def file(mail_id: str, file_id: str, visit: Visit) -> Response:
        async with visit.desk.unit_of_work() as session:
            row = await _found(session, visit, mail_id)
            kept = await session.get(Attachment, file_id)
            if kept is None or kept.mail_id != row.id:
                raise HTTPException(404)
            return handed_out(visit.desk.vault, kept)

    return router


async def waiting_on(session: AsyncSession, case_id: str) -> Sequence[str]:
    """The mails that point to a case and wait for an officer to look."""
    rows = await session.scalars(
        select(IncomingMail.id)
        .where(IncomingMail.case_id == case_id, IncomingMail.state == MailState.QUARANTINE)
        .order_by(IncomingMail.received_at)
    )
    return rows.all()


async def _open(visit: Inside, mail_id: str, right: str) -> Response:
    """It is a request: a case of its own, with the time the mail came in."""
    if right not in set(Right):
        return await _page(visit, mail_id, failed="right")
    try:
        await sorting.hear_by_hand(
            visit.desk, visit.desk.postroom, mail_id, by=officer(visit.officer.id), right=Right(right)
        )
    except ValueError:
        return await _page(visit, mail_id, failed="raw")
    async with visit.desk.unit_of_work() as session:
        row = await _found(session, visit, mail_id)
        await _label(session, visit, row, (AS_READ.get(Right(right), right),))
    return RedirectResponse(f"{PAGE}?m=opened", 303)


async def _place(visit: Inside, mail_id: str, reference: str) -> Response:
    """It belongs to a case of the same company; into the conversation of the one who has it."""
    async with visit.desk.unit_of_work() as session:
        row = await _found(session, visit, mail_id)
        case = await session.scalar(
            select(Case).where(Case.reference == reference.strip().upper(), Case.operator == row.operator)
        )
    if case is None:
        return await _page(visit, mail_id, failed="reference", given=reference)
    try:
        await sorting.hear_by_hand(
            visit.desk, visit.desk.postroom, mail_id, by=officer(visit.officer.id), dossier_id=case.dossier_id
        )
    except ValueError:
        return await _page(visit, mail_id, failed="raw")
    return RedirectResponse(f"{PAGE}?m=placed", 303)


async def _label(session: AsyncSession, visit: Inside, row: IncomingMail, types: Sequence[str]) -> None:
    """The officer's word on what the mail asks is something to learn from, where it was read otherwise."""
    content = visit.desk.vault.open_json(row.dossier_id, f"incoming_mail.content:{row.id}", row.content) or {}
    await labels.label(
        session,
        source=row.id,
        operator_id=row.operator,
        types=types,
        read_as=content.get("types", ()),
        lang=content.get("lang", ""),
        by=officer(visit.officer.id),
        now=visit.now,
    )


async def _page(visit: Inside, mail_id: str, failed: str = "", given: str = "") -> Response:
    async with visit.desk.unit_of_work() as session:
        row = await _found(session, visit, mail_id)
        mail = await _shown(session, visit, row)
        kept = await session.scalars(select(Attachment).where(Attachment.mail_id == row.id))
        files = [
            (
                one.id,
                visit.desk.vault.open_text(one.dossier_id, f"attachment.name:{one.id}", one.name),
                one.size,
            )
            for one in kept
        ]
    return visit.page(
        "console/mail.html",
        nav="mail",
        back=f"{PAGE}/{mail_id}",
        status=422 if failed else 200,
        mail=mail,
        operator=visit.desk.operators[row.operator],
        files=files,
        rights=list(Right),
        card=card,
        waits=row.state in (*WAITING, MailState.AUTOMATIC.value),
        given=given or (mail.case or ""),
        failed=failed,
    )


async def _mails(session: AsyncSession, visit: Inside, states: Sequence[str]) -> list[Shown]:
    """The mails in these states at the officer's companies, the oldest first: their time is running."""
    rows = await session.scalars(
        select(IncomingMail)
        .where(
            IncomingMail.operator.in_(sorted(visit.officer.serves & set(visit.desk.operators))),
            IncomingMail.state.in_(states),
        )
        .order_by(IncomingMail.received_at)
        .limit(AT_MOST)
    )
    return [await _shown(session, visit, row) for row in rows.all()]


async def _shown(session: AsyncSession, visit: Inside, row: IncomingMail) -> Shown:
    content = visit.desk.vault.open_json(row.dossier_id, f"incoming_mail.content:{row.id}", row.content)
    case = await session.get(Case, row.case_id) if row.case_id else None
    return Shown(
        row.id,
        row.operator,
        row.state,
        row.reason or Reason.UNREADABLE.value,
        row.received_at,
        content or {},
        case.reference if case is not None else None,
        row.raw_gone_at is None or content is not None,
    )


async def _found(session: AsyncSession, visit: Inside, mail_id: str) -> IncomingMail:
    """The mail, if the officer serves its company and it was sorted; otherwise as if it did not exist."""
    row = await session.get(IncomingMail, mail_id, with_for_update=True)
    if (
        row is None
        or row.state == MailState.KEPT
        or row.operator not in visit.officer.serves
        or row.operator not in visit.desk.operators
    ):
        raise HTTPException(404)
    return row
