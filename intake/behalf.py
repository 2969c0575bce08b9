"""Decide whether a message is written for somebody else: by what the rules read and by what was learnt, weighed.

The weights are data (`behalf.npz`), written by `python -m intake.learn_behalf` from messages for others and from such as
only speak of others (`phrases/behalf.*.toml`).
"""

import zlib
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

import numpy as np

from intake.features import BUCKETS, NOTHING, Features, features, together
from intake.hearing import SENTENCES, Heard
from intake.learnt import Learnt, Numbers
from intake.particulars import Authority
from intake.people import NAMED, people
from intake.phrases import load
from intake.sentences import Sentence, split
from intake.weighing import speaks

WEIGHTS: Final = Path(__file__).with_name("behalf.npz")
LIKELY: Final = 0.45
"""Probability from which a message is read as for another: an authority asked for in vain costs less than one missed."""
SURE: Final = 9.0
"""Logarithm of odds beyond which a score says no more."""

PEOPLE: Final = (
    "mine_only", "me_only", "on_me", "mine", "theirs", "relation", "relation_mine", "on_behalf", "them_person", "kin",
)  # fmt: skip
"""Cues of whom a sentence speaks; what else it holds is learnt together with each of them."""
OTHERS: Final = frozenset(("we", "they", "kin", "ward", "dead", "acts", NAMED))
"""Kinds of words that speak of others than the sender and the desk."""
TOGETHER: Final = 3
"""Kinds of people in a row that are weighed as one."""


@dataclass(frozen=True, slots=True)
class Voice:
    """What a message says of whom: the features of its sentences, and what speaks for another beside them."""

    sentences: tuple[Features, ...]
    ruled: bool
    """A rule of the phrase files is met."""
    claimed: Authority | None
    theirs: bool
    """Another is spoken of in the third person."""
    own: bool
    """The sender says that they write together with their own guardian."""

    def whole(self) -> Features:
        """Return the features of all sentences as one."""
        return together(self.sentences) if self.sentences else NOTHING


def voice(heard: Heard, claimed: Authority | None) -> Voice:
    """Return what `heard` says of whom, signature and subject included; `claimed` is the authority it tells."""
    phrases = load()
    spoken = heard.whole.sentences[:SENTENCES]
    signed = split(heard.parts.signed, phrases)[:SENTENCES]
    plain = heard.each[: len(spoken)] or tuple(features(sentence) for sentence in spoken)
    said = [*zip(spoken, plain, strict=True), *((sentence, features(sentence)) for sentence in signed)]
    return Voice(
        tuple(paired(sentence, one) for sentence, one in said),
        any(speaks("behalf", sentence, heard.whole, phrases) for sentence in heard.whole.sentences),
        claimed,
        any(sentence.has("theirs") for sentence in spoken),
        any(sentence.has("own_guardian") for sentence in spoken),
    )


def paired(sentence: Sentence, plain: Features) -> Features:
    """Return the `plain` features of a sentence, each of its cues together with each of the `PEOPLE`, and of whom it
    speaks."""
    beside = [f"{one} + {name}" for one in PEOPLE if one in sentence.spans for name in sentence.spans]
    spoken = ["^", *people(sentence), "$"]
    for length in range(1, TOGETHER + 1):
        beside += [" > ".join(spoken[at : at + length]) for at in range(len(spoken) - length + 1)]
    return replace(plain, cues=plain.cues | {_bucket(one) for one in beside})


@lru_cache(maxsize=50_000)
def _bucket(feature: str) -> int:
    return zlib.crc32(feature.encode()) % BUCKETS


def evidence(voice: Voice, learnt: Learnt) -> Numbers:
    """Return what speaks for another: numbers as `Learnt.blended` weighs them."""
    several = voice.sentences if len(voice.sentences) > 1 else ()
    scores = np.clip(learnt.scores_each((voice.whole(), *several))[:, 0], -SURE, SURE)
    whole, highest = float(scores[0]), float(scores[1:].max(initial=-SURE) if several else scores[0])
    claimed = voice.claimed is not None and not voice.own
    numbers = [whole, highest, voice.ruled, voice.ruled and voice.theirs, claimed and voice.theirs, voice.own]
    numbers += [voice.claimed is one for one in Authority]
    return np.array([numbers], np.float32)


def probability(heard: Heard, claimed: Authority | None, learnt: Learnt) -> float:
    """Return how probable it is, from 0 to 1, that the matter of `heard` concerns another than its sender."""
    return float(learnt.blended(evidence(voice(heard, claimed), learnt))[0])


def for_another(heard: Heard, claimed: Authority | None) -> bool:
    """Return whether the matter of `heard`, which tells of the authority `claimed`, concerns another than its sender.

    Where nobody else is spoken of it does not, and nothing is weighed: so it is with three of five messages.
    """
    return _of_another(heard, claimed) and probability(heard, claimed, weights()) >= LIKELY


def _of_another(heard: Heard, claimed: Authority | None) -> bool:
    return claimed is not None or any(
        sentence.has("on_behalf") or not OTHERS.isdisjoint(people(sentence))
        for sentence in heard.whole.sentences
    )


@cache
def weights() -> Learnt:
    """Return what is shipped."""
    return Learnt(WEIGHTS)
