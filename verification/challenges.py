"""Sends codes to addresses and hears the answers; a code proves the address it went to and nothing more."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal
from uuid import uuid4

from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from intake import letters
from intake.records import Dossier
from intake.vault import Vault
from law.language import Lang
from operators.profile import Operator
from verification.addresses import prove
from verification.codes import (
    LIFETIME,
    PAUSE,
    PER_ADDRESS,
    PER_DOSSIER,
    TRIES,
    WINDOW,
    Standing,
    Verdict,
    hash_code,
    judge,
    matches,
    new_code,
    read_code,
    wait_until,
)
from verification.proofs import CODE, NotProven, Proven, address_hash, fetching, person, proven
from verification.records import Challenge

__all__ = [
    "Made",
    "NotProven",
    "Proven",
    "Purpose",
    "Sent",
    "Verdict",
    "answer_code",
    "fetching",
    "make_code",
    "person",
    "proven",
    "send_code",
]

Purpose = Literal["identify", "download"]


@dataclass(frozen=True, slots=True)
class Made:
    """A new code and its challenge; or when to ask again. All None: no e-mail address."""

    challenge_id: str | None = None
    code: str | None = field(default=None, repr=False)
    wait_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Sent:
    """What came of asking for a code: its challenge, or when to ask again. Both None: no e-mail address."""

    challenge_id: str | None
    wait_until: datetime | None


async def send_code(
    session: AsyncSession,
    vault: Vault,
    operator: Operator,
    *,
    dossier_id: str,
    address: str,
    purpose: Purpose,
    lang: Lang,
    now: datetime,
) -> Sent:
    """Write the letter with a new code; older codes of the dossier and purpose are void from then on.

    As `make_code`, which says what the outcome hangs on.
    """
    made = await make_code(
        session, vault, operator, dossier_id=dossier_id, address=address, purpose=purpose, now=now
    )
    if made.code is None:
        return Sent(None, made.wait_until)
    minutes = int(LIFETIME.total_seconds() // 60)
    await letters.write(
        session,
        vault,
        operator,
        name="code",
        lang=lang,
        dossier_id=dossier_id,
        to=address.strip(),
        values={"code": made.code, "minutes": minutes, "purpose": purpose},
        now=now,
    )
    return Sent(made.challenge_id, None)


async def make_code(
    session: AsyncSession,
    vault: Vault,
    operator: Operator,
    *,
    dossier_id: str,
    address: str,
    purpose: Purpose,
    now: datetime,
    lifetime: timedelta = LIFETIME,
) -> Made:
    """A new code for an address, for a letter that the caller writes in the same unit of work.

    The outcome hangs on how often was asked and on nothing else: no system is searched, so nobody learns
    whether the company knows the address. Raises NotProven where a download is asked for at another address than
    the one the dossier proved first, since whoever reads that mailbox would get the package.
    """
    address = address.strip()
    if not letters.mailable(address):
        return Made()
    hashed = address_hash(vault, operator.id, address)
    if purpose == "download":
        first = await fetching(session, vault, dossier_id)
        if first is None or address_hash(vault, operator.id, first) != hashed:
            raise NotProven(dossier_id)
    await _take_turns(session, dossier_id, hashed)
    wait = await _wait(session, dossier_id, hashed, now)
    if wait is not None:
        return Made(wait_until=wait)
    await session.execute(
        update(Challenge)
        .where(Challenge.dossier_id == dossier_id, Challenge.purpose == purpose)
        .where(Challenge.used_at.is_(None), Challenge.expires_at > now)
        .values(expires_at=now)
    )
    code, challenge_id = new_code(), uuid4().hex
    challenge = Challenge(
        id=challenge_id,
        operator=operator.id,
        dossier_id=dossier_id,
        purpose=purpose,
        kind="email",
        address=vault.seal(dossier_id, f"challenge.address:{challenge_id}", address),
        address_hash=hashed,
        code_hash=hash_code(vault, challenge_id, code),
        made_at=now,
        expires_at=now + lifetime,
        tries=0,
        locked_until=None,
        used_at=None,
    )
    session.add(challenge)
    await session.flush()
    return Made(challenge_id, code)


async def answer_code(
    session: AsyncSession, vault: Vault, *, dossier_id: str, purpose: Purpose, code: str, now: datetime
) -> Verdict:
    """Judge an answer to the dossier's newest code. The caller must commit also after a wrong one: it counts.

    A proven "identify" stores the address as proven, marks it in the log of the dossier's open cases, and
    sends the acknowledgements that had no address to go to. What cannot be a code (not six digits) is WRONG
    and costs no try.
    """
    challenge = await _newest(session, dossier_id, purpose)
    if challenge is None:
        return Verdict.NONE
    settled = judge(_standing(challenge), now)
    if settled is not None:
        return settled
    digits = read_code(code)
    if digits is None:
        return Verdict.WRONG
    tries = await _take_try(session, challenge.id)
    if tries is None:
        return Verdict.PAUSED
    if not matches(vault, challenge.id, digits, challenge.code_hash):
        if tries < TRIES:
            return Verdict.WRONG
        await _set(session, challenge.id, locked_until=now + PAUSE)
        return Verdict.PAUSED
    if not await _set(session, challenge.id, used_at=now):
        return Verdict.USED
    if purpose == "identify":
        await _prove(session, vault, challenge, now)
    return Verdict.PROVEN


async def _take_turns(session: AsyncSession, dossier_id: str, hashed: str) -> None:
    """Let two requests for one dossier or one address count one after the other.

    SQLite has one writer at a time anyway; on PostgreSQL the dossier's row and a lock named after the
    address's hash are held until the unit of work ends.
    """
    await session.execute(select(Dossier.id).where(Dossier.id == dossier_id).with_for_update())
    if session.get_bind().dialect.name == "postgresql":
        number = int(hashed[:15], 16)
        await session.execute(select(func.pg_advisory_xact_lock(number)))


async def _wait(session: AsyncSession, dossier_id: str, hashed: str, now: datetime) -> datetime | None:
    """When the dossier and the address may have another code; None for now."""
    of_address = await _recent(session, Challenge.address_hash == hashed, now)
    of_dossier = await _recent(session, Challenge.dossier_id == dossier_id, now)
    locked = [moment for _, moment in (*of_address, *of_dossier) if moment is not None]
    waits = (
        wait_until([made for made, _ in of_address], locked, now, at_most=PER_ADDRESS),
        wait_until([made for made, _ in of_dossier], [], now, at_most=PER_DOSSIER),
    )
    return max((wait for wait in waits if wait is not None), default=None)


async def _recent(
    session: AsyncSession, whose: ColumnElement[bool], now: datetime
) -> list[tuple[datetime, datetime | None]]:
    """When the last hour's challenges were made, and until when each is locked."""
    within = or_(Challenge.made_at > now - WINDOW, Challenge.locked_until > now)
    rows = await session.execute(select(Challenge.made_at, Challenge.locked_until).where(whose, within))
    return [(made, locked) for made, locked in rows]


