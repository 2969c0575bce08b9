"""The part of the conversation that opens cases, adds to them, takes them back and tells where they stand."""

from collections.abc import Sequence
from dataclasses import asdict, replace

from bot import by_letter, proving
from bot.hub import Reply
from bot.memory import Awaited, Memory
from bot.sitting import WAITING, Sitting, case_values
from intake.case import ENDS, Act, NotAllowed, State
from intake.log import DESK, PERSON, record
from intake.opening import Opened, details, open_case
from intake.reading import Reading, read
from intake.records import Case
from intake.rectification import Rectification
from law.language import say as words
from law.rights import Right, card
from operators.profile import Operator
from verification.challenges import person
from verification.identify import confirm

NAMED_WITHIN = 2_000  # characters of a wish in which the person it is about is looked for


async def register(
    sitting: Sitting, memory: Memory, text: str, reading: Reading, rights: Sequence[Right]
) -> list[Reply]:
    """Open a case for each right at once (GDPR Art. 12(3): the clock runs from receipt), then ask who it is.

    A right that already has an open case here is not opened again: a reminder is no new request. What a
    reminder adds is noted on the case.
    """
    opened: list[Opened] = []
    replies: list[Reply] = []
    for right in rights:
        change = reading.rectification if right is Right.RECTIFICATION else None
        earlier = await _standing(sitting, right, change, reading)
        if earlier is not None:
            replies.append(await _remind(sitting, earlier, text, change))
        else:
            opened.append(await _open(sitting, right, text, change, on_behalf=reading.on_behalf))
    given = proving.addresses(reading)
    if not opened:
        if given and await sitting.waiting_cases():
            replies += await proving.take_addresses(sitting, memory, given)
        return replies
    replies += await _registered(sitting, opened)
    await confirm(sitting.session, sitting.hub.vault, sitting.talk.dossier_id, sitting.now)
    memory = replace(memory, cases=tuple(one.case.id for one in opened))
    sitting.remember(memory)
    if sitting.mail is not None:
        unclear = reading.rectification is None and any(
            one.case.right == Right.RECTIFICATION for one in opened
        )
        await by_letter.acknowledge(sitting, memory, opened, unclear=unclear)
        return [replace(reply, by_letter=True) for reply in replies]
    if reading.on_behalf:
        return [*replies, sitting.reply("on_behalf")]
    if any(one.case.right == Right.RECTIFICATION for one in opened) and reading.rectification is None:
        replies.append(sitting.reply("what_to_correct"))
    if not any(State(one.case.state) in WAITING for one in opened):
        # the address was proven before in this conversation, or the right needs no proof (Art. 77)
        return [*replies, sitting.reply("underway", org=sitting.operator.name)]
    if memory.awaiting is Awaited.CODE and not given:
        return [*replies, await proving.still_waits(sitting, memory)]
    return [*replies, await proving.ask(sitting, memory, given)]


async def _standing(
    sitting: Sitting, right: Right, change: Rectification | None, reading: Reading
) -> Case | None:
    """The open case a message reminds of; a correction of something else, or a request for somebody else than
    the first one was for, is a request of its own."""
    for case in await sitting.open_cases():
        if case.right != right.value or case.on_behalf is not reading.on_behalf:
            continue
        kept = await details(sitting.hub.vault, case)
        if case.on_behalf and _of_others(reading, read(kept["wish"][:NAMED_WITHIN], channel="chat")):
            continue
        asked = kept["rectification"]
        if change is None or asked is None or asked == _as_kept(change):
            return case
    return None


def _of_others(reading: Reading, earlier: Reading) -> bool:
    """Whether two messages on somebody's behalf name people, and none of them in both."""
    people = [
        {name.casefold() for name in ((given,) if isinstance(given, str) else given)}
        for given in (one.identifiers.get("name", ()) for one in (reading, earlier))
    ]
    return all(people) and people[0].isdisjoint(people[1])


async def _open(
    sitting: Sitting, right: Right, text: str, change: Rectification | None, *, on_behalf: bool
) -> Opened:
    proven = (await person(sitting.session, sitting.hub.vault, sitting.talk.dossier_id)).get("email", ())
    return await open_case(
        sitting.session,
        sitting.hub.vault,
        sitting.operator,
        dossier_id=sitting.talk.dossier_id,
        conversation_id=sitting.talk.id,
        right=right,
        channel=sitting.talk.channel,
        lang=sitting.lang,
        received_at=sitting.received_at,
        now=sitting.now,
        wish=text,
        rectification=change,
        on_behalf=on_behalf,
        address=proven[-1] if proven else None,
        links=sitting.hub.links,
        told=sitting.mail is not None,
    )


async def _remind(sitting: Sitting, case: Case, text: str, change: Rectification | None) -> Reply:
    """Note the reminder, and put in what shall be corrected where the case did not say it yet."""
    vault = sitting.hub.vault
    await record(sitting.session, vault, case, Act.NOTE, now=sitting.now, actor=PERSON, detail={"note": text})
    kept = await details(vault, case)
    if change is not None and kept["rectification"] is None:
        kept["rectification"] = _as_kept(change)
        case.details = vault.seal_json(case.dossier_id, f"case.details:{case.id}", kept)
        if State(case.state) is State.AWAITING_DECISION:
            await record(sitting.session, vault, case, Act.REPLAN, now=sitting.now, actor=DESK)
        return sitting.reply("supplemented", link=await sitting.link(case), ref=case.reference)
    already = sitting.reply("already", link=await sitting.link(case), **await sitting.values(case))
    # a reminder by mail is noted; the acknowledgement said the same, and two machines would remind for ever
    return replace(already, by_letter=sitting.mail is not None)


