"""Asking for a code and answering it, from any page that knows the case."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from desk.wiring import Desk
from intake.case import Act, State
from intake.log import PERSON, record
from intake.records import Case
from law.language import Lang
from operators.profile import Operator
from verification.challenges import Purpose, Verdict, answer_code, fetching, proven, send_code
from verification.identify import confirm
from verification.records import Challenge


@dataclass(frozen=True, slots=True)
class Proofs:
    """How far the proving of a dossier has come: masked addresses, and which codes are on their way.

    `fetching` is the one that a code for the package goes to.
    """

    addresses: tuple[str, ...]
    fetching: str | None
    identify_code: bool
    download_code: bool


async def standing(session: AsyncSession, desk: Desk, dossier_id: str, now: datetime) -> Proofs:
    """What the dossier has proven, and the codes that can still be answered."""
    waiting = set(
        await session.scalars(
            select(Challenge.purpose).where(
                Challenge.dossier_id == dossier_id, Challenge.used_at.is_(None), Challenge.expires_at > now
            )
        )
    )
    held = await proven(session, desk.vault, dossier_id)
    first = await fetching(session, desk.vault, dossier_id)
    return Proofs(
        addresses=tuple(masked(one.value) for one in held),
        fetching=masked(first) if first is not None else None,
        identify_code="identify" in waiting,
        download_code="download" in waiting,
    )


async def ask(
    session: AsyncSession, desk: Desk, operator: Operator, case: Case, address: str, lang: Lang, now: datetime
) -> str:
    """Send a code to an address the person gives, for all cases of the request.

    The word for what came of it hangs on nothing the company holds: "sent", "wait" (asked too often), or
    "address" where nothing can be mailed.
    """
    outcome = await send_code(
        session,
        desk.vault,
        operator,
        dossier_id=case.dossier_id,
        address=address,
        purpose="identify",
        lang=lang,
        now=now,
    )
    if outcome.wait_until is not None:
        return "wait"
    if outcome.challenge_id is None:
        return "address"
    for one in await session.scalars(
        select(Case).where(Case.dossier_id == case.dossier_id, Case.state == State.RECEIVED.value)
    ):
        if not one.on_behalf:
            await record(session, desk.vault, one, Act.ASK_IDENTITY, now=now, actor=PERSON)
    return "sent"


async def ask_for_download(
    session: AsyncSession, desk: Desk, operator: Operator, case: Case, lang: Lang, now: datetime
) -> str:
    """Send a code for the package to the one address it may be fetched with."""
    address = await fetching(session, desk.vault, case.dossier_id)
    if address is None:
        return "address"
    outcome = await send_code(
        session,
        desk.vault,
        operator,
        dossier_id=case.dossier_id,
        address=address,
        purpose="download",
        lang=lang,
        now=now,
    )
    return "wait" if outcome.wait_until is not None else "sent"


async def answer(
    session: AsyncSession, desk: Desk, case: Case, purpose: Purpose, code: str, now: datetime
) -> Verdict:
    """Judge a code; a proven address sets the dossier's cases going."""
    verdict = await answer_code(
        session, desk.vault, dossier_id=case.dossier_id, purpose=purpose, code=code, now=now
    )
    if verdict is Verdict.PROVEN and purpose == "identify":
        await confirm(session, desk.vault, case.dossier_id, now)
    return verdict


def masked(value: str) -> str:
    """An identifier as it may be shown to who holds the link: k…i@example.no."""
    name, at, domain = value.rpartition("@")
    if not at:
        return f"…{value[-2:]}"
    return f"{name[:1]}…{name[-1:] if len(name) > 2 else ''}@{domain}"
