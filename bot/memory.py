"""What a conversation remembers between two messages, sealed with its dossier's key."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from uuid import uuid4

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.hub import Channel, Reply
from intake.opening import open_dossier
from intake.records import Conversation, Message
from intake.vault import Vault
from law.language import Lang


@dataclass(frozen=True, slots=True)
class Memory:
    """What is awaited (None, "address", "code"), the address in question and the cases spoken of last."""

    awaiting: str | None = None
    address: str | None = None
    cases: tuple[str, ...] = ()
    greeted: bool = False

    def now(self, awaiting: str | None, *, address: str | None = None, cases: Sequence[str] | None = None) -> "Memory":
        """The memory after a turn; cases stay unless new ones are named."""
        return replace(
            self,
            awaiting=awaiting,
            address=address if address is not None else self.address,
            cases=tuple(cases) if cases is not None else self.cases,
        )


async def conversation(
    session: AsyncSession, vault: Vault, *, operator_id: str, channel: Channel, peer: str, lang: Lang | None, now: datetime
) -> Conversation:
    """The peer's conversation, locked for this turn, or a new one with a dossier of its own."""
    found = await find_conversation(session, vault, operator_id, channel, peer, lock=True)
    if found is not None:
        found.last_at = now
        return found
    dossier = await open_dossier(session, operator_id, now)
    made = Conversation(
        id=uuid4().hex,
        operator=operator_id,
        dossier_id=dossier.id,
        channel=channel.value,
        peer=vault.lookup(f"peer.{channel}", peer, operator=operator_id),
        lang=lang or "nb",
        created_at=now,
        last_at=now,
    )
    session.add(made)
    await session.flush()
    return made


async def find_conversation(
    session: AsyncSession, vault: Vault, operator_id: str, channel: Channel, peer: str, *, lock: bool = False
) -> Conversation | None:
    """The peer's conversation, if there is one; with `lock`, nobody else works on it until the unit ends."""
    query = select(Conversation).where(
        Conversation.operator == operator_id,
        Conversation.channel == channel.value,
        Conversation.peer == vault.lookup(f"peer.{channel}", peer, operator=operator_id),
    )
    return await session.scalar(query.with_for_update() if lock else query)


def recall(vault: Vault, conversation: Conversation) -> Memory:
    """What the conversation remembers."""
    stored = vault.open_json(
        conversation.dossier_id, f"conversation.state:{conversation.id}", conversation.state
    )
    if stored is None:
        return Memory()
    return Memory(**{**stored, "cases": tuple(stored["cases"])})


def remember(vault: Vault, conversation: Conversation, memory: Memory) -> None:
    """Seal the memory into the conversation."""
    conversation.state = vault.seal_json(
        conversation.dossier_id, f"conversation.state:{conversation.id}", asdict(memory)
    )


async def hear(
    session: AsyncSession, vault: Vault, conversation: Conversation, text: str, external_id: str | None, now: datetime
) -> Message:
    """Store what the person said."""
    return await _add(session, vault, conversation, {"text": text}, True, external_id, now)


async def tell(
    session: AsyncSession, vault: Vault, conversation: Conversation, reply: Reply, now: datetime
) -> Message:
    """Store what the desk says."""
    return await _add(session, vault, conversation, reply.as_json(), False, None, now)


async def _add(
    session: AsyncSession,
    vault: Vault,
    conversation: Conversation,
    content: dict[str, object],
    inbound: bool,
    external_id: str | None,
    now: datetime,
) -> Message:
    last = await session.scalar(
        select(func.max(Message.seq)).where(Message.conversation_id == conversation.id)
    )
    message_id = uuid4().hex
    message = Message(
        id=message_id,
        conversation_id=conversation.id,
        dossier_id=conversation.dossier_id,
        seq=(last or 0) + 1,
        inbound=inbound,
        external_id=external_id,
        at=now,
        text=vault.seal_json(conversation.dossier_id, f"message.text:{message_id}", content),
    )
    session.add(message)
    await session.flush()
    return message


@dataclass(frozen=True, slots=True)
class Said:
    """One message of a conversation, opened."""

    seq: int
    at: datetime
    inbound: bool
    reply: Reply


async def said(session: AsyncSession, vault: Vault, conversation_id: str, *, after: int = 0) -> tuple[Said, ...]:
    """The messages of a conversation after a number, oldest first."""
    rows = await session.scalars(
        select(Message)
        .where(Message.conversation_id == conversation_id, Message.seq > after)
        .order_by(Message.seq)
    )
    opened = []
    for row in rows:
        content = vault.open_json(row.dossier_id, f"message.text:{row.id}", row.text)
        reply = Reply(content["text"]) if row.inbound else Reply.from_json(content)
        opened.append(Said(row.seq, row.at, row.inbound, reply))
    return tuple(opened)


async def answered_before(
    session: AsyncSession, vault: Vault, conversation: Conversation, external_id: str | None
) -> tuple[Said, ...] | None:
    """Where the same message came before: what was said to it then. None for a message not seen."""
    if external_id is None:
        return None
    earlier = await session.scalar(
        select(Message).where(
            Message.conversation_id == conversation.id, Message.external_id == external_id
        )
    )
    if earlier is None:
        return None
    replies: list[Said] = []
    for one in await said(session, vault, conversation.id, after=earlier.seq):
        if one.inbound:
            break
        replies.append(one)
    return tuple(replies)
