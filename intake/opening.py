"""Opens dossiers and cases, on any channel: a request is a case from the moment it is read as one."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from intake import letters
from intake.case import Act, State
from intake.links import Links
from intake.log import PERSON, clock_events, record
from intake.reading import covered
from intake.records import Case, Dossier, LogEntry, ReferenceCounter
from intake.rectification import Rectification
from intake.vault import Vault
from law.deadlines import Deadline, due, oslo_day
from law.language import Lang
from law.rights import Right, card
from operators.profile import Operator

SECRET_BYTES: Final = 24  # 32 characters in a link
TOKEN_MARK: Final = "rv-"  # noqa: S105  the beginning of each
TOKEN_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz234567"  # noqa: S105  an alphabet
TOKEN_LENGTH: Final = 20


@dataclass(frozen=True, slots=True)
class Opened:
    """A new case, the secret of its status link (kept nowhere in the clear), and when an answer is due."""

    case: Case
    secret: str
    deadline: Deadline


def mail_token() -> str:
    """What a case's letters carry in their reply address and at their foot: 100 random bits that survive being
    written in capitals or broken over lines."""
    return TOKEN_MARK + "".join(secrets.choice(TOKEN_LETTERS) for _ in range(TOKEN_LENGTH))


async def open_dossier(session: AsyncSession, operator_id: str, now: datetime) -> Dossier:
    """A new requester at a company. Nobody is recognised here: what belongs together is decided by proof."""
    dossier = Dossier(id=uuid4().hex, operator=operator_id, created_at=now, erased_at=None)
    session.add(dossier)
    await session.flush()
    return dossier


async def open_case(
    session: AsyncSession,
    vault: Vault,
    operator: Operator,
    *,
    dossier_id: str,
    conversation_id: str | None,
    right: Right,
    channel: str,
    lang: Lang,
    received_at: datetime,
    now: datetime,
    wish: str,
    rectification: Rectification | None = None,
    on_behalf: bool = False,
    address: str | None = None,
    links: Links | None = None,
    told: bool = False,
) -> Opened:
    """Open a case and write its acknowledgement in the same unit of work.

    `received_at` is the server's arrival time and starts the clock (Art. 12(3)); `wish` is the request in the
    person's own words. The letter goes to `address` where that can be mailed to, else it is kept for the
    status page; `links` puts the status page's address in it; `told` says that another letter carries its words.
    """
    secret = secrets.token_urlsafe(SECRET_BYTES)
    token = mail_token()
    case = Case(
        id=uuid4().hex,
        reference=await _reference(session, operator, received_at),
        operator=operator.id,
        dossier_id=dossier_id,
        conversation_id=conversation_id,
        right=right.value,
        channel=channel,
        lang=lang,
        state=State.RECEIVED.value,
        received_at=received_at,
        opened_at=now,
        closed_at=None,
        on_behalf=on_behalf,
        status_token=vault.lookup("status", secret),
        mail_token=vault.lookup("mail_token", token),
        log_length=0,
    )
    change = None
    if rectification is not None:
        change = {
            "field": rectification.field,
            "old_value": rectification.old_value,
            "new_value": rectification.new_value,
        }
    kept = {
        "wish": wish, "rectification": change, "scope": covered(right, wish), "secret": secret,
        "address": address, "mail_token": token,
    }  # fmt: skip
    case.details = vault.seal_json(dossier_id, f"case.details:{case.id}", kept)
    session.add(case)
    await session.flush()
    await record(session, vault, case, Act.OPEN, now=now, actor=PERSON, detail={"channel": channel})
    deadline = due(received_at)
    await letters.write(
        session,
        vault,
        operator,
        name="acknowledgement",
        lang=lang,
        dossier_id=dossier_id,
        case=case,
        to=address if address is not None and letters.mailable(address) and not told else None,
        told=told,
        values={
            "deadline": deadline,
            "proof": _proof(right, on_behalf),
            "field": change["field"] if change else None,
            "link": links.status(operator.id, secret) if links else None,
        },
        now=now,
    )
    return Opened(case, secret, deadline)


async def details(vault: Vault, case: Case) -> dict[str, Any]:
    """What the case keeps sealed: "wish", "rectification" or None, "scope" or None, "secret", "address" or None,
    and "mail_token".

    A rectification has "field", "old_value" and "new_value"; "scope" is how much an erasure or an objection covers.
    Raises KeyGone after the dossier was erased.
    """
    found: dict[str, Any] = vault.open_json(case.dossier_id, f"case.details:{case.id}", case.details)
    return found


async def by_secret(session: AsyncSession, vault: Vault, secret: str) -> Case | None:
    """The case whose status link has this secret."""
    return await session.scalar(select(Case).where(Case.status_token == vault.lookup("status", secret)))


def deadline_of(case: Case, log: Sequence[LogEntry]) -> Deadline:
    """The case's dates, read off its receipt and its log; computed each time and stored nowhere."""
    return due(case.received_at, clock_events(log))


def _proof(right: Right, on_behalf: bool) -> str:
    """What the acknowledgement says comes next; verification.ladder decides what is truly needed."""
    if on_behalf:
        return "officer"
    return "code" if card(right).identity else "none"


async def _reference(session: AsyncSession, operator: Operator, received_at: datetime) -> str:
    """The next number of the company's Oslo year, such as CLV-2026-0042; two cases never share one.

    The upsert locks the counter's row until the unit of work ends, so numbers are handed out one by one.
    """
    year = oslo_day(received_at).year
    number = await session.scalar(_count(session.get_bind().dialect.name, operator.id, year))
    return f"{operator.prefix}-{year}-{number:04d}"


def _count(dialect: str, operator_id: str, year: int) -> Any:
    first = {"operator": operator_id, "year": year, "last": 1}
    key = ["operator", "year"]
    further = {"last": ReferenceCounter.last + 1}
    if dialect == "postgresql":
        on_postgresql = postgresql.insert(ReferenceCounter).values(first)
        upsert = on_postgresql.on_conflict_do_update(index_elements=key, set_=further)
        return upsert.returning(ReferenceCounter.last)
    on_sqlite = sqlite.insert(ReferenceCounter).values(first)
    return on_sqlite.on_conflict_do_update(index_elements=key, set_=further).returning(ReferenceCounter.last)
