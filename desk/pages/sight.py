"""What the status page shows of a case, in plain words and no more than who holds the link may see."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from desk.pages.proof import standing
from desk.rendering import text
from desk.wiring import Desk
from fulfilment.planning import mailable_or_none, proven_address
from fulfilment.records import PackageRecord
from fulfilment.results import corrections
from fulfilment.sealed import open_done, open_plan
from fulfilment.work import current_plan, steps_of
from intake.case import ENDS, Act, State, possible
from intake.letters import open_letter
from intake.log import entries
from intake.opening import deadline_of, details
from intake.records import Case, Letter, LogEntry
from law.deadlines import Deadline, explain
from law.language import Lang, say
from law.rights import Right, RightCard, card
from verification.challenges import proven

PROVABLE = frozenset({State.RECEIVED, State.IDENTIFYING, State.PLANNING, State.AWAITING_DECISION})
# Letters that tell no more than the page itself; the rest is mailed, or read behind a fresh code.
HARMLESS = frozenset({"acknowledgement", "extension", "withdrawn", "identity", "nothing_found"})
NEVER = frozenset({"code", "received", "forward"})  # a code in it, or not to the person


@dataclass(frozen=True, slots=True)
class Package:
    """The package that waits; `size` is in words."""

    expires_at: datetime
    size: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A letter; `text` None where it was mailed and is not shown without a fresh code."""

    subject: str
    at: datetime
    text: str | None


@dataclass(frozen=True, slots=True)
class Corrected:
    """One value that was corrected (Art. 16): never mailed, shown behind a fresh code."""

    where: str
    label: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Sibling:
    """Another case of the same request."""

    reference: str
    card: RightCard
    path: str


