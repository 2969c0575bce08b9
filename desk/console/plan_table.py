"""The plan as a table: what is done with each kind of data, and by which law some of it stays."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from fulfilment.adapter import Action, Controller, KeepRule
from fulfilment.plan import Plan, Step
from fulfilment.records import PlanRecord
from law.grounds import Ground, ground
from law.language import Words
from law.periods import period
from operators.profile import Holding, Operator, Treatment


@dataclass(frozen=True, slots=True)
class Line:
    """What is done with one kind of data; `provision` cites the law where something stays.

    `system` and `holding` None: what the desk itself does. `action`: a step's, or keep, anonymise, left_out.
    """

    system: Words | None
    holding: Words | None
    count: int
    action: str
    tone: str
    ground: Ground | None = None
    provision: str = ""
    until: date | None = None


@dataclass(frozen=True, slots=True)
class PlanSeen:
    """The plan as an officer sees it; `digest` pins it in the form that approves it.

    `erases`: something is destroyed, so approving wants the reference typed; `erased` counts the rows known.
    """

    digest: str
    made_at: datetime
    lines: tuple[Line, ...]
    erases: bool
    erased: int
    remarks: tuple[str, ...]
    forwards: tuple[tuple[Words | None, tuple[str, ...]], ...]


def plan_seen(operator: Operator, row: PlanRecord, plan: Plan) -> PlanSeen:
    """Lay a plan out."""
    lines = [line for step in plan.steps for line in _step_lines(operator, plan, step)]
    for left in plan.left_out:
        lines.append(
            Line(
                system_name(operator, left.system),
                _name(_holding(operator, left.system, left.holding)),
                plan.count(left.system, left.holding),
                "left_out",
                "neutral",
                ground(left.code),
                ground(left.code).provision,
            )
        )
    return PlanSeen(
        digest=row.digest,
        made_at=row.made_at,
        lines=tuple(lines),
        erases=any(step.action is Action.ERASE for step in plan.steps),
        erased=sum(line.count for line in lines if line.tone == "danger"),
        remarks=tuple(remark.value for remark in plan.remarks),
        forwards=tuple(
            (system_name(operator, one.system), tuple(_customer(who) for who in one.controllers))
            for one in plan.forwards
        ),
    )


def system_name(operator: Operator, id: str) -> Words | None:
    """The system's name; None for what the desk itself does."""
    return next((one.name for one in operator.systems if one.id == id), None)


def _step_lines(operator: Operator, plan: Plan, step: Step) -> Iterator[Line]:
    """First what stays of each holding, then what is done with the rest."""
    system = system_name(operator, step.system)
    for id in step.holdings or ("",):
        holding = _holding(operator, step.system, id)
        rules = [rule for rule in step.keep if rule.holding == id]
        for rule in rules:
            until = date.fromisoformat(rule.until) if rule.until else None
            stays = ground(rule.ground)
            yield Line(system, _name(holding), rule.count, "keep", "warning", stays, _statute(rule), until)
        rest = plan.count(step.system, id) - sum(rule.count for rule in rules)
        if rest or not rules:
            destroys = step.action is Action.ERASE
            blurs = destroys and holding is not None and holding.treatment is Treatment.ANONYMISE
            action = "anonymise" if blurs else step.action.value
            yield Line(system, _name(holding), rest, action, "danger" if destroys else "info")


def _statute(rule: KeepRule) -> str:
    """The statute that makes the company keep it, where the ground leaves that to one."""
    return period(rule.period).statute if rule.period else ground(rule.ground).provision


def _holding(operator: Operator, system: str, id: str) -> Holding | None:
    holdings = next((one.holdings for one in operator.systems if one.id == system), ())
    return next((one for one in holdings if one.id == id), None)


def _customer(who: Controller) -> str:
    """Name and, where it is known, address: an officer sees where the request goes."""
    return f"{who.name} ({who.email})" if who.email else who.name


def _name(holding: Holding | None) -> Words | None:
    return holding.name if holding else None
