"""Sorts the mail that was kept: reads it, places it, hands it to the conversation, and writes down what became of it."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import undefer

from bot.email import PlacedMail, hear
from bot.hub import Turn
from bot.pointers import pointers
from desk.clamd import ScannerFault
from desk.filing import Filed, file_away
from desk.log import log
from desk.postroom import Postroom
from desk.read_mail import Read, as_kept, delivery_of, read_mail, unproven
from desk.wiring import Desk
from fulfilment.tools import backoff
from intake.case import Act
from intake.email.mail import Authentic, Delivery, Mail
from intake.email.placing import Placed, Reason, Where, place
from intake.email.records import IncomingMail, MailState
from intake.letters import FAILED
from intake.log import DESK, record
from intake.records import Case, Letter
from law.rights import Right

TRIES: Final = 5
"""Attempts to read a mail before an officer gets it as it is."""


async def sort_mail(desk: Desk, postroom: Postroom, mail_id: str) -> None:
    """One attempt to sort one mail; harmless when it was sorted before.

    The mail is read without holding the database; the conversation takes it once (by its id), so that a stop at any
    point leads to the same end.
    """
    delivery = await _kept(desk, mail_id)
    if delivery is None:
        return
    now = desk.clock()
    found = await asyncio.to_thread(read_mail, postroom, delivery)
    if found.mail.automatic is not None:
        await _come_back(desk, found.mail, delivery.operator, now)
    async with desk.unit_of_work() as session:
        pointed = await pointers(
            session, desk.vault, delivery.operator, found.mail, sent_to=delivery.envelope_to
        )
        too_many = await _too_many(session, desk, delivery.operator, found.mail.sender, now)
    placed = place(found.mail, found.trust, pointed, found.reading.types, too_many=too_many)
    turn = await _heard(desk, mail_id, found, placed, muted=too_many, now=now)
    files = await _files(postroom, found.mail) if placed.where is not Where.AUTOMATIC else ()
    read_as = found.reading
    filed = Filed(placed, found.mail, found.trust, turn, files, read_as.types, read_as.lang)
    await file_away(desk, mail_id, filed, now)
    log.info("mail sorted", operator=delivery.operator, kind=placed.where.value, why=placed.reason.value)


async def hear_by_hand(
    desk: Desk,
    postroom: Postroom,
    mail_id: str,
    *,
    by: str,
    dossier_id: str | None = None,
    right: Right | None = None,
) -> Turn:
    """An officer says where a mail in the tray belongs: in the conversation of a dossier, or in one of its own (None),
    there as a request of this right.

    It is heard as if it had been placed at once, with its first receipt time; where its raw bytes are gone, by what was
    kept of it. The sender is believed no more than before. Raises ValueError where nothing was kept, or an officer
    has dealt with it already.
    """
    async with desk.unit_of_work() as session:
        row = await session.get_one(IncomingMail, mail_id, options=[undefer(IncomingMail.raw)])
        if row.state not in (MailState.TRAY, MailState.QUARANTINE, MailState.AUTOMATIC):
            raise ValueError("the mail waits for nobody")
        own, raw = row.dossier_id, row.raw
        kept = as_kept(desk, row) if raw is None else None
        delivery = delivery_of(desk, row, raw or b"")
    now = desk.clock()
    found: Read = kept if kept is not None else await asyncio.to_thread(read_mail, postroom, delivery)
    placed = Placed(Where.NEW, Reason.BY_HAND)
    # what an officer puts into somebody's conversation is not answered by a machine, nor does a stranger's domain
    # prove an address there: it would be the first that may fetch what is found
    muted = dossier_id is not None
    heard = unproven(found) if muted else found
    turn = await _into(
        desk, mail_id, heard, dossier_id or own, muted=muted, now=now, subject=not muted, right=right
    )
    read_as = found.reading
    filed = Filed(placed, found.mail, found.trust, turn, (), read_as.types, read_as.lang)
    await file_away(desk, mail_id, filed, now, by=by)
    return turn


async def failed(session: AsyncSession, mail_id: str, why: str, now: datetime) -> None:
    """Record an attempt that broke; after some of them an officer gets the mail as it is."""
    row = await session.get_one(IncomingMail, mail_id, with_for_update=True)
    if row.state != MailState.KEPT:
        return
    row.attempts += 1
    row.not_before = now + backoff(row.attempts)
    if row.attempts >= TRIES:
        row.state, row.reason, row.handled_at, row.handled_by = (
            MailState.TRAY.value, Reason.UNREADABLE.value, now, DESK,
        )  # fmt: skip
        log.error("mail not readable", operator=row.operator, attempt=row.attempts, why=why)


async def _kept(desk: Desk, mail_id: str) -> Delivery | None:
    async with desk.unit_of_work() as session:
        row = await session.get_one(IncomingMail, mail_id, options=[undefer(IncomingMail.raw)])
        if row.state != MailState.KEPT or row.raw is None:
            return None
        return delivery_of(desk, row, row.raw)


async def _too_many(session: AsyncSession, desk: Desk, operator_id: str, sender: str, now: datetime) -> bool:
    """Whether this sender has written more in a day than a person does."""
    if not sender:
        return False
    count = await session.scalar(
        select(func.count())
        .select_from(IncomingMail)
        .where(
            IncomingMail.operator == operator_id,
            IncomingMail.sender_hash == desk.vault.lookup("email", sender, operator=operator_id),
            IncomingMail.received_at > now - timedelta(days=1),
        )
    )
    return (count or 0) >= desk.settings.mails_a_day


async def _heard(
    desk: Desk, mail_id: str, found: Read, placed: Placed, *, muted: bool, now: datetime
) -> Turn | None:
    """Hand the mail to the conversation it belongs in, or to a new one in its own dossier."""
    if placed.where is Where.EXISTING and placed.pointer is not None:
        return await _into(desk, mail_id, found, placed.pointer.dossier_id, muted=muted, now=now)
    if placed.where is Where.NEW:
        async with desk.unit_of_work() as session:
            own = (await session.get_one(IncomingMail, mail_id)).dossier_id
        return await _into(desk, mail_id, found, own, muted=muted, now=now, subject=True)
    return None


async def _into(
    desk: Desk,
    mail_id: str,
    found: Read,
    dossier_id: str,
    *,
    muted: bool,
    now: datetime,
    subject: bool = False,
    right: Right | None = None,
) -> Turn:
    mail = found.mail
    note = mail.passed.note.own if mail.passed is not None else ""
    said = "\n\n".join(part for part in (mail.subject if subject else "", note, mail.text) if part)
    return await hear(
        desk.hub,
        found.delivery.operator,
        PlacedMail(
            mail_id=mail_id,
            dossier_id=dossier_id,
            sender=mail.sender,
            text=said.strip(),
            reading=found.reading,
            received_at=found.delivery.received_at,
            vouched=found.trust.authentic is Authentic.PASS,
            muted=muted,
            file=bool(mail.attachments),
            right=right,
        ),
        now,
    )


async def _files(postroom: Postroom, mail: Mail) -> tuple[Any, ...]:
    """The attachments as they may be kept: what is harmful in them taken out, and what is found harmful left out."""
    kept = []
    for one in mail.attachments:
        harmless = await asyncio.to_thread(postroom.made_harmless, one)
        if postroom.scan is not None and harmless.content:
            try:
                found = await postroom.scan(harmless.content)
            except ScannerFault:
                log.error("file not scanned", kind=harmless.media_type, size=harmless.size)
                found = "unscanned"
            if found:
                refused = "unscanned" if found == "unscanned" else "infected"
                harmless = replace(harmless, content=b"", refused=refused)
        kept.append(harmless)
    return tuple(kept)


async def _come_back(desk: Desk, mail: Mail, operator_id: str, now: datetime) -> None:
    """A bounce of ours: the letter did not arrive, which its case says; the legal clock goes on."""
    if mail.bounce is None or not mail.bounce.permanent:
        return
    ids = [f"<{one}>" for one in mail.bounce.message_ids]
    async with desk.unit_of_work() as session:
        letters = await session.scalars(
            select(Letter)
            .where(Letter.operator == operator_id, Letter.message_id.in_(ids), Letter.state == "sent")
            .with_for_update()
        )
        for letter in letters.all():
            letter.state, letter.bounced_at = FAILED, now
            if letter.case_id is not None:
                case = await session.get_one(Case, letter.case_id, with_for_update=True)
                detail = {"letter": letter.id, "name": letter.name, "bounced": True}
                await record(
                    session, desk.vault, case, Act.LETTER_REFUSED, now=now, actor=DESK, detail=detail
                )
