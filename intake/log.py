"""The only writer of a case's state: every act is appended to a hash-chained log in the same transaction."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from intake.case import ENDS, Act, State, after
from intake.records import Case, LogEntry
from intake.vault import Vault
from law.deadlines import ClockEvent, ClockEventType

PERSON = "person"
DESK = "desk"

FIRST = "0" * 64


def officer(officer_id: str) -> str:
    """The actor name of an officer."""
    return f"officer:{officer_id}"


async def record(
    session: AsyncSession,
    vault: Vault,
    case: Case,
    act: Act,
    *,
    now: datetime,
    actor: str,
    detail: Mapping[str, Any] | None = None,
) -> LogEntry:
    """Move the case by one act and log it. Raises NotAllowed where the act does not fit the state.

    The case's version column makes two writers collide rather than both succeed.
    """
    before = State(case.state)
    state = before if act is Act.OPEN and case.log_length == 0 else after(before, act)
    previous = await _tail(session, case)
    entry_id = uuid4().hex
    sealed = None
    if detail is not None:
        sealed = vault.seal_json(case.dossier_id, f"log_entry.detail:{entry_id}", dict(detail))
    entry = LogEntry(
        id=entry_id,
        case_id=case.id,
        seq=case.log_length + 1,
        at=now.astimezone(UTC),
        actor=actor,
        act=act.value,
        before=before.value,
        after=state.value,
        detail=sealed,
        previous=previous,
        digest="",
    )
    entry.digest = digest(entry)
    case.state = state.value
    case.log_length = entry.seq
    if state in ENDS and case.closed_at is None:
        case.closed_at = now
    session.add(entry)
    await session.flush()
    return entry


async def _tail(session: AsyncSession, case: Case) -> str:
    """The digest of the last entry. Raises BrokenLog where the log is shorter than the case says."""
    if case.log_length == 0:
        return FIRST
    found = await session.scalar(
        select(LogEntry.digest).where(LogEntry.case_id == case.id, LogEntry.seq == case.log_length)
    )
    if found is None:
        raise BrokenLog(case.reference, case.log_length, "missing")
    return found


def digest(entry: LogEntry) -> str:
    """SHA-256 over the entry and the digest before it; over ciphertext, so the chain outlives the key."""
    fields = [
        entry.id,
        entry.case_id,
        entry.seq,
        entry.at.astimezone(UTC).isoformat(),
        entry.actor,
        entry.act,
        entry.before,
        entry.after,
        hashlib.sha256(entry.detail).hexdigest() if entry.detail is not None else None,
        entry.previous,
    ]
    return hashlib.sha256(json.dumps(fields, separators=(",", ":")).encode()).hexdigest()


@dataclass(slots=True, eq=False)  # a frozen exception cannot pass through a context manager
class BrokenLog(Exception):
    """A case's log does not hang together: an entry is missing or was changed."""

    reference: str
    seq: int
    why: str

    def __str__(self) -> str:
        return f"log of {self.reference} breaks at entry {self.seq}: {self.why}"


async def entries(session: AsyncSession, case_id: str) -> Sequence[LogEntry]:
    """The log of a case, oldest first."""
    return (
        await session.scalars(select(LogEntry).where(LogEntry.case_id == case_id).order_by(LogEntry.seq))
    ).all()


def verify_chain(case: Case, log: Sequence[LogEntry]) -> None:
    """Check a case against its log. Raises BrokenLog at the first entry that does not fit."""
    previous, state = FIRST, State.RECEIVED.value
    for seq, entry in enumerate(log, start=1):
        if entry.seq != seq:
            raise BrokenLog(case.reference, seq, "missing")
        if entry.previous != previous:
            raise BrokenLog(case.reference, seq, "does not follow the one before")
        if digest(entry) != entry.digest:
            raise BrokenLog(case.reference, seq, "changed")
        if entry.before != state:
            raise BrokenLog(case.reference, seq, "starts from another state")
        previous, state = entry.digest, entry.after
    if len(log) != case.log_length:
        raise BrokenLog(case.reference, len(log) + 1, "missing")
    if state != case.state:
        raise BrokenLog(case.reference, len(log), "the case stands elsewhere")


def clock_events(log: Sequence[LogEntry]) -> tuple[ClockEvent, ...]:
    """What moves the statutory clock, read off the log.

    A code sent to an address rests on no reasonable doubt and never suspends the clock (Art. 12(6),
    EDPB 01/2022 para. 73); an officer's recorded doubt does, until identity is confirmed (para. 159).
    """
    events: list[ClockEvent] = []
    asked = False
    for entry in log:
        act = Act(entry.act)
        if act is Act.EXTEND:
            events.append(ClockEvent(entry.at, ClockEventType.EXTENDED))
        elif act is Act.ASK_IDENTITY and entry.actor.startswith("officer:"):
            asked = True
            events.append(ClockEvent(entry.at, ClockEventType.IDENTITY_REQUESTED))
        elif act is Act.CONFIRM_IDENTITY and asked:
            asked = False
            events.append(ClockEvent(entry.at, ClockEventType.IDENTITY_CONFIRMED))
    return tuple(events)
