"""What a question gets back: an answer with its quotations, or no answer and why."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from law.language import Lang
from law.rights import Right


class Why(StrEnum):
    """Why there is no answer."""

    EMPTY = "empty"
    SILENT = "silent"
    UNSURE = "unsure"
    OFF_TOPIC = "off_topic"
    CHIT_CHAT = "chit_chat"
    INJECTION = "injection"
    LAW = "law"


@dataclass(frozen=True, slots=True)
class Citation:
    """Where an answer stands: `quote` is a slice of one passage, at most 400 characters; `anchor` leads to
    it; `in_force_from` is the day that version of the document began to count, where it is known."""

    operator: str
    document: str
    section: str
    heading: str
    quote: str
    anchor: str
    in_force_from: date | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """A sentence or two in the asker's language, and the quotations it rests on, best first.

    `confidence` is 0 to 1; `handoff` says that an officer ought to look too; `from_register` that no document
    stands behind it but our record of one; `law` names the statement of the law that was used; `reviewed` the
    answer written by a person.
    """

    text: str
    lang: Lang
    confidence: float
    citations: tuple[Citation, ...]
    suggests: Right | None = None
    handoff: bool = False
    from_register: bool = False
    law: str | None = None
    reviewed: str | None = None


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """Why the question is not answered, what to say, and the nearest passage, for an officer to look at."""

    why: Why
    text: str
    lang: Lang
    confidence: float = 0.0
    nearest: Citation | None = None
    suggests: Right | None = None
    handoff: bool = True
    law: str | None = None
