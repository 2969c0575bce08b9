"""Decide what a message asks: by what the rules read and by what was learnt, weighed beside each other.

Where the rules are sure they mostly prevail, where they are silent what was learnt decides; by how much was itself
learnt, from ways of asking that neither had seen (`learn_reading`).
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from intake.examples import TYPES
from intake.features import NOTHING, together
from intake.hearing import Heard
from intake.learnt import Learnt, Numbers
from intake.weighing import ENOUGH

LIKELY: Final = 0.5
"""Probability from which a type is read."""
DOUBTFUL: Final = 0.4
"""The likeliest type is read from here where no other is: a request too many is closed sooner than one is missed."""
CLOSE: Final = 0.2
"""Two readings whose probabilities differ by less are worth a question."""
SURE: Final = 9.0
"""Logarithm of odds beyond which a score says no more."""

PIECES: Final = 14
"""Numbers of evidence a type has of its own; after them one for each type, and one for each type the rules read."""


@dataclass(frozen=True, slots=True)
class Decision:
    """`types` is sorted, ("none",) where nothing is asked; `alternatives` are the two readings that are close, likelier
    first, empty where one is clear; `confidence` is the probability of the least sure type, from 0 to 1."""

    types: tuple[str, ...]
    alternatives: tuple[str, ...]
    confidence: float


def decided(heard: Heard, learnt: Learnt) -> Decision:
    """Return what `heard` asks for."""
    if heard.automatic or not heard.asking:
        return Decision(("none",), (), 0.95)
    shares = learnt.blended(evidence(heard, *judged(heard, learnt)))
    order = sorted(zip(map(float, shares), TYPES, strict=True), reverse=True)
    chosen = [one for one in order if one[0] >= LIKELY]
    if heard.selling:
        return Decision(("none",), (), 0.9)
    if not chosen and order[0][0] >= DOUBTFUL:
        chosen = order[:1]
    rest = [one for one in order if one not in chosen]
    if not chosen:
        close = (rest[0][1], "none") if rest[0][0] >= LIKELY - CLOSE else ()
        return Decision(("none",), close, round(1 - rest[0][0], 2))
    least = chosen[-1]
    close = (least[1], rest[0][1]) if rest and least[0] - rest[0][0] < CLOSE else ()
    if not close and least[0] < LIKELY + CLOSE / 2:
        close = (least[1], "none") if len(chosen) == 1 else ()
    return Decision(tuple(sorted(name for _, name in chosen)), close, round(least[0], 2))


def judged(heard: Heard, learnt: Learnt) -> tuple[Numbers, Numbers]:
    """Return the scores of the message as a whole, and the highest that any sentence has by itself."""
    whole = learnt.scores(together(heard.asking) if heard.asking else NOTHING)
    if len(heard.asking) < 2:
        return whole, whole
    return whole, np.max([learnt.scores(one) for one in heard.asking], axis=0)


def evidence(heard: Heard, whole: Numbers, highest: Numbers) -> Numbers:
    """Return what speaks for and against each type: types by numbers, as `Learnt.blended` weighs them."""
    whole, highest = np.clip(whole, -SURE, SURE), np.clip(highest, -SURE, SURE)
    count = len(TYPES)
    found = np.zeros((count, PIECES + 2 * count), np.float32)
    read = set(heard.types) - {"none"}
    order = np.argsort(-whole[:count])
    several = len(heard.asking) > 2
    settled = heard.scores.points.keys() & {"retract", "settled"}
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
        )
        found[at, PIECES + at] = 1.0
        found[at, PIECES + count + at] = ruled
    return found
