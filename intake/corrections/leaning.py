"""Tell by the words beside each value of a message whether it is the old or the new one."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from intake.corrections.clauses import (
    NEAR,
    REACH,
    begins,
    claimed,
    closed,
    comma,
    elsewhere,
    labelled,
    parted,
    reach,
    worth,
)
from intake.corrections.cues import Cue
from intake.corrections.spelling import alike
from intake.corrections.spoken import Spoken
from intake.corrections.values import Value

PLAIN: Final = 2.0
"""Weight from which a value is plainly new, or below zero plainly old."""
_TO: Final = ("til", "to", "till", "ble", "blir", "vart", "vert", "became", "becomes")
_WORDS: Final = {"words", "small"}
BEFORE_SENTENCE: Final = 0.5
"""What a cue in the sentence before still weighs."""


@dataclass(slots=True)
class Leaning:
    """A value, and how much speaks for its being new (above zero) or old (below)."""

    value: Value
    weight: float = 0.0
    cues: list[Cue] = field(default_factory=list)
    """The words that told, nearest first."""


def leanings(text: Spoken, values: Sequence[Value]) -> list[Leaning]:
    """Return how each of `values`, in the order of the text, leans."""
    found = [_leaning(text, values, at) for at in range(len(values))]
    for one, following in pairwise(found):
        answered = one.weight <= -PLAIN and 0 < following.weight < PLAIN
        if answered and following.value.start <= _next_end(text, one.value):
            following.weight = PLAIN  # "not X, it is Y": the mere "is" says what shall stand
        joined = text.text[one.value.end : following.value.start].strip() in _TO
        if (
            joined
            and max(abs(one.weight), abs(following.weight)) < PLAIN
            and alike(one.value, following.value)
        ):
            one.weight, following.weight = -PLAIN, PLAIN  # "In August Ida Moe to Ida Moe Lund"
        turned = following.weight >= PLAIN and bool(following.cues) and "turn" in following.cues[0].kinds
        if turned and abs(one.weight) < PLAIN and following.value.start <= _next_end(text, one.value):
            one.weight = -PLAIN  # "Town: X. It should be Y"
    return found


def _next_end(text: Spoken, value: Value) -> int:
    """Where the sentence after that of `value` ends."""
    return text.sentence(text.sentence(value.start)[1])[1]


def _leaning(text: Spoken, values: Sequence[Value], at: int) -> Leaning:
    value = values[at]
    start, end = text.sentence(value.start)
    floor = max(start, values[at - 1].end if at else 0)
    ceiling = min(end, values[at + 1].start if at + 1 < len(values) else len(text.text))
    found = Leaning(value)
    left = _left(text, value, floor, start, values[at - 1].end if at else 0, found)
    following = values[at + 1] if at + 1 < len(values) and values[at + 1].start < end else None
    right = _right(text, value, ceiling, following, found)
    found.weight = _together(left, right, found.cues)
    return found


def _together(left: float, right: float, told: Sequence[Cue]) -> float:
    """What stands before a value and what follows it; where the two disagree, the plainer one."""
    if right <= -9:
        return -9.0
    if left <= -9:
        return right if right >= PLAIN and "was_new" in told[-1].kinds else -9.0
    if left * right >= 0:
        return left + right
    if abs(left) < PLAIN or (abs(right) > PLAIN and "contrast" not in told[-1].kinds):
        return right
    return left


def _left(text: Spoken, value: Value, floor: int, sentence: int, last: int, found: Leaning) -> float:
    """The nearest cue before the value decides; a mere "is" only where there is no other."""
    mild, nearest = 0.0, value.start
    if any("done" in cue.kinds for cue in text.between(sentence, value.start)):
        return -9.0
    for cue in reversed(text.between(floor, value.start)):
        weight = worth(text, cue, sentence)
        if elsewhere(text, cue, value):
            continue
        if "numbered" in cue.kinds and value.shape not in ("phone", "postcode", "birthdate"):
            continue
        away = text.between_words(cue.end, value.start)
        if "replace" in cue.kinds and away and text.text[cue.end : cue.end + 2].strip().isdigit():
            continue  # "from 1 June"
        if not weight or (cue.after and "turn" not in cue.kinds and comma(text, cue.end, value.start)):
            continue
        found.cues.append(cue)
        if abs(weight) < PLAIN:
            if away <= NEAR and (not mild or mild < -weight):
                mild, nearest = weight, cue.start
            continue
        if (
            "contrast" in cue.kinds
            and (away or cue.start > sentence + 1)
            and closed(text, cue.end, value.start)
        ):
            continue
        if (
            away > reach(cue)
            or ("replace" in cue.kinds and away > NEAR + 1)
            or (
                "replace" in cue.kinds
                and any("is" in one.kinds and one.first > cue.last for one in found.cues[:-1])
            )
        ):
            continue
        if mild and weight < 0 and (parted(text, cue.end, nearest) or begins(text, nearest)):
            return mild
        if weight > 0 and "state" in cue.kinds and claimed(text, floor, cue.start):
            return -PLAIN - 1
        return weight if away <= NEAR else weight / 2
    if mild and claimed(text, floor, nearest):
        return -PLAIN - 1
    if not mild and labelled(text, floor, value):
        return 1.0
    if mild or floor > sentence or text.between_words(floor, value.start) > 1:
        return mild
    earlier = max(text.sentence(max(0, sentence - 1))[0], last)
    for cue in reversed(text.between(earlier, sentence)):
        told = abs(cue.before) >= PLAIN and cue.before > -9 and "change" not in cue.kinds
        if told and text.between_words(cue.end, sentence) <= 1:
            found.cues.append(cue)
            return cue.before * BEFORE_SENTENCE
    return 0.0


def _right(text: Spoken, value: Value, ceiling: int, following: Value | None, found: Leaning) -> float:
    """What is said of the value after it; before another value it is the last word between the two that tells."""
    between = list(text.between(value.end, ceiling))
    followed = following is not None
    kin = following is not None and (
        following.shape == value.shape or {following.shape, value.shape} <= _WORDS
    )
    while followed and len(between) > 1 and between[-1].kinds <= {"is", "state"}:
        between.pop()
    if followed and between:
        last = between[-1]
        away = text.between_words(value.end, ceiling)
        if "contrast" in last.kinds and text.between_words(last.end, ceiling) <= NEAR:
            plainly = between[0].kinds & {"inverted", "was_new"} and between[0].last - between[0].first > 1
            told = between[0] if plainly else last
            found.cues.append(told)
            near = told is not last and text.between_words(value.end, told.start) == 0
            return abs(last.after) + (told.after if near else 0.0)
        if (
            kin
            and (last.kinds & {"turn"} or (last.kinds & {"inverted"} and not comma(text, last.end, ceiling)))
            and away <= (NEAR if value.shape in ("words", "small") else REACH)
        ):
            found.cues.append(last)
            return -abs(last.after)
        if last.kinds & {"to", "with"} and worth(text, last, text.sentence(value.start)[0]) >= PLAIN:
            return -PLAIN - 1 if text.between_words(value.end, last.start) <= 1 else 0.0
        if (
            last.before
            and not (last.after and comma(text, last.end, ceiling))
            and text.between_words(last.end, ceiling) <= NEAR
        ):
            between = between[:-1]
    for cue in between:
        away = text.between_words(value.end, cue.start)
        if away > NEAR or (away and parted(text, value.end, cue.start)):
            break
        if not cue.after or ("contrast" in cue.kinds and away):
            continue
        found.cues.append(cue)
        return cue.after
    return 0.0 if followed else _judged(text, value)


def _judged(text: Spoken, value: Value) -> float:
    """ "My title reads X. That is wrong.": what the next sentence says of it."""
    end = text.sentence(value.start)[1]
    for cue in text.between(end, text.sentence(end)[1])[:1]:
        told = "was_old" in cue.kinds and text.text[cue.start : cue.start + 3] not in (
            "som",
            "tha",
            "whi",
            "you",
        )
        if told and text.between_words(end, cue.start) <= 1 and begins(text, text.first(end)):
            return cue.after
    return 0.0
