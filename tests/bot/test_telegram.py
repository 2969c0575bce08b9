"""The Telegram channel against our own Bot API server: by long polling, and through the webhook route."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from fastapi import FastAPI
from pydantic import SecretStr
from sqlalchemy import select

from bot.hub import Channel, Hub, Link, Quote, Reply
from bot.telegram import LONGEST, TelegramChannel, Unreachable, language, rendered
from desk.migrate import upgrade
from desk.settings import Settings, Telegram
from desk.telegram import Bots
from desk.wiring import Desk, build
from intake.case import Act, State
from intake.log import DESK, record
from intake.records import Case
from tests.bot.fake_telegram import TOKEN, FakeTelegram, served
from tests.bot.people import Person

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
SLOW = pytest.mark.slow
ASK = "Jeg vil ha innsyn i opplysningene mine"


@pytest.fixture
def telegram() -> FakeTelegram:
    """Telegram's side."""
    return FakeTelegram()


@pytest.fixture
async def api(telegram: FakeTelegram) -> AsyncIterator[str]:
    """The address of the Bot API server."""
    async with served(telegram.app) as url:
        yield url


@pytest.fixture
async def polling(hub: Hub, api: str, now: datetime) -> AsyncIterator[TelegramChannel]:
    """The bot, fetching updates."""
    channel = TelegramChannel(hub, "fjordlys", token=TOKEN, api=api, clock=lambda: now)
    running = asyncio.create_task(channel.poll())
    yield channel
    running.cancel()
    await asyncio.wait({running})
    await channel.close()


@pytest.fixture
def ola(hub: Hub) -> Person:
    """What the desk knows of the one who writes in chat 7."""
    return Person(hub, "7", Channel.TELEGRAM)


@SLOW
async def test_a_question_is_answered_with_its_source(
    telegram: FakeTelegram, polling: TelegramChannel
) -> None:
    """The quotation, the section and the address where it stands; nobody can forward it."""
    await telegram.writes("Hvor lenge lagrer dere fakturaer?")
    said = await telegram.says()
    assert "5 år" in said
    assert "http://desk.example/o/fjordlys/dokument/" in said
    assert telegram.sent[0]["protect_content"] == "true"


@SLOW
async def test_a_request_is_a_case_and_its_code_belongs_on_the_secure_page(
    telegram: FakeTelegram, polling: TelegramChannel, ola: Person
) -> None:
    """Reference and secure page in the chat; the right code is refused there and stays good."""
    await telegram.writes(ASK)
    said = await telegram.says(2)
    assert "FJL-2026-0001" in said
    assert "http://desk.example/s/" in said
    await telegram.writes("ola@example.no")
    assert "ikke her" in await telegram.says(1, after=2)
    code, to = await ola.mailed()
    assert to == "ola@example.no"
    await telegram.writes(code)
    assert "Skriv koden på den trygge siden, ikke her." in await telegram.says(1, after=3)
    assert (await ola.case()).state == State.IDENTIFYING


@SLOW
async def test_a_button_is_answered_and_put_away(
    telegram: FakeTelegram, polling: TelegramChannel, ola: Person
) -> None:
    """The press is acknowledged, the buttons vanish, and the case is withdrawn."""
    await telegram.writes(ASK)
    await telegram.says(2)
    await telegram.presses("Nei, endre")
    assert "Da har jeg trukket FJL-2026-0001" in await telegram.says(1, after=2)
    await telegram.calls("answerCallbackQuery")
    await telegram.calls("editMessageReplyMarkup")
    assert (await ola.case()).state == State.WITHDRAWN


@SLOW
async def test_a_group_is_read_by_nobody(
    telegram: FakeTelegram, polling: TelegramChannel, ola: Person
) -> None:
    """A command there is told to write directly; anything else gets no answer, and nothing is kept."""
    last = await telegram.writes(ASK, chat=-5)
    await telegram.settles(last)
    assert not telegram.sent
    await telegram.writes("/innsyn", chat=-5)
    assert "Skriv til meg direkte" in await telegram.says()
    await telegram.writes("/status", chat=7)
    assert "ingen sak" in await telegram.says(1, after=1)


