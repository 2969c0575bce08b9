"""Whether a question asks the same as one that a person has answered: in doubt it does not."""

import math
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from rapidfuzz.distance import Levenshtein

from knowledge.kinds import kinds_asked
from knowledge.lexicon import ideas_named
from knowledge.likeness import features
from knowledge.words import LITTLE, Word, fold, little, words_of

LONG: Final = 7
NEARLY: Final = 0.85
"""Words of so many letters that are so like are one word, spelled another way; shorter ones seldom are («kjøpe»,
«kjøre»)."""

PART: Final = 4
"""Letters that a part of a compound has at least."""

ASKING: Final = frozenset(LITTLE + one for one in ("who", "what", "where", "how", "why", "when"))
MEASURES: Final = frozenset(LITTLE + one for one in ("how_long", "how_much"))
TURNING: Final = frozenset(LITTLE + one for one in ("not", "without", "only", "before", "after"))
"""Little words that turn a question into another one."""

MUST: Final = LITTLE + "must"
MAY: Final = LITTLE + "may"
WHOM: Final = {LITTLE + "i": "us", LITTLE + "we": "us", LITTLE + "you": "you"}
PASSIVE: Final = frozenset(
    ("blir", "bli", "ble", "blitt", "vert", "verte", "vart", "is", "are", "was", "been")
)
CONJUNCTIONS: Final = frozenset((LITTLE + "when",))
"""What asks at the beginning only: later it binds («når strømmen er dyr»)."""

_SPELLINGS: Final = (("au", "ø"), ("ei", "e"), ("lj", "lg"), ("ar$", "er"))
"""How nynorsk spells what bokmål spells otherwise, as patterns."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it is compared: the words that carry meaning, in their order, and how it asks."""

    things: tuple[Word, ...]
    asks: frozenset[str]
    turns: frozenset[str]
    obliges: bool | None  # it asks what must be, not what may be; None for neither
    of_whom: str | None  # those who ask or those who answer, whichever comes first
    passive: bool
    kinds: frozenset[str]  # of answer


@lru_cache(maxsize=20_000)
def as_asked(question: str) -> Asked:
    """Return what a question is compared by."""
    words = words_of(question)
    said = [frozenset(little(w)) for w in words]
    every = frozenset[str]().union(*said)
    whom = next((WHOM[meaning] for one in said for meaning in sorted(one) if meaning in WHOM), None)
    return Asked(
        things=tuple(w for w in words if w.telling),
        asks=_asks(said),
        turns=every & TURNING,
        obliges=(MUST in every) if every & {MUST, MAY} else None,
        of_whom=whom,
        passive=any(w.text in PASSIVE for w in words),
        kinds=kinds_asked(words),
    )


def sameness(question: str, example: str, beside: Collection[str] = ()) -> float:
    """Return how surely a question asks the same as an example, 0 to 1; `beside` are the other examples that the
    same answer has.

    It is 0 where a word of the example is not in the question, or one of the question in no example; where
    another kind of answer is asked for, or the same the other way round.
    """
    one, other = as_asked(question), as_asked(example)
    if not one.things or not other.things or not _asks_alike(one, other):
        return 0.0
    found: list[int] = []
    for thing in other.things:
        place = _place(thing, one.things)
        if place is None:
            return 0.0
        found.append(place)
    # ideas are wide: where nothing but they is shared, «brannmur» is a «risikovurdering»
    if not any(_is_spelled(one.things[i], thing) for i, thing in zip(found, other.things, strict=True)):
        return 0.0
    if found != sorted(found) and one.passive is other.passive:
        return 0.0
    known = [*other.things, *(w for more in beside for w in as_asked(more).things)]
    if not all(any(_is_one(w, k) for k in known) or _made_of(w, known) for w in one.things):
        return 0.0
    return likeness(question, example)


def likeness(one: str, other: str) -> float:
    """Return how like the words of two questions are, 0 to 1."""
    first, second = _features(one), _features(other)
    inner = sum(weight * second.get(token, 0.0) for token, weight in first.items())
    return inner / ((math.hypot(*first.values()) * math.hypot(*second.values())) or 1.0)


def _asks(said: Sequence[frozenset[str]]) -> frozenset[str]:
    """What the first word that asks asks for, with the measure after it («how long»)."""
    for i, one in enumerate(said):
        asking = one & (ASKING if i < 2 else ASKING - CONJUNCTIONS)
        if asking:
            return asking | ((said[i + 1] & MEASURES) if i + 1 < len(said) else frozenset())
    return frozenset()


def _asks_alike(one: Asked, other: Asked) -> bool:
    if one.asks != other.asks or one.turns != other.turns:
        return False
    if None not in (one.obliges, other.obliges) and one.obliges is not other.obliges:
        return False
    if None not in (one.of_whom, other.of_whom) and one.of_whom != other.of_whom:
        return False
    return one.kinds == other.kinds


def _is_one(one: Word, other: Word) -> bool:
    """Whether two words are one: the same, the same in the other spelling, or listed under just the same ideas."""
    if _is_spelled(one, other):
        return True
    ideas = ideas_named(one.text)
    return bool(ideas) and ideas == ideas_named(other.text)


def _is_spelled(one: Word, other: Word) -> bool:
    """Whether two words are the same, or the same in the other spelling."""
    if not one.forms.isdisjoint(other.forms):
        return True
    first, second = _spelled(one.nb), _spelled(other.nb)
    if first == second:
        return True
    long = min(len(first), len(second)) >= LONG and first[:2] == second[:2]
    return long and Levenshtein.normalized_similarity(first, second) >= NEARLY


def _place(wanted: Word, things: Sequence[Word]) -> int | None:
    """Where a question speaks of a thing, if it does: by the word itself, or as what a compound is a kind of."""
    places = (i for i, w in enumerate(things) if _is_one(w, wanted))
    return next(places, next((i for i, w in enumerate(things) if _ends_in(w, wanted)), None))


def _made_of(compound: Word, known: Sequence[Word]) -> bool:
    """Whether both parts of a compound are known words («strømavtale»: «strøm», «avtale»)."""
    tails = [k for k in known if _ends_in(compound, k)]
    return any(
        compound.nb.startswith(head.nb[:-1] if head.nb[-1] == head.nb[-2:-1] else head.nb)
        for tail in tails
        for head in known
        if head is not tail and len(head.nb) >= PART
    )


def _ends_in(compound: Word, tail: Word) -> bool:
    return len(tail.nb) >= PART and len(compound.nb) >= len(tail.nb) + PART and compound.nb.endswith(tail.nb)


@lru_cache(maxsize=20_000)
def _spelled(stem: str) -> str:
    for pattern, instead in _SPELLINGS:
        stem = re.sub(pattern, instead, stem)
    return re.sub(r"(.)\1$", r"\1", stem)


@lru_cache(maxsize=20_000)
def _features(text: str) -> Mapping[str, float]:
    return features(words_of(fold(text)))
