"""How sure we are that the documents answer a question: a few figures without scale, and a small logistic of
them."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from knowledge.question import Query
from knowledge.search import Found, Search

FIGURES: Final = (
    "share", "margin", "topic", "about", "idea_cover", "word_cover", "nowhere", "unknown", "kind_missing",
    "told", "aside", "brief",
)  # fmt: skip


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


def figures(search: Search, query: Query, found: Sequence[Found], *, is_aside: bool) -> dict[str, float]:
    """Return the figures that confidence is reckoned from, each about 0 to 1.

    share: the best passage's score by words, or its heading's, of what a perfect one would have; margin: how
    far it is ahead of the third; topic: how like a known way of asking the question is; about: how well the
    best passage's topics fit that; idea_cover and word_cover: how much of the question the best passage
    holds; nowhere: how much of it no passage holds; unknown: words that are known nowhere; kind_missing: a
    kind of answer asked for that no passage found gives; told: how like one of our sentences about it the
    question is; brief: very few words.
    """
    telling = query.telling
    if not found or not telling:
        return dict.fromkeys(FIGURES, 0.0) | {"brief": 1.0, "aside": float(is_aside)}
    most = search.most(query) or 1.0
    best = found[0]
    cover = search.cover(query, best.passage)
    nearest = max(query.topics.values(), default=0.0)
    third = found[-1].score if len(found) > 1 else 0.0
    return {
        "share": min(1.0, max(best.parts["sentence"], best.headed) / most),
        "margin": min(1.0, max(0.0, (best.score - third) / (best.score or 1.0))),
        "topic": nearest,
        "about": min(1.0, best.about / nearest**1.5) if nearest else 0.0,
        "idea_cover": cover.ideas,
        "word_cover": cover.words,
        "nowhere": cover.nowhere,
        "unknown": query.unknown,
        "kind_missing": float(bool(query.kinds) and not any(f.gives & query.kinds for f in found)),
        "told": best.told,
        "aside": float(is_aside),
        "brief": 1.0 / len(telling),
    }


@cache
def default_model() -> Model:
    """Return the model of weights.json, made by `python -m knowledge.calibrate`."""
    content = json.loads(Path(__file__).with_name("weights.json").read_text(encoding="utf-8"))["confidence"]
    return Model(content["weights"], content["constant"], content["threshold"])
