"""Choose among values of one kind the one that shall stand and the one it replaces."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

from rapidfuzz.distance import Indel

from intake.corrections.leaning import PLAIN, Leaning
from intake.corrections.values import Value

ALIKE: Final = 0.72
"""Likeness from which two spellings are one value, written right and wrong."""
SHORTEST: Final = 3
"""Letters a word must have to be one that is shared, or misspelt."""


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


def pair(plain: Iterable[Leaning], *, bare: bool) -> Change | None:
    """Return the value that is most likely new, with the one most likely old.

    `bare`: where nothing at all is said of the only value, or of the last, that one will do.
    """
    ready = [one for one in _merged(plain) if one.weight > -9]
    best: Change | None = None
    for new in ready:
        if not _eligible(new, ready, bare=bare):
            continue
        change = _with_old(new, [one for one in ready if one is not new])
        if best is None or change.weight > best.weight or (change.weight == best.weight == 0):
            best = change
    return best


def _eligible(new: Leaning, ready: Sequence[Leaning], *, bare: bool) -> bool:
    """Whether a value may be the new one: nothing plainly speaks against it, and something for it."""
    if new.weight > 0:
        return True
    if new.weight < -1:
        return False
    against = [one for one in ready if one is not new and one.weight <= -PLAIN]
    if any(alike(one.value, new.value) for one in against):
        return True
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


def alike(one: Value, two: Value) -> bool:
    """Whether two values are one, written right and wrong, or share a part as names before and after a wedding do."""
    first, second = one.folded, two.folded
    if any(len(word) >= SHORTEST for word in set(first.split()) & set(second.split())):
        return True
    return _near(first, second)


def misspelt(one: Value, two: Value) -> bool:
    """Whether two values are words that differ by a few letters, and no "Model X" and "Model Y"."""
    odd = {*one.folded.split()} ^ {*two.folded.split()}
    told = bool(odd) and all(word.isalpha() and len(word) >= SHORTEST for word in odd)
    return told and _near(one.folded, two.folded)


def _near(first: str, second: str) -> bool:
    """Whether two spellings are as alike as `ALIKE` says; the cheaper likeness is never less than the one asked for."""
    most = Indel.normalized_similarity(first, second, score_cutoff=ALIKE)
    return most >= ALIKE and SequenceMatcher(None, first, second, autojunk=False).ratio() >= ALIKE
