"""Sets a requester's cases going after a proof, by code or in an officer's judgement."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from intake.case import Act, State
from intake.log import DESK, entries, officer, record
from intake.records import Case, LogEntry
from intake.vault import Vault
from law.rights import Right, card
from verification.ladder import Assurance, Rung, at_least, needed
from verification.proofs import Proven, proven

# What moves a waiting case on, and the act after which a proof must have come to be news to it.
_AFTER: Final = {
    State.RECEIVED: (Act.CONFIRM_IDENTITY, None),
    State.IDENTIFYING: (Act.CONFIRM_IDENTITY, Act.ASK_IDENTITY),
    # a plan made under fewer proven addresses may miss what the new one is known by
    State.AWAITING_DECISION: (Act.REPLAN, Act.PROPOSE),
}


async def confirm(session: AsyncSession, vault: Vault, dossier_id: str, now: datetime) -> list[Case]:
    """Move the dossier's waiting cases on to planning, as far as its proofs are enough; the cases moved.

    Call it after a proof and after opening a case; called again without a new proof it moves nothing. Before
    the first proof only what needs none and searches no system moves (a complaint).

    Two things wait for an officer, see `confirm_by_officer`: a case on somebody else's behalf, since a code
    shows an address and no authority (EDPB 01/2022 para. 80), and one whose identity an officer doubts.
    """
    proofs = await proven(session, vault, dossier_id)
    moved: list[Case] = []
    for case in await _waiting(session, dossier_id):
        act, since = _AFTER[State(case.state)]
        log = await entries(session, case.id)
        if _ready(case, proofs, log, since):
            await record(session, vault, case, act, now=now, actor=DESK)
            moved.append(case)
        elif case.on_behalf and act is Act.CONFIRM_IDENTITY and since is None:
            await record(session, vault, case, Act.ASK_IDENTITY, now=now, actor=DESK)
    return moved


async def confirm_by_officer(
    session: AsyncSession, vault: Vault, case: Case, officer_id: str, note: str, now: datetime
) -> None:
    """An officer has seen who asks, or the authority to ask for somebody else; `note` says what was seen.

    Keep the fact, not a copy («ID card was checked», EDPB 01/2022 para. 79). Ends a pause of the clock that
    an officer's question began. Raises NotAllowed where the case is past being identified.
    """
    await record(
        session, vault, case, Act.CONFIRM_IDENTITY, now=now, actor=officer(officer_id), detail={"note": note}
    )


def _ready(case: Case, proofs: Sequence[Proven], log: Sequence[LogEntry], since: Act | None) -> bool:
    """Whether the proofs are enough and, after an act that looked at them already, one of them is new."""
    asked = next((entry for entry in reversed(log) if entry.act == since), None)
    if since is Act.PROPOSE:
        return asked is not None and any(proof.at > asked.at for proof in proofs)
    right = Right(case.right)
    held = max((proof.assurance for proof in proofs), key=list(Assurance).index, default=Assurance.NONE)
    need = needed(right, held=held, on_behalf=case.on_behalf)
    if need.rung is Rung.OFFICER or not at_least(held, need.act):
        return False
    if asked is not None and asked.actor.startswith("officer:"):
        return False
    if not proofs:
        return not card(right).searches
    return asked is None or any(proof.at >= asked.at for proof in proofs)


async def _waiting(session: AsyncSession, dossier_id: str) -> list[Case]:
    rows = await session.scalars(
        select(Case)
        .where(Case.dossier_id == dossier_id, Case.state.in_([state.value for state in _AFTER]))
        .order_by(Case.reference)
        .with_for_update()
    )
    return list(rows)
