"""Signing an officer in and out: password and one-time code, a lock after five misses, an idle limit."""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from desk.console.officers import code_step, find_officer, password_fits
from desk.records import Officer, OfficerSession
from desk.security import new_token
from intake.unit_of_work import UnitOfWork
from intake.vault import Vault

TRIES = 5
LOCK = timedelta(minutes=15)
IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=12)
SEEN_EVERY = timedelta(minutes=1)  # how often a session's last use is written down


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A fresh session; the token goes into the cookie and nowhere else."""

    officer_id: str
    token: str


async def sign_in(
    unit_of_work: UnitOfWork, vault: Vault, *, email: str, password: str, code: str, now: datetime
) -> SignedIn | None:
    """A session for the right password and a code not used before; None for anything else, whatever it was.

    The try is counted before it is judged, so that tries sent at once cannot outrun the lock.
    """
    async with unit_of_work() as session:
        officer = await find_officer(session, email)
        counted = officer is not None and await _count_try(session, officer, now)
    fits = await asyncio.to_thread(password_fits, officer.password if officer else None, password)
    if officer is None or not counted or not fits:
        return None
    step = code_step(vault, officer, code, now)
    if step is None:
        return None
    async with unit_of_work() as session:
        return await _open(session, vault, officer, step, now)


async def _count_try(session: AsyncSession, officer: Officer, now: datetime) -> bool:
    """Count one try; False where the officer is locked out, disabled, or another try came between."""
    if officer.disabled_at is not None or (officer.locked_until is not None and officer.locked_until > now):
        return False
    tries = (0 if officer.locked_until is not None else officer.failed) + 1
    counted = await session.execute(
        update(Officer)
        .where(
            Officer.id == officer.id,
            Officer.failed == officer.failed,
            or_(Officer.locked_until.is_(None), Officer.locked_until <= now),
        )
        .values(failed=tries, locked_until=now + LOCK if tries >= TRIES else None)
        .returning(Officer.id)
        .execution_options(synchronize_session=False)
    )
    return counted.first() is not None


async def _open(
    session: AsyncSession, vault: Vault, officer: Officer, step: int, now: datetime
) -> SignedIn | None:
    """Use up the code's step and open a session; None where the step was used before."""
    used = await session.execute(
        update(Officer)
        .where(Officer.id == officer.id, Officer.totp_step < step)
        .values(totp_step=step, failed=0, locked_until=None)
        .returning(Officer.id)
        .execution_options(synchronize_session=False)
    )
    if used.first() is None:
        return None
    await session.execute(delete(OfficerSession).where(OfficerSession.seen_at <= now - LONGEST))
    token = new_token()
    session.add(
        OfficerSession(token_hash=_hashed(vault, token), officer_id=officer.id, created_at=now, seen_at=now)
    )
    return SignedIn(officer.id, token)


async def signed_in(session: AsyncSession, vault: Vault, token: str, now: datetime) -> Officer | None:
    """The officer whose session this is, unless it idled for 30 minutes, lasted 12 hours or was ended."""
    found = (
        await session.execute(
            select(OfficerSession, Officer)
            .join(Officer, Officer.id == OfficerSession.officer_id)
            .where(OfficerSession.token_hash == _hashed(vault, token), Officer.disabled_at.is_(None))
        )
    ).first()
    if found is None:
        return None
    opened, officer = found
    if opened.seen_at <= now - IDLE or opened.created_at <= now - LONGEST:
        await session.delete(opened)
        return None
    if opened.seen_at <= now - SEEN_EVERY:
        opened.seen_at = now
    return officer


async def sign_out(session: AsyncSession, vault: Vault, token: str) -> None:
    """End a session; harmless for one that is gone."""
    await session.execute(delete(OfficerSession).where(OfficerSession.token_hash == _hashed(vault, token)))


def form_token(vault: Vault, token: str) -> str:
    """The hidden field that every form of this session carries: another site cannot know it."""
    return vault.lookup("form", token)


def _hashed(vault: Vault, token: str) -> str:
    return vault.lookup("session", token)
