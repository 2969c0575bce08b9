"""Takes one message of a conversation and answers it; knows no channel."""

import re
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm.exc import StaleDataError

from bot import questions, requests
from bot.hub import Channel, Choice, Hub, Incoming, Reply, Turn
from bot.memory import Memory, answered_before, conversation, hear, recall, remember, said, tell
from bot.replies import heard, say
from intake.reading import Reading, mask_national_ids, read
from intake.records import Conversation
from law.language import LANGS, Lang
from law.rights import Right
from operators.profile import Operator

READ_AT_MOST = 20_000  # characters read to find out what is asked; all of it is stored
CODE = re.compile(r"(?<!\d)(\d{3})[ \u00a0]?(\d{3})(?!\d)")


async def handle(hub: Hub, *, operator_id: str, channel: Channel, peer: str, message: Incoming, now: datetime) -> Turn:
    """Answer one message. Everything is saved, in one unit of work, before the replies are handed back.

    `peer` is the channel's own name of the person: a session token or a chat id. A message that came before
    (same `external_id`) gets the same replies and does nothing. Two messages at once from one peer take turns.
    """
    try:
        turn = await _turn(hub, operator_id, channel, peer, message, now)
    except StaleDataError:
        # another message of the same person was handled meanwhile; this one simply comes after it
        turn = await _turn(hub, operator_id, channel, peer, message, now)
    hub.wake()
    return turn


async def _turn(
    hub: Hub, operator_id: str, channel: Channel, peer: str, message: Incoming, now: datetime
) -> Turn:
    operator = hub.operators[operator_id]
    async with hub.unit_of_work() as session:
        talk = await conversation(
            session, hub.vault, operator_id=operator_id, channel=channel, peer=peer, lang=message.lang, now=now
        )
        earlier = await answered_before(session, hub.vault, talk, message.external_id)
        if earlier is not None:
            last = earlier[-1].seq if earlier else 0
            return Turn(talk.id, _lang(talk), tuple(one.reply for one in earlier), last)
        text, hidden = mask_national_ids(message.text.replace("\x00", ""))
        await hear(session, hub.vault, talk, text or message.choice or "", message.external_id, now)
        replies = await _answer(hub, session, operator, talk, message, text, now)
        if hidden:
            replies.insert(0, Reply(say("fnr_found", _lang(talk))))
        if len(text) > READ_AT_MOST:
            replies.insert(0, Reply(say("too_long", _lang(talk))))
        rows = [await tell(session, hub.vault, talk, reply, now) for reply in replies]
        return Turn(talk.id, _lang(talk), tuple(replies), rows[-1].seq)


def _lang(talk: Conversation) -> Lang:
    return next(lang for lang in LANGS if lang == talk.lang)


async def _answer(
    hub: Hub,
    session: AsyncSession,
    operator: Operator,
    talk: Conversation,
    message: Incoming,
    text: str,
    now: datetime,
) -> list[Reply]:
    """The replies, with the conversation's memory brought up to date."""
    memory = recall(hub.vault, talk)
    desk = requests.Desk(hub, session, operator, talk, now)
    if message.choice:
        return await _chosen(desk, memory, message.choice, text)
    if message.file:
        return [Reply(say("no_files", _lang(talk)))]
    if not text.strip():
        return [Reply(say("empty", _lang(talk)))]
    reading = read(text[:READ_AT_MOST], channel="chat", operator=operator.id)
    _follow_language(talk, text, reading, message.lang)
    waited_for = await _awaited(desk, memory, text, reading)
    if waited_for is not None:
        return waited_for
    return await _read(desk, memory, text, reading)


def _follow_language(talk: Conversation, text: str, reading: Reading, given: Lang | None) -> None:
    """Speak the language the person writes, where the message is long enough to tell."""
    if reading.lang in LANGS and len(text.split()) >= 3:
        talk.lang = reading.lang
    elif given is not None and talk.state is None:
        talk.lang = given


async def _awaited(
    desk: requests.Desk, memory: Memory, text: str, reading: Reading
) -> list[Reply] | None:
    """The replies where the message is what the conversation waits for; None where it is something else."""
    short = text.strip()
    if memory.awaiting is None:
        return None
    if heard("no", short) or heard("cancel", short):
        return await requests.take_back(desk, memory)
    address = reading.identifiers.get("email")
    if isinstance(address, list):
        address = address[0] if address else None
    if address and not reading.rights():
        return await requests.send_code(desk, memory, address)
    if heard("yes", short):
        return await requests.confirm_wish(desk, memory)
    code = CODE.search(short)
    if memory.awaiting == "code" and code and len(short) <= 40:
        return await requests.take_code(desk, memory, code[1] + code[2])
    if memory.awaiting == "address" and "@" in short and not reading.rights():
        return [Reply(say("address_unclear", desk.lang))]
    return None


async def _read(desk: requests.Desk, memory: Memory, text: str, reading: Reading) -> list[Reply]:
    """A message that stands by itself: requests, then status, a human, small talk, or a question."""
    replies: list[Reply] = []
    rights = reading.rights()
    if rights:
        replies += await requests.register(desk, memory, text, reading, rights)
    if "status" in reading.types and not rights:
        replies += await requests.status(desk, memory)
    if "human" in reading.types:
        replies.append(await requests.ask_human(desk, memory))
    if replies and "question" not in reading.types:
        return replies
    if not replies and heard("greeting", text):
        return [greeting(desk.operator, desk.lang)]
    if not replies and heard("thanks", text):
        return [Reply(say("nothing_to_do", desk.lang))]
    return replies + questions.answer(desk.hub, desk.operator, text, desk.lang)


async def _chosen(desk: requests.Desk, memory: Memory, choice: str, text: str) -> list[Reply]:
    """A pressed button."""
    kind, _, value = choice.partition(":")
    if kind == "right" and value in set(Right):
        reading = read("", channel="chat", operator=desk.operator.id)
        return await requests.register(desk, memory, text, reading, (Right(value),))
    match kind:
        case "yes" | "send_code":
            return await requests.confirm_wish(desk, memory)
        case "no":
            return await requests.take_back(desk, memory)
        case "code_again" if memory.address:
            return await requests.send_code(desk, memory, memory.address)
        case "other_address" | "code_again":
            remember(desk.hub.vault, desk.talk, memory.now("address"))
            return [Reply(say("ask_address", desk.lang, org=desk.operator.name))]
        case "human":
            return [await requests.ask_human(desk, memory)]
        case "status":
            return await requests.status(desk, memory)
        case _:
            return [Reply(say("empty", desk.lang))]


def greeting(operator: Operator, lang: Lang) -> Reply:
    """The first message: that it is automated, what it can do, what not to write."""
    rights = (Right.ACCESS, Right.RECTIFICATION, Right.ERASURE)
    return Reply(
        say("hello", lang, org=operator.name) + "\n" + say("no_sensitive", lang),
        choices=(
            *(Choice(f"right:{right.value}", say(f"choice_{right.value}", lang)) for right in rights),
            Choice("human", say("choice_human", lang)),
        ),
    )


__all__ = ["greeting", "handle", "said"]
