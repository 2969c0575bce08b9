"""From what was found and what the law says to what is to be done, kept, left out and passed on; pure."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final, Literal

from fulfilment.adapter import Action, Change, Controller, Found, KeepRule, Match
from intake.particulars import Scope
from law.rights import Right
from operators.profile import Operator
from operators.register import Role
from operators.systems import Holding, System, Treatment

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

DESK: Final = "desk"  # stands for a system in a step that an officer carries out without one

# Consent or contract: only what is processed on these is portable (GDPR Art. 20(1)(a)).
PORTABLE_BASES: Final = ("6(1)(a)", "6(1)(b)", "9(2)(a)")

ACTIONS: Final[Mapping[Right, Action]] = {
    Right.ACCESS: Action.EXPORT,
    Right.PORTABILITY: Action.EXPORT,
    Right.RECTIFICATION: Action.RECTIFY,
    Right.ERASURE: Action.ERASE,
    Right.RESTRICTION: Action.RESTRICT,
    Right.OBJECTION: Action.OBJECT,
    Right.WITHDRAW_CONSENT: Action.OBJECT,
    Right.AUTOMATED_DECISION: Action.ANSWER,
    Right.COMPLAINT: Action.ANSWER,
}


class Remark(StrEnum):
    """What an officer should know about a plan; the console words it."""

    NOTHING_FOUND = "nothing_found"
    CHANGE_UNCLEAR = "change_unclear"
    FIELD_NOWHERE = "field_nowhere"
    NO_MARKETING = "no_marketing"
    NOTHING_PORTABLE = "nothing_portable"
    BY_HAND = "by_hand"
    ON_BEHALF = "on_behalf"
    KEPT_UNDATED = "kept_undated"
    ONE_ITEM = "one_item"
    BEYOND_MARKETING = "beyond_marketing"


@dataclass(frozen=True, slots=True)
class Finding:
    """Rows of one holding that are the person's."""

    system: str
    holding: str
    count: int
    keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """One action in one system, on these holdings. A rule of `keep` with count 0 only guides an officer."""

    system: str
    action: Action
    holdings: tuple[str, ...] = ()
    keep: tuple[KeepRule, ...] = ()


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A holding that the right does not cover, and the code of law/grounds.toml that says why."""

    system: str
    holding: str
    code: str


@dataclass(frozen=True, slots=True)
class Forwarding:
    """Data the company only processes for others: the customers who decide over them (Art. 28(3)(e))."""

    system: str
    controllers: tuple[Controller, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """All an officer needs to decide. `identifiers` are the proven ones the systems were asked with.

    `processings` and `recipients` are ids of the register that apply to this person (Art. 15(1)); `learnt`
    are identifiers met in the systems, for the officer's eyes and never used to search.
    """

    operator: str
    right: Right
    identifiers: Mapping[str, tuple[str, ...]]
    findings: tuple[Finding, ...] = ()
    steps: tuple[Step, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    forwards: tuple[Forwarding, ...] = ()
    processings: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()
    change: Change | None = None
    remarks: tuple[Remark, ...] = ()
    learnt: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        """SHA-256 over the plan as canonical JSON: what an officer approves is what is carried out."""
        text = json.dumps(as_written(self), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()

    @property
    def kept(self) -> tuple[tuple[str, KeepRule], ...]:
        """(system, rule) for the rows found that must stay."""
        return tuple((step.system, rule) for step in self.steps for rule in step.keep if rule.count)

    def known(self, system: str) -> dict[str, tuple[str, ...]]:
        """Holding -> row keys found in a system."""
        return {one.holding: one.keys for one in self.findings if one.system == system and one.keys}

    def count(self, system: str, holding: str) -> int:
        """Rows found in one holding."""
        return sum(one.count for one in self.findings if (one.system, one.holding) == (system, holding))


def as_written(value: "DataclassInstance") -> dict[str, Any]:
    """A plan or an outcome as JSON keeps it. A customer without an address is written as the bare name."""
    written: dict[str, Any] = asdict(value, dict_factory=_written)
    return written


def _written(fields: list[tuple[str, Any]]) -> Any:
    bare = [name for name, _ in fields] == ["name", "email"] and fields[1][1] is None
    return fields[0][1] if bare else dict(fields)


def make_plan(
    operator: Operator,
    right: Right,
    matches: Mapping[str, Match],
    identifiers: Mapping[str, tuple[str, ...]],
    *,
    today: date,
    change: Change | None = None,
    on_behalf: bool = False,
    scope: Scope | None = None,
) -> Plan:
    """The plan for one right. `matches` has system id -> match, empty for a right that searches no system. `scope` is
    how much of an erasure or an objection is asked for: with one item, or more than marketing, an officer decides."""
    findings: list[Finding] = []
    steps: list[Step] = []
    left_out: list[LeftOut] = []
    forwards: list[Forwarding] = []
    remarks: list[Remark] = [Remark.ON_BEHALF] if on_behalf else []
    applying: dict[str, None] = {}
    learnt: dict[str, dict[str, None]] = {}
    action = ACTIONS[right]
    for system in operator.systems:
        match = matches.get(system.id)
        if match is None:
            continue
        if system.role is Role.PROCESSOR:
            # Never shown, changed or erased for the person: its controller decides (Art. 28(3)(a), (e)).
            if match.unknown or match.total:
                steps.append(Step(system.id, Action.FORWARD))
            if match.total:
                forwards.append(Forwarding(system.id, match.controllers))
            continue
        found = {one.holding: one for one in match.found if one.count}
        findings += [Finding(system.id, one.holding, one.count, one.keys) for one in found.values()]
        for kind, values in match.learnt.items():
            learnt.setdefault(kind, {}).update(dict.fromkeys(values))
        holdings = [one for one in system.holdings if match.unknown or one.id in found]
        applying |= dict.fromkeys(one.processing for one in holdings)
        covered, outside = _covered(operator, right, system, holdings, change)
        left_out += outside
        if covered and action is not Action.ANSWER:
            keep = _keep(covered, found, today) if action is Action.ERASE else ()
            steps.append(Step(system.id, action, tuple(one.id for one in covered), keep))
    if action is Action.ANSWER:
        remarks.append(Remark.BY_HAND)
        steps = [Step(DESK, Action.ANSWER)]
    elif not steps and not any(identifiers.values()):
        # an officer's word proved who asks and no identifier: nothing could be looked up, so nothing is not found
        remarks.append(Remark.BY_HAND)
        steps = [Step(DESK, Action.ANSWER)]
    elif not findings and not steps:
        remarks.append(Remark.NOTHING_FOUND)
    elif not steps:
        remarks.append(_nowhere(right, change))
        steps = [Step(DESK, Action.ANSWER)]
    elif right is Right.RECTIFICATION and change is None:
        remarks.append(Remark.CHANGE_UNCLEAR)
    if steps and (right, scope) == (Right.ERASURE, Scope.ITEM):
        remarks.append(Remark.ONE_ITEM)
    if (
        steps
        and right is Right.OBJECTION
        and scope is not Scope.MARKETING
        and Remark.NO_MARKETING not in remarks
    ):
        remarks.append(Remark.BEYOND_MARKETING)
    if any(rule.count and rule.until is None for step in steps for rule in step.keep):
        remarks.append(Remark.KEPT_UNDATED)
    return Plan(
        operator=operator.id,
        right=right,
        identifiers={kind: tuple(values) for kind, values in sorted(identifiers.items())},
        findings=tuple(findings),
        steps=tuple(steps),
        left_out=tuple(left_out),
        forwards=tuple(forwards),
        processings=tuple(applying),
        recipients=_recipients(operator, applying),
        change=change,
        remarks=tuple(remarks),
        learnt={kind: tuple(values) for kind, values in sorted(learnt.items()) if values},
    )


def decider(plan: Plan, operator: Operator) -> Literal["auto", "officer"]:
    """Who lets the plan run: the company's rule, but always an officer where a judgement is needed."""
    if plan.steps and all(step.action is Action.FORWARD for step in plan.steps):
        return "auto"  # the law leaves a processor nothing to decide
    judged = {
        Remark.ON_BEHALF, Remark.CHANGE_UNCLEAR, Remark.KEPT_UNDATED, Remark.ONE_ITEM, Remark.BEYOND_MARKETING,
    }  # fmt: skip
    if judged & set(plan.remarks) or any(step.action is Action.ANSWER for step in plan.steps):
        return "officer"
    return operator.release.of(plan.right)


