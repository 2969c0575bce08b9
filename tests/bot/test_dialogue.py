"""One message of a conversation, whatever it holds: stored once, answered, in the person's language."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm.exc import StaleDataError

from bot.hub import Channel, Hub, Incoming
from intake.records import Case, Conversation, Dossier, Message
from law.language import Lang
from tests.bot.people import Person

ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
NATIONAL_ID = "13097248022"  # the worked example of python-stdnum; nobody's


async def rows(hub: Hub, table: Any) -> int:
    """How many rows a table has."""
    async with hub.unit_of_work() as session:
        return await session.scalar(select(func.count()).select_from(table)) or 0


@ON_SQLITE
async def test_a_question_is_answered_with_a_citation(kari: Person) -> None:
    """The document's own words, and a link that leads to their place."""
    await kari.says("Hvor lenge lagrer dere fakturaer?")
    quote = kari.replies[0].quotes[0]
    assert "5 år" in quote.text
    assert quote.lang == "nb"
    assert quote.url.startswith("http://desk.example/o/fjordlys/dokument/Personvernerkl")
    assert quote.url.endswith("#p8-hvor-lenge-vi-lagrer-dem-1")


@ON_SQLITE
async def test_what_the_documents_do_not_say_is_handed_to_a_human(kari: Person) -> None:
    """An honest no, and the offer of a person."""
    await kari.says("Har dere åpent på lørdager?")
    assert "human" in kari.offered
    assert not kari.replies[0].quotes


@ON_SQLITE
@pytest.mark.parametrize(
    ("text", "reply"),
    [
        ("", "Meldingen var tom."),
        ("  \n\t ", "Meldingen var tom."),
        ("\x00\x00", "Meldingen var tom."),
        ("Hei!", "Jeg er en automatisk assistent"),
        ("Tusen takk.", "Bare hyggelig."),
        ("🙂🎉", ""),
        ("\ud83d", ""),
        ("DROP TABLE message; -- {0} {name} %s", ""),
    ],
)
async def test_any_message_gets_an_answer(kari: Person, text: str, reply: str) -> None:
    """Nothing, smileys, half a smiley or a programmer's joke: stored and answered, and no case."""
    assert reply in await kari.says(text)
    assert not await kari.cases()
    assert len(await kari.heard()) == 1 + len(kari.replies)


async def test_a_nul_is_no_trouble_to_the_database(kari: Person) -> None:
    """The words around it are read and kept."""
    await kari.says("Jeg vil ha inn\x00syn i opplysningene mine")
    assert (await kari.case()).right == "access"


@ON_SQLITE
async def test_a_very_long_message_is_kept_whole(kari: Person) -> None:
    """100 kB are stored to the last word, and the person is told that only the start was read."""
    text = "Jeg vil ha innsyn i opplysningene mine. " + "Her er hele historien min " * 4000 + "slutt."
    assert "bare starten" in await kari.says(text)
    assert (await kari.heard())[0].reply.text == text
    assert (await kari.case()).right == "access"


@ON_SQLITE
async def test_a_national_identity_number_is_never_stored(kari: Person) -> None:
    """It is hidden before anything is kept: in the message, and in the case's wish."""
    reply = await kari.says(f"Jeg vil ha innsyn i opplysningene mine. Fødselsnummeret mitt er {NATIONAL_ID}")
    assert "fødselsnummer" in reply
    assert NATIONAL_ID not in (await kari.heard())[0].reply.text
    assert NATIONAL_ID not in str(await kari.kept(await kari.case()))


@ON_SQLITE
async def test_a_file_is_refused_and_the_words_beside_it_are_not(kari: Person) -> None:
    """The person learns that the file was not taken; the request that came with it is a case."""
    turn = await kari.send(Incoming("Jeg vil ha innsyn i opplysningene mine", file=True))
    assert (await kari.case()).right == "access"
    assert "ikke ta imot filer" in turn.replies[-1].text
    alone = await kari.send(Incoming("", file=True))
    assert "ikke ta imot filer" in alone.replies[0].text


@ON_SQLITE
@pytest.mark.parametrize(
    ("text", "shown", "answered"),
    [
        ("Jeg vil ha innsyn i opplysningene mine", "en", "nb"),
        ("Eg vil ha innsyn i opplysningane mine", "nb", "nn"),
        ("I would like to see the data you hold about me", "nb", "en"),
        ("Jag vill se vilka uppgifter ni har om mig", "en", "nb"),
        ("Jeg vil gerne have slettet mine oplysninger", "en", "nb"),
        ("Ola Nordmann", "en", "en"),
        ("kari@example.no", "nn", "nn"),
    ],
)
async def test_the_desk_speaks_the_persons_language(
    kari: Person, text: str, shown: Lang, answered: Lang
) -> None:
    """What the person writes decides; Swedish and Danish get bokmål; a name or an address decides nothing."""
    kari.lang = shown
    await kari.says(text)
    assert kari.turns[-1].lang == answered


@ON_SQLITE
async def test_a_language_chosen_in_the_channel_is_followed(kari: Person) -> None:
    """Who clicks «English» gets English from then on, also for a button that says nothing itself."""
    kari.lang = "nb"
    await kari.says("hei")
    kari.lang = "en"
    assert "I understand" in await kari.presses("right:access")
    assert "registrert" in await kari.says("Jeg vil ha innsyn i opplysningene mine")


