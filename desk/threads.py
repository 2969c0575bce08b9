"""What ties a letter to the mails before it: the headers a mail program threads by, and the way back to the case."""

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from desk.wiring import Desk
from intake.email.records import IncomingMail, MailState
from intake.opening import details
from intake.records import Case, Letter
from intake.vault import KeyGone

LAST: Final = 10
"""Message-IDs kept of a long thread, besides its first (RFC 5322 section 3.6.4 lets a program cut it)."""


@dataclass(frozen=True, slots=True)
class Thread:
    """What a letter says of the thread it stands in.

    `in_reply_to` and `references` are Message-IDs without angle brackets; `reply_to` is the address that leads an
    answer back to the case, `token` what does so from the body where the address was lost; "" where there is none.
    """

    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    reply_to: str = ""
    token: str = ""


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
        references=tuple(ids if len(ids) <= LAST + 1 else [ids[0], *ids[-LAST:]]),
        reply_to=_reply_to(desk, letter.operator, token),
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


def _reply_to(desk: Desk, operator_id: str, token: str) -> str:
    """The company's mailbox, with the case's token after the plus; "" where the desk reads no mailbox of it."""
    addresses = (
        one.address for name, one in desk.settings.mailboxes.items() if operator_id in (name, one.operator)
    )
    address = next(addresses, "")
    if not address or not token:
        return address
    local, _, domain = address.rpartition("@")
    return f"{local}+{token}@{domain}"