@dataclass(frozen=True, slots=True)
class Sight:
    """Everything the page needs besides the case itself.

    `state` is the case's, or "nothing_found". `behind`: something waits behind a fresh code; `ticket`: one
    was entered in this browser.
    """

    card: RightCard
    state: str
    open: bool
    deadline: Deadline
    why: tuple[str, ...]
    next: str
    may_prove: bool
    may_withdraw: bool
    proven: tuple[str, ...]
    fetching: str | None
    identify_code: bool
    download_code: bool
    behind: bool
    ticket: bool
    package: Package | None
    letters: tuple[Shown, ...]
    corrections: tuple[Corrected, ...]
    siblings: tuple[Sibling, ...]

    def values(self) -> dict[str, Any]:
        """The values under the names the template knows them by."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


async def see(
    session: AsyncSession, desk: Desk, case: Case, lang: Lang, now: datetime, *, ticket: bool
) -> Sight:
    """Look at a case. `ticket`: a fresh code for the package was entered in this browser.

    Raises KeyGone after the dossier was erased.
    """
    log = await entries(session, case.id)
    deadline = deadline_of(case, log)
    proofs = await standing(session, desk, case.dossier_id, now)
    state, right = State(case.state), Right(case.right)
    lost = state not in ENDS and _nothing_found(log)
    letters = await _letters(session, desk, case, ticket)
    package = await _package(session, case, now)
    behind = package is not None or any(one.text is None for one in letters) or ticket
    return Sight(
        card=card(right),
        state="nothing_found" if lost else state.value,
        open=state not in ENDS,
        deadline=deadline,
        why=explain(deadline, lang),
        next=_next(case, lost, lang),
        may_prove=may_prove(case),
        may_withdraw=Act.WITHDRAW in possible(state),
        proven=proofs.addresses,
        fetching=proofs.fetching,
        identify_code=proofs.identify_code,
        download_code=proofs.download_code,
        behind=behind and proofs.fetching is not None,
        ticket=ticket,
        package=package,
        letters=letters,
        corrections=await _corrections(session, desk, case, lang) if ticket else (),
        siblings=await _siblings(session, desk, case),
    )


def may_prove(case: Case) -> bool:
    """Whether proving an address (or another one) still changes anything for the case."""
    return State(case.state) in PROVABLE and (
        card(Right(case.right)).searches or card(Right(case.right)).identity
    )


async def answer_address(session: AsyncSession, desk: Desk, case: Case) -> str | None:
    """Where a letter about the case goes: a proven address, the one the request came from rather than another."""
    held = await proven_addresses(session, desk, case)
    given = (await details(desk.vault, case))["address"]
    return proven_address(held, given) if held else mailable_or_none(given)


async def proven_addresses(session: AsyncSession, desk: Desk, case: Case) -> tuple[str, ...]:
    """The e-mail addresses the requester has proven, oldest first."""
    held = await proven(session, desk.vault, case.dossier_id)
    return tuple(one.value for one in held if one.kind == "email")


def _next(case: Case, lost: bool, lang: Lang) -> str:
    """What happens next, in one or two sentences."""
    state = State(case.state)
    if case.on_behalf and state in {State.RECEIVED, State.IDENTIFYING}:
        return text(lang, "status.after.on_behalf")
    if lost:
        return text(lang, "status.after.nothing_found")
    if state in {State.RECEIVED, State.IDENTIFYING} and not may_prove(case):
        return text(lang, "status.after.planning")
    return text(lang, f"status.after.{state.value}")


def _nothing_found(log: Sequence[LogEntry]) -> bool:
    """Whether the last search under the proven addresses found nothing."""
    acts = [entry.act for entry in log if entry.act in {Act.NOTHING_FOUND, Act.PROVE_ADDRESS}]
    return bool(acts) and acts[-1] == Act.NOTHING_FOUND


async def _package(session: AsyncSession, case: Case, now: datetime) -> Package | None:
    row = await session.scalar(
        select(PackageRecord).where(
            PackageRecord.case_id == case.id, PackageRecord.wiped_at.is_(None), PackageRecord.expires_at > now
        )
    )
    if row is None:
        return None
    kilobytes = max(1, round(row.size / 1024))
    size = f"{kilobytes} kB" if kilobytes < 1024 else f"{kilobytes / 1024:.1f} MB".replace(".", ",")
    return Package(row.expires_at, size)


async def _letters(session: AsyncSession, desk: Desk, case: Case, ticket: bool) -> tuple[Shown, ...]:
    rows = await session.scalars(
        select(Letter).where(Letter.case_id == case.id).order_by(Letter.written_at, Letter.id)
    )
    shown = []
    for row in rows:
        if row.name in NEVER:
            continue
        opened = open_letter(desk.vault, row)
        readable = ticket or row.name in HARMLESS or opened.to is None
        shown.append(Shown(opened.subject, row.written_at, opened.text if readable else None))
    return tuple(shown)


async def _corrections(session: AsyncSession, desk: Desk, case: Case, lang: Lang) -> tuple[Corrected, ...]:
    row = await current_plan(session, case.id)
    if row is None or case.right != Right.RECTIFICATION or State(case.state) not in ENDS:
        return ()
    plan = open_plan(desk.vault, row)
    done = [open_done(desk.vault, step) for step in await steps_of(session, row)]
    results = [(step, one) for step, one in zip(plan.steps, done, strict=True) if one is not None]
    return tuple(
        Corrected(
            where=f"{say(one.system, lang)}, {say(one.holding, lang)}",
            label=say(one.label, lang),
            old=one.old or "–",
            new=one.new,
        )
        for one in corrections(desk.operators[case.operator], results)
    )


async def _siblings(session: AsyncSession, desk: Desk, case: Case) -> tuple[Sibling, ...]:
    rows = await session.scalars(
        select(Case).where(Case.dossier_id == case.dossier_id, Case.id != case.id).order_by(Case.reference)
    )
    return tuple(
        [
            Sibling(row.reference, card(Right(row.right)), f"/s/{(await details(desk.vault, row))['secret']}")
            for row in rows
        ]
    )
