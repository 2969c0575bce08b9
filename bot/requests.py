"""The part of the conversation that opens cases, proves an address and tells where a case stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.hub import Channel, Choice, Hub, Link, Reply
from bot.memory import Memory, remember
from bot.replies import say
from intake.case import OPEN, Act, NotAllowed, State
from intake.log import PERSON, entries, record
from intake.opening import deadline_of, details, open_case
from intake.reading import Reading
from intake.records import Case, Conversation
from law.dates import say_date
from law.deadlines import Deadline, explain
from law.language import LANGS, Lang, say as words
from law.rights import Right, card
from operators.profile import Operator
from verification import challenges
from verification.challenges import Verdict
from verification.identify import confirm

OSLO = ZoneInfo("Europe/Oslo")


@dataclass(frozen=True, slots=True)
class Desk:
    """One turn's surroundings: the hub, the open unit of work, the company, the conversation and the time."""

    hub: Hub
    session: AsyncSession
    operator: Operator
    talk: Conversation
    now: datetime

    @property
    def lang(self) -> Lang:
        """The conversation's language."""
        return next(lang for lang in LANGS if lang == self.talk.lang)

    async def open_cases(self) -> list[Case]:
        """The conversation's cases that have not ended, oldest first."""
        rows = await self.session.scalars(
            select(Case)
            .where(Case.dossier_id == self.talk.dossier_id, Case.state.in_([s.value for s in OPEN]))
            .order_by(Case.opened_at, Case.reference)
        )
        return list(rows)

    async def link(self, case: Case) -> Link:
        """The case's secure page."""
        secret = (await details(self.hub.vault, case))["secret"]
        return Link(self.hub.links.status(self.operator.id, secret), say("open_secure", self.lang))

    def remember(self, memory: Memory) -> None:
        """Keep what the next message is read against."""
        remember(self.hub.vault, self.talk, memory)


async def register(
    desk: Desk, memory: Memory, text: str, reading: Reading, rights: Sequence[Right]
) -> list[Reply]:
    """Open a case for each right at once (GDPR Art. 12(3): the clock runs from receipt), then ask who it is.

    A right that already has an open case here is not opened again: a reminder is no new request.
    """
    standing = {case.right: case for case in await desk.open_cases()}
    opened: list[tuple[Case, Deadline]] = []
    replies: list[Reply] = []
    for right in rights:
        earlier = standing.get(right.value)
        if earlier is not None:
            deadline = await _deadline(desk, earlier)
            values = _values(desk, earlier, deadline)
            replies.append(Reply(say("already", desk.lang, **values), link=await desk.link(earlier)))
            continue
        made = await open_case(
            desk.session,
            desk.hub.vault,
            desk.operator,
            dossier_id=desk.talk.dossier_id,
            conversation_id=desk.talk.id,
            right=right,
            channel=desk.talk.channel,
            lang=desk.lang,
            received_at=desk.now,
            now=desk.now,
            wish=text,
            rectification=reading.rectification if right is Right.RECTIFICATION else None,
            on_behalf=reading.on_behalf,
            links=desk.hub.links,
        )
        opened.append((made.case, made.deadline))
    if not opened:
        return replies
    replies.append(await _registered(desk, opened))
    await confirm(desk.session, desk.hub.vault, desk.talk.dossier_id, desk.now)
    cases = [case for case, _ in opened]
    if reading.on_behalf:
        desk.remember(memory.now(None, cases=[case.id for case in cases]))
        return [*replies, Reply(say("on_behalf", desk.lang))]
    if not any(State(case.state) in (State.RECEIVED, State.IDENTIFYING) for case in cases):
        # the address was proven before in this conversation, or the right needs no proof (Art. 77)
        desk.remember(memory.now(None, cases=[case.id for case in cases]))
        return [*replies, Reply(say("underway", desk.lang, org=desk.operator.name))]
    return [*replies, _ask_address(desk, memory, reading, cases)]


async def _registered(desk: Desk, opened: Sequence[tuple[Case, Deadline]]) -> Reply:
    case, deadline = opened[0]
    why = say("why_date", desk.lang, why=" ".join(explain(deadline, desk.lang)))
    if len(opened) == 1:
        first = say("registered_one", desk.lang, **_values(desk, case, deadline))
    else:
        lines = [say("registered_line", desk.lang, **_values(desk, c, d)) for c, d in opened]
        first = "\n".join([say("registered_many", desk.lang), *lines])
    choices = (Choice("yes", say("choice_yes", desk.lang)), Choice("no", say("choice_no", desk.lang)))
    return Reply(f"{first}\n{why}", choices=choices, link=await desk.link(case))


def _ask_address(desk: Desk, memory: Memory, reading: Reading, cases: Sequence[Case]) -> Reply:
    given = reading.identifiers.get("email")
    address = given if isinstance(given, str) else (given[0] if given else None)
    desk.remember(memory.now("address", address=address, cases=[case.id for case in cases]))
    if address is None:
        return Reply(say("ask_address", desk.lang, org=desk.operator.name))
    return Reply(
        say("ask_address_given", desk.lang, masked=masked(address), org=desk.operator.name),
        choices=(
            Choice("send_code", say("choice_send_code", desk.lang)),
            Choice("other_address", say("choice_other_address", desk.lang)),
        ),
    )


