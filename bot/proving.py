"""The part of the conversation that asks for an address, sends a code to it and hears the code."""

import re
from collections.abc import Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

from bot.hub import Choice, Link, Reply
from bot.memory import Awaited, Memory
from bot.sitting import Sitting
from intake.case import Act, State
from intake.log import DESK, record
from intake.reading import Reading
from verification import challenges
from verification.addresses import prove
from verification.challenges import Verdict
from verification.identify import confirm
from verification.proofs import EMAIL, MAIL

OSLO = ZoneInfo("Europe/Oslo")
CODE = re.compile(r"(?<![\w@.-])(\d{3})[ \u00a0-]?(\d{3})(?![\w@-])")
BARE_CODE = re.compile(r"\s*\d{3}[ \u00a0-]?\d{3}[\s.]*")
CODE_AT_MOST = 40  # characters of a message that is a code with a few words around it
CODE_IN_MAIL_AT_MOST = 600
HIDDEN_CODE = "••••••"


def addresses(reading: Reading) -> tuple[str, ...]:
    """The e-mail addresses a message gives as the person's own, in their order, each once."""
    given = reading.identifiers.get("email", ())
    many = (given,) if isinstance(given, str) else tuple(given)
    return tuple({one.casefold(): one for one in reversed(many)}.values())[::-1]


def code_in(text: str, memory: Memory, *, by_mail: bool = False) -> str | None:
    """The six digits of a message that is an answer to a code, else None. A mail has more words around them."""
    found = CODE.search(text)
    most = CODE_IN_MAIL_AT_MOST if by_mail and memory.awaiting is Awaited.CODE else CODE_AT_MOST
    if found is None or len(text.strip()) > most:
        return None
    return found[1] + found[2] if memory.awaiting is not None or BARE_CODE.fullmatch(text) else None


async def by_mail(sitting: Sitting) -> None:
    """A mail whose domain vouches for its address proves the address like a code sent there (EDPB 01/2022 para. 73:
    no more is asked for than is needed)."""
    mail = sitting.mail
    if mail is None or not mail.vouched:
        return
    known = (await challenges.person(sitting.session, sitting.hub.vault, sitting.talk.dossier_id)).get(
        EMAIL, ()
    )
    if mail.sender not in (
        one.casefold() for one in known
    ):  # proven anew, it would be news to every open case
        await prove(
            sitting.session,
            sitting.hub.vault,
            operator_id=sitting.operator.id,
            dossier_id=sitting.talk.dossier_id,
            address=mail.sender,
            by=MAIL,
            detail={"mail": sitting.heard},
            now=sitting.now,
        )
    await confirm(sitting.session, sitting.hub.vault, sitting.talk.dossier_id, sitting.now)


async def ask(sitting: Sitting, memory: Memory, given: Sequence[str] = ()) -> Reply:
    """Ask which address a code shall go to, or whether to send it to the one that was given."""
    if len(given) > 1:
        sitting.remember(replace(memory, awaiting=Awaited.ADDRESS, address=None, addresses=tuple(given)))
        return _choose(sitting, given)
    address = given[0] if given else None
    sitting.remember(replace(memory, awaiting=Awaited.ADDRESS, address=address, addresses=()))
    if address is None:
        return sitting.reply("ask_address", "no_address", org=sitting.operator.name)
    return sitting.reply(
        "ask_address_given", "send_code", "other_address", masked=masked(address), org=sitting.operator.name
    )


async def take_addresses(sitting: Sitting, memory: Memory, given: Sequence[str]) -> list[Reply]:
    """The person gave an address: a code goes there at once. With several they choose one first."""
    if len(given) > 1:
        return [await ask(sitting, memory, given)]
    return await send_code(sitting, memory, given[0])


async def chosen_address(sitting: Sitting, memory: Memory, number: str) -> list[Reply]:
    """One of several addresses was picked."""
    if not number.isdecimal() or int(number) >= len(memory.addresses):
        return [await ask(sitting, memory)]
    return await send_code(sitting, memory, memory.addresses[int(number)])


async def send_code(sitting: Sitting, memory: Memory, address: str) -> list[Reply]:
    """Send a code to the address the person gives; the reply is the same whoever they are."""
    cases = await sitting.waiting_cases()
    if not cases:
        return [sitting.reply("nothing_awaited")]
    sent = await challenges.send_code(
        sitting.session,
        sitting.hub.vault,
        sitting.operator,
        dossier_id=sitting.talk.dossier_id,
        address=address,
        purpose="identify",
        lang=sitting.lang,
        now=sitting.now,
    )
    if sent.challenge_id is None and sent.wait_until is None:
        sitting.remember(replace(memory, awaiting=Awaited.ADDRESS, address=None))
        return [sitting.reply("address_unclear", "no_address")]
    link = await sitting.link(cases[0])
    if sent.wait_until is not None:
        time = sent.wait_until.astimezone(OSLO).strftime("%H.%M")
        return [sitting.reply("code_wait", "human", link=link, time=time)]
    for case in cases:
        if State(case.state) is State.RECEIVED:
            await record(
                sitting.session, sitting.hub.vault, case, Act.ASK_IDENTITY, now=sitting.now, actor=DESK
            )
    sitting.remember(replace(memory, awaiting=Awaited.CODE, address=address, addresses=()))
    return [_at_code(sitting, "code_sent", address, link)]


async def take_code(sitting: Sitting, memory: Memory, code: str) -> list[Reply]:
    """Six digits in the conversation; where it can be read by others they belong on the secure page."""
    waiting = await sitting.waiting_cases() or await sitting.open_cases()
    link = await sitting.link(waiting[0]) if waiting else None
    if not sitting.may_read_codes:
        return [sitting.reply("code_not_here", link=link)]
    verdict = await challenges.answer_code(
        sitting.session,
        sitting.hub.vault,
        dossier_id=sitting.talk.dossier_id,
        purpose="identify",
        code=code,
        now=sitting.now,
    )
    if verdict is not Verdict.PROVEN:
        again = ("code_again", "other_address") if await sitting.waiting_cases() else ()
        return [sitting.reply(f"verdict_{verdict.value}", *again, link=link)]
    await confirm(sitting.session, sitting.hub.vault, sitting.talk.dossier_id, sitting.now)
    sitting.remember(replace(memory, awaiting=None, addresses=()))
    proven = sitting.reply("verdict_proven", link=link, org=sitting.operator.name)
    return [replace(proven, to_a_person=True)]


async def still_waits(sitting: Sitting, memory: Memory) -> Reply:
    """Say again what is awaited: the code that was sent, or an address."""
    if memory.awaiting is Awaited.CODE and memory.address:
        cases = await sitting.waiting_cases()
        link = await sitting.link(cases[0]) if cases else None
        return _at_code(sitting, "code_waits", memory.address, link)
    return await ask(sitting, memory, (memory.address,) if memory.address else memory.addresses)


def _at_code(sitting: Sitting, key: str, address: str, link: Link | None) -> Reply:
    place = "chat" if sitting.may_read_codes else "page"
    return sitting.reply(f"{key}_{place}", "code_again", "other_address", link=link, masked=masked(address))


def _choose(sitting: Sitting, given: Sequence[str]) -> Reply:
    buttons = tuple(Choice(f"address:{number}", masked(one)) for number, one in enumerate(given))
    return Reply(sitting.say("which_address"), choices=buttons)


def masked(address: str) -> str:
    """An address as it may be shown: k…i@example.no."""
    name, _, domain = address.rpartition("@")
    return f"{name[:1]}…{name[-1:] if len(name) > 2 else ''}@{domain}"
