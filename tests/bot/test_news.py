"""News of a case: each change is told in its conversation once, and where Telegram is to send it."""

import pytest

from bot.hub import Channel, Hub
from bot.news import News, tell
from intake.case import Act, State
from intake.log import DESK, record
from intake.records import Case
from intake.vault import KeyGone
from law.language import LANGS, Lang
from tests.bot.people import Person

SET_GOING: dict[Lang, str] = {
    "nb": "Jeg vil ha innsyn i opplysningene mine",
    "nn": "Eg vil ha innsyn i opplysningane mine",
    "en": "I want to see the data you hold about me",
}


async def acts(person: Person, *done: Act) -> None:
    """The worker or an officer does something to the person's case."""
    case = await person.case()
    async with person.hub.unit_of_work() as session:
        row = await session.get_one(Case, case.id)
        for act in done:
            await record(session, person.hub.vault, row, act, now=person.now, actor=DESK)


async def told(person: Person) -> News | None:
    """What the sweep gets to send."""
    case = await person.case()
    async with person.hub.unit_of_work() as session:
        return await tell(person.hub, session, await session.get_one(Case, case.id), person.now)


async def test_a_planned_case_is_told_of_once(kari: Person) -> None:
    """The message is in the conversation with a link to the secure page; asked again there is nothing to tell."""
    await kari.says("Jeg vil ha innsyn i opplysningene mine")
    await kari.proves()
    assert await told(kari) is None
    await acts(kari, Act.PROPOSE)
    news = await told(kari)
    assert news is not None
    assert "til vurdering hos en saksbehandler" in news.reply.text
    assert news.reply.link is not None
    assert news.chat is None
    assert await told(kari) is None
    assert (await kari.heard())[-1].reply == news.reply


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize(
    ("done", "state"),
    [
        ((Act.PROPOSE,), State.AWAITING_DECISION),
        ((Act.RELEASE,), State.FULFILLING),
        ((Act.RELEASE, Act.READ_BACK, Act.ANSWER), State.ANSWERED),
        ((Act.RELEASE, Act.READ_BACK, Act.ANSWER_PARTLY), State.PARTLY),
        ((Act.REFUSE,), State.REFUSED),
        ((Act.FORWARD,), State.FORWARDED),
    ],
)
async def test_every_outcome_is_told_in_the_persons_language(
    kari: Person, lang: Lang, done: tuple[Act, ...], state: State
) -> None:
    """Each has a sentence of its own, with the reference."""
    await kari.says(SET_GOING[lang])
    await kari.proves()
    await acts(kari, *done)
    news = await told(kari)
    assert news is not None
    assert (await kari.case()).state == state
    assert "FJL-2026-0001" in news.reply.text
    assert {"nb": "Sak ", "nn": "Sak ", "en": "Case "}[lang].casefold() in news.reply.text.casefold()


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_nothing_found_leads_on_to_another_address(kari: Person) -> None:
    """The address written next gets a code; nothing found there either is told anew."""
    await kari.says("Jeg vil ha innsyn i opplysningene mine")
    await kari.proves()
    for address in ("kari.n@example.com", None):
        await acts(kari, Act.NOTHING_FOUND, Act.ASK_IDENTITY)
        news = await told(kari)
        assert news is not None
        assert "annen e-postadresse" in news.reply.text
        kari.waits(minutes=1)
        if address is not None:
            assert "bekreftet" in await kari.proves(address)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_work_done_over_is_no_news(kari: Person) -> None:
    """A step that was found undone and is carried out again was told of already."""
    await kari.says("Jeg vil ha innsyn i opplysningene mine")
    await kari.proves()
    await acts(kari, Act.RELEASE)
    assert await told(kari) is not None
    await acts(kari, Act.READ_BACK, Act.RESIDUE)
    assert await told(kari) is None


async def test_telegram_news_say_where_to_send_them(hub: Hub) -> None:
    """The chat's number is kept sealed with the conversation and comes back with the news."""
    ola = Person(hub, "4711", Channel.TELEGRAM)
    await ola.says("Jeg vil ha innsyn i opplysningene mine")
    await acts(ola, Act.REFUSE)
    news = await told(ola)
    assert news is not None
    assert (news.channel, news.chat) == (Channel.TELEGRAM, "4711")
    assert b"4711" not in ((await ola.talk()).state or b"")


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_an_erased_dossier_has_no_news(kari: Person) -> None:
    """Its key is gone: nothing can be read, and nothing is said."""
    await kari.says("Jeg vil ha innsyn i opplysningene mine")
    await acts(kari, Act.REFUSE)
    kari.hub.vault.forget((await kari.talk()).dossier_id)
    assert await told(kari) is None
    with pytest.raises(KeyGone):
        await kari.heard()
