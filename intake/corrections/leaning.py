"""Tell by the words beside each value of a message whether it is the old or the new one."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from intake.corrections.cues import Cue
from intake.corrections.spoken import Spoken
from intake.corrections.values import Value

PLAIN: Final = 2.0
"""Weight from which a value is plainly new, or below zero plainly old."""
NEAR: Final = 3
"""Words that may stand between a value and what is said of it afterwards."""
REACH: Final = 9
"""Words that may stand between a value and the cue before it."""
_PARTING: Final = (",", ";", "-", "(", ":", "og", "and", "men", "but", "så", "so")
_WORDS: Final = {"words", "small"}
_CLOSING: Final = (":", ";", "så", "so")
_TURNING: Final = ("men", "mens", "medan", "but", "while", "whereas", ";")
_PRONOUNS: Final = frozenset(
    [
        "jeg",
        "eg",
        "jag",
        "i",
        "i'm",
        "vi",
        "we",
        "det",
        "den",
        "dette",
        "it",
        "it's",
        "its",
        "this",
        "that",
        "that's",
        "mine",
        "mitt",
    ]
)
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
        weight = _worth(text, cue, sentence)
        away = text.between_words(cue.end, value.start)
        if "replace" in cue.kinds and away and text.text[cue.end : cue.end + 2].strip().isdigit():
            continue  # "from 1 June"
        if not weight or (cue.after and "turn" not in cue.kinds and _comma(text, cue.end, value.start)):
            continue
        found.cues.append(cue)
        if abs(weight) < PLAIN:
            if away <= NEAR and (not mild or mild < -weight):
                mild, nearest = weight, cue.start
            continue
        if "contrast" in cue.kinds and away and _closed(text, cue.end, value.start):
            continue
        if (
            away > _reach(cue)
            or ("replace" in cue.kinds and away > NEAR + 1)
            or (
                "replace" in cue.kinds
                and any("is" in one.kinds and one.first > cue.last for one in found.cues[:-1])
            )
        ):
            continue
        if mild and weight < 0 and (_parted(text, cue.end, nearest) or _begins(text, nearest)):
            return mild
        if weight > 0 and "state" in cue.kinds and _claimed(text, floor, cue.start):
            return -PLAIN - 1
        return weight if away <= NEAR else weight / 2
    if mild and _claimed(text, floor, nearest):
        return -PLAIN - 1
    if not mild and _labelled(text, floor, value):
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


def _reach(cue: Cue) -> int:
    """Words over which a cue is heard: "I was" only by the very next, "customer number" and "not" not far."""
    if cue.kinds & {"old_near", "new_near"}:
        return 0
    return NEAR if cue.kinds & {"apart", "contrast"} else REACH


def _labelled(text: Spoken, floor: int, value: Value) -> bool:
    """Whether a field is named right before the value: "my mobile 400 22 818", "tittelen min"."""
    return any(
        one.kind == "field"
        and one.start >= floor
        and one.end <= value.start
        and text.between_words(one.end, value.start) <= 1
        for one in text.mentions
    )


def _parted(text: Spoken, start: int, end: int) -> bool:
    """Whether a new clause begins between two places."""
    return any(token.text in _PARTING for token in text.tokens if start <= token.start < end)


def _claimed(text: Spoken, floor: int, start: int) -> bool:
    """Whether what stands at `start` is only what somebody else says: "according to your page I was born on"."""
    claims = [cue for cue in text.between(floor, start) if "claim" in cue.kinds]
    return bool(claims) and not any(
        token.text in _TURNING for token in text.tokens if claims[-1].end <= token.start < start
    )


def _closed(text: Spoken, start: int, end: int) -> bool:
    """Whether what begins before is at an end: "not 12: 0161 496 0021", but "not my number: 0161 496 0012"."""
    named = any(start <= one.start < end for one in text.mentions)
    return not named and any(token.text in _CLOSING for token in text.tokens if start <= token.start < end)


def _comma(text: Spoken, start: int, end: int) -> bool:
    return text.text[start:end].lstrip().startswith(",")


def _begins(text: Spoken, start: int) -> bool:
    """Whether what stands there begins with a pronoun, as a clause of its own does."""
    return any(token.text in _PRONOUNS for token in text.tokens if token.start == start)


def _worth(text: Spoken, cue: Cue, sentence: int) -> float:
    """What a cue weighs for the value after it; "til" and "med" lead to the new one only where a change is spoken of."""
    if cue.kinds & {"to", "with"} and not cue.kinds - {"to", "with", "new_mild"}:
        wanted = {"change", "replace"} if "to" in cue.kinds else {"replace"}
        if any(one.kinds & wanted for one in text.between(sentence, cue.start)):
            return 3.0
        return 0.5 if "to" in cue.kinds else 0.0
    if "own" in cue.kinds and any(0 <= cue.start - one.end <= 1 for one in text.mentions):
        return 1.0
    return cue.before


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
            found.cues.append(last)
            return abs(last.after)
        if (
            kin
            and last.kinds & {"turn", "inverted"}
            and away <= (NEAR if value.shape in ("words", "small") else REACH)
        ):
            found.cues.append(last)
            return -abs(last.after)
        if last.kinds & {"to", "with"} and _worth(text, last, text.sentence(value.start)[0]) >= PLAIN:
            return -PLAIN - 1 if text.between_words(value.end, last.start) <= 1 else 0.0
        if (
            last.before
            and not (last.after and _comma(text, last.end, ceiling))
            and text.between_words(last.end, ceiling) <= NEAR
        ):
            between = between[:-1]
    for cue in between:
        away = text.between_words(value.end, cue.start)
        if away > NEAR or (away and _parted(text, value.end, cue.start)):
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
        if told and text.between_words(end, cue.start) == 1 and _begins(text, text.first(end)):
            return cue.after
    return 0.0
