"""Cases in the state a test of pages needs them in."""

from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy import update

from desk.wiring import Desk
from fulfilment.adapter import Action
from fulfilment.plan import Finding, Plan, Step
from fulfilment.records import PlanRecord, StepRecord, StepState
from fulfilment.sealed import seal_plan
from intake.case import Act
from intake.log import DESK, record
from intake.opening import Opened, open_case, open_dossier
from intake.records import Case
from law.rights import Right

ADDRESS = "kari.eksempel@example.no"
ACTIONS = {Right.ERASURE: Action.ERASE, Right.ACCESS: Action.EXPORT, Right.COMPLAINT: Action.ANSWER}


async def opened(
    desk: Desk,
    right: Right = Right.ERASURE,
    *,
    operator: str = "fjordlys",
    ago: timedelta = timedelta(0),
    on_behalf: bool = False,
    wish: str = "Slett kontoen min.",
) -> Opened:
    """A case received some time ago, its person not proven."""
    received: datetime = desk.clock() - ago
    async with desk.unit_of_work() as session:
        dossier = await open_dossier(session, operator, received)
        return await open_case(
            session,
            desk.vault,
            desk.operators[operator],
            dossier_id=dossier.id,
            conversation_id=None,
            right=right,
            channel="form",
            lang="nb",
            received_at=received,
            now=received,
            wish=wish,
            on_behalf=on_behalf,
            address=ADDRESS,
            links=desk.links,
        )


async def acted(desk: Desk, case: Case, *acts: Act, actor: str = DESK) -> None:
    """Let these acts happen to the case, in order, now."""
    async with desk.unit_of_work() as session:
        row = await session.get_one(Case, case.id)
        for act in acts:
            await record(session, desk.vault, row, act, now=desk.clock(), actor=actor)


async def planned(desk: Desk, right: Right = Right.ERASURE, *, operator: str = "fjordlys") -> Opened:
    """A case whose plan waits for an officer: three rows of one kind in one system."""
    made = await opened(desk, right, operator=operator)
    await acted(desk, made.case, Act.CONFIRM_IDENTITY)
    await propose(desk, made.case, rows=3)
    await acted(desk, made.case, Act.PROPOSE)
    return made


async def propose(desk: Desk, case: Case, *, rows: int) -> str:
    """Put a plan in place of the one that stands; its digest."""
    right = Right(case.right)
    action = ACTIONS[right]
    plan = Plan(
        operator=case.operator,
        right=right,
        identifiers={"email": (ADDRESS,)},
        findings=(Finding("kunder", "customers", rows),),
        steps=(Step("kunder", action, ("customers",)),),
    )
    async with desk.unit_of_work() as session:
        row = PlanRecord(
            id=uuid4().hex,
            case_id=case.id,
            dossier_id=case.dossier_id,
            made_at=desk.clock(),
            digest=plan.digest,
            content=b"",
        )
        row.content = seal_plan(desk.vault, row, plan)
        await session.execute(
            update(PlanRecord).where(PlanRecord.case_id == case.id).values(superseded_at=desk.clock())
        )
        session.add(row)
        await session.flush()
        session.add(
            StepRecord(
                id=uuid4().hex,
                plan_id=row.id,
                case_id=case.id,
                dossier_id=case.dossier_id,
                position=0,
                system="kunder",
                action=action.value,
                state=StepState.WAITING.value,
                not_before=desk.clock(),
            )
        )
    return plan.digest


async def fresh(desk: Desk, case: Case) -> Case:
    """The case as the database has it now."""
    async with desk.unit_of_work() as session:
        return await session.get_one(Case, case.id)
