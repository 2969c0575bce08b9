"""Hear a message out: part it, weigh its sentences, and tell what the rules alone read, before anything is decided."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from intake.closing import unsigned, without_card
from intake.features import Features, features
from intake.matching import Message
from intake.phrases import Phrases, load
from intake.quoted import OwnText, clean, own_text
from intake.rectification import Rectification, rectification
from intake.ruling import plain, ruled
from intake.sentences import Known, split, wordless
from intake.weighing import ENOUGH, RIGHTS, Scores, commanded, speaks, titled, weigh, weight

Channel = Literal["chat", "email"]

TITLE_AT_MOST: Final = 300
"""Characters of a subject that are read."""

SENTENCES: Final = 40
"""Sentences that are weighed by what was learnt."""

_WISHES: Final = frozenset((*RIGHTS, "human", "status", "question"))
_REPLY = ("re:", "sv:", "vs:", "fw:", "fwd:", "ang:", "svar:", "aw:")


@dataclass(frozen=True, slots=True)
class Heard:
    """A message in its parts, and what the rules read in it.

    `message` holds the sentences the rules decided by (with the subject's where the body was silent), `whole` always
    both. `types` is what the rules alone read. Of `automatic` mail nothing more is weighed.
    """

    parts: OwnText
    title: str
    message: Message
    whole: Message
    scores: Scores
    types: tuple[str, ...]
    change: Rectification | None
    automatic: bool
    selling: bool
    ordered: bool
    """Somebody tries to order the desk about."""
    asking: tuple[Features, ...]
    """By sentence: the body's and, where it is no reply's, the subject's; none that orders the desk about."""
    each: tuple[Features, ...] = ()
    """Of the first sentences of `whole`, at least `SENTENCES` where there are so many."""


def hear(body: str, *, subject: str | None = None, channel: Channel = "chat", learnt: bool = True) -> Heard:
    """Return `body` and its subject heard out; any text can be heard. Not `learnt`, nothing is there to be weighed by
    what was learnt."""
    phrases = load()
    parts = own_text(body)
    said = unsigned(without_card(parts).said, _idle)
    title = clean(subject or "")[:TITLE_AT_MOST].strip()
    known: Known = {}
    headline = split(title, phrases)
    message = Message(split(said, phrases, known))
    whole = Message([s.numbered(n) for n, s in enumerate([*headline, *message.sentences])])
    scores = weigh(message, phrases)
    if channel == "email" and _automatic(
        Message(headline), Message(split(parts.own, phrases, known)), scores, phrases
    ):
        return Heard(parts, title, message, whole, scores, ("none",), None, True, False, False, ())
    change = rectification(parts.said, signed=parts.signed, title=title)
    types = ruled(scores, message, phrases, change)
    if types == ("none",) and not title.casefold().startswith(_REPLY) and not plain(message, phrases):
        scores, message = weigh(whole, phrases), whole
        types = ruled(scores, whole, phrases, change)
    spoken, before = (message, len(headline)) if title.casefold().startswith(_REPLY) else (whole, 0)
    each = tuple(features(sentence) for sentence in whole.sentences[: SENTENCES + before]) if learnt else ()
    return Heard(
        parts,
        title,
        message,
        whole,
        scores,
        types,
        change,
        False,
        _sells(message, phrases),
        any(speaks("mood_injection", sentence, spoken, phrases) for sentence in spoken.sentences),
        _asking(spoken, each[before:], phrases),
        each,
    )


def _idle(line: str) -> bool:
    """Whether no rule for anything that is asked can be met in a line."""
    return not any(_WISHES & sentence.rules.keys() for sentence in split(line, load()))


def _sells(message: Message, phrases: Phrases) -> bool:
    return sum(weight("selling", sentence, message, phrases) for sentence in message.sentences) >= ENOUGH


def _asking(message: Message, each: Sequence[Features], phrases: Phrases) -> tuple[Features, ...]:
    """Those of `each`, the features of the first sentences, whose sentence asks for something of the sender's own; what is
    said again counts once."""
    told: dict[str, Features] = {}
    for s, one in zip(message.sentences[:SENTENCES], each, strict=False):
        if s.text in told or wordless(s) or (s.has("human") and titled(s, message)):
            continue
        if not commanded(s, message, phrases):
            told[s.text] = one
    return tuple(told.values())


def _automatic(headline: Message, own: Message, scores: Scores, phrases: Phrases) -> bool:
    """Whether a machine wrote: by the subject, or by the text where no person asks for something of their own."""
    by_subject = [weight("automatic", sentence, headline, phrases) for sentence in headline.sentences]
    if any(points >= ENOUGH for points in by_subject):
        return True
    weights = by_subject + [weight("automatic", sentence, own, phrases) for sentence in own.sentences]
    if sum(points >= ENOUGH for points in weights) >= 2:
        return True
    if any(scores.reached(name) and _personal(own, scores.where[name]) for name in RIGHTS):
        return False
    return any(points >= ENOUGH for points in weights) or sum(points > 0 for points in weights) >= 2


def _personal(message: Message, ordinals: set[int]) -> bool:
    return any(s.ordinal in ordinals and s.has("me_only", "relation_mine") for s in message.sentences)
