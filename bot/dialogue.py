"""Takes one message of a conversation and answers it; knows no channel."""

import asyncio
import contextlib
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Final

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from bot import buttons, by_letter, language, proving, questions, requests, thumbs, unsure
from bot.hub import Channel, Choice, Hub, Incoming, Reply, Turn
from bot.memory import Awaited, Memory, answered_before, conversation, hear, recall, tell
from bot.proving import CODE, HIDDEN_CODE
from bot.questions import Unread
from bot.replies import choice_label, heard, say
from bot.sitting import Sitting
from intake.identifiers import mask_national_ids
from intake.reading import Reading, read
from knowledge.answers import Answer, NoAnswer
from knowledge.following import in_full
from knowledge.reviewed import Reviewed
from law.language import Lang, as_lang
from operators.profile import Operator

READ_AT_MOST: Final = 8_000  # characters read to find out what is asked; all of them are stored
KEPT_OF_A_QUESTION: Final = 300  # characters that the next question may go on from
TRIES: Final = 3
PLAIN_REQUEST: Final = 0.7  # confidence from which a question is a request and nothing else
SHORT_MAIL: Final = 5  # lines of a mail that may be a yes or a no with a name under it


async def handle(
    hub: Hub, *, operator_id: str, channel: Channel, peer: str, message: Incoming, now: datetime
) -> Turn:
    """Answer one message. Everything is saved, in one unit of work, before the replies are handed back.

    `peer` is the channel's own name of the person: a session token or a chat id. A message that came before
    (same `external_id`) gets the same replies and does nothing. Two messages at once from one peer take
    turns. Raises KeyError for a company this desk does not serve.
    """
    operator = hub.operators[operator_id]
    text, hidden = mask_national_ids(clean(message.text))
    # reading a long letter, or the documents for the first time, is slow: no lock is held and no one else waits
    reading, asks = await asyncio.to_thread(_prepare, operator, text[:READ_AT_MOST], message.reading)
    reviewed = await hub.ready(operator.id, now) if asks else ()
    heard_now = replace(message, text=text)

    one_turn = partial(
        _turn, hub, operator, channel, peer, heard_now, reading, reviewed, hidden=hidden > 0, now=now
    )

    async def turn(found: Answer | NoAnswer | None = None) -> Turn | Unread:
        for _ in range(TRIES - 1):
            # the same message, the conversation's first message, or the worker at the same moment: once more
            with contextlib.suppress(IntegrityError, StaleDataError):
                return await one_turn(found=found)
        return await one_turn(found=found)

    done = await turn()
    if isinstance(done, Unread) and hub.reader is not None:
        done = await turn(await hub.reader(operator.id, done.question, done.lang, reviewed))
    if isinstance(done, Unread):
        raise done
    hub.wake()
    return done


def _prepare(operator: Operator, text: str, known: Reading | None) -> tuple[Reading, bool]:
    """What the text asks, and whether it may be a question, for which the documents are to be ready."""
    reading = known or read(text, channel="chat", operator=operator.id)
    asks = "question" in reading.types or not reading.rights() or _may_be_a_question(text, reading)
    return reading, bool(text.strip()) and asks


