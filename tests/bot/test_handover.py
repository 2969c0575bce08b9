"""A conversation handed over to a human: it waits in the queue until an officer has answered in it."""

import pytest

from bot import handover
from bot.hub import Channel, Hub
from intake.records import Conversation
from tests.bot.people import Person

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


async def waiting(hub: Hub) -> list[str]:
    """The conversations in the officers' queue."""
    async with hub.unit_of_work() as session:
        return [one.id for one in await handover.waiting(session, ["fjordlys"])]


async def answered(person: Person, text: str) -> None:
    """An officer answers."""
    talk_id = (await person.talk()).id
    async with person.hub.unit_of_work() as session:
        talk = await session.get_one(Conversation, talk_id)
        await handover.answer(session, person.hub, talk, text, person.now)


async def test_an_answer_ends_the_wait_until_a_human_is_asked_for_again(kari: Person) -> None:
    """Who waited longest is first; the officer's words stand in the conversation as a human's."""
    await kari.says("Kan jeg få snakke med et menneske?")
    assert await waiting(kari.hub) == [(await kari.talk()).id]
    await answered(kari, "Hei, det er Vera.")
    assert await waiting(kari.hub) == []
    last = (await kari.heard())[-1]
    assert (last.reply.text, last.reply.by_human, last.inbound) == ("Hei, det er Vera.", True, False)
    await kari.says("Jeg vil snakke med et menneske igjen")
    assert len(await waiting(kari.hub)) == 1


async def test_telegram_carries_an_answer_once_and_says_whose_it_is(hub: Hub) -> None:
    """The web chat's answers are left to its own stream."""
    ola, kari = Person(hub, "4711", Channel.TELEGRAM), Person(hub, "kari")
    for one in (ola, kari):
        await one.says("Kan jeg få snakke med et menneske?")
        await answered(one, "Hei, det er Vera.")
    async with hub.unit_of_work() as session:
        (news,) = await handover.to_carry(session, hub, Channel.TELEGRAM)
    assert (news.chat, news.reply.text) == ("4711", "En saksbehandler svarer deg:\nHei, det er Vera.")
    async with hub.unit_of_work() as session:
        assert await handover.to_carry(session, hub, Channel.TELEGRAM) == []
