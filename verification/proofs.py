"""What a requester has proven, how surely and by what; nothing else is looked up in the systems."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from intake.records import Dossier
from intake.vault import Vault
from verification.ladder import Assurance, at_least
from verification.records import ProvenIdentifier

EMAIL: Final = "email"
CODE: Final = "code"
MAIL: Final = "mail"
BY_ITSELF: Final = (CODE, MAIL)
"""The ways in which an address shows by itself that it is the person's."""


@dataclass(frozen=True, slots=True)
class Proven:
    """An identifier the requester has shown to hold, and when last."""

    kind: str
    value: str
    assurance: Assurance
    at: datetime


@dataclass(slots=True, eq=False)  # a frozen exception cannot pass through a context manager
class NotProven(Exception):
    """A download was asked for at another address than the one the dossier proved first."""

    dossier_id: str

    def __str__(self) -> str:
        return "a download was asked for at an address that may not fetch it"


def address_hash(vault: Vault, operator_id: str, address: str) -> str:
    """The keyed hash of an e-mail address at one company; at another the same address hashes otherwise."""
    return vault.lookup(EMAIL, address, operator=operator_id)


async def store(
    session: AsyncSession,
    vault: Vault,
    *,
    dossier_id: str,
    kind: str,
    value: str,
    value_hash: str,
    assurance: Assurance,
    by: str,
    now: datetime,
) -> ProvenIdentifier:
    """Keep a proven identifier; proven again, the surer proof and the later time stand.

    The dossier's row is held meanwhile, so that two proofs at once make one row. The same address may be
    proven in two dossiers: each is a requester of its own.
    """
    await session.execute(select(Dossier.id).where(Dossier.id == dossier_id).with_for_update())
    known = await session.scalar(
        select(ProvenIdentifier).where(
            ProvenIdentifier.dossier_id == dossier_id,
            ProvenIdentifier.kind == kind,
            ProvenIdentifier.value_hash == value_hash,
        )
    )
    if known is not None:
        known.proven_at = now
        if at_least(assurance, Assurance(known.assurance)):
            known.assurance = assurance.value
            # an officer's surer word does not take away that the address showed itself
            known.by = by if by in BY_ITSELF or known.by not in BY_ITSELF else known.by
        await session.flush()
        return known
    row_id = uuid4().hex
    made = ProvenIdentifier(
        id=row_id,
        dossier_id=dossier_id,
        kind=kind,
        value=vault.seal(dossier_id, f"proven_identifier.value:{row_id}", value),
        value_hash=value_hash,
        assurance=assurance.value,
        by=by,
        proven_at=now,
        first_at=now,
    )
    session.add(made)
    await session.flush()
    return made


async def proven(session: AsyncSession, vault: Vault, dossier_id: str) -> tuple[Proven, ...]:
    """Everything the dossier has proven, oldest first. Raises KeyGone after the dossier was erased."""
    rows = await session.scalars(
        select(ProvenIdentifier)
        .where(ProvenIdentifier.dossier_id == dossier_id)
        .order_by(ProvenIdentifier.proven_at, ProvenIdentifier.id)
    )
    return tuple(
        Proven(
            row.kind,
            vault.open_text(dossier_id, f"proven_identifier.value:{row.id}", row.value),
            Assurance(row.assurance),
            row.proven_at,
        )
        for row in rows
    )


async def person(session: AsyncSession, vault: Vault, dossier_id: str) -> Mapping[str, tuple[str, ...]]:
    """The proven identifiers by kind, as the systems are asked for them; empty before any proof."""
    found: dict[str, list[str]] = {}
    for one in await proven(session, vault, dossier_id):
        found.setdefault(one.kind, []).append(one.value)
    return {kind: tuple(values) for kind, values in found.items()}


async def fetching(session: AsyncSession, vault: Vault, dossier_id: str) -> str | None:
    """The one address a package may be fetched with: the first that was proven, by a code or by a mail that its
    domain vouches for.

    Whoever has the link of a case can add an address of their own; that must not bring them what was found under
    another. Raises KeyGone after the dossier was erased.
    """
    first = await session.scalar(
        select(ProvenIdentifier)
        .where(
            ProvenIdentifier.dossier_id == dossier_id,
            ProvenIdentifier.kind == EMAIL,
            ProvenIdentifier.by.in_(BY_ITSELF),
        )
        .order_by(ProvenIdentifier.first_at, ProvenIdentifier.id)
        .limit(1)
    )
    if first is None:
        return None
    return vault.open_text(dossier_id, f"proven_identifier.value:{first.id}", first.value)