def _covered(
    operator: Operator, right: Right, system: System, holdings: list[Holding], change: Change | None
) -> tuple[list[Holding], list[LeftOut]]:
    """The holdings a right reaches in one system, and those it does not, with the code that says why."""
    by_program = system.adapter != "manual"
    if right is Right.PORTABILITY:
        codes = {one.id: _not_portable(operator, one) for one in holdings}
        outside = [LeftOut(system.id, one, code) for one, code in codes.items() if code]
        return [one for one in holdings if codes[one.id] is None], outside
    if right is Right.RECTIFICATION and by_program:
        return [one for one in holdings if change is not None and change.field in one.rectify], []
    if right in (Right.OBJECTION, Right.WITHDRAW_CONSENT) and by_program:
        return [one for one in holdings if one.marketing], []
    return holdings, []


def _not_portable(operator: Operator, holding: Holding) -> str | None:
    """The code of the condition of Art. 20(1) that a holding does not meet; None where it is portable."""
    if not holding.provided:
        return "G20-3"
    basis = operator.processing(holding.processing).basis or ""
    return None if basis.startswith(PORTABLE_BASES) else "G20-1"


def _keep(holdings: list[Holding], found: Mapping[str, Found], today: date) -> tuple[KeepRule, ...]:
    """What bookkeeping and the like hold back, counted by today; with count 0 where nobody knows yet."""
    rules: list[KeepRule] = []
    for holding in holdings:
        if holding.treatment is not Treatment.KEEP or holding.keep is None:
            continue
        keep = holding.keep
        if holding.id not in found:
            rules.append(KeepRule(holding.id, keep.ground, keep.period, None, 0))
            continue
        days = [day for _, day in found[holding.id].keep_until if day is None or day >= today.isoformat()]
        if days:
            dated = [day for day in days if day is not None]
            last = max(dated) if len(dated) == len(days) else None
            rules.append(KeepRule(holding.id, keep.ground, keep.period, last, len(days)))
    return tuple(rules)


def _nowhere(right: Right, change: Change | None) -> Remark:
    """Why there are rows but nothing to do in any system."""
    if right is Right.RECTIFICATION:
        return Remark.CHANGE_UNCLEAR if change is None else Remark.FIELD_NOWHERE
    return Remark.NOTHING_PORTABLE if right is Right.PORTABILITY else Remark.NO_MARKETING


def _recipients(operator: Operator, processings: Mapping[str, None]) -> tuple[str, ...]:
    """Everybody who gets data of these processings (Art. 15(1)(c): by name, C-154/21)."""
    named: dict[str, None] = {}
    for one in processings:
        named |= dict.fromkeys(operator.processing(one).recipients)
    return tuple(named)
