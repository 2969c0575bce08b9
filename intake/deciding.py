"""Decide what a message asks: by what the rules read and by what was learnt, weighed beside each other.

Where the rules are sure they mostly prevail, where they are silent what was learnt decides; by how much was itself
learnt, from ways of asking that neither had seen (`learn_reading`).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import numpy as np

from intake.corrections.meant import WORDED
from intake.examples import TYPES
from intake.features import NOTHING, together
from intake.hearing import Heard
from intake.learnt import Learnt, Numbers
from intake.weighing import ENOUGH, RIGHTS

LIKELY: Final = 0.5
"""Probability from which a type is read."""
ASKED: Final = 2.0
"""Logarithm of the odds that anything is asked at all from which a message surely asks for something."""
DOUBTFUL: Final = 0.3
UNASKED: Final = 0.45
"""Probabilities from which the likeliest type is read where no other is, in a message that surely asks for something
and in another: a request too many is closed sooner than one is missed."""
RULED: Final = 0.4
OWN: Final = 0.3
"""Probabilities from which a type is read that the rules read too, and one that has a sentence of its own among several."""
THIRD: Final = 0.65
"""Probability from which a type is read that the rules did not read, where they read two others already."""
NAMED: Final = 0.01
"""Probability from which a right is read that the rules read by its own name ("innsyn", "erasure"): a request in the
law's words is never passed over, however idle the rest of the message."""
VALUED: Final = 0.1
"""Probability from which a correction is read that the rules read, and whose new value was found."""
PAIRED: Final = 0.02
"""The same, where the message plainly sets an old value against a new one."""
YIELDING: Final = 0.6
"""Probability below which another type yields to a correction whose values are plain, where the rules read nothing else."""
BESIDE: Final = 0.9
"""The same, where the value only stands beside another request."""
FOUND: Final = 0.08
SEEN: Final = 0.2
"""The same, where nothing else is read at all: where something speaks for the value, and where nothing does. One that is
plainly new needs none."""
CLOSE: Final = 0.2
"""Two readings whose probabilities differ by less are worth a question."""
SURE: Final = 9.0
"""Logarithm of odds beyond which a score says no more."""

PIECES: Final = 25
"""Numbers of evidence a type has of its own; after them one for each type, and one for each type the rules read."""


@dataclass(frozen=True, slots=True)
class Judged:
    """Scores as `Learnt.scores_each` gives them: of the message as a whole, and of each of its sentences (rows)."""

    whole: Numbers
    each: Numbers


@dataclass(frozen=True, slots=True)
class Decision:
    """`types` is sorted, ("none",) where nothing is asked; `alternatives` are the two readings that are close, the
    chosen one first, empty where one is clear; `confidence` is the probability of the least sure type, from 0 to 1."""

    types: tuple[str, ...]
    alternatives: tuple[str, ...]
    confidence: float


def decided(heard: Heard, learnt: Learnt) -> Decision:
    """Return what `heard` asks for."""
    if heard.automatic or not heard.asking:
        return Decision(("none",), (), 0.95)
    if heard.selling or (heard.ordered and heard.types == ("none",)):
        return Decision(("none",), (), 0.9)
    scores = judged(heard, learnt)
    shares = learnt.blended(evidence(heard, scores))
    doubtful = DOUBTFUL if scores.whole[len(TYPES)] > ASKED else UNASKED
    found = dict(zip(TYPES, map(float, shares), strict=True))
    return choose(found, _least(heard), doubtful, _spare(heard))


def choose(
    shares: Mapping[str, float],
    least: Mapping[str, float],
    doubtful: float,
    spare: Mapping[str, float] = MappingProxyType({}),
) -> Decision:
    """Return what is read where each type has a probability.

    `least` are those from which the rules' types stand, `doubtful` that from which the likeliest does alone, `spare`
    those from which a type is read where nothing is (from 0: rather than the likeliest).
    """
    order = sorted(((share, name) for name, share in shares.items()), reverse=True)
    chosen = [(share, name) for share, name in order if share >= least.get(name, LIKELY)]
    if chosen and chosen[0][0] < YIELDING and 0.0 in spare.values():
        rights = [one for one in chosen if one[1] in RIGHTS]  # a right is never passed over for a correction
        chosen = [one for one in order if one in rights or spare.get(one[1]) == 0.0] if rights else []
    if not chosen:
        unclear = order[0][0] < doubtful
        chosen = [
            (share, name)
            for share, name in order
            if name in spare
            and share >= spare[name]
            and ((unclear and share > order[0][0] / 2) or not spare[name])
        ]
    if not chosen and order[0][0] >= doubtful:
        chosen = order[:1]
    rest = next((one for one in order if one not in chosen), (0.0, "none"))
    if not chosen:
        between = ("none", rest[1]) if rest[0] >= LIKELY - CLOSE else ()
        return Decision(("none",), between, round(1 - rest[0], 2))
    last = chosen[-1]
    close: tuple[str, ...] = ()
    if last[0] - rest[0] < CLOSE:
        close = (last[1], rest[1])
    elif len(chosen) == 1 and last[0] < LIKELY + CLOSE / 2:
        close = (last[1], "none")
    return Decision(tuple(sorted(name for _, name in chosen)), close, round(last[0], 2))


