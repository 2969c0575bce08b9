"""Sorts the mail that was kept: reads it, places it, hands it to the conversation, and writes down what became of it."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
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
from desk.wiring import Desk
from fulfilment.tools import backoff
from intake.case import Act
from intake.email.asking import asked
from intake.email.mail import Authentic, Automatic, Delivery, Mail, Trust
from intake.email.own_words import passed_in
from intake.email.placing import Placed, Reason, Where, place
from intake.email.records import IncomingMail, MailState
from intake.letters import FAILED
from intake.log import DESK, record
from intake.reading import Reading
from intake.records import Case, Letter
from law.rights import Right

TRIES: Final = 5
"""Attempts to read a mail before an officer gets it as it is."""


@dataclass(frozen=True, slots=True)
class Read:
    """A mail, what it asks, and how far its sender is believed."""

    delivery: Delivery
    mail: Mail
    trust: Trust
    reading: Reading


async def sort_mail(desk: Desk, postroom: Postroom, mail_id: str) -> None:
    """One attempt to sort one mail; harmless when it was sorted before.

    The mail is read without holding the database; the conversation takes it once (by its id), so that a stop at any
    point leads to the same end.
    """
    delivery = await _kept(desk, mail_id)
    if delivery is None:
        return
    now = desk.clock()
    found = await asyncio.to_thread(_read, postroom, delivery)
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
        kept = _as_kept(desk, row) if raw is None else None
        delivery = _delivery(desk, row, raw or b"")
    now = desk.clock()
    found: Read = kept if kept is not None else await asyncio.to_thread(_read, postroom, delivery)
    placed = Placed(Where.NEW, Reason.BY_HAND)
    # what an officer puts into somebody's conversation is not answered by a machine, nor does a stranger's domain
    # prove an address there: it would be the first that may fetch what is found
    muted = dossier_id is not None
    heard = _unproven(found) if muted else found
    turn = await _into(
        desk, mail_id, heard, dossier_id or own, muted=muted, now=now, subject=not muted, right=right
    )
    read_as = found.reading
    filed = Filed(placed, found.mail, found.trust, turn, (), read_as.types, read_as.lang)
    await file_away(desk, mail_id, filed, now, by=by)
    return turn


def _unproven(found: Read) -> Read:
    """The mail as one whose sender nobody vouches for."""
    return replace(found, trust=replace(found.trust, authentic=Authentic.NONE))


def _as_kept(desk: Desk, row: IncomingMail) -> Read:
    """A mail whose raw bytes are gone, by what an officer is shown of it. Raises ValueError where that is gone too."""
    content = desk.vault.open_json(row.dossier_id, f"incoming_mail.content:{row.id}", row.content)
    if content is None:
        raise ValueError("nothing of the mail was kept")
    mail = Mail(
        sender=content["sender"],
        sender_name=content["sender_name"],
        reply_to=tuple(content["reply_to"]),
        to=(),
        subject=content["subject"],
        message_id=content["message_id"],
        in_reply_to=(),
        references=tuple(content["references"]),
        date=None,
        text=content["text"],
        whole=content["whole"],
        html=content["html"],
        attachments=(),
        automatic=None,
        forwarded=content.get("forwarded", False),
        forwarded_from=content.get("forwarded_from", ""),
        passed=passed_in(content["whole"].split("\n"), content["subject"]),
    )
    trust = Trust(
        Authentic(content["authentic"]),
        tuple((a, b) for a, b in content["results"]),
        tuple(content["tricks"]),
    )
    return Read(
        Delivery(row.operator, b"", row.received_at, row.source), mail, trust, asked(mail, row.operator)
    )


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
        return _delivery(desk, row, row.raw)


def _delivery(desk: Desk, row: IncomingMail, raw: bytes) -> Delivery:
    """The delivery as it came, out of its seals."""
    vault = desk.vault
    envelope: Mapping[str, Any] = vault.open_json(
        row.dossier_id, f"incoming_mail.envelope:{row.id}", row.envelope
    )
    return Delivery(
        operator=row.operator,
        raw=vault.open(row.dossier_id, f"incoming_mail.raw:{row.id}", raw) if raw else b"",
        received_at=row.received_at,
        source=row.source,
        envelope_from=envelope["from"],
        envelope_to=tuple(envelope["to"]),
        peer_ip=envelope["peer_ip"],
        helo=envelope["helo"],
        junk=envelope["junk"],
    )


def _read(postroom: Postroom, delivery: Delivery) -> Read:
    """Parse, judge and read; takes a while, so it is called in a thread."""
    mail = postroom.parse(delivery.raw)
    trust = postroom.judge(delivery.raw, delivery, mail)
    reading = asked(mail, delivery.operator)
    if mail.automatic is None and reading.automatic:
        # its header does not say so, its words do; of what is read so no right is read (intake.hearing)
        mail = replace(mail, automatic=Automatic.AUTO_REPLY)
    return Read(delivery, mail, trust, reading)


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
    said = f"{mail.subject}\n\n{mail.text}" if subject and mail.subject else mail.text
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