def clean(text: str) -> str:
    """A text that every database and encoding takes: no NULs, no halves of characters."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode()


async def _turn(
    hub: Hub,
    operator: Operator,
    channel: Channel,
    peer: str,
    message: Incoming,
    reading: Reading,
    reviewed: tuple[Reviewed, ...],
    *,
    found: Answer | NoAnswer | None,
    hidden: bool,
    now: datetime,
) -> Turn | Unread:
    """One turn in one unit of work; where the reader is wanted first, nothing but the conversation is kept."""
    async with hub.unit_of_work() as session:
        talk = await conversation(
            session,
            hub.vault,
            operator_id=operator.id,
            channel=channel,
            peer=peer,
            lang=message.lang,
            now=now,
            mail=message.mail,
        )
        earlier = await answered_before(session, hub.vault, talk, message.external_id)
        if earlier is not None:
            last = earlier[-1].seq if earlier else 0
            return Turn(talk.id, as_lang(talk.lang), tuple(one.reply for one in earlier), last)
        memory = language.follow(hub, talk, channel, peer, message, reading)
        sitting = Sitting(hub, session, operator, talk, now, found, reviewed=reviewed, mail=message.mail)
        try:
            # the savepoint takes back what was done until the question was come upon
            async with session.begin_nested() if hub.reader else contextlib.nullcontext():
                return await _heard(sitting, memory, message, reading, hidden=hidden)
        except Unread as unread:
            return unread


async def _heard(
    sitting: Sitting, memory: Memory, message: Incoming, reading: Reading, *, hidden: bool
) -> Turn:
    """Store what the person says and what the desk answers."""
    hub, session, talk, now, lang = sitting.hub, sitting.session, sitting.talk, sitting.now, sitting.lang
    stored = _as_stored(message, memory, lang)
    row = await hear(session, hub.vault, talk, stored, message.external_id, now)
    sorry = language.sorry(memory, message.text, reading)
    hid = ("fnr_found" if message.mail is None else "fnr_found_mail",) if hidden else ()
    long = ("too_long",) if len(message.text) > READ_AT_MOST else ()
    remarks = (*((sorry,) if sorry else ()), *(say(one, lang) for one in (*long, *hid)))
    sitting = replace(sitting, heard=row.id, remarks=remarks)
    await proving.by_mail(sitting)
    replies = await _answer(sitting, memory, message, reading)
    if message.file and message.mail is None and (message.text.strip() or message.choice):
        replies.append(Reply(say("no_files", lang)))
    if sorry:
        sitting.remember(replace(recall(hub.vault, talk), sorry=True))
    # where a letter of its own answers, the remarks stand in it
    told = any(reply.by_letter for reply in replies)
    replies = [*(Reply(remark, by_letter=told) for remark in remarks), *replies]
    rows = [await tell(session, hub.vault, talk, reply, now) for reply in replies]
    if message.mail is not None:
        await by_letter.send(sitting, replies)
    return Turn(talk.id, lang, tuple(replies), rows[-1].seq)


def _as_stored(message: Incoming, memory: Memory, lang: Lang) -> str:
    """What the person said, as it is kept: a button by its words, a code by no digit."""
    text = message.text
    if proving.code_in(text, memory, by_mail=message.mail is not None):
        text = CODE.sub(HIDDEN_CODE, text)
    label = choice_label(message.choice, lang) if message.choice else ""
    if message.choice and message.choice.startswith("address:"):
        label = _picked(memory, message.choice)
    return "\n".join(part for part in (label, text) if part.strip())


def _picked(memory: Memory, choice: str) -> str:
    labels = {f"address:{number}": proving.masked(one) for number, one in enumerate(memory.addresses)}
    return labels.get(choice, "")


async def _answer(sitting: Sitting, memory: Memory, message: Incoming, reading: Reading) -> list[Reply]:
    """The replies, at least one; what they make of the memory is kept."""
    text = message.text
    if memory.awaiting is not None and not await sitting.waiting_cases():
        # proven on the secure page meanwhile, or the case has ended
        memory = replace(memory, awaiting=None, address=None, addresses=())
        sitting.remember(memory)
    if message.choice:
        replies = await buttons.chosen(sitting, memory, message.choice, text, on_behalf=_for_another(message))
        if not text.strip() or message.choice.startswith("right:"):
            return replies
        # without the script the form sends what stood in the field too, and shows an empty one afterwards
        return replies + await _written(sitting, recall(sitting.hub.vault, sitting.talk), text, reading)
    if not text.strip():
        return [sitting.reply("no_files" if message.file else "empty")]
    return await _written(sitting, memory, text, reading)


async def _written(sitting: Sitting, memory: Memory, text: str, reading: Reading) -> list[Reply]:
    """The replies to the words of a message: an answer to the desk, or a message that stands by itself."""
    answer = text.strip() if sitting.mail is None else _gist(text)
    awaited = await _awaited(sitting, memory, answer, reading)
    return awaited if awaited is not None else await _read(sitting, memory, text, reading)


def _gist(text: str) -> str:
    """A short mail's first line that is no greeting, which is where it answers; a long mail as it is."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    lines = [line for line in lines if not heard("greeting", line.rstrip(",!."))]
    answers = (
        lines and len(lines) <= SHORT_MAIL and any(heard(one, lines[0]) for one in ("cancel", "no", "yes"))
    )
    return lines[0] if answers else text.strip()