def _as_kept(change: Rectification) -> dict[str, str | None]:
    """A correction as intake.opening keeps it with the case."""
    kept = asdict(change)
    return {key: kept[key] for key in ("field", "old_value", "new_value")}


async def _registered(sitting: Sitting, opened: Sequence[Opened]) -> list[Reply]:
    """What was understood, with reference, day and secure page of each case, and how the day was found."""
    why = sitting.say("why_date")
    replies: list[Reply] = []
    for one in opened:
        values = case_values(one.case, one.deadline, sitting.lang)
        # an old button may be pressed long afterwards: it names the message's cases by their last
        buttons = (f"yes:{one.case.reference}", f"no:{one.case.reference}") if one is opened[-1] else ()
        key = "registered_one"
        if len(opened) > 1:
            key = "registered_line"
            values["right"] = words(card(Right(one.case.right)).name, sitting.lang)
        replies.append(sitting.reply(key, *buttons, link=await sitting.link(one.case), **values))
    replies[-1] = replace(replies[-1], text=f"{replies[-1].text}\n{why}")
    return replies if len(opened) == 1 else [sitting.reply("registered_many"), *replies]


async def confirm_wish(sitting: Sitting, memory: Memory, reference: str = "") -> list[Reply]:
    """The person says we understood rightly: noted on the cases, then on to the address.

    `reference`: a case of the message that the pressed button stood by; else it is the last one.
    """
    cases = await _meant(sitting, memory, reference)
    for case in cases:
        await record(
            sitting.session, sitting.hub.vault, case, Act.CONFIRM_WISH, now=sitting.now, actor=PERSON
        )
    if memory.awaiting is Awaited.ADDRESS and memory.address:
        return await proving.send_code(sitting, memory, memory.address)
    if memory.awaiting is not None:
        return [await proving.still_waits(sitting, memory)]
    return [sitting.reply("nothing_to_do" if cases else "nothing_awaited")]


async def _meant(sitting: Sitting, memory: Memory, reference: str) -> list[Case]:
    """The open cases a button stood by, which all came with one message; without one, those last spoken of."""
    if not reference:
        return await sitting.spoken_of(memory)
    named = next((case for case in await sitting.cases() if case.reference == reference), None)
    if named is None:
        return []
    return [case for case in await sitting.open_cases() if case.received_at == named.received_at]


async def take_back(sitting: Sitting, memory: Memory, reference: str = "") -> list[Reply]:
    """The person says we misunderstood: the cases spoken of are withdrawn, and stay in the log.

    `reference`: as for `confirm_wish`.
    """
    taken: list[str] = []
    late: list[str] = []
    for case in await _meant(sitting, memory, reference):
        try:
            await record(
                sitting.session, sitting.hub.vault, case, Act.WITHDRAW, now=sitting.now, actor=PERSON
            )
            taken.append(case.reference)
        except NotAllowed:
            late.append(case.reference)
    replies = []
    if taken:
        replies.append(sitting.reply("not_meant", refs=", ".join(taken)))
    if late:
        sitting.wait_for_human()
        replies.append(sitting.reply("not_meant_late", refs=", ".join(late)))
    waiting = await sitting.waiting_cases()
    left = tuple(case.id for case in await sitting.open_cases() if case.id in memory.cases)
    sitting.remember(replace(memory, cases=left, awaiting=memory.awaiting if waiting else None))
    return replies or [sitting.reply("nothing_awaited")]


async def status(sitting: Sitting) -> list[Reply]:
    """Where this conversation's own cases stand; a reference quoted by a stranger opens nothing."""
    replies = []
    for case in await sitting.cases():
        state = sitting.say(f"state_{case.state}")
        key = "status_ended" if State(case.state) in ENDS else "status_line"
        values = await sitting.values(case)
        replies.append(sitting.reply(key, link=await sitting.link(case), state=state, **values))
    return replies or [sitting.reply("status_none")]


def pass_on(sitting: Sitting) -> Reply:
    """A mail that asks for nothing we know: a human reads it, and no machine answers it."""
    sitting.wait_for_human()
    return replace(sitting.reply("left_to_officer"), by_letter=True)


async def ask_human(sitting: Sitting) -> Reply:
    """Hand the conversation over: it shows in the officers' queue, and on the case where there is one."""
    if sitting.talk.asked_human_at is None:
        for case in await sitting.open_cases():
            await record(
                sitting.session, sitting.hub.vault, case, Act.HAND_OVER, now=sitting.now, actor=PERSON
            )
    sitting.wait_for_human()
    known = contact(sitting.operator)
    if not known:
        return sitting.reply("human_unknown", org=sitting.operator.name)
    return sitting.reply("human", org=sitting.operator.name, contact=known)


def contact(operator: Operator) -> str:
    """How to reach a human at the company; empty where its documents do not say."""
    return ", ".join(part for part in (operator.contact.email, operator.contact.phone) if part)
