"""What fulfilment needs from outside, and how long it waits before it tries again."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from fulfilment.adapter import Adapter
from intake.links import Links
from intake.unit_of_work import UnitOfWork
from intake.vault import Vault
from operators.profile import Operator

PersonOf = Callable[[AsyncSession, Vault, str], Awaitable[Mapping[str, tuple[str, ...]]]]

PATIENCE: Final = timedelta(minutes=9)  # a call that takes longer counts as a system that does not answer
LEASE: Final = timedelta(minutes=10)  # an attempt that was killed is taken up again after this
FIRST_WAIT: Final = 30.0  # seconds
LONGEST_WAIT: Final = timedelta(hours=6)
MANY: Final = 8  # attempts after which an officer sees the step as blocked; it is tried on all the same
BLOCKED_WAIT: Final = timedelta(days=1)  # what an officer or engineer must mend is looked at again daily


@dataclass(frozen=True, slots=True)
class Tools:
    """The desk hands these in. `person` tells a dossier's proven identifiers (verification.proofs.person)."""

    unit_of_work: UnitOfWork
    vault: Vault
    operators: Mapping[str, Operator]
    adapters: Callable[[str], Mapping[str, Adapter]]
    links: Links
    clock: Callable[[], datetime]
    person: PersonOf
    package_days: int = 14


def backoff(attempts: int, wait: float = FIRST_WAIT) -> timedelta:
    """How long to wait after so many attempts: doubled each time, from `wait` seconds up to six hours."""
    return min(LONGEST_WAIT, timedelta(seconds=max(wait, 1.0) * 2 ** min(max(attempts - 1, 0), 12)))
