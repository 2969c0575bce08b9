"""Which proof a request needs and why, least first; pure, knows no table."""

import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, Final

from law.language import Lang, as_words, say
from law.rights import Right, card


class Assurance(StrEnum):
    """How sure we are who is asking, in rising order."""

    NONE = "none"
    LOW = "low"
    SUBSTANTIAL = "substantial"
    HIGH = "high"


class Rung(StrEnum):
    """How the proof is given: not at all, by a code to an address, or to an officer."""

    NOTHING = "nothing"
    CODE = "code"
    OFFICER = "officer"


class Why(StrEnum):
    """Why no less will do. The sentences are in ladder.toml."""

    NO_MORE_THAN_GIVING = "no_more_than_giving"
    MARKETING = "marketing"
    COMPLAINT = "complaint"
    SIGNED_IN = "signed_in"
    SHOWN = "shown"
    CHANGED = "changed"
    REVIEW = "review"
    ON_BEHALF = "on_behalf"


_ORDER: Final = tuple(Assurance)
_FREE: Final = {Right.WITHDRAW_CONSENT: Why.NO_MORE_THAN_GIVING, Right.COMPLAINT: Why.COMPLAINT}


@dataclass(frozen=True, slots=True)
class Need:
    """What a request needs: the assurance to act on it, the one to tell what is held, and the next rung.

    `rung` is the next thing to ask of the person; NOTHING where what is known already is enough to act.
    """

    act: Assurance
    tell: Assurance
    rung: Rung
    why: Why


def at_least(held: Assurance, wanted: Assurance) -> bool:
    """Whether one assurance is no lower than another."""
    return _ORDER.index(held) >= _ORDER.index(wanted)


def needed(
    right: Right,
    *,
    held: Assurance = Assurance.NONE,
    on_behalf: bool = False,
    marketing: bool = False,
) -> Need:
    """The least proof for a right, given what is held (by earlier proof, or a channel that knows who it is).

    Nothing is asked for without need (Art. 12(6); EDPB 01/2022 paras. 65, 73): withdrawing a consent takes no
    more than giving it did (Art. 7(3)), stopping marketing and complaining take none, and Art. 12(6) does not
    cover them. Telling a person what is held always takes a proof. Who writes for somebody else must show an
    authority, which a human looks at (paras. 80-81). `marketing`: the objection is to direct marketing.
    """
    if on_behalf:
        return Need(Assurance.SUBSTANTIAL, Assurance.SUBSTANTIAL, Rung.OFFICER, Why.ON_BEHALF)
    free = Why.MARKETING if marketing and right is Right.OBJECTION else _FREE.get(right)
    if free is not None:
        return Need(Assurance.NONE, Assurance.LOW, Rung.NOTHING, free)
    if at_least(held, Assurance.LOW):
        return Need(Assurance.LOW, Assurance.LOW, Rung.NOTHING, Why.SIGNED_IN)
    return Need(Assurance.LOW, Assurance.LOW, Rung.CODE, _why(right))


def explain(need: Need, lang: Lang) -> str:
    """Why this proof is asked for, in one or two sentences to the person."""
    return say(as_words(_sentences()[need.why.value]), lang)


def _why(right: Right) -> Why:
    if right is Right.AUTOMATED_DECISION:
        return Why.REVIEW
    return Why.CHANGED if card(right).changes else Why.SHOWN


@cache
def _sentences() -> dict[str, Any]:
    with Path(__file__).with_name("ladder.toml").open("rb") as file:
        return tomllib.load(file)
