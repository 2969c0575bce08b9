"""Deleting a conversation: all of it where no case was opened, the talk alone once a case is closed."""

import pytest
from sqlalchemy import func, select

from bot.forgetting import Forgotten, delete_conversation
from bot.hub import Channel, Hub
from intake.case import Act
from intake.log import DESK, record
from intake.records import Case, Conversation, Dossier, Message
from intake.vault import KeyGone
from tests.bot.people import Person


async def forget(person: Person) -> Forgotten:
    """The person asks for the conversation to be deleted."""
    return await delete_conversation(
        person.hub, operator_id="fjordlys", channel=person.channel, peer=person.peer, now=person.now
    )


async def left(hub: Hub) -> tuple[int, int]:
    """How many conversations and messages there are."""
    async with hub.unit_of_work() as session:
        counts = [
            await session.scalar(select(func.count()).select_from(table)) for table in (Conversation, Message)
        ]
    return counts[0] or 0, counts[1] or 0


async def test_a_talk_without_a_case_goes_with_its_key(kari: Person) -> None:
    """What backups hold of it cannot be read either."""
    await kari.says("Hvor lenge lagrer dere fakturaer?")
    dossier_id = (await kari.talk()).dossier_id
    assert await forget(kari) is Forgotten.ALL
    assert await left(kari.hub) == (0, 0)
    with pytest.raises(KeyGone):
        kari.hub.vault.seal(dossier_id, "x", "y")
    async with kari.hub.unit_of_work() as session:
        assert (await session.get_one(Dossier, dossier_id)).erased_at == kari.now


async def test_an_open_case_keeps_its_talk(kari: Person) -> None:
    """It must be answered there."""
    await kari.says("Jeg vil ha innsyn i opplysningene mine")
    assert await forget(kari) is Forgotten.NOT_YET
    assert (await left(kari.hub))[0] == 1


async def test_a_closed_case_stays_and_its_talk_goes(kari: Person) -> None:
    """What was done can be shown; what was said is gone, and the person begins anew."""
    await kari.says("Jeg vil ha innsyn i opplysningene mine")
    case = await kari.case()
    async with kari.hub.unit_of_work() as session:
        row = await session.get_one(Case, case.id)
        await record(session, kari.hub.vault, row, Act.REFUSE, now=kari.now, actor=DESK)
    assert await forget(kari) is Forgotten.CASE_KEPT
    assert await left(kari.hub) == (0, 0)
    assert (await kari.kept(case))["wish"] == "Jeg vil ha innsyn i opplysningene mine"
    assert "ingen sak i denne samtalen" in await kari.says("Hva er status i saken min?")


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_who_never_wrote_has_nothing_to_delete(hub: Hub) -> None:
    """That is told as done."""
    assert await forget(Person(hub, "nobody", Channel.TELEGRAM)) is Forgotten.ALL
