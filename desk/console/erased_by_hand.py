"""What an officer says of an erasure done by hand: how much went, what stays, on which ground, until when."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from fulfilment.adapter import KeepRule
from fulfilment.plan import Step
from fulfilment.sealed import Done
from law.dates import say_date
from law.grounds import Ground, Kind, grounds
from law.language import Lang, Words, say
from law.periods import kept_until, period
from law.rights import Right
from operators.profile import Operator
from operators.systems import Holding

MOST_DIGITS = 6

Say = Callable[..., str]


@dataclass(frozen=True, slots=True)
class Asked:
    """One kind of data the officer is asked about, with what is known already: counts, ground, last day."""

    id: str
    name: Words
    removed: str
    kept: str
    ground: str
    until: str


@dataclass(frozen=True, slots=True)
class Erased:
    """The answers: holding -> rows removed (0 too), and what stays."""

    counts: Mapping[str, int]
    kept: tuple[KeepRule, ...]


def asked(operator: Operator, step: Step, done: Done | None) -> tuple[Asked, ...]:
    """The questions of one step: filled in with what a program had done, and the plan's ground for keeping."""
    removed = done.outcome.removed if done else {}
    rules = {rule.holding: rule for rule in (*step.keep, *(done.outcome.kept if done else ()))}
    seen = []
    for holding in _holdings(operator, step):
        rule = rules.get(holding.id)
        seen.append(
            Asked(
                id=holding.id,
                name=holding.name,
                removed=str(removed.get(holding.id, "")),
                kept=str(rule.count) if rule and rule.count else "",
                ground=_value(rule.ground, rule.period) if rule else "",
                until=rule.until or "" if rule else "",
            )
        )
    return tuple(seen)


def choices(lang: Lang) -> tuple[tuple[str, str], ...]:
    """(value, words) of every ground on which one officer may let something stay, period by period."""
    return tuple((value, words) for one in _spare() for value, words in _worded(one, lang))


def read(
    operator: Operator, step: Step, step_id: str, form: Mapping[str, str], say: Say, lang: Lang, today: date
) -> tuple[Erased, list[tuple[str, str]]]:
    """What the form says, and (field, text) for everything that cannot stand so."""
    errors: list[tuple[str, str]] = []
    counts: dict[str, int] = {}
    kept: list[KeepRule] = []
    holdings = _holdings(operator, step)
    for holding in holdings:
        entry = _Entry(holding, step_id, form, say, lang, errors)
        counts[holding.id] = entry.number("removed")
        rule = entry.rule(today, operator.year_end)
        if rule is not None:
            kept.append(rule)
    if holdings and not errors and not kept and not any(counts.values()):
        errors.append((f"removed-{step_id}-{holdings[0].id}", say("console.case.erased.error_nothing")))
    return Erased(counts, tuple(kept)), errors


@dataclass(frozen=True, slots=True)
class _Entry:
    """The fields of one holding."""

    holding: Holding
    step_id: str
    form: Mapping[str, str]
    say: Say
    lang: Lang
    errors: list[tuple[str, str]]

    def number(self, kind: str) -> int:
        """How many; nothing written is none."""
        given = self._given(kind)
        if not given:
            return 0
        if not (given.isascii() and given.isdigit() and len(given) <= MOST_DIGITS):
            self._wrong(kind, "error_number")
            return 0
        return int(given)

    def rule(self, today: date, year_end: str) -> KeepRule | None:
        """What stays; None where nothing does or something is wrong with it."""
        before = len(self.errors)
        count = self.number("kept")
        until = self._until(today)
        if len(self.errors) > before:
            return None
        if not count:
            if until:
                self._wrong("kept", "error_kept")
            return None
        choice = self._given("ground")
        if choice not in {value for value, _ in choices(self.lang)}:
            self._wrong("ground", "error_ground")
            return None
        code, _, law = choice.partition(":")
        if law:
            latest = None if period(law).at_least else kept_until(law, today, year_end)
            if until is None:
                self._wrong("until", "error_until")
            elif latest is not None and until > latest:
                self._wrong("until", "error_late", date=say_date(latest, self.lang))
        return KeepRule(self.holding.id, code, law or None, until.isoformat() if until else None, count)

    def _until(self, today: date) -> date | None:
        given = self._given("until")
        if not given:
            return None
        try:
            until = date.fromisoformat(given)
        except ValueError:
            self._wrong("until", "error_date")
            return None
        if until < today:
            self._wrong("until", "error_past")
        return until

    def _given(self, kind: str) -> str:
        return self.form.get(self._field(kind), "").strip()

    def _field(self, kind: str) -> str:
        return f"{kind}-{self.step_id}-{self.holding.id}"

    def _wrong(self, kind: str, why: str, **values: str) -> None:
        about = {"name": say(self.holding.name, self.lang), **values}
        self.errors.append((self._field(kind), self.say(f"console.case.erased.{why}", **about)))


def _holdings(operator: Operator, step: Step) -> tuple[Holding, ...]:
    known = next((one.holdings for one in operator.systems if one.id == step.system), ())
    return tuple(one for one in known if one.id in step.holdings)


def _spare() -> Iterator[Ground]:
    """Grounds of Art. 17 itself, which say why something is not erased; the others turn a request away."""
    for one in grounds(Right.ERASURE):
        if one.rights == {Right.ERASURE} and one.kind is Kind.REFUSAL and one.approvals == 1:
            yield one


def _worded(one: Ground, lang: Lang) -> Iterator[tuple[str, str]]:
    if not one.needs_subcode:
        yield _value(one.code, None), f"{say(one.label, lang)} ({one.provision})"
    for law in one.subcodes:
        found = period(law)
        yield _value(one.code, law), f"{say(found.label, lang)} ({found.statute})"


def _value(code: str, law: str | None) -> str:
    return f"{code}:{law}" if law else code
