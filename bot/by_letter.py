"""What a mail is answered with: one letter row a turn, written with what it tells of."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Final

from bot.hub import Reply
from bot.memory import Awaited, Memory, recall
from bot.sitting import WAITING, Sitting
from intake import letters
from intake.case import Act, State
from intake.letters import Asked, Cited, Said
from intake.log import DESK, record
from intake.opening import Opened
from law.language import as_lang
from law.rights import Right, card
from verification import challenges

CODE_LIFETIME: Final = timedelta(hours=48)
"""How long a code in a mail works: who writes mails does not sit and wait. Five tries end it all the same."""

OFFERED: Final = ("right:", "human")
"""The buttons that make sense as words to write back."""


async def acknowledge(sitting: Sitting, memory: Memory, opened: Sequence[Opened], *, unclear: bool) -> None:
    """One letter for all cases that a mail opened: what was understood, when an answer is due, what comes next. Where
    the mail is only heard there is none: an officer sees the cases, and the conversation among those that wait.

    Where the address is still to be proven it carries the code, so that one reply does. It goes to the address that
    the mail was written from, and tells nothing but what that mail said. `unclear`: it is to be asked what shall be
    corrected.
    """
    mail = sitting.mail
    assert mail is not None
    if mail.silent:
        return
    proof, made = await _proof(sitting, memory, opened)
    cases = [
        Asked(card(Right(one.case.right)).ask, one.case.reference, (await sitting.link(one.case)).url)
        for one in opened
    ]
    letter = await letters.write(
        sitting.session,
        sitting.hub.vault,
        sitting.operator,
        name="received",
        lang=sitting.lang,
        dossier_id=sitting.talk.dossier_id,
        case=opened[0].case,
        to=mail.sender if letters.mailable(mail.sender) else None,
        values={
            "cases": cases,
            "deadline": opened[0].deadline,
            "proof": proof,
            "code": made.code,
            "hours": CODE_LIFETIME // timedelta(hours=1),
            "until": made.wait_until,
            "unclear": unclear,
            "remarks": sitting.remarks,
        },
        now=sitting.now,
    )
    for one in opened:
        if letter.to is not None and one is not opened[0]:
            detail = {"letter": letter.id, "name": letter.name}
            await record(
                sitting.session,
                sitting.hub.vault,
                one.case,
                Act.NOTE,
                now=sitting.now,
                actor=DESK,
                detail=detail,
            )


async def _proof(sitting: Sitting, memory: Memory, opened: Sequence[Opened]) -> tuple[str, challenges.Made]:
    """What comes next, in the letter's word for it, and the code where one is sent along."""
    mail = sitting.mail
    assert mail is not None
    if any(one.case.on_behalf for one in opened):
        return "officer", challenges.Made()
    if not any(State(one.case.state) in WAITING for one in opened):
        return "none", challenges.Made()
    if memory.awaiting is Awaited.CODE:
        return "waits", challenges.Made()
    made = await challenges.make_code(
        sitting.session,
        sitting.hub.vault,
        sitting.operator,
        dossier_id=sitting.talk.dossier_id,
        address=mail.sender,
        purpose="identify",
        now=sitting.now,
        lifetime=CODE_LIFETIME,
    )
    if made.code is None:
        return ("later" if made.wait_until else "officer"), made
    for case in await sitting.waiting_cases():
        if State(case.state) is State.RECEIVED:
            await record(
                sitting.session, sitting.hub.vault, case, Act.ASK_IDENTITY, now=sitting.now, actor=DESK
            )
    sitting.remember(replace(memory, awaiting=Awaited.CODE, address=mail.sender, addresses=()))
    return "code", made


async def send(sitting: Sitting, replies: Sequence[Reply], *, by_human: bool = False) -> None:
    """Write the letter with the turn's replies, but for those whose words another letter carries.

    Nothing is written where there is nothing to say, or where no address can be mailed to.
    """
    silent = sitting.mail is not None and sitting.mail.silent
    said = [one for one in replies if not one.by_letter and (one.to_a_person or not silent)]
    address = recall(sitting.hub.vault, sitting.talk).chat
    if silent and not said:
        sitting.wait_for_human()
    if not said or address is None or not letters.mailable(address):
        return
    offers = [choice.label for reply in said for choice in reply.choices if choice.id.startswith(OFFERED)]
    spoken = await sitting.open_cases()
    await letters.write(
        sitting.session,
        sitting.hub.vault,
        sitting.operator,
        name="reply",
        lang=as_lang(sitting.talk.lang),
        dossier_id=sitting.talk.dossier_id,
        case=spoken[-1] if spoken else None,
        to=address,
        values={
            "parts": [_part(reply) for reply in said],
            "offers": [f"«{one}»" for one in dict.fromkeys(offers)],
            "by_human": by_human,
        },
        now=sitting.now,
    )


def _part(reply: Reply) -> Said:
    """A reply as a paragraph of a letter."""
    cited = tuple(
        Cited(one.text, ", ".join(part for part in (one.document, one.section, one.heading) if part), one.url)
        for one in reply.quotes
    )
    link = reply.link
    return Said(reply.text, cited, link.url if link else None, link.label if link else "")
