"""Read a message: what it asks for, for whom, in which language, and by what the sender can be found.

Rules are data (`phrases/`); this module decides by what they weigh. Nothing here decides about a person: a reading
opens a case or fetches an answer, and everything it may have missed stays in the message, which is kept.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from intake.behalf import for_another
from intake.deciding import decided
from intake.forwarding import PassedOn, request_passed_on
from intake.hearing import Channel, Heard, hear
from intake.identifiers import identify
from intake.learnt import learnt
from intake.particulars import Scope, authority, destination, scope
from intake.passing import with_cover
from intake.quoted import READ_AT_MOST, clean, part_lines
from intake.rectification import Rectification
from intake.sentences import Sentence
from intake.weighing import RIGHTS
from law.rights import Right
from operators.languages import detect

__all__ = ["RIGHTS", "Reading", "asks", "covered", "read"]

AUTOMATIC_SURE: Final = 0.95
ASKED_AT_MOST: Final = 5_000
"""Characters in which a right must be asked for; what is longer than two pages is no covering note."""
PLAIN: Final = 0.6
"""Confidence from which a text plainly uses a right, so that what stands below it is mere history."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a message asks.

    `types` is sorted and never empty; `none` stands alone. `lang` is nb, nn, en, sv, da or pl. `identifiers` are
    verbatim, by the keys of `identifiers.identify`. `rectification` is there only where that right is used and
    its new value was found. `confidence` runs from 0 to 1: how probable the least sure of `types` is.

    `scope` tells how much the erasure covers, or else the objection; `destination` where data are to be moved, as it
    was written; `authority` by what right the sender says they write for another. `alternatives` are the two readings
    that are close ("none" may be one), the one in `types` first; empty where one is clear.
    """

    types: tuple[str, ...]
    on_behalf: bool
    lang: str
    automatic: bool
    identifiers: Mapping[str, str | list[str]] = field(default_factory=dict)
    rectification: Rectification | None = None
    confidence: float = 0.0
    scope: str | None = None
    destination: str | None = None
    authority: str | None = None
    alternatives: tuple[str, ...] = ()

    def rights(self) -> tuple[Right, ...]:
        """Return the rights the message uses, in the order of `types`; each opens a case of its own."""
        return tuple(Right(name) for name in self.types if name in RIGHTS)


def read(
    body: str, *, subject: str | None = None, channel: Channel = "chat", operator: str | None = None
) -> Reading:
    """Return what `body` asks for, from the sender's own new words and those of the subject.

    An e-mail that only passes a request on is read as that request, by its first writer's words (`forwarding`).

    Any text can be read; of a very long one only the beginning is (see `quoted.READ_AT_MOST`). `operator` is
    accepted for the day a company needs phrases of its own; none does yet.
    """
    if channel == "email":
        rows = clean(body[:READ_AT_MOST]).split("\n")
        if passed := request_passed_on(rows, part_lines(rows), subject or "", asks):
            return read_passed_on(passed)
    return _read(body, subject, channel)


def read_passed_on(passed: PassedOn, *, name: str = "", address: str = "") -> Reading:
    """Return what is asked in a request that was passed on by whoever mails by that `name` and `address`.

    It is read by its first writer's words. It is for another where somebody else passes it on: another address, or
    another name, where the request tells either; else where the note above it speaks of somebody.
    """
    found = _read(f"{passed.request.said}\n\n{passed.request.signed}".strip(), None, "email")
    if found.automatic:
        return found
    told = dict(found.identifiers)
    sender = passed.sender()
    if sender and not told.keys() & {"email", "requester_email"}:
        told["requester_email" if found.on_behalf else "email"] = sender
    if found.on_behalf:
        return replace(found, identifiers=told)
    claimed = authority(passed.note.own)
    who = identify(passed.note).get("name")
    signed = name or (who if isinstance(who, str) else "") or address.partition("@")[0]
    if sender and address:
        another = sender.casefold() != address.casefold()
    elif signed:
        another = passed.by_another(signed)
    else:
        above = hear(passed.note.own, learnt=False)
        spoken = any(sentence.has("them_person") for sentence in above.whole.sentences)
        another = spoken or for_another(above, claimed)
    told = with_cover(told, identify(passed.note, on_behalf=True), passed.heads, another=another)
    return replace(found, identifiers=told, on_behalf=another, authority=claimed if another else None)


def asks(text: str) -> bool:
    """Whether a text uses a right, by what was learnt or by the rules alone: then it is no mere covering note, and no
    machine's. A request that is missed is worse than a robot that is heard."""
    said = text[:ASKED_AT_MOST]
    found = _read(said, None, "email")
    told = found.types if found.confidence >= PLAIN else ()
    return not {*told, *hear(said, channel="email", learnt=False).types}.isdisjoint(RIGHTS)


def covered(right: Right, text: str) -> Scope | None:
    """How much of an erasure or an objection is asked for in `text`, where it is known already that it asks for that;
    None where nothing is told, and for other rights."""
    if right not in (Right.ERASURE, Right.OBJECTION):
        return None
    heard = hear(text, learnt=False)
    return scope({right.value}, _asking(heard, {right.value}))


def _read(body: str, subject: str | None, channel: Channel) -> Reading:
    heard = hear(body, subject=subject, channel=channel)
    said = heard.parts.said
    lang = detect(f"{said}\n{heard.title}")
    if heard.automatic:
        return Reading(("none",), False, lang, True, {}, None, AUTOMATIC_SURE)
    decision = decided(heard, learnt())
    types = decision.types
    claimed = authority(f"{heard.title}\n{heard.parts.own}")
    behalf = for_another(heard, claimed)
    change = heard.change if "rectification" in types else None
    replaced = change if "rectification" in heard.types else None
    asking = _asking(heard, types)
    return Reading(
        types,
        behalf,
        lang,
        False,
        identify(heard.parts, title=heard.title, on_behalf=behalf, change=replaced),
        change,
        decision.confidence,
        scope(types, asking),
        destination(said) if "portability" in types else None,
        claimed if behalf else None,
        decision.alternatives,
    )


def _asking(heard: Heard, types: Collection[str]) -> list[Sentence]:
    """The sentences in which the rules met what is asked; all of them where the rules met nothing."""
    where = {
        ordinal
        for name in ("erasure", "objection")
        if name in types
        for ordinal in heard.scores.where.get(name, ())
    }
    chosen = [sentence for sentence in heard.message.sentences if sentence.ordinal in where]
    return chosen or list(heard.whole.sentences)
