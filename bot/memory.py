"""What a conversation remembers and what was said in it, sealed with its dossier's key."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import uuid4

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.hub import Channel, Reply, Written
from intake.opening import open_dossier
from intake.records import Conversation, Message
from intake.vault import Vault
from law.language import Lang


class Awaited(StrEnum):
    """What the desk has asked for last."""

    ADDRESS = "address"
    CODE = "code"


@dataclass(frozen=True, slots=True)
class Memory:
    """What the next message is read against.

    `address` is the one asked about, or the one a code went to; `addresses` are those to choose among;
    `cases` the ids of the cases spoken of last; `lang` the language the channel showed last; `chat` where
    Telegram or a mail reaches the person (a web chat's token is kept nowhere); `told` what news was told, as
    "<case id>:<news>"; `asked` is the question answered last, in full; `answered` what the last answers were
    about: message, topics, confidence, document, section, heading.
    """

    awaiting: Awaited | None = None
    address: str | None = None
    addresses: tuple[str, ...] = ()
    cases: tuple[str, ...] = ()
    lang: str | None = None
    chat: str | None = None
    told: tuple[str, ...] = ()
    asked: str | None = None
    answered: tuple[Sequence[str], ...] = ()


async def conversation(
    session: AsyncSession,
    vault: Vault,
    *,
    operator_id: str,
    channel: Channel,
    peer: str,
    lang: Lang | None,
    now: datetime,
    mail: Written | None = None,
) -> Conversation:
    """The peer's conversation, locked for this turn, or a new one with a dossier of its own; by e-mail in the
    mail's dossier.

    Raises IntegrityError where another turn makes it at the same moment; the turn is to be taken again.
    """
    found = await find_conversation(session, vault, operator_id, channel, peer, lock=True)
    if found is not None:
        found.last_at = now
        return found
    dossier_id = mail.dossier_id if mail is not None else (await open_dossier(session, operator_id, now)).id
    made = Conversation(
        id=uuid4().hex,
        operator=operator_id,
        dossier_id=dossier_id,
        address=vault.lookup("email", mail.sender, operator=operator_id) if mail is not None else None,
        channel=channel.value,
        peer=_peer(vault, operator_id, channel, peer),
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
        Conversation.peer == _peer(vault, operator_id, channel, peer),
    )
    return await session.scalar(query.with_for_update() if lock else query)


def _peer(vault: Vault, operator_id: str, channel: Channel, peer: str) -> str:
    # look-ups fold capitals; tokens that differ in them belong to different people
    spelled = peer.encode().hex() if channel is Channel.WEBCHAT else peer
    return vault.lookup(f"peer.{channel}", spelled, operator=operator_id)


def recall(vault: Vault, talk: Conversation) -> Memory:
    """What the conversation remembers."""
    stored: Mapping[str, Any] | None = vault.open_json(
        talk.dossier_id, f"conversation.state:{talk.id}", talk.state
    )
    if stored is None:
        return Memory()
    known = {field.name for field in fields(Memory)}
    kept: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value
        for key, value in stored.items()
        if key in known
    }
    if kept.get("awaiting"):
        kept["awaiting"] = Awaited(kept["awaiting"])
    return Memory(**kept)


def remember(vault: Vault, talk: Conversation, memory: Memory) -> None:
    """Seal the memory into the conversation."""
    talk.state = vault.seal_json(talk.dossier_id, f"conversation.state:{talk.id}", asdict(memory))


async def hear(
    session: AsyncSession, vault: Vault, talk: Conversation, text: str, external_id: str | None, now: datetime
) -> Message:
    """Store what the person said. Raises IntegrityError where the same message is just being stored."""
    return await _add(session, vault, talk, {"text": text}, True, external_id, now)


async def tell(
    session: AsyncSession, vault: Vault, talk: Conversation, reply: Reply, now: datetime
) -> Message:
    """Store what the desk says."""
    return await _add(session, vault, talk, reply.as_json(), False, None, now)


async def _add(
    session: AsyncSession,
    vault: Vault,
    talk: Conversation,
    content: Mapping[str, object],
    inbound: bool,
    external_id: str | None,
    now: datetime,
) -> Message:
    last = await session.scalar(select(func.max(Message.seq)).where(Message.conversation_id == talk.id))
    message_id = uuid4().hex
    message = Message(
        id=message_id,
        conversation_id=talk.id,
        dossier_id=talk.dossier_id,
        seq=(last or 0) + 1,
        inbound=inbound,
        external_id=external_id,
        at=now,
        text=vault.seal_json(talk.dossier_id, f"message.text:{message_id}", content),
    )
    session.add(message)
    await session.flush()
    return message


def opened(vault: Vault, message: Message) -> str:
    """The words of a message. Raises as `Vault.open`."""
    content = vault.open_json(message.dossier_id, f"message.text:{message.id}", message.text)
    return str(content["text"])


@dataclass(frozen=True, slots=True)
class Said:
    """One message of a conversation, opened."""

    seq: int
    at: datetime
    inbound: bool
    reply: Reply


async def said(
    session: AsyncSession, vault: Vault, conversation_id: str, *, after: int = 0
) -> tuple[Said, ...]:
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
    session: AsyncSession, vault: Vault, talk: Conversation, external_id: str | None
) -> tuple[Said, ...] | None:
    """Where the same message came before: what was said to it then. None for a message not seen."""
    if external_id is None:
        return None
    earlier = await session.scalar(
        select(Message).where(Message.conversation_id == talk.id, Message.external_id == external_id)
    )
    if earlier is None:
        return None
    replies: list[Said] = []
    for one in await said(session, vault, talk.id, after=earlier.seq):
        if one.inbound:
            break
        replies.append(one)
    return tuple(replies)
