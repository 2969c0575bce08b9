"""Choose among values of one kind the one that shall stand and the one it replaces."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from intake.corrections.leaning import PLAIN, Leaning
from intake.corrections.spelling import alike
from intake.corrections.values import Value


@dataclass(frozen=True, slots=True)
class Change:
    """A new value and the old one, if it is told; `weight` is how much speaks for their being these."""

    new: Leaning
    old: Leaning | None
    weight: float
    field: str = ""

    @property
    def values(self) -> list[Value]:
        """The new value, and the old one where there is one."""
        return [one.value for one in (self.new, self.old) if one is not None]


def pair(plain: Iterable[Leaning], *, bare: bool, left: bool = False) -> Change | None:
    """Return the value that is most likely new, with the one most likely old.

    `bare`: where nothing at all is said of the only value, or of the last, that one will do; `left`: only where all
    others are plainly old.
    """
    ready = [one for one in _merged(plain) if one.weight > -9]
    best: Change | None = None
    for new in ready:
        if not _eligible(new, ready, bare=bare, left=left):
            continue
        others = [one for one in ready if one is not new]
        change = _with_old(new, others)
        if (
            bare
            and change.old is None
            and new.weight >= PLAIN
            and len(others) == 1
            and abs(others[0].weight) < PLAIN
        ):
            change = Change(new, others[0], new.weight)  # the only other one, of which nothing else is said
        if best is None or change.weight > best.weight or (change.weight == best.weight == 0):
            best = change
    return best


def _eligible(new: Leaning, ready: Sequence[Leaning], *, bare: bool, left: bool) -> bool:
    """Whether a value may be the new one: nothing plainly speaks against it, and something for it."""
    if new.weight > 0:
        return True
    if new.weight < -1:
        return False
    against = [one for one in ready if one is not new and one.weight <= -PLAIN]
    if any(alike(one.value, new.value) for one in against):
        return True
    if (bare or left) and against and len(against) == len(ready) - 1:
        return new.weight > -PLAIN  # the only one left
    return bare and (new.weight == 0 or len(ready) == 1)


def _with_old(new: Leaning, others: Sequence[Leaning]) -> Change:
    """The one most plainly old is replaced; one of which nothing is said only where it is spelt alike and came first."""
    best = Change(new, None, new.weight)
    for one in others:
        kin = alike(one.value, new.value)
        first = one.value.start < new.value.start
        if one.weight > -1 and not (kin and one.weight < new.weight and (first or one.weight < 0)):
            continue
        if one.weight >= new.weight or (new.weight <= 0 and one.weight > -PLAIN and not kin):
            continue
        weight = new.weight + max(0.0, -one.weight) + (PLAIN if kin else 0.0)
        if weight > best.weight or best.old is None:
            best = Change(new, one, weight)
    return best


def _merged(plain: Iterable[Leaning]) -> list[Leaning]:
    """Each value once, with all that was said of it."""
    found: dict[str, Leaning] = {}
    for one in plain:
        known = found.get(one.value.folded)
        if known is None:
            found[one.value.folded] = Leaning(one.value, one.weight, list(one.cues))
        elif one.weight > -9:
            known.weight = one.weight if known.weight <= -9 else max(known.weight + one.weight, -8.0)
            known.cues += one.cues
    return list(found.values())