def _least(heard: Heard) -> dict[str, float]:
    """What the rules read stands a little sooner; much sooner where several are read and one has its own sentence, and
    where a correction has its new value. Beside two that they read another must be plain."""
    read = set(heard.types) - {"none"}
    where = heard.scores.where
    least = dict.fromkeys(read, RULED)
    for name in read if len(read) > 1 else ():
        shared: set[int] = set().union(*(where.get(other, set()) for other in read - {name}))
        if where.get(name, set()) - shared:
            least[name] = OWN
    if len(read) > 1:
        least |= dict.fromkeys(set(TYPES) - read, THIRD)
    if not heard.scores.reached("retract", "settled"):
        least |= {name: min(least[name], NAMED) for name in read if heard.scores.reached(f"named_{name}")}
    if "rectification" in read and heard.change is not None:
        paired = 0.0 if read == {"rectification"} else PAIRED
        least["rectification"] = paired if heard.change.sure else VALUED if _told(heard) else RULED
    if _beside(heard, read):
        least["rectification"] = BESIDE
    return least


def _spare(heard: Heard) -> dict[str, float]:
    """A correction is read where nothing else is, and its values say so themselves: surely where they do so plainly."""
    change = heard.change
    if change is None or not set(heard.types) <= {"none", "rectification"}:
        return {}
    shaped, against = change.field not in WORDED, change.old_value is not None
    if change.likely:
        return {"rectification": 0.0}
    if change.told and (shaped or against):
        return {"rectification": FOUND}
    seen = change.told or (against and not shaped) or change.field in ("email", "address", "postcode")
    return {"rectification": SEEN} if seen else {}


def _beside(heard: Heard, read: Collection[str]) -> bool:
    """Whether a value is only given beside another request: by it the sender is to be found."""
    change = heard.change
    given = change is not None and not change.likely and change.old_value is None
    return given and any(name in RIGHTS for name in read if name != "rectification")


def _told(heard: Heard) -> bool:
    change = heard.change
    return change is not None and (change.likely or change.told)


def judged(heard: Heard, learnt: Learnt) -> Judged:
    """Return the scores of the message as a whole, and of each of its sentences by itself."""
    if len(heard.asking) < 2:
        scores = learnt.scores_each(heard.asking or (NOTHING,))
        return Judged(scores[0], scores)
    scores = learnt.scores_each((together(heard.asking), *heard.asking))
    return Judged(scores[0], scores[1:])


def evidence(heard: Heard, judged: Judged) -> Numbers:
    """Return what speaks for and against each type: types by numbers, as `Learnt.blended` weighs them.

    Some stand once more without what is below zero, so that what speaks for a type may count otherwise than what
    speaks against it. A type is `ahead` by the most that it leads all others in a sentence of its own.
    """
    count = len(TYPES)
    whole, each = np.clip(judged.whole, -SURE, SURE), np.clip(judged.each, -SURE, SURE)
    highest = each.max(axis=0)
    found = np.zeros((count, PIECES + 2 * count), np.float32)
    read = set(heard.types) - {"none"}
    order = np.argsort(-whole[:count])
    several = len(heard.asking) > 2
    settled = heard.scores.points.keys() & {"retract", "settled"}
    by_sentence = each[:, :count]
    asks = each[by_sentence.argmax(axis=0), count]
    beside = _others(highest[:count])
    ahead = (by_sentence - np.stack([_others(one) for one in by_sentence])).max(axis=0)
    ahead_of_all = whole[:count] - _others(whole[:count])
    first = np.bincount(by_sentence.argmax(axis=1), minlength=count)
    for at, name in enumerate(TYPES):
        points = heard.scores.points.get(name, 0.0)
        ruled = name in read
        found[at, :PIECES] = (
            whole[at],
            highest[at],
            ruled,
            not ruled and points >= ENOUGH,
            0 < points < ENOUGH,
            bool(read - {name}),
            not read,
            whole[count],
            whole[order[1]] if order[0] == at else whole[order[0]],
            ruled and len(read) > 1,
            ruled * whole[at],
            several,
            several * highest[at],
            bool(settled),
            asks[at],
            ahead[at],
            ahead_of_all[at],
            beside[at],
            first[at],
            max(whole[at], 0.0),
            max(highest[at], 0.0),
            max(ahead[at], 0.0),
            max(beside[at], 0.0),
            several * min(highest[at] - beside[at], 0.0),
            max(whole[count], 0.0),
        )
        found[at, PIECES + at] = 1.0
        found[at, PIECES + count + at] = ruled
    return found


def _others(scores: Numbers) -> Numbers:
    """The highest score beside each."""
    second, highest = np.sort(scores)[-2:]
    beside: Numbers = np.where(scores == highest, second, highest)
    return beside