@SLOW
async def test_commands(telegram: FakeTelegram, polling: TelegramChannel, ola: Person) -> None:
    """/start greets, /privacy links the company's page, /sletting opens a case, /deleteme says why it must wait."""
    await telegram.writes("/start")
    assert "automatisk assistent" in await telegram.says()
    await telegram.writes("/privacy")
    assert "http://desk.example/o/fjordlys" in await telegram.says(1, after=1)
    await telegram.writes("/sletting@desk_bot")
    assert "FJL-2026-0001" in await telegram.says(2, after=2)
    await telegram.writes("/deleteme")
    assert "Den beholder vi" in await telegram.says(1, after=4)
    published = [given for name, given in telegram.called if name == "setMyCommands"]
    assert [one.get("language_code") for one in published] == ["no", "nn", "en", None]


@SLOW
async def test_deleteme_deletes_where_there_is_no_case(
    telegram: FakeTelegram, polling: TelegramChannel, ola: Person
) -> None:
    """The conversation is gone from our side."""
    await telegram.writes("Hvor lenge lagrer dere fakturaer?")
    await telegram.says()
    await telegram.writes("/deleteme", lang="en")
    assert "We have deleted the conversation" in await telegram.says(1, after=1)
    with pytest.raises(AssertionError):
        await ola.talk()


@SLOW
async def test_the_same_update_after_a_restart_opens_no_second_case(
    telegram: FakeTelegram, hub: Hub, api: str, now: datetime, ola: Person
) -> None:
    """A bot killed before it confirmed gets its update again, answers again, and there is one case."""
    message = {"message_id": 9, "date": 1, "chat": {"id": 7, "type": "private"}, "text": ASK}
    for n in (1, 2):
        channel = TelegramChannel(hub, "fjordlys", token=TOKEN, api=api, clock=lambda: now)
        running = asyncio.create_task(channel.poll())
        await telegram.again({"update_id": 50, "message": message})
        assert "FJL-2026-0001" in await telegram.says(2, after=2 * (n - 1))
        running.cancel()
        await asyncio.wait({running})
        await channel.close()
    assert len(await ola.cases()) == 1


@SLOW
async def test_a_file_is_named_as_not_received(
    telegram: FakeTelegram, polling: TelegramChannel, ola: Person
) -> None:
    """The words under a photo are a request all the same; a notice of the app itself gets no answer."""
    photo = [{"file_id": "a", "file_unique_id": "b", "width": 1, "height": 1}]
    await telegram.writes(photo=photo, caption=ASK)
    assert "ikke ta imot filer" in await telegram.says(3)
    assert (await ola.case()).right == "access"
    last = await telegram.writes(
        pinned_message={"message_id": 1, "date": 0, "chat": {"id": 7, "type": "private"}}
    )
    await telegram.settles(last)
    assert len(telegram.sent) == 3


@SLOW
async def test_a_failure_of_ours_is_said_and_the_next_message_is_answered(
    telegram: FakeTelegram, hub: Hub, api: str, now: datetime
) -> None:
    """Nobody waits for an answer that will not come, and the queue is not stuck."""
    broken = replace(hub, knowledge={})
    channel = TelegramChannel(broken, "fjordlys", token=TOKEN, api=api, clock=lambda: now)
    running = asyncio.create_task(channel.poll())
    await telegram.writes("Hvor lenge lagrer dere fakturaer?")
    assert "ikke registrert" in await telegram.says()
    await telegram.writes(ASK)
    assert "FJL-2026-0001" in await telegram.says(2, after=1)
    running.cancel()
    await asyncio.wait({running})
    await channel.close()


@SLOW
async def test_a_reply_that_cannot_be_sent_is_no_failure_of_the_turn(
    telegram: FakeTelegram, polling: TelegramChannel, ola: Person
) -> None:
    """The case is there though Telegram refused the message; later ones get through."""
    telegram.fail["sendMessage"] = (403, "Forbidden: bot was blocked by the user")
    last = await telegram.writes(ASK)
    await telegram.settles(last)
    assert (await ola.case()).right == "access"
    telegram.fail.clear()
    await telegram.writes("/status")
    assert "FJL-2026-0001" in await telegram.says()


