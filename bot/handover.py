"""A conversation in which the person asked for a human: what an officer answers, and how it reaches the person."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot import by_letter
from bot.hub import Channel, Hub, Reply
from bot.memory import recall, tell
from bot.news import News
from bot.replies import say
from bot.sitting import Sitting
from intake.records import Conversation, Message
from intake.vault import KeyGone
from law.language import as_lang


async def answer(session: AsyncSession, hub: Hub, talk: Conversation, text: str, now: datetime) -> None:
    """Add an officer's words to the conversation; it no longer waits for a human.

    The web chat shows them by itself, by e-mail they are a letter; Telegram finds them by `to_send`.
    """
    reply = Reply(text, by_human=True)
    message = await tell(session, hub.vault, talk, reply, now)
    message.to_send = talk.channel == Channel.TELEGRAM
    if talk.channel == Channel.EMAIL:
        sitting = Sitting(hub, session, hub.operators[talk.operator], talk, now)
        await by_letter.send(sitting, [reply], by_human=True)
    talk.asked_human_at = None


async def waiting(session: AsyncSession, operators: Sequence[str]) -> Sequence[Conversation]:
    """The conversations that wait for a human at these companies, the longest waiting first."""
    rows = await session.scalars(
        select(Conversation)
        .where(Conversation.operator.in_(operators), Conversation.asked_human_at.is_not(None))
        .order_by(Conversation.asked_human_at)
        .limit(200)
    )
    return rows.all()


async def to_carry(session: AsyncSession, hub: Hub, channel: Channel) -> list[News]:
    """Officers' answers that a channel has yet to carry; marked as carried with the caller's unit of work."""
    rows = await session.execute(
        select(Message, Conversation)
        .join(Conversation, Conversation.id == Message.conversation_id)
        .where(Message.to_send, Conversation.channel == channel.value)
        .order_by(Message.at)
        .limit(50)
    )
    carried: list[News] = []
    for message, talk in rows:
        message.to_send = False
        try:
            content = hub.vault.open_json(message.dossier_id, f"message.text:{message.id}", message.text)
            chat = recall(hub.vault, talk).chat
        except KeyGone:
            continue
        # where nothing else shows who is writing, the words say so
        reply = Reply.from_json(content)
        told = replace(reply, text=f"{say('from_officer', as_lang(talk.lang))}\n{reply.text}")
        carried.append(News(talk.operator, channel, chat, told))
    return carried
