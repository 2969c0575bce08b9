"""Notes what came of a question: no answer, or what the person thought of the answer."""

from dataclasses import replace
from typing import Final

from bot.hub import Noted, Reply
from bot.memory import Memory, recall
from bot.sitting import Sitting
from intake.records import Message
from knowledge.answers import Answer, NoAnswer, Why
from knowledge.reviewed import about

WANTING: Final = frozenset({Why.SILENT, Why.UNSURE, Why.OFF_TOPIC})
"""Why there was no answer that an officer could have written one for."""

REMEMBERED: Final = 10  # answers whose buttons still say what they were about
KINDS: Final = {"helped": "helpful", "not_helped": "not_helpful"}


async def note(sitting: Sitting, question: str, found: Answer | NoAnswer) -> tuple[str, ...]:
    """Keep that a question found no answer, or remember what the answer was about; the ids of its buttons."""
    keep = sitting.hub.feedback
    if keep is None or sitting.heard is None:
        return ()
    noted = _noted(sitting, question, found)
    if isinstance(found, NoAnswer):
        if found.why in WANTING:
            await keep(sitting.session, noted)
        return ()
    memory = recall(sitting.hub.vault, sitting.talk)
    one = (
        noted.message_id,
        " ".join(noted.topics),
        str(noted.confidence),
        noted.document,
        noted.section,
        noted.heading,
    )
    sitting.remember(replace(memory, answered=(*memory.answered, one)[-REMEMBERED:]))
    return tuple(f"{choice}:{sitting.heard}" for choice in KINDS)


async def pressed(sitting: Sitting, memory: Memory, choice: str, message_id: str) -> Reply:
    """Keep what the person thinks of the answer to one of their own messages."""
    message = await sitting.session.get(Message, message_id)
    keep = sitting.hub.feedback
    if message is None or not message.inbound or message.conversation_id != sitting.talk.id or keep is None:
        return sitting.reply("nothing_awaited")
    known = next((one for one in memory.answered if one[0] == message_id), None)
    if known is None:
        return sitting.reply("nothing_awaited")
    _, topics, confidence, document, section, heading = known
    await keep(
        sitting.session,
        Noted(
            operator=sitting.operator.id,
            at=sitting.now,
            lang=sitting.lang,
            kind=KINDS[choice],
            topics=tuple(topics.split()),
            confidence=float(confidence),
            message_id=message_id,
            document=document,
            section=section,
            heading=heading,
        ),
    )
    return sitting.reply("noted_helped") if choice == "helped" else sitting.reply("noted_not_helped", "human")


def _noted(sitting: Sitting, question: str, found: Answer | NoAnswer) -> Noted:
    cited = found.nearest if isinstance(found, NoAnswer) else next(iter(found.citations), None)
    return Noted(
        operator=sitting.operator.id,
        at=sitting.now,
        lang=sitting.lang,
        kind="unanswered",
        topics=about(question),
        confidence=found.confidence,
        message_id=sitting.heard or "",
        document=cited.document if cited else "",
        section=cited.section if cited else "",
        heading=cited.heading if cited else "",
    )
