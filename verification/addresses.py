"""Keeps that an address is the person's own, and tells the dossier's cases."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from intake import letters
from intake.case import OPEN, Act
from intake.log import PERSON, record
from intake.records import Case
from intake.vault import Vault
from verification.ladder import Assurance
from verification.proofs import EMAIL, address_hash, store


async def prove(
    session: AsyncSession,
    vault: Vault,
    *,
    operator_id: str,
    dossier_id: str,
    address: str,
    by: str,
    detail: Mapping[str, Any],
    now: datetime,
) -> None:
    """Store the address as proven, mark it in the log of the dossier's open cases, and send the acknowledgements
    that had no address to go to. `by` is the way (verification.proofs), `detail` what shows it."""
    await store(
        session,
        vault,
        dossier_id=dossier_id,
        kind=EMAIL,
        value=address,
        value_hash=address_hash(vault, operator_id, address),
        assurance=Assurance.LOW,
        by=by,
        now=now,
    )
    cases = await session.scalars(
        select(Case)
        .where(Case.dossier_id == dossier_id, Case.state.in_([state.value for state in OPEN]))
        .order_by(Case.reference)
    )
    await letters.send_kept(
        session, vault, dossier_id=dossier_id, name="acknowledgement", to=address, now=now
    )
    for case in cases.all():
        told = {**detail, "assurance": Assurance.LOW.value}
        await record(session, vault, case, Act.PROVE_ADDRESS, now=now, actor=PERSON, detail=told)