async def _awaited(sitting: Sitting, memory: Memory, text: str, reading: Reading) -> list[Reply] | None:
    """The replies where the message is an answer to the desk; None where it stands by itself."""
    if heard("cancel", text):
        return [replace(one, to_a_person=True) for one in await requests.take_back(sitting, memory)]
    if heard("no", text):
        return await _no(sitting, memory)
    if heard("yes", text):
        return await requests.confirm_wish(sitting, memory)
    code = proving.code_in(text, memory, by_mail=sitting.mail is not None)
    if code is not None:
        return await proving.take_code(sitting, memory, code)
    if reading.rights() or not (memory.awaiting or await sitting.waiting_cases()):
        return None
    given = proving.addresses(reading)
    if given:
        return await proving.take_addresses(sitting, memory, given)
    if memory.awaiting and "@" in text:
        return [sitting.reply("address_unclear", "no_address")]
    return None


async def _no(sitting: Sitting, memory: Memory) -> list[Reply]:
    """«No» answers the question asked last; only where that was «is this right?» does it take a case back."""
    if memory.awaiting is None:
        return [sitting.reply("nothing_awaited")]
    if memory.awaiting is Awaited.CODE:
        return [sitting.reply("code_trouble", "code_again", "other_address", "human")]
    if memory.address or memory.addresses:
        return [await proving.ask(sitting, memory)]
    return await requests.take_back(sitting, memory)


async def _read(sitting: Sitting, memory: Memory, text: str, reading: Reading) -> list[Reply]:
    """A message that stands by itself: requests, then status, a human, small talk, or a question."""
    replies: list[Reply] = []
    perhaps = unsure.perhaps(sitting, text, reading)
    rights = () if perhaps else reading.rights()
    if rights:
        replies += await requests.register(sitting, memory, text, reading, rights)
    if "status" in reading.types and not rights:
        replies += await requests.status(sitting)
    if "human" in reading.types:
        replies.append(await requests.ask_human(sitting))
    if replies and _may_be_a_question(text, reading):
        return questions.beside(sitting, text) + replies
    if replies and "question" not in reading.types:
        return replies + unsure.between(sitting, reading)
    if not replies and heard("greeting", text):
        return [greeting(sitting.operator, sitting.lang)]
    if not replies and heard("thanks", text):
        return [sitting.reply("nothing_to_do")]
    if not replies and sitting.mail is not None and "question" not in reading.types:
        return [requests.pass_on(sitting)]
    question = in_full(text, memory.asked)[: questions.ASK_AT_MOST]
    sitting.remember(replace(recall(sitting.hub.vault, sitting.talk), asked=question[-KEPT_OF_A_QUESTION:]))
    # a request is never kept waiting: with one, the documents alone answer what is asked beside it
    if sitting.hub.reader is not None and sitting.found is None and not rights:
        raise Unread(question, sitting.lang)
    # the answer first: what is asked of the person comes last
    found = sitting.found or questions.search(sitting, question)
    thumbs_up_down = await thumbs.note(sitting, question, found)
    asked = [unsure.ask(sitting, perhaps)] if perhaps else []
    return questions.answer(sitting, found, thumbs_up_down) + replies + asked


def _may_be_a_question(text: str, reading: Reading) -> bool:
    """Whether a request was read so faintly out of a question that the question is answered too: in doubt the
    person gets both."""
    return "question" not in reading.types and "?" in text and reading.confidence < PLAIN_REQUEST


def _for_another(message: Incoming) -> bool:
    """Whether a mail that an officer has opened as a request was written for somebody else."""
    return message.mail is not None and message.reading is not None and message.reading.on_behalf


def greeting(operator: Operator, lang: Lang) -> Reply:
    """The first message: that it is automated, what it can do, what not to write."""
    buttons = ("right:access", "right:rectification", "right:erasure", "human")
    return Reply(
        say("hello", lang, org=operator.name) + "\n" + say("no_sensitive", lang),
        choices=tuple(Choice(one, choice_label(one, lang)) for one in buttons),
    )
