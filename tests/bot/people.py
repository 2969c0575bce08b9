"""People who write to the desk, and what a test may see of its database."""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from bot.dialogue import handle
from bot.hub import Channel, Hub, Incoming, Reply, Turn
from bot.memory import Said, find_conversation, said
from intake.letters import open_letter
from intake.log import entries
from intake.opening import details
from intake.records import Case, Conversation, Letter
from law.language import Lang

WEDNESDAY = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)


@dataclass(slots=True)
class Woken:
    """What the hub calls when there may be work."""

    times: int = 0

    def __call__(self) -> None:
        self.times += 1


@dataclass(slots=True)
class Person:
    """One person on one channel; time stands still unless the person waits."""

    hub: Hub
    peer: str
    channel: Channel = Channel.WEBCHAT
    lang: Lang | None = None
    now: datetime = WEDNESDAY
    turns: list[Turn] = field(default_factory=list)

    async def send(self, message: Incoming) -> Turn:
        """One message and what came of it."""
        turn = await handle(
            self.hub,
            operator_id="fjordlys",
            channel=self.channel,
            peer=self.peer,
            message=message,
            now=self.now,
        )
        self.turns.append(turn)
        return turn

    async def says(self, text: str, *, id: str | None = None) -> str:
        """Write; the replies' words, one paragraph each."""
        turn = await self.send(Incoming(text, id, lang=self.lang))
        return "\n".join(reply.text for reply in turn.replies)

    async def presses(self, choice: str) -> str:
        """Press a button that the last turn offered; the replies' words."""
        assert choice in self.offered, self.offered
        turn = await self.send(Incoming("", None, choice=choice, lang=self.lang))
        return "\n".join(reply.text for reply in turn.replies)

    def waits(self, **time: int) -> None:
        """Let time pass."""
        self.now += timedelta(**time)

    @property
    def replies(self) -> tuple[Reply, ...]:
        """The last turn's replies."""
        return self.turns[-1].replies

    @property
    def offered(self) -> list[str]:
        """The ids of the buttons of the last turn."""
        return [choice.id for reply in self.replies for choice in reply.choices]

    async def talk(self) -> Conversation:
        """The conversation's row."""
        async with self.hub.unit_of_work() as session:
            found = await find_conversation(session, self.hub.vault, "fjordlys", self.channel, self.peer)
        assert found is not None
        return found

    async def cases(self) -> list[Case]:
        """The person's cases, oldest first."""
        dossier = (await self.talk()).dossier_id
        async with self.hub.unit_of_work() as session:
            query = select(Case).where(Case.dossier_id == dossier).order_by(Case.reference)
            return list(await session.scalars(query))

    async def case(self) -> Case:
        """The person's only case."""
        (one,) = await self.cases()
        return one

    async def heard(self) -> tuple[Said, ...]:
        """Everything said in the conversation, as it is stored."""
        talk = await self.talk()
        async with self.hub.unit_of_work() as session:
            return await said(session, self.hub.vault, talk.id)

    async def acts(self, case: Case) -> list[str]:
        """What the case's log tells."""
        async with self.hub.unit_of_work() as session:
            return [entry.act for entry in await entries(session, case.id)]

    async def kept(self, case: Case) -> dict[str, object]:
        """What the case keeps sealed."""
        return await details(self.hub.vault, case)

    async def letters(self, name: str) -> list[Letter]:
        """The person's letters of one kind, oldest first."""
        dossier = (await self.talk()).dossier_id
        async with self.hub.unit_of_work() as session:
            query = select(Letter).where(Letter.dossier_id == dossier, Letter.name == name)
            return list(await session.scalars(query.order_by(Letter.written_at)))

    async def mailed(self) -> tuple[str, str]:
        """The newest code and the address it went to, read out of its letter."""
        letter = open_letter(self.hub.vault, (await self.letters("code"))[-1])
        found = re.search(r"(?<!\d)(\d{3}) ?(\d{3})(?!\d)", letter.text)
        assert found is not None
        assert letter.to is not None
        return found[1] + found[2], letter.to

    async def proves(self, address: str = "kari@example.no") -> str:
        """Give an address and the code that came there; the last words of the desk."""
        await self.says(address)
        code, _ = await self.mailed()
        return await self.says(code)
