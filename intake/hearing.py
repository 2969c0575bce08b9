"""Hear a message out: part it, weigh its sentences, and tell what the rules alone read, before anything is decided."""

from dataclasses import dataclass, replace
from typing import Final, Literal

from intake.features import Features, features, marks
from intake.phrases import Phrases, load
from intake.quoted import OwnText, clean, own_text
from intake.rectification import Rectification, rectification
from intake.ruling import plain, ruled
from intake.sentences import Message, split
from intake.weighing import ENOUGH, RIGHTS, Scores, weigh, weight

Channel = Literal["chat", "email"]

TITLE_AT_MOST: Final = 300
"""Characters of a subject that are read."""

SENTENCES: Final = 40
"""Sentences that are weighed one by one."""

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

    def features(self) -> Features:
        """Return what the learnt reading weighs: the body's sentences, the subject's where it is no reply's."""
        heard = self.message if self.title.casefold().startswith(_REPLY) else self.whole
        return features(heard.sentences, marks(self.scores, self.types))

    def by_sentence(self) -> list[Features]:
        """Return the same of each sentence by itself, with what the rules read in it."""
        return [
            features([sentence], marks(self.scores, (), {sentence.ordinal}))
            for sentence in self.message.sentences[:SENTENCES]
        ]


def hear(body: str, *, subject: str | None = None, channel: Channel = "chat") -> Heard:
    """Return `body` and its subject heard out; any text can be heard."""
    phrases = load()
    parts = own_text(body)
    title = clean(subject or "")[:TITLE_AT_MOST].strip()
    headline = split(title, phrases)
    message = Message(split(parts.said, phrases))
    whole = Message([replace(s, ordinal=n) for n, s in enumerate([*headline, *message.sentences])])
    scores = weigh(message, phrases)
    if channel == "email" and _automatic(
        Message(headline), Message(split(parts.own, phrases)), scores, phrases
    ):
        return Heard(parts, title, message, whole, scores, ("none",), None, True)
    change = rectification(parts.said)
    types = ruled(scores, message, phrases, change)
    if types == ("none",) and not title.casefold().startswith(_REPLY) and not plain(message, phrases):
        scores, message = weigh(whole, phrases), whole
        types = ruled(scores, whole, phrases, change)
    return Heard(parts, title, message, whole, scores, types, change, False)


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
