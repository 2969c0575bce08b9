"""Read a message: what it asks for, for whom, in which language, and by what the sender can be found.

Rules are data (`phrases/`); this module decides by what they weigh. Nothing here decides about a person: a reading
opens a case or fetches an answer, and everything it may have missed stays in the message, which is kept.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final, Literal

from intake.identifiers import identify
from intake.phrases import Phrases, load
from intake.quoted import clean, own_text
from intake.rectification import Rectification, rectification
from intake.ruling import plain, ruled
from intake.sentences import Message, split
from intake.weighing import ENOUGH, RIGHTS, Scores, speaks, weigh, weight
from law.rights import Right
from operators.languages import detect

__all__ = ["RIGHTS", "Reading", "read"]

TITLE_AT_MOST: Final = 300
"""Characters of a subject that are read."""

_REPLY = ("re:", "sv:", "vs:", "fw:", "fwd:", "ang:", "svar:", "aw:")
_LOWEST, _HIGHEST = 0.3, 0.95


@dataclass(frozen=True, slots=True)
class Reading:
    """What a message asks.

    `types` is sorted and never empty; `none` stands alone. `lang` is nb, nn, en, sv, da or pl. `identifiers` are
    verbatim, by the keys of `identifiers.identify`. `rectification` is there only where that right is used and
    its new value was found. `confidence` runs from 0 to 1 and is no probability.
    """

    types: tuple[str, ...]
    on_behalf: bool
    lang: str
    automatic: bool
    identifiers: Mapping[str, str | list[str]] = field(default_factory=dict)
    rectification: Rectification | None = None
    confidence: float = 0.0

    def rights(self) -> tuple[Right, ...]:
        """Return the rights the message uses, in the order of `types`; each opens a case of its own."""
        return tuple(Right(name) for name in self.types if name in RIGHTS)


def read(
    body: str,
    *,
    subject: str | None = None,
    channel: Literal["chat", "email"] = "chat",
    operator: str | None = None,
) -> Reading:
    """Return what `body` asks for, from the sender's own new words and, where these are silent, the subject.

    Any text can be read; of a very long one only the beginning is (see `quoted.READ_AT_MOST`). `operator` is
    accepted for the day a company needs phrases of its own; none does yet.
    """
    phrases = load()
    parts = own_text(body)
    title = clean(subject or "")[:TITLE_AT_MOST].strip()
    headline = split(title, phrases)
    message = Message(split(parts.said, phrases))
    whole = Message([replace(s, ordinal=n) for n, s in enumerate([*headline, *message.sentences])])
    lang = detect(f"{parts.said}\n{title}")
    scores = weigh(message, phrases)
    if channel == "email" and _automatic(
        Message(headline), Message(split(parts.own, phrases)), scores, phrases
    ):
        return Reading(("none",), False, lang, True, {}, None, _HIGHEST)
    change = rectification(parts.said)
    types = ruled(scores, message, phrases, change)
    if types == ("none",) and not title.casefold().startswith(_REPLY) and not plain(message, phrases):
        scores = weigh(whole, phrases)
        types = ruled(scores, whole, phrases, change)
    behalf = any(speaks("behalf", sentence, whole, phrases) for sentence in whole.sentences)
    change = change if "rectification" in types else None
    found = identify(parts, title=title, on_behalf=behalf, change=change)
    return Reading(types, behalf, lang, False, found, change, _confidence(types, scores))


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


def _confidence(types: tuple[str, ...], scores: Scores) -> float:
    """How sure the reading is: by the points of what is least sure; `none` is never very sure."""
    if types == ("none",):
        return 0.5 if scores.points else 0.7
    least = min(scores.points.get(name, 1.0) for name in types)
    return round(min(_HIGHEST, _LOWEST + 0.15 * least), 2)
