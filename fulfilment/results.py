"""What was done and what was kept, as letters and the status page tell it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from fulfilment.adapter import Action, KeepRule, OutcomeKind
from fulfilment.adapters.manual import TICK
from fulfilment.plan import DESK, Plan, Step
from fulfilment.sealed import Done
from intake.letters import Deed, Retained
from law.grounds import UnknownGround, ground
from law.language import Words
from law.periods import period
from operators.profile import Operator
from operators.systems import Holding, System, Treatment

Results = Sequence[tuple[Step, Done]]


@dataclass(frozen=True, slots=True)
class Correction:
    """One value changed in one place (Art. 16); shown on the status page only, never mailed."""

    system: Words
    holding: Words
    label: Words
    old: str | None
    new: str


def deeds(operator: Operator, plan: Plan, results: Results) -> tuple[Deed, ...]:
    """What was done, place by place. Figures come from the outcome, or from the plan where a killed attempt
    had done the work and left nothing to count."""
    told: list[Deed] = []
    for step, done in results:
        if step.system == DESK or step.action is Action.FORWARD:
            continue
        system = operator.system(step.system)
        for holding in system.holdings:
            count = _count(plan, step, done, holding)
            by_hand = system.adapter == "manual" and _uncounted(step, done, holding)
            if count or by_hand:
                blurred = step.action is Action.ERASE and holding.treatment is Treatment.ANONYMISE
                action = "anonymise" if blurred else step.action.value
                told.append(Deed(action, system.name, holding.name, count))
    return tuple(told)


def retained(operator: Operator, results: Results) -> tuple[Retained, ...]:
    """What stays after an erasure, with ground and date."""
    told: list[Retained] = []
    for step, done in results:
        if step.action is not Action.ERASE:
            continue
        system = operator.system(step.system)
        rules = done.outcome.kept or step.keep
        told += [_retained(system, rule) for rule in rules if rule.count]
    return tuple(told)


def corrections(operator: Operator, results: Results) -> tuple[Correction, ...]:
    """Every value that was changed, old and new."""
    told: list[Correction] = []
    for step, done in results:
        if step.action is not Action.RECTIFY:
            continue
        system = operator.system(step.system)
        for one in done.outcome.changed:
            holding = _holding(system, one.holding)
            label = holding.labels.get(one.column, {"nb": one.column})
            told.append(Correction(system.name, holding.name, label, one.old, one.new))
    return tuple(told)


def nothing_at_all(plan: Plan, results: Results) -> bool:
    """No system and no officer found anything about the person."""
    if plan.findings or any(done.controllers for _, done in results):
        return False
    # an erasure that finds nothing because a killed attempt had erased it is told by the plan's findings
    return bool(results) and all(done.outcome.kind is OutcomeKind.NO_MATCH for _, done in results)


def _uncounted(step: Step, done: Done, holding: Holding) -> bool:
    """An officer did it and gave no figures; what the law may keep is then not said to be erased."""
    outcome = done.outcome
    if not outcome.evidence.startswith(TICK) or outcome.kind is not OutcomeKind.DONE or outcome.removed:
        return False
    spared = step.action is Action.ERASE and holding.treatment is Treatment.KEEP
    return holding.id in step.holdings and not spared


def _count(plan: Plan, step: Step, done: Done, holding: Holding) -> int:
    outcome = done.outcome
    if step.action is Action.ERASE:
        if outcome.removed:
            return outcome.removed.get(holding.id, 0)
        if holding.id not in step.holdings:
            return 0
        stays = sum(rule.count for rule in step.keep if rule.holding == holding.id)
        return max(plan.count(step.system, holding.id) - stays, 0)
    if step.action is Action.EXPORT and holding.id in step.holdings:
        return len(outcome.keys.get(holding.id, ())) or outcome.removed.get(holding.id, 0)
    rows = {one.key for one in outcome.changed if one.holding == holding.id}
    return len(rows) or outcome.removed.get(holding.id, 0)


def _retained(system: System, rule: KeepRule) -> Retained:
    holding = _holding(system, rule.holding)
    try:
        found = ground(rule.ground)
        provision, reason = found.provision, found.text
    except UnknownGround:
        provision, reason = rule.ground, holding.name
    if holding.keep is not None and holding.keep.ground == rule.ground:
        reason = holding.keep.reason
    if rule.period is not None:
        provision = f"{provision}, {period(rule.period).statute}"
    until = None if rule.until is None else date.fromisoformat(rule.until)
    return Retained(system.name, holding.name, rule.count, reason, provision, until)


def _holding(system: System, id: str) -> Holding:
    return next(one for one in system.holdings if one.id == id)
