"""Deletes a conversation on the person's word, unless a case needs it."""

from datetime import datetime

from sqlalchemy import delete, exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.hub import Channel, Hub
from bot.memory import find_conversation
from intake.records import Case, Conversation, Dossier, Message
from verification.records import Challenge, ProvenIdentifier


async def delete_conversation(hub: Hub, *, operator_id: str, channel: Channel, peer: str, now: datetime) -> bool:
    """Forget the conversation and its dossier's key. False where a case hangs on it: that must be answered."""
    async with hub.unit_of_work() as session:
        talk = await find_conversation(session, hub.vault, operator_id, channel, peer, lock=True)
        if talk is None:
            return True
        if await session.scalar(select(exists().where(Case.dossier_id == talk.dossier_id))):
            return False
        dossier_id = talk.dossier_id
        await _delete(session, talk, now)
    hub.vault.forget(dossier_id)
    return True


async def _delete(session: AsyncSession, talk: Conversation, now: datetime) -> None:
    dossier = await session.get_one(Dossier, talk.dossier_id)
    for table in (Challenge, ProvenIdentifier):
        await session.execute(delete(table).where(table.dossier_id == dossier.id))
    await session.execute(delete(Message).where(Message.conversation_id == talk.id))
    await session.execute(delete(Conversation).where(Conversation.id == talk.id))
    dossier.erased_at = now