async def confirm_wish(desk: Desk, memory: Memory) -> list[Reply]:
    """The person says we understood rightly: noted on the cases, then on to the address."""
    for case in await _spoken_of(desk, memory):
        await record(desk.session, desk.hub.vault, case, Act.CONFIRM_WISH, now=desk.now, actor=PERSON)
    if memory.address and memory.awaiting == "address":
        return await send_code(desk, memory, memory.address)
    if memory.awaiting is None:
        return [Reply(say("nothing_to_do", desk.lang))]
    return [Reply(say("ask_address", desk.lang, org=desk.operator.name))]


async def take_back(desk: Desk, memory: Memory) -> list[Reply]:
    """The person says we misunderstood: the cases spoken of are withdrawn, and stay in the log."""
    for case in await _spoken_of(desk, memory):
        try:
            await record(desk.session, desk.hub.vault, case, Act.WITHDRAW, now=desk.now, actor=PERSON)
        except NotAllowed:
            return [Reply(say("not_meant_late", desk.lang, contact=contact(desk.operator)))]
    desk.remember(memory.now(None, cases=[]))
    return [Reply(say("not_meant", desk.lang))]


async def send_code(desk: Desk, memory: Memory, address: str) -> list[Reply]:
    """Send a code to the address the person gives; the reply is the same whoever they are."""
    sent = await challenges.send_code(
        desk.session,
        desk.hub.vault,
        desk.operator,
        dossier_id=desk.talk.dossier_id,
        address=address,
        purpose="identify",
        lang=desk.lang,
        now=desk.now,
    )
    cases = await desk.open_cases()
    link = await desk.link(cases[0]) if cases else None
    if sent.challenge_id is None and sent.wait_until is None:
        desk.remember(memory.now("address"))
        return [Reply(say("address_unclear", desk.lang))]
    if sent.wait_until is not None:
        time = sent.wait_until.astimezone(OSLO).strftime("%H.%M")
        return [Reply(say("code_wait", desk.lang, time=time), link=link)]
    for case in cases:
        if State(case.state) is State.RECEIVED and not case.on_behalf:
            await record(desk.session, desk.hub.vault, case, Act.ASK_IDENTITY, now=desk.now, actor=PERSON)
    desk.remember(memory.now("code", address=address))
    key = "code_sent_chat" if desk.talk.channel == Channel.WEBCHAT else "code_sent_page"
    choices = (
        Choice("code_again", say("choice_code_again", desk.lang)),
        Choice("other_address", say("choice_other_address", desk.lang)),
    )
    return [Reply(say(key, desk.lang, masked=masked(address)), choices=choices, link=link)]


async def take_code(desk: Desk, memory: Memory, code: str) -> list[Reply]:
    """Six digits in the chat. Telegram can be read by others than us, so there the code goes on the page."""
    cases = await desk.open_cases()
    link = await desk.link(cases[0]) if cases else None
    if desk.talk.channel != Channel.WEBCHAT:
        return [Reply(say("code_not_here", desk.lang), link=link)]
    verdict = await challenges.answer_code(
        desk.session, desk.hub.vault, dossier_id=desk.talk.dossier_id, purpose="identify", code=code, now=desk.now
    )
    if verdict is not Verdict.PROVEN:
        again = Choice("code_again", say("choice_code_again", desk.lang))
        return [Reply(say(f"verdict_{verdict.value}", desk.lang), choices=(again,), link=link)]
    await confirm(desk.session, desk.hub.vault, desk.talk.dossier_id, desk.now)
    desk.remember(memory.now(None))
    return [Reply(say("verdict_proven", desk.lang, org=desk.operator.name), link=link)]


async def status(desk: Desk, memory: Memory) -> list[Reply]:
    """Where this conversation's own cases stand; a reference quoted by a stranger opens nothing."""
    rows = await desk.session.scalars(
        select(Case).where(Case.dossier_id == desk.talk.dossier_id).order_by(Case.opened_at, Case.reference)
    )
    replies = []
    for case in rows:
        values = _values(desk, case, await _deadline(desk, case))
        state = say(f"state_{case.state}", desk.lang)
        replies.append(Reply(say("status_line", desk.lang, state=state, **values), link=await desk.link(case)))
    return replies or [Reply(say("status_none", desk.lang))]


async def ask_human(desk: Desk, memory: Memory) -> Reply:
    """Hand the conversation over: it shows in the officers' queue, and on the case where there is one."""
    desk.talk.asked_human_at = desk.now
    for case in await desk.open_cases():
        await record(desk.session, desk.hub.vault, case, Act.HAND_OVER, now=desk.now, actor=PERSON)
    known = contact(desk.operator)
    if not known:
        return Reply(say("human_unknown", desk.lang, org=desk.operator.name))
    return Reply(say("human", desk.lang, org=desk.operator.name, contact=known))


async def _spoken_of(desk: Desk, memory: Memory) -> list[Case]:
    """The open cases the last replies were about."""
    return [case for case in await desk.open_cases() if case.id in memory.cases]


async def _deadline(desk: Desk, case: Case) -> Deadline:
    return deadline_of(case, await entries(desk.session, case.id))


def _values(desk: Desk, case: Case, deadline: Deadline) -> dict[str, str]:
    day = deadline.due_date or deadline.conservative_date
    return {
        "right": words(card(Right(case.right)).ask, desk.lang),
        "ref": case.reference,
        "date": say_date(day, desk.lang) if day else "–",
    }


def masked(address: str) -> str:
    """An address as it may be shown: k…l@example.no."""
    name, _, domain = address.rpartition("@")
    return f"{name[:1]}…{name[-1:] if len(name) > 2 else ''}@{domain}"


def contact(operator: Operator) -> str:
    """How to reach a human at the company; empty where its documents do not say."""
    return ", ".join(part for part in (operator.contact.email, operator.contact.phone) if part)