@SLOW
async def test_a_wrong_token_is_told_by_its_name(hub: Hub, api: str, now: datetime) -> None:
    """Whoever runs the bot learns what is wrong, and the token stays out of it."""
    channel = TelegramChannel(hub, "fjordlys", token="43:wrong", api=api, clock=lambda: now)
    with pytest.raises(Unreachable, match=r"^TelegramUnauthorizedError$"):
        await channel.poll()
    await channel.close()


@SLOW
async def test_the_webhook_brings_the_same_conversation(
    telegram: FakeTelegram, api: str, now: datetime, tmp_path: Path, database: object
) -> None:
    """Pushes are ordered with a secret; without it, or with nonsense in it, an update does nothing."""
    app = FastAPI()
    async with served(app) as url:
        bot = Telegram(token=SecretStr(TOKEN), mode="webhook", webhook_secret=SecretStr("s3cret"), api=api)
        desk = await webhook_desk(tmp_path, url, bot, now)
        bots = Bots(desk)
        app.include_router(bots.router())
        stop = asyncio.Event()
        running = asyncio.create_task(bots.run(stop))
        assert (await telegram.calls("setWebhook"))["url"] == f"{url}/tg/fjordlys"
        await telegram.writes(ASK)
        assert "FJL-2026-0001" in await telegram.says(2)
        await telegram.presses("Ja, det stemmer")
        assert "Hvilken e-postadresse" in await telegram.says(1, after=2)
        assert await telegram.post({"update_id": 1}, secret="guessed") == 401
        assert await telegram.post({"update_id": "nonsense"}) == 200
        telegram.webhook["url"] = f"{url}/tg/nobody"
        assert await telegram.post({"update_id": 2}) == 404
        await refuse_all(desk)
        assert "FJL-2026-0001 (innsyn) er avslått" in await telegram.says(1, after=3)
        stop.set()
        await running
        await bots.close()
        await desk.close()
    assert len(telegram.sent) == 4


async def webhook_desk(folder: Path, url: str, bot: Telegram, now: datetime) -> Desk:
    """A whole desk for Fjordlys that is reached under `url`."""
    settings = Settings(
        data_dir=folder / "data", base_url=url, operators=("fjordlys",), telegram={"fjordlys": bot}
    )
    desk = build(settings, clock=lambda: now)
    await upgrade(desk.database.engine)
    return desk


async def refuse_all(desk: Desk) -> None:
    """An officer refuses every case there is."""
    async with desk.unit_of_work() as session:
        for case in await session.scalars(select(Case)):
            await record(session, desk.vault, case, Act.REFUSE, now=desk.clock(), actor=DESK)


def test_a_long_answer_fits_into_a_message(database: object) -> None:
    """Quotations are left out from the end, the link never."""
    quote = Quote("Dokument", "1", "Overskrift", "x" * 1500, "http://desk.example/d")
    text = rendered(Reply("Svar", quotes=(quote,) * 3, link=Link("http://desk.example/s/1", "Åpne")))
    assert len(text) <= LONGEST
    assert text.count("«") == 2
    assert text.endswith("http://desk.example/s/1")
    assert len(rendered(Reply("y" * 9000, link=Link("http://desk.example/s/1", "Åpne")))) <= LONGEST


@pytest.mark.parametrize(
    ("code", "lang"),
    [("no", "nb"), ("nb-NO", "nb"), ("nn", "nn"), ("en-GB", "en"), ("pl", "en"), (None, "nb")],
)
def test_telegrams_language_codes(code: str | None, lang: str, database: object) -> None:
    """`no` is bokmål, whatever a table of locales says."""
    from aiogram.types import User

    assert language(User(id=1, is_bot=False, first_name="Ola", language_code=code)) == lang
