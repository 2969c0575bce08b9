"""Keeps every mail that comes in, sealed, before anything of it is read."""

from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from desk.log import log
from desk.wiring import Desk
from intake.email.fingerprint import fingerprint
from intake.email.mail import Delivery
from intake.email.records import IncomingMail, MailState
from intake.opening import open_dossier


class Keeper:
    """The TakeIn of this desk. What it has returned for is in the database for good."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def __call__(self, delivery: Delivery) -> bool:
        """True when the mail is kept now, False when the same mail was before. Raises KeyError for a company that
        is not served, and what the database raises: then the mail must not be acknowledged."""
        if delivery.operator not in self._desk.operators:
            raise KeyError(delivery.operator)
        vault = self._desk.vault
        digest = vault.lookup("mail", fingerprint(delivery.raw), operator=delivery.operator)
        try:
            kept = await self._keep(delivery, digest)
        except IntegrityError:
            # the same mail at the same moment by another door; anything else is raised again
            if await self._known(delivery.operator, digest):
                return False
            raise
        if kept:
            self._desk.wake()
        return kept

    async def _known(self, operator_id: str, digest: str) -> bool:
        async with self._desk.unit_of_work() as session:
            return await _there(session, operator_id, digest)

    async def _keep(self, delivery: Delivery, digest: str) -> bool:
        vault, now, mail_id = self._desk.vault, self._desk.clock(), uuid4().hex
        async with self._desk.unit_of_work() as session:
            if await _there(session, delivery.operator, digest):
                return False
            dossier = await open_dossier(session, delivery.operator, now)
            envelope = {
                "from": delivery.envelope_from,
                "to": list(delivery.envelope_to),
                "peer_ip": delivery.peer_ip,
                "helo": delivery.helo,
                "junk": delivery.junk,
            }
            row = IncomingMail(
                id=mail_id,
                operator=delivery.operator,
                dossier_id=dossier.id,
                digest=digest,
                source=delivery.source,
                received_at=min(
                    delivery.received_at, now
                ),  # a server's clock that is ahead gives nobody more time
                kept_at=now,
                size=len(delivery.raw),
                raw=vault.seal(dossier.id, f"incoming_mail.raw:{mail_id}", delivery.raw),
                envelope=vault.seal_json(dossier.id, f"incoming_mail.envelope:{mail_id}", envelope),
                state=MailState.KEPT.value,
                not_before=now,
            )
            session.add(row)
        log.info("mail kept", operator=delivery.operator, kind=delivery.source, size=len(delivery.raw))
        return True


async def _there(session: AsyncSession, operator_id: str, digest: str) -> bool:
    found = await session.scalar(
        select(IncomingMail.id).where(IncomingMail.operator == operator_id, IncomingMail.digest == digest)
    )
    return found is not None
