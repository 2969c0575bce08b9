"""Sets a requester's cases going after a proof, by code or in an officer's judgement."""

from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from intake.case import Act, State
from intake.log import DESK, officer, record
from intake.records import Case
from intake.vault import Vault
from law.rights import Right, card
from verification.ladder import Assurance, Rung, at_least, needed
from verification.proofs import proven

_AFTER: Final = {
    State.RECEIVED: Act.CONFIRM_IDENTITY,
    State.IDENTIFYING: Act.CONFIRM_IDENTITY,
    # a plan made under fewer proven addresses may miss what the new one is known by
    State.AWAITING_DECISION: Act.REPLAN,
}


async def confirm(session: AsyncSession, vault: Vault, dossier_id: str, now: datetime) -> list[Case]:
    """Move the dossier's waiting cases on to planning, as far as its proofs are enough; the cases moved.

    Call it after a proof and after opening a case. Before the first proof only what needs none and searches
    no system moves (a complaint). A case on somebody else's behalf waits for an officer: it is marked as being
    identified and stays, since a code shows an address and not an authority (EDPB 01/2022 para. 80).
    """
    proofs = await proven(session, vault, dossier_id)
    held = max((proof.assurance for proof in proofs), key=list(Assurance).index, default=Assurance.NONE)
    moved: list[Case] = []
    for case in await _waiting(session, dossier_id):
        state, right = State(case.state), Right(case.right)
        need = needed(right, held=held, on_behalf=case.on_behalf)
        confirmed = state is State.AWAITING_DECISION
        ready = at_least(held, need.act) and (proofs or not card(right).searches)
        if proofs if confirmed else ready:
            await record(session, vault, case, _AFTER[state], now=now, actor=DESK)
            moved.append(case)
        elif need.rung is Rung.OFFICER and state is State.RECEIVED:
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


async def _waiting(session: AsyncSession, dossier_id: str) -> list[Case]:
    rows = await session.scalars(
        select(Case)
        .where(Case.dossier_id == dossier_id, Case.state.in_([state.value for state in _AFTER]))
        .order_by(Case.reference)
        .with_for_update()
    )
    return list(rows)
