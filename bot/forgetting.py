"""Deletes a conversation on the person's word, as far as no case needs it."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.hub import Channel, Hub
from bot.memory import find_conversation
from intake.case import OPEN, State
from intake.records import Attachment, Case, Conversation, Dossier, Letter, Message
from verification.records import Challenge, ProvenIdentifier


class Forgotten(StrEnum):
    """What came of it: all gone, the talk gone and the closed case kept, or kept while a case is open."""

    ALL = "all"
    CASE_KEPT = "case_kept"
    NOT_YET = "not_yet"


async def delete_conversation(
    hub: Hub, *, operator_id: str, channel: Channel, peer: str, now: datetime
) -> Forgotten:
    """Delete a conversation, and with it the dossier's key where no case was ever opened.

    An open case must be answered, so its conversation stays; a closed one is kept to show what was done
    (Art. 5(2)), but what was said goes.
    """
    async with hub.unit_of_work() as session:
        talk = await find_conversation(session, hub.vault, operator_id, channel, peer, lock=True)
        if talk is None:
            return Forgotten.ALL
        cases = list(await session.scalars(select(Case).where(Case.dossier_id == talk.dossier_id)))
        if any(State(case.state) in OPEN for case in cases):
            return Forgotten.NOT_YET
        dossier_id = talk.dossier_id
        for case in cases:
            case.conversation_id = None
        await session.flush()
        await _delete_talk(session, talk)
        if cases:
            return Forgotten.CASE_KEPT
        await _close_dossier(session, dossier_id, now)
    hub.vault.forget(dossier_id)
    return Forgotten.ALL


async def _delete_talk(session: AsyncSession, talk: Conversation) -> None:
    said = select(Message.id).where(Message.conversation_id == talk.id)
    await session.execute(update(Attachment).where(Attachment.message_id.in_(said)).values(message_id=None))
    await session.execute(delete(Message).where(Message.conversation_id == talk.id))
    await session.execute(delete(Conversation).where(Conversation.id == talk.id))


async def _close_dossier(session: AsyncSession, dossier_id: str, now: datetime) -> None:
    for table in (Attachment, Letter, Challenge, ProvenIdentifier):
        await session.execute(delete(table).where(table.dossier_id == dossier_id))
    dossier = await session.get_one(Dossier, dossier_id)
    dossier.erased_at = now
