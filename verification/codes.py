"""One-time codes: how one is made, stored and judged; pure, knows no table."""

import re
import secrets
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hmac import compare_digest
from typing import Final

from intake.vault import Vault

DIGITS: Final = 6
LIFETIME: Final = timedelta(minutes=10)
TRIES: Final = 5
PAUSE: Final = timedelta(minutes=15)
WINDOW: Final = timedelta(hours=1)
PER_ADDRESS: Final = 5  # codes in a window
PER_DOSSIER: Final = 10


class Verdict(StrEnum):
    """What became of an answer. NONE: no code was asked for; PAUSED: too many tries, wait."""

    PROVEN = "proven"
    WRONG = "wrong"
    EXPIRED = "expired"
    USED = "used"
    PAUSED = "paused"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a challenge stands before an answer is looked at."""

    expires_at: datetime
    tries: int
    locked_until: datetime | None
    used: bool


def new_code() -> str:
    """Six digits, each as likely as any other."""
    return f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"


def hash_code(vault: Vault, challenge_id: str, code: str) -> str:
    """The keyed hash that is stored: bound to its challenge, so equal codes look different everywhere."""
    return vault.lookup("code", f"{challenge_id}:{code}")


def read_code(text: str) -> str | None:
    """The six digits in what a person typed («123 456», "123-456"), or None where it is no code."""
    bare = re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", text[:40]))
    return bare if re.fullmatch(f"[0-9]{{{DIGITS}}}", bare) else None


def matches(vault: Vault, challenge_id: str, code: str, stored: str) -> bool:
    """Whether the code is the challenge's; takes the same time whichever digit is wrong."""
    return compare_digest(hash_code(vault, challenge_id, code), stored)


def judge(standing: Standing, now: datetime) -> Verdict | None:
    """The verdict that holds whatever is answered, or None where the answer decides."""
    if standing.used:
        return Verdict.USED
    if standing.locked_until is not None and standing.locked_until > now:
        return Verdict.PAUSED
    if standing.tries >= TRIES or standing.expires_at <= now:
        return Verdict.EXPIRED
    return None


def wait_until(
    made: list[datetime], locked: list[datetime], now: datetime, *, at_most: int = PER_ADDRESS
) -> datetime | None:
    """When another code may be asked for, None for now: `made` are the last hour's, `locked` the pauses."""
    recent = sorted(moment for moment in made if moment > now - WINDOW)
    waits = [moment for moment in locked if moment > now]
    if len(recent) >= at_most:
        waits.append(recent[-at_most] + WINDOW)
    return max(waits, default=None)
