"""What the conversation is handed from outside, and the values that pass between it and its channels."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from sqlalchemy.ext.asyncio import AsyncSession

from intake.links import Links
from intake.reading import Reading
from intake.unit_of_work import UnitOfWork
from intake.vault import Vault
from knowledge.answers import Answer, Knowledge, NoAnswer
from knowledge.reviewed import Reviewed
from law.language import Lang
from operators.profile import Operator


class Channel(StrEnum):
    """Where a conversation runs."""

    WEBCHAT = "webchat"
    TELEGRAM = "telegram"
    EMAIL = "email"


class Reader(Protocol):
    """Answers a question with more than the documents' search, such as a language model.

    It takes its time, holds no database, and always answers: where it cannot, with what the search found.
    """

    async def __call__(
        self, operator_id: str, question: str, lang: Lang, reviewed: Sequence[Reviewed] = ()
    ) -> Answer | NoAnswer:
        """The reply that stands. What a person wrote goes before what is read."""


class Came(StrEnum):
    """What came of a question: no answer, or what the person thought of the answer."""

    UNANSWERED = "unanswered"
    NOT_HELPFUL = "not_helpful"
    HELPFUL = "helpful"


@dataclass(frozen=True, slots=True)
class Noted:
    """What came of one question; `topics` most first; document, section and heading name the clause cited, or the
    nearest. What was asked stays in the message."""

    operator: str
    at: datetime
    lang: Lang
    kind: Came
    topics: tuple[str, ...]
    confidence: float
    message_id: str
    document: str = ""
    section: str = ""
    heading: str = ""


class Feedback(Protocol):
    """Keeps what came of a question, in the turn's own unit of work."""

    async def __call__(self, session: AsyncSession, noted: Noted) -> None:
        """Keep it; what is said of a message a second time takes the place of the first."""


@dataclass(frozen=True, slots=True)
class Hub:
    """Everything a conversation needs; `wake` tells the worker that there may be work.

    Without a `reader` the documents alone are searched. `in_force` (company, time) sees to it that those are
    searched that count then, and gives what people there have answered; without it they never change. Without
    `feedback` nothing is kept of a question, and no one is asked whether an answer helped.
    """

    unit_of_work: UnitOfWork
    vault: Vault
    operators: Mapping[str, Operator]
    knowledge: Mapping[str, Knowledge]
    links: Links
    wake: Callable[[], None]
    reader: Reader | None = None
    in_force: Callable[[str, datetime], Awaitable[tuple[Reviewed, ...]]] | None = None
    feedback: Feedback | None = None

    async def ready(self, operator_id: str, now: datetime) -> tuple[Reviewed, ...]:
        """Have the company's documents ready to be searched, those in force now; the answers its people wrote.

        To be waited for before a question is answered, holding no unit of work: indexing takes about a second.
        """
        reviewed = await self.in_force(operator_id, now) if self.in_force is not None else ()
        await asyncio.to_thread(self.knowledge.__getitem__, operator_id)
        return reviewed


@dataclass(frozen=True, slots=True)
class Written:
    """What a message has that came as a mail: the dossier it is held in, the address it was written from, when our
    side had it first, whether the address' domain vouches for it, and whether it is heard without being answered."""

    dossier_id: str
    sender: str
    received_at: datetime
    vouched: bool
    silent: bool


@dataclass(frozen=True, slots=True)
class Incoming:
    """One message from a channel.

    `external_id` (at most 80 characters) makes a repeated delivery harmless; `choice` is a pressed
    button's id; `lang` is the language the channel shows; `file` says that a file came along; `reading` what it
    asks, where that was read before.
    """

    text: str
    external_id: str | None = None
    choice: str | None = None
    lang: Lang | None = None
    file: bool = False
    mail: Written | None = None
    reading: Reading | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """A button: what comes back when it is pressed, and what it says."""

    id: str
    label: str


@dataclass(frozen=True, slots=True)
class Quote:
    """A passage shown with an answer, its language, and the page that shows it in its place."""

    document: str
    section: str
    heading: str
    text: str
    url: str
    lang: str = "nb"
    since: str = ""  # from when on the quoted version counts, in the reader's language


@dataclass(frozen=True, slots=True)
class Link:
    """A page to open."""

    url: str
    label: str


@dataclass(frozen=True, slots=True)
class Reply:
    """One message to the person."""

    text: str
    quotes: tuple[Quote, ...] = ()
    choices: tuple[Choice, ...] = ()
    link: Link | None = None
    by_human: bool = False  # an officer's own words, not an automatic answer
    by_letter: bool = False  # by e-mail: a letter of the same turn says it, or nobody needs to be told
    to_a_person: bool = (
        False  # by e-mail: said also where a machine is suspected, since none writes what it answers
    )

    def as_json(self) -> dict[str, Any]:
        """As stored, sealed, with the conversation."""
        return {
            "text": self.text,
            "quotes": [
                [q.document, q.section, q.heading, q.text, q.url, q.lang, q.since] for q in self.quotes
            ],
            "choices": [[c.id, c.label] for c in self.choices],
            "link": [self.link.url, self.link.label] if self.link else None,
            "by_human": self.by_human,
        }

    @staticmethod
    def from_json(value: Mapping[str, Any]) -> "Reply":
        """The inverse of as_json."""
        return Reply(
            text=value["text"],
            quotes=tuple(Quote(*q) for q in value["quotes"]),
            choices=tuple(Choice(*c) for c in value["choices"]),
            link=Link(*value["link"]) if value["link"] else None,
            by_human=value["by_human"],
        )


@dataclass(frozen=True, slots=True)
class Turn:
    """What one message led to; `last` is the number of the conversation's newest message."""

    conversation_id: str
    lang: Lang
    replies: tuple[Reply, ...]
    last: int
