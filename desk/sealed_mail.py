"""Seals mails that came together and writes them down in one go: one look, one set of keys, one commit."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import uuid4

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from intake.email.fingerprint import fingerprint
from intake.email.mail import Delivery
from intake.email.records import IncomingMail, MailState
from intake.records import Dossier
from intake.vault import Vault

Given = TypeVar("Given")
Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class Sealed:
    """One mail as the rows that will hold it; nothing of it can be read any more."""

    dossier: dict[str, Any]
    mail: dict[str, Any]


def digest_of(vault: Vault, delivery: Delivery) -> str:
    """The keyed hash by which a mail that comes again is known."""
    return vault.lookup("mail", fingerprint(delivery.raw), operator=delivery.operator)


def each(do: Callable[[Given], Made], given: Iterable[Given]) -> list[Made | Exception]:
    """What comes of each, or the fault of its own it ends in: one bad mail must not sink the others."""
    found: list[Made | Exception] = []
    for one in given:
        try:
            found.append(do(one))
        except Exception as fault:  # noqa: BLE001  it is raised again to whoever brought this mail
            found.append(fault)
    return found


def seal_all(vault: Vault, mails: Sequence[tuple[Delivery, str]], now: datetime) -> list[Sealed | Exception]:
    """Seal mails, each with its digest, under keys of their own; or the fault that one ends in.

    The keys are on the disk when this returns. It waits for the disk, so it is called in a thread; OSError where the
    keys cannot be written.
    """
    dossiers = vault.begin(len(mails))

    def sealed(one: tuple[str, tuple[Delivery, str]]) -> Sealed:
        dossier_id, (delivery, digest) = one
        return _sealed(vault, dossier_id, delivery, digest, now)

    return each(sealed, zip(dossiers, mails, strict=True))


def _sealed(vault: Vault, dossier_id: str, delivery: Delivery, digest: str, now: datetime) -> Sealed:
    mail_id = uuid4().hex
    envelope = {
        "from": delivery.envelope_from,
        "to": list(delivery.envelope_to),
        "peer_ip": delivery.peer_ip,
        "helo": delivery.helo,
        "junk": delivery.junk,
    }
    return Sealed(
        {"id": dossier_id, "operator": delivery.operator, "created_at": now, "erased_at": None},
        {
            "id": mail_id,
            "operator": delivery.operator,
            "dossier_id": dossier_id,
            "digest": digest,
            "source": delivery.source,
            # a server's clock that is ahead gives nobody more time
            "received_at": min(delivery.received_at, now),
            "kept_at": now,
            "size": len(delivery.raw),
            "raw": vault.seal(dossier_id, f"incoming_mail.raw:{mail_id}", delivery.raw),
            "envelope": vault.seal_json(dossier_id, f"incoming_mail.envelope:{mail_id}", envelope),
            "state": MailState.KEPT.value,
            "not_before": now,
        },
    )


async def known(session: AsyncSession, operators: Collection[str], digests: Collection[str]) -> set[str]:
    """Those of the digests under which a mail is kept already."""
    found = await session.scalars(
        select(IncomingMail.digest).where(
            IncomingMail.operator.in_(operators), IncomingMail.digest.in_(digests)
        )
    )
    return set(found)


async def write_down(session: AsyncSession, mails: Sequence[Sealed]) -> None:
    """Insert their rows. Raises IntegrityError where one was kept meanwhile by another door."""
    await session.execute(insert(Dossier), [one.dossier for one in mails])
    await session.execute(insert(IncomingMail), [one.mail for one in mails])
