"""Who the officers are: adding one, and the secrets that let one in."""

from collections.abc import Iterable
from datetime import datetime
from functools import cache
from uuid import uuid4

import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from desk.records import Officer
from intake.vault import Vault
from law.language import Lang

ISSUER = "Rettsvar"
SHORTEST_PASSWORD = 12
STEP = 30  # seconds a code is shown (RFC 6238)


class OfficerRefused(ValueError):
    """The officer cannot be added; the text says what to change."""


async def add_officer(
    session: AsyncSession,
    vault: Vault,
    *,
    email: str,
    name: str,
    password: str,
    operators: Iterable[str],
    now: datetime,
    lang: Lang = "nb",
    hasher: PasswordHasher | None = None,
) -> str:
    """Add an officer for the companies with these ids; the otpauth:// address for the authenticator app.

    The password is hashed by argon2id with the library's defaults (RFC 9106) unless `hasher` says otherwise.
    Raises OfficerRefused for a short password, an address without @, no company, or an address taken.
    """
    address = email.strip().casefold()
    served = sorted(set(operators))
    if "@" not in address or any(letter.isspace() for letter in address):
        raise OfficerRefused(f"{email!r} is not an e-mail address")
    if len(password) < SHORTEST_PASSWORD:
        raise OfficerRefused(f"the password must have at least {SHORTEST_PASSWORD} characters")
    if not served:
        raise OfficerRefused("an officer needs at least one company")
    if await find_officer(session, address) is not None:
        raise OfficerRefused(f"there is an officer with the address {address}")
    officer_id = uuid4().hex
    officer = Officer(
        id=officer_id,
        email=address,
        name=name.strip() or address,
        password=(hasher or PasswordHasher()).hash(password),
        totp=vault.seal(officer_id, f"officer.totp:{officer_id}", pyotp.random_base32()),
        operators=" ".join(served),
        lang=lang,
        created_at=now,
    )
    session.add(officer)
    await session.flush()
    return totp_uri(vault, officer)


async def find_officer(session: AsyncSession, email: str) -> Officer | None:
    """The officer with this address, in any spelling of case."""
    return await session.scalar(select(Officer).where(Officer.email == email.strip().casefold()))


def totp_uri(vault: Vault, officer: Officer) -> str:
    """The address an authenticator app reads; it holds the secret, so it is shown once and logged never."""
    secret = vault.open_text(officer.id, f"officer.totp:{officer.id}", officer.totp)
    return pyotp.TOTP(secret, interval=STEP).provisioning_uri(name=officer.email, issuer_name=ISSUER)


def password_fits(stored: str | None, password: str) -> bool:
    """Whether the password is the stored one; takes as long where there is no officer to compare with."""
    try:
        PasswordHasher().verify(_nobody() if stored is None else stored, password)
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None


def code_step(vault: Vault, officer: Officer, code: str, now: datetime) -> int | None:
    """The step whose code this is, one step of clock drift either way allowed; None for a wrong code."""
    digits = "".join(code.split())
    secret = vault.open_text(officer.id, f"officer.totp:{officer.id}", officer.totp)
    current = int(now.timestamp()) // STEP
    generator = pyotp.HOTP(secret)
    fitting = [step for step in (current, current - 1, current + 1) if generator.verify(digits, step)]
    return fitting[0] if fitting else None


@cache
def _nobody() -> str:
    return PasswordHasher().hash(uuid4().hex)
