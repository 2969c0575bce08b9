"""What one turn of a conversation works with: unit of work, company, conversation and time."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.hub import Channel, Choice, Hub, Link, Reply, Written
from bot.memory import Memory, remember
from bot.replies import choice_label, say
from intake.case import OPEN, State
from intake.log import entries
from intake.opening import deadline_of, details
from intake.records import Case, Conversation
from knowledge.answers import Answer, NoAnswer
from knowledge.reviewed import Reviewed
from law.dates import say_date
from law.deadlines import Deadline
from law.language import Lang, as_lang
from law.language import say as words
from law.rights import Right, card
from operators.profile import Operator

WAITING = frozenset({State.RECEIVED, State.IDENTIFYING})


@dataclass(frozen=True, slots=True)
class Sitting:
    """One turn's surroundings. Everything written through it is part of the turn's unit of work.

    `found` is what the reader made of the turn's question, where it has read it; `heard` the id of the person's
    message; `reviewed` what people at the company have answered; `mail` what the message has that came as a mail;
    `remarks` what is said of the message itself, such as that we do not write its language.
    """

    hub: Hub
    session: AsyncSession
    operator: Operator
    talk: Conversation
    now: datetime
    found: Answer | NoAnswer | None = None
    heard: str | None = None
    reviewed: tuple[Reviewed, ...] = ()
    mail: Written | None = None
    remarks: tuple[str, ...] = ()

    @property
    def received_at(self) -> datetime:
        """When our side had the message first; the clock of what it asks starts then (GDPR Art. 12(3))."""
        return self.mail.received_at if self.mail is not None else self.now

    @property
    def lang(self) -> Lang:
        """The conversation's language."""
        return as_lang(self.talk.lang)

    @property
    def may_read_codes(self) -> bool:
        """Whether a code may be given in the conversation; Telegram can be read by others than us. A mail that
        brings the code back comes from where the code was sent."""
        return self.talk.channel in (Channel.WEBCHAT, Channel.EMAIL)

    async def cases(self) -> list[Case]:
        """All cases of the requester, oldest first."""
        rows = await self.session.scalars(
            select(Case)
            .where(Case.dossier_id == self.talk.dossier_id)
            .order_by(Case.opened_at, Case.reference)
        )
        return list(rows)

    async def open_cases(self) -> list[Case]:
        """The cases that have not ended, oldest first."""
        return [case for case in await self.cases() if State(case.state) in OPEN]

    async def waiting_cases(self) -> list[Case]:
        """The cases that a proven address would set going, oldest first."""
        return [case for case in await self.cases() if State(case.state) in WAITING and not case.on_behalf]

    async def spoken_of(self, memory: Memory) -> list[Case]:
        """The open cases the last replies were about."""
        return [case for case in await self.open_cases() if case.id in memory.cases]

    async def link(self, case: Case) -> Link:
        """The case's secure page."""
        secret = (await details(self.hub.vault, case))["secret"]
        return Link(self.hub.links.status(self.operator.id, secret), self.say("open_secure"))

    async def deadline(self, case: Case) -> Deadline:
        """When the case is due, by its log."""
        return deadline_of(case, await entries(self.session, case.id))

    async def values(self, case: Case) -> dict[str, str]:
        """What sentences about a case are filled in with: ref, right, date."""
        return case_values(case, await self.deadline(case), self.lang)

    def wait_for_human(self) -> None:
        """Show the conversation among those that wait for an officer, from now on unless it did before."""
        self.talk.asked_human_at = self.talk.asked_human_at or self.now

    def remember(self, memory: Memory) -> None:
        """Keep what the next message is read against."""
        remember(self.hub.vault, self.talk, memory)

    def say(self, key: str, **values: str) -> str:
        """One of our sentences in the conversation's language."""
        return say(key, self.lang, **values)

    def reply(self, key: str, *choices: str, link: Link | None = None, **values: str) -> Reply:
        """One of our sentences as a reply, with buttons by their ids."""
        buttons = tuple(Choice(one, choice_label(one, self.lang)) for one in choices)
        return Reply(self.say(key, **values), choices=buttons, link=link)


def case_values(case: Case, deadline: Deadline, lang: Lang) -> dict[str, str]:
    """A case's reference, its right in words and the day an answer is due at the latest."""
    day = deadline.due_date or deadline.conservative_date
    return {
        "right": words(card(Right(case.right)).ask, lang),
        "ref": case.reference,
        "date": say_date(day, lang) if day else "–",
    }
