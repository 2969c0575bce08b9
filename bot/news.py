"""Tells a person in the conversation how their case has moved; each thing once."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot import memory
from bot.hub import Channel, Hub, Reply
from bot.memory import Awaited, Memory
from bot.sitting import Sitting
from intake.case import Act, State
from intake.log import entries
from intake.records import Case, Conversation, LogEntry
from intake.vault import KeyGone

TELLING: Final = frozenset(
    {
        State.AWAITING_DECISION,
        State.FULFILLING,
        State.ANSWERED,
        State.PARTLY,
        State.REFUSED,
        State.FORWARDED,
    }
)
NOTHING_FOUND: Final = "nothing_found"


@dataclass(frozen=True, slots=True)
class News:
    """One message that is now in the conversation. `chat` is where Telegram is to send it; None elsewhere."""

    operator_id: str
    channel: Channel
    chat: str | None
    reply: Reply


async def tell(hub: Hub, session: AsyncSession, case: Case, now: datetime) -> News | None:
    """Add what is new about a case to its conversation; None where there is nothing, or nobody, to tell.

    The web chat shows it by itself once the unit of work is committed; a Telegram message is sent by the
    caller, after that. The conversation is locked before the case is read, as with a message of the person:
    hand in a case that this unit of work has neither locked nor changed.
    """
    if case.conversation_id is None:
        return None
    talk = await session.scalar(
        select(Conversation).where(Conversation.id == case.conversation_id).with_for_update()
    )
    if talk is None:
        return None
    await session.refresh(case)
    try:
        remembered = memory.recall(hub.vault, talk)
    except KeyGone:
        return None
    news = news_of(case, await entries(session, case.id))
    if news is None or _mark(case, news) in remembered.told:
        return None
    return await _tell(Sitting(hub, session, hub.operators[talk.operator], talk, now), remembered, case, news)


def news_of(case: Case, log: Sequence[LogEntry]) -> tuple[str, int] | None:
    """What there is to tell of a case as it stands, and the number of the log entry that brought it there."""
    state = State(case.state)
    if state in TELLING:
        came = next(entry.seq for entry in reversed(log) if entry.before != entry.after)
        return state.value, came
    found_nothing = [entry.seq for entry in log if entry.act == Act.NOTHING_FOUND]
    if state is State.IDENTIFYING and found_nothing:
        return NOTHING_FOUND, found_nothing[-1]
    return None


def _mark(case: Case, news: tuple[str, int]) -> str:
    """Under which name it is remembered as told: carried out again after a residue is no news, nothing found
    under a second address is."""
    what, seq = news
    return f"{case.id}:{what}:{seq}" if what == NOTHING_FOUND else f"{case.id}:{what}"


async def _tell(sitting: Sitting, remembered: Memory, case: Case, news: tuple[str, int]) -> News:
    what, _ = news
    link = await sitting.link(case)
    values = await sitting.values(case)
    remembered = replace(remembered, told=(*remembered.told, _mark(case, news)))
    if what == NOTHING_FOUND:
        reply = sitting.reply("news_nothing_found", "human", link=link, org=sitting.operator.name, **values)
        remembered = replace(remembered, awaiting=Awaited.ADDRESS, address=None, addresses=())
    else:
        reply = sitting.reply(f"news_{what}", link=link, **values)
    await memory.tell(sitting.session, sitting.hub.vault, sitting.talk, reply, sitting.now)
    sitting.remember(remembered)
    return News(sitting.talk.operator, Channel(sitting.talk.channel), remembered.chat, reply)
