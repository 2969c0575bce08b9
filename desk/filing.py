"""Writes down what became of a mail: where it lies, what an officer sees of it, and the files that came with it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import undefer

from bot.hub import Turn
from desk.concealing import concealed
from desk.wiring import Desk
from intake.email.mail import File, Mail, Trust
from intake.email.placing import Placed, Where
from intake.email.records import IncomingMail, MailState
from intake.identifiers import mask_national_ids
from intake.log import DESK
from intake.records import Attachment, Case, Conversation, Dossier, Message

STATES: Final = {
    Where.EXISTING: MailState.PLACED,
    Where.NEW: MailState.PLACED,
    Where.QUARANTINE: MailState.QUARANTINE,
    Where.TRAY: MailState.TRAY,
    Where.AUTOMATIC: MailState.AUTOMATIC,
}
SHOWN_AT_MOST: Final = 60_000  # characters of a text or page that an officer is shown


@dataclass(frozen=True, slots=True)
class Filed:
    """A mail that was sorted: where it belongs, and the turn it was heard in, if it was."""

    placed: Placed
    mail: Mail
    trust: Trust
    turn: Turn | None
    files: tuple[File, ...]
    types: tuple[str, ...] = ()  # what it was read as
    lang: str = ""


async def file_away(desk: Desk, mail_id: str, filed: Filed, now: datetime, *, by: str = DESK) -> None:
    """Write it down, once. Where the mail went into another dossier its seals move there, and its own key goes."""
    stray: str | None = None
    async with desk.unit_of_work() as session:
        row = await session.get_one(
            IncomingMail, mail_id, with_for_update=True, options=[undefer(IncomingMail.raw)]
        )
        if row.handled_at is not None and row.state == MailState.PLACED:
            return
        talk = await session.get_one(Conversation, filed.turn.conversation_id) if filed.turn else None
        if talk is not None and talk.dossier_id != row.dossier_id:
            stray = row.dossier_id
            await _move(session, desk, row, talk.dossier_id)
        _note(desk, row, filed, now, by)
        row.conversation_id = talk.id if talk is not None else None
        row.case_id = await _case(session, filed, row)
        await _keep_files(session, desk, row, filed.files, now)
        if stray is not None:
            (await session.get_one(Dossier, stray)).erased_at = now
    if stray is not None:
        desk.vault.forget(stray)


def _note(desk: Desk, row: IncomingMail, filed: Filed, now: datetime, by: str) -> None:
    mail, vault = filed.mail, desk.vault
    row.state = STATES[filed.placed.where].value
    row.reason = filed.placed.reason.value
    row.handled_at, row.handled_by = now, by
    if mail.sender:
        row.sender_hash = vault.lookup("email", mail.sender, operator=row.operator)
    if mail.message_id:
        row.message_id_hash = vault.lookup("message_id", mail.message_id, operator=row.operator)
    row.content = vault.seal_json(row.dossier_id, f"incoming_mail.content:{row.id}", _content(filed))


def _content(filed: Filed) -> dict[str, Any]:
    """What an officer is shown, and what an answer is threaded by; national identity numbers are hidden, and what
    would let an officer act as the person."""
    mail = filed.mail

    def hidden(text: str) -> str:
        return concealed(mask_national_ids(text[:SHOWN_AT_MOST])[0])

    return {
        "sender": mail.sender,
        "sender_name": hidden(mail.sender_name),
        "reply_to": list(mail.reply_to),
        "subject": hidden(mail.subject),
        "text": hidden(mail.text),
        "whole": hidden(mail.whole),
        "html": hidden(mail.html),
        "forwarded": mail.forwarded,
        "forwarded_from": mail.forwarded_from,
        "message_id": mail.message_id,
        "references": list(mail.references),
        "types": list(filed.types),
        "lang": filed.lang,
        "authentic": filed.trust.authentic.value,
        "results": [list(one) for one in filed.trust.results],
        "tricks": list(filed.trust.tricks),
        "files": [[hidden(one.name), one.media_type, one.size, one.refused] for one in mail.attachments],
    }


async def _move(session: AsyncSession, desk: Desk, row: IncomingMail, dossier_id: str) -> None:
    """Seal the mail and its files anew under the dossier it went into."""
    vault = desk.vault
    files = await session.scalars(select(Attachment).where(Attachment.mail_id == row.id))
    for one in files.all():
        for column in ("name", "content"):
            place = f"attachment.{column}:{one.id}"
            opened = vault.open(row.dossier_id, place, getattr(one, column))
            setattr(one, column, vault.seal(dossier_id, place, opened))
        one.dossier_id = dossier_id
    for column in ("raw", "envelope", "content"):
        sealed = getattr(row, column)
        if sealed is not None:
            place = f"incoming_mail.{column}:{row.id}"
            setattr(row, column, vault.seal(dossier_id, place, vault.open(row.dossier_id, place, sealed)))
    row.dossier_id = dossier_id


async def _case(session: AsyncSession, filed: Filed, row: IncomingMail) -> str | None:
    """The case the mail is about: the one it points to, else the first one it opened."""
    if filed.placed.pointer is not None and filed.placed.pointer.case_id is not None:
        return filed.placed.pointer.case_id
    if filed.turn is None:
        return None
    return await session.scalar(
        select(Case.id)
        .where(Case.dossier_id == row.dossier_id, Case.received_at == row.received_at)
        .order_by(Case.reference)
        .limit(1)
    )


async def _keep_files(
    session: AsyncSession, desk: Desk, row: IncomingMail, files: tuple[File, ...], now: datetime
) -> None:
    """Seal the files that may be kept, with the message they came with."""
    message_id = None
    if row.conversation_id is not None:
        message_id = await session.scalar(
            select(Message.id).where(
                Message.conversation_id == row.conversation_id, Message.external_id == row.id
            )
        )
    for one in files:
        if one.refused:
            continue
        attachment_id = uuid4().hex
        session.add(
            Attachment(
                id=attachment_id,
                dossier_id=row.dossier_id,
                case_id=row.case_id,
                message_id=message_id,
                mail_id=row.id,
                name=desk.vault.seal(row.dossier_id, f"attachment.name:{attachment_id}", one.name),
                media_type=one.media_type[:100],
                size=one.size,
                content=desk.vault.seal(row.dossier_id, f"attachment.content:{attachment_id}", one.content),
                at=now,
            )
        )


async def let_mail_go(session: AsyncSession, now: datetime, days: int) -> int:
    """Delete the raw bytes of mails sorted that many days ago, and all of what nobody needs; how many there were.

    The text stays with the conversation, the tray or the case. One by one they are few: at most fifty a time.
    """
    rows = await session.scalars(
        select(IncomingMail)
        .where(
            IncomingMail.raw_gone_at.is_(None),
            IncomingMail.state != MailState.KEPT,
            IncomingMail.handled_at < now - timedelta(days=days),
        )
        .limit(50)
    )
    gone = rows.all()
    for row in gone:
        row.raw, row.raw_gone_at = None, now
        if row.state in (MailState.AUTOMATIC, MailState.REJECTED, MailState.SPAM):
            row.content = None
    return len(gone)
