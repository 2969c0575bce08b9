"""The nine rights a person can use, and what the law demands and allows for each of them."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from law.language import Words, as_words, catalogue


class Right(StrEnum):
    """What a case is about. Arts. 15-18 and 20-22, withdrawal under Art. 7(3), complaint under Art. 77."""

    ACCESS = "access"
    RECTIFICATION = "rectification"
    ERASURE = "erasure"
    PORTABILITY = "portability"
    RESTRICTION = "restriction"
    OBJECTION = "objection"
    AUTOMATED_DECISION = "automated_decision"
    WITHDRAW_CONSENT = "withdraw_consent"
    COMPLAINT = "complaint"


@dataclass(frozen=True, slots=True)
class RightCard:
    """One right as the desk needs it.

    `refusable`: the law knows a ground to say no. `identity`: Art. 12(6) covers it, so doubt may be cleared.
    `extendable`: Art. 12(3) allows two further months. `searches`, `changes`: the systems are searched, are
    changed. `officer`: the law leaves the decision to a human unless the company says otherwise. `ask`
    completes «be om …»; `about` explains the right in one sentence; `answer` is what the reply must hold.
    """

    right: Right
    article: str
    name: Words
    ask: Words
    about: Words
    answer: tuple[Words, ...]
    refusable: bool
    identity: bool
    extendable: bool
    searches: bool
    changes: bool
    officer: bool


@cache
def cards() -> tuple[RightCard, ...]:
    """All nine cards in the order of `Right`. KeyError or ValueError when rights.toml lacks something."""
    table = catalogue("rights.toml")
    return tuple(_card(right, table[right.value]) for right in Right)


def card(right: Right) -> RightCard:
    """The card of one right."""
    return next(found for found in cards() if found.right is right)


def _card(right: Right, row: dict[str, object]) -> RightCard:
    answer = row["answer"]
    if not isinstance(answer, list):
        raise ValueError(f"rights.toml: {right}: answer must be a list of texts")
    return RightCard(
        right=right,
        article=str(row["article"]),
        name=as_words(row["name"]),
        ask=as_words(row["ask"]),
        about=as_words(row["about"]),
        answer=tuple(as_words(item) for item in answer),
        refusable=row["refusable"] is True,
        identity=row["identity"] is True,
        extendable=row["extendable"] is True,
        searches=row["searches"] is True,
        changes=row["changes"] is True,
        officer=row["officer"] is True,
    )
