"""A question may be read by a model before it is answered: outside the database, once, and nothing but a question."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import pytest
from sqlalchemy import func, select

from bot.hub import Hub
from intake.records import Conversation, Dossier, Message
from knowledge.answers import Answer, Citation, NoAnswer
from knowledge.reviewed import Reviewed
from law.language import Lang
from tests.bot.people import Person

QUESTION = "Hva koster en papirfaktura?"


@dataclass(slots=True)
class Reading:
    """A reader that remembers what it was given, and looks whether the database is free meanwhile."""

    hub: Hub
    heard: list[tuple[str, str, Lang]] = field(default_factory=list)

    async def __call__(
        self, operator_id: str, question: str, lang: Lang, reviewed: Sequence[Reviewed] = ()
    ) -> Answer | NoAnswer:
        """Answer with a sentence of its own."""
        self.heard.append((operator_id, question, lang))
        async with asyncio.timeout(5), self.hub.unit_of_work() as session:
            await session.scalars(select(Conversation).with_for_update(nowait=True))
        cited = Citation(operator_id, "Vilkår", "7", "Pris", "ordrett", "p7")
        return Answer("Lest to ganger.", lang, 0.9, (cited,))


@pytest.fixture
def reading(hub: Hub) -> Reading:
    """The reader."""
    return Reading(hub)


@pytest.fixture
def ola(hub: Hub, reading: Reading) -> Person:
    """Somebody in the chat of a desk with a reader."""
    return Person(replace(hub, reader=reading), "ola")


async def count(hub: Hub, *tables: type[Conversation] | type[Dossier] | type[Message]) -> list[int]:
    """How many rows each table has."""
    async with hub.unit_of_work() as session:
        return [await session.scalar(select(func.count()).select_from(t)) or 0 for t in tables]


async def test_a_question_is_answered_by_the_reader(hub: Hub, ola: Person, reading: Reading) -> None:
    """What it says is told and kept, once, with its quotation; the first message makes one dossier."""
    assert await ola.says(QUESTION, id="1") == "Lest to ganger."
    assert [quote.text for quote in ola.replies[0].quotes] == ["ordrett"]
    assert reading.heard == [("fjordlys", QUESTION, "nb")]
    assert await count(hub, Conversation, Dossier, Message) == [1, 1, 2]
    assert await ola.says(QUESTION, id="1") == "Lest to ganger."
    assert len(reading.heard) == 1
    assert await ola.says(QUESTION, id="2") == "Lest to ganger."
    assert len(reading.heard) == 2


async def test_an_identity_number_does_not_reach_the_reader(ola: Person, reading: Reading) -> None:
    """It is hidden before anything is read."""
    await ola.says(f"Jeg er 13097248022. {QUESTION}")
    assert [question for _, question, _ in reading.heard] == [f"Jeg er ***********. {QUESTION}"]


@pytest.mark.parametrize(
    "text",
    [
        "Hei!",
        "takk",
        "ja",
        "Slett alle opplysningene dine om meg",
        "Jeg vil ha innsyn. Hva koster det forresten?",
        "Kan jeg få snakke med et menneske",
        "   ",
    ],
)
async def test_nothing_but_a_question_is_read(ola: Person, reading: Reading, text: str) -> None:
    """Requests are registered at once, and what is no question is nobody's to read."""
    said = await ola.says(text)
    assert said
    assert not reading.heard


async def test_a_proof_is_not_read(ola: Person, reading: Reading) -> None:
    """Neither the address nor the code of a request leaves the house."""
    await ola.says("Slett alle opplysningene dine om meg")
    await ola.proves()
    assert not reading.heard
    await ola.says(QUESTION)
    assert [question for _, question, _ in reading.heard] == [QUESTION]