async def _newest(session: AsyncSession, dossier_id: str, purpose: Purpose) -> Challenge | None:
    """The challenge an answer is for, its row held against another answer at the same moment."""
    return await session.scalar(
        select(Challenge)
        .where(Challenge.dossier_id == dossier_id, Challenge.purpose == purpose)
        .order_by(Challenge.made_at.desc(), Challenge.expires_at.desc())
        .limit(1)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def _standing(challenge: Challenge) -> Standing:
    return Standing(
        expires_at=challenge.expires_at,
        tries=challenge.tries,
        locked_until=challenge.locked_until,
        used=challenge.used_at is not None,
    )


async def _take_try(session: AsyncSession, challenge_id: str) -> int | None:
    """Count one try and say which it was; None where all are spent. The database counts, not this process."""
    return await session.scalar(
        update(Challenge)
        .where(Challenge.id == challenge_id, Challenge.tries < TRIES, Challenge.used_at.is_(None))
        .values(tries=Challenge.tries + 1)
        .returning(Challenge.tries)
    )


async def _set(session: AsyncSession, challenge_id: str, **values: datetime) -> bool:
    """Write to a challenge that is not used yet; False where somebody used it first."""
    changed = await session.scalar(
        update(Challenge)
        .where(Challenge.id == challenge_id, Challenge.used_at.is_(None))
        .values(**values)
        .returning(Challenge.id)
    )
    return changed is not None


async def _prove(session: AsyncSession, vault: Vault, challenge: Challenge, now: datetime) -> None:
    await prove(
        session,
        vault,
        operator_id=challenge.operator,
        dossier_id=challenge.dossier_id,
        address=vault.open_text(challenge.dossier_id, f"challenge.address:{challenge.id}", challenge.address),
        by=CODE,
        detail={"challenge": challenge.id},
        now=now,
    )
