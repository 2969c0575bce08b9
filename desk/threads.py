"""What ties a letter to the mails before it: the headers a mail program threads by, and the way back to the case."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from desk.mail import Thread
from desk.wiring import Desk
from intake.email.records import IncomingMail, MailState
from intake.opening import details
from intake.records import Case, Letter
from intake.vault import KeyGone


async def thread_of(session: AsyncSession, desk: Desk, letter: Letter) -> Thread:
    """The thread of a letter: after the dossier's newest mail and what we have sent since.

    Found when the letter leaves, since what it answers may have come after it was written; its recipient is not.
    """
    mail = await session.scalar(
        select(IncomingMail)
        .where(IncomingMail.dossier_id == letter.dossier_id, IncomingMail.state == MailState.PLACED)
        .order_by(IncomingMail.received_at.desc())
        .limit(1)
    )
    before: list[str] = []
    answered = ""
    if mail is not None and mail.content is not None:
        content: dict[str, Any] = desk.vault.open_json(
            mail.dossier_id, f"incoming_mail.content:{mail.id}", mail.content
        )
        answered = content["message_id"]
        before = [*content["references"], answered]
    sent = await session.scalars(
        select(Letter.message_id)
        .where(
            Letter.dossier_id == letter.dossier_id,
            Letter.id != letter.id,
            Letter.to_hash == letter.to_hash,
            Letter.sent_at.is_not(None),
        )
        .order_by(Letter.sent_at)
    )
    ours = [one.strip("<>") for one in sent if letter.name != "code"]
    ids = list(dict.fromkeys(one for one in (*before, *ours) if one))
    token = await _token(session, desk, letter)
    return Thread(
        in_reply_to=answered or (ours[-1] if ours else ""),
        references=tuple(ids),
        reply_to=_reply_to(mailbox_of(desk, letter.operator), token),
        token=token,
    )


async def _token(session: AsyncSession, desk: Desk, letter: Letter) -> str:
    """The case's own; an older case has none."""
    if letter.case_id is None:
        return ""
    case = await session.get_one(Case, letter.case_id)
    try:
        kept = await details(desk.vault, case)
    except KeyGone:
        return ""
    return str(kept.get("mail_token", ""))


def mailbox_of(desk: Desk, operator_id: str) -> str:
    """The address of the company's first mailbox; "" where the desk reads none of it."""
    boxes = (
        box.address for name, box in desk.settings.mailboxes.items() if operator_id in (name, box.operator)
    )
    return next(boxes, "")


def _reply_to(address: str, token: str) -> str:
    """The mailbox with the case's token after the plus (RFC 5233)."""
    if not address or not token:
        return address
    local, _, domain = address.rpartition("@")
    return f"{local}+{token}@{domain}"