async def test_a_message_delivered_twice_is_one(kari: Person) -> None:
    """The second delivery gets the same replies and opens nothing."""
    first = await kari.says("Jeg vil ha innsyn i opplysningene mine", id="m1")
    assert await kari.says("Jeg vil ha innsyn i opplysningene mine", id="m1") == first
    assert len(await kari.cases()) == 1
    assert sum(one.inbound for one in await kari.heard()) == 1


async def test_the_same_message_at_the_same_moment_is_one(hub: Hub, kari: Person) -> None:
    """Four deliveries at once of a conversation's very first message: one conversation, one message, one case."""
    message = Incoming("Jeg vil ha innsyn i opplysningene mine", "m1")
    turns = await asyncio.gather(*(kari.send(message) for _ in range(4)))
    assert {turn.replies for turn in turns} == {turns[0].replies}
    assert [await rows(hub, table) for table in (Dossier, Conversation, Case)] == [1, 1, 1]


async def test_two_messages_at_once_take_turns(kari: Person) -> None:
    """Both are answered, the numbers run on, and the case is opened once."""
    await kari.says("hei")
    await asyncio.gather(
        *(kari.send(Incoming("Jeg vil ha innsyn i opplysningene mine", f"m{n}")) for n in range(3))
    )
    assert len(await kari.cases()) == 1
    heard = await kari.heard()
    assert [one.seq for one in heard] == list(range(1, len(heard) + 1))


async def test_two_people_at_once_are_two(kari: Person, stranger: Person) -> None:
    """Each has a case with a number of its own."""
    text = "Jeg vil ha innsyn i opplysningene mine"
    await asyncio.gather(kari.says(text), stranger.says(text))
    assert {(await kari.case()).reference, (await stranger.case()).reference} == {
        "FJL-2026-0001",
        "FJL-2026-0002",
    }


@ON_SQLITE
async def test_a_peer_is_itself_alone(hub: Hub) -> None:
    """Tokens that differ in a capital letter, and channels with the same name, are different people."""
    for peer, channel in (("aB", Channel.WEBCHAT), ("ab", Channel.WEBCHAT), ("ab", Channel.TELEGRAM)):
        await Person(hub, peer, channel).says("hei")
    assert await rows(hub, Conversation) == 3


@ON_SQLITE
async def test_a_turn_that_collides_with_the_worker_is_taken_again(hub: Hub, kari: Person) -> None:
    """The worker moved the case meanwhile: the turn starts over and nothing is stored twice."""
    collide = Colliding(hub.unit_of_work, times=1)
    kari.hub = replace(hub, unit_of_work=collide)
    await kari.says("Jeg vil ha innsyn i opplysningene mine")
    kari.hub = hub
    assert collide.left == 0
    assert await rows(hub, Case) == 1
    assert await rows(hub, Message) == 1 + len(kari.replies)


class Colliding:
    """Units of work of which the first `times` find at their end that somebody else was quicker."""

    def __init__(
        self, unit_of_work: Callable[[], AbstractAsyncContextManager[AsyncSession]], times: int
    ) -> None:
        self._unit_of_work = unit_of_work
        self.left = times

    @asynccontextmanager
    async def __call__(self) -> Any:
        async with self._unit_of_work() as session:
            yield session
            if self.left:
                self.left -= 1
                raise StaleDataError


@ON_SQLITE
async def test_what_stood_in_the_field_is_read_with_the_button(kari: Person) -> None:
    """Without the script one form sends both: a request written beside a pressed button is not lost."""
    await kari.says("Jeg vil vite hva dere har lagret om meg")
    await kari.send(Incoming("Jeg vil også at dere sletter kontoen min", choice="yes"))
    assert [case.right for case in await kari.cases()] == ["access", "erasure"]
    assert "confirm_wish" in await kari.acts((await kari.cases())[0])


async def test_a_question_may_go_on_from_the_one_before(kari: Person, stranger: Person) -> None:
    """«And the invoices?» keeps the subject; small talk between does not end it."""
    await kari.says("Hvor lenge lagrer dere e-postadressen min til nyhetsbrevet?")
    await kari.says("takk")
    await kari.says("Og fakturaene?")
    assert any("faktura" in quote.text.casefold() for reply in kari.replies for quote in reply.quotes)
    # who asks the same out of nothing is told something else
    await stranger.says("Og fakturaene?")
    assert kari.replies != stranger.replies


@ON_SQLITE
@pytest.mark.parametrize(
    ("text", "sorry", "answered"),
    [
        ("Hej, jag vill att ni raderar alla mina uppgifter och mitt konto.", "tyvärr", "registrert"),
        (
            "Hej, jeg vil gerne have slettet alle mine oplysninger og min profil hos jer.",
            "desværre",
            "registrert",
        ),
        ("Dzień dobry, proszę o usunięcie wszystkich moich danych osobowych.", "niestety", "registered"),
    ],
)
async def test_who_writes_a_language_we_do_not_is_told_so_once(
    kari: Person, text: str, sorry: str, answered: str
) -> None:
    """In their own language; then the answer in one of ours, and the request counts like any other."""
    said = await kari.says(text)
    assert said.index(sorry) < said.index(answered)
    assert len(await kari.cases()) == 1
    assert sorry not in await kari.says(text.replace(",", ""))


@ON_SQLITE
async def test_nobody_who_writes_norwegian_is_taken_for_a_dane(kari: Person) -> None:
    """However close the languages are."""
    assert "desværre" not in await kari.says("Jeg vil gjerne få slettet alle opplysningene mine hos dere.")
