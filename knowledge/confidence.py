"""How sure we are that the documents answer a question: a few figures without scale, and a small logistic of
them."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from knowledge.kinds import is_missing
from knowledge.question import Query
from knowledge.search import Found, Search

FIGURES: Final = (
    "share", "about", "match", "told", "sure", "untold", "silent", "other", "unknown", "kind_missing", "aside",
    "asked", "after", "facts", "hushed",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Spoken:
    """The topics that a company's profile has a sentence about, and those on which it says the document is silent."""

    told: frozenset[str] = frozenset()
    silent: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Model:
    """A logistic: a weight for each figure, a constant, and the confidence from which we answer."""

    weights: Mapping[str, float]
    constant: float
    threshold: float

    def confidence(self, figures: Mapping[str, float]) -> float:
        """Return the probability, 0 to 1, that the documents answer."""
        z = self.constant + sum(self.weights.get(name, 0.0) * value for name, value in figures.items())
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, z))))


def figures(
    search: Search, query: Query, found: Sequence[Found], spoken: Spoken, *, is_aside: bool
) -> dict[str, float]:
    """Return the figures that confidence is reckoned from, each about 0 to 1.

    share: the best passage's score by words, or its heading's, of what a perfect one would have; about: how
    well its topics fit the question's; match: how probably it is about what is asked; told: how like one of our
    sentences about it the question is; sure: how plainly the question is about one topic; untold: how probably it
    is about what the profile has no sentence on (0 for a company that has none at all), and silent: what it calls
    the document silent on; other: how probably it is none for us; unknown: words that are known nowhere;
    kind_missing: a kind of answer asked for that no passage found gives; aside: no question about terms or
    privacy; asked: how probably the best passage states what is asked for, after: how sure that is to be one
    certain fact of the company's, facts: any of them, hushed: that its documents are silent on it (these four 0 for
    a company nothing was learnt about). How many of the question's own words a passage holds, and how many words it
    has, are left out: they sort out who does not speak like the document.
    """
    if not found:
        return dict.fromkeys(FIGURES, 0.0) | {"aside": float(is_aside)}
    most = search.most(query) or 1.0
    best = found[0]
    nearest = max(query.topics.values(), default=0.0)
    return {
        "share": min(1.0, max(best.parts["sentence"], best.headed) / most),
        "about": min(1.0, best.about / nearest**1.5) if nearest else 0.0,
        "match": search.match(query, best.passage),
        "told": best.told,
        "sure": nearest,
        "untold": 1 - asked(query, spoken.told) if spoken.told else 0.0,
        "silent": asked(query, spoken.silent),
        "other": query.other,
        "unknown": query.unknown,
        "kind_missing": float(all(is_missing(query.kinds, f.gives) for f in found)),
        "aside": float(is_aside),
        "asked": best.asked,
        "after": max(query.facts.values(), default=0.0),
        "facts": min(1.0, sum(query.facts.values())),
        "hushed": query.silent,
    }


def asked(query: Query, topics: frozenset[str]) -> float:
    """Return the probability that a question is about one of some topics."""
    return min(1.0, sum(value**2 for topic, value in query.topics.items() if topic in topics))


@cache
def default_model(*, asked: bool) -> Model:
    """Return the model of weights.json, made by `python -m knowledge.calibrate`: for a company whose ways of asking
    were learnt (`asked`), or for another."""
    models = json.loads(Path(__file__).with_name("weights.json").read_text(encoding="utf-8"))["confidence"]
    content = models["asked" if asked else "unasked"]
    return Model(content["weights"], content["constant"], content["threshold"])
