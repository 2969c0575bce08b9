"""A journey by Telegram: the whole desk against our own Bot API server, over HTTP, by long polling."""

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import async_playwright, expect

from desk.demo.people import RANDI
from tests.bot.fake_telegram import TOKEN, FakeTelegram, served
from tests.journeys.conftest import ARGUMENTS, CHROMIUM, WAIT
from tests.journeys.running import RunningDesk

pytestmark = pytest.mark.slow


@pytest.fixture
async def telegram() -> AsyncIterator[tuple[FakeTelegram, str]]:
    """The Bot API, and its address."""
    fake = FakeTelegram()
    async with served(fake.app) as api:
        yield fake, api


@pytest.fixture
async def desk(telegram: tuple[FakeTelegram, str], tmp_path: Path) -> AsyncIterator[RunningDesk]:
    """A desk with one company and its bot."""
    running = RunningDesk(
        tmp_path,
        {
            "RETTSVAR_OPERATORS": "fjordlys",
            "RETTSVAR_TELEGRAM__FJORDLYS__TOKEN": TOKEN,
            "RETTSVAR_TELEGRAM__FJORDLYS__API": telegram[1],
        },
    )
    try:
        await asyncio.to_thread(running.start)
        yield running
    finally:
        await asyncio.to_thread(running.stop)


async def test_access_by_telegram(desk: RunningDesk, telegram: tuple[FakeTelegram, str]) -> None:
    """Asked in Telegram, proven on the secure page, answered there; no data and no code pass through Telegram."""
    fake, _ = telegram
    await fake.calls("getUpdates")
    before = len(fake.sent)
    await fake.writes("Jeg vil ha innsyn i alt dere har lagret om meg")
    said = await fake.says(2, after=before)
    reference = re.search(r"FJL-\d{4}-\d{4}", said)
    assert reference is not None
    before = len(fake.sent)
    await fake.writes(RANDI.email)
    said = await fake.says(1, after=before)
    link = re.search(rf"{desk.base}/s/\S+", said)
    assert link is not None
    code = await asyncio.to_thread(desk.code, RANDI.email)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        page = await (await browser.new_context(locale="nb-NO")).new_page()
        await page.goto(link.group())
        await page.locator("#code").fill(code)
        before = len(fake.sent)
        await page.locator("#code").press("Enter")
        await expect(page.locator("main")).to_contain_text("Bekreftet adresse", timeout=WAIT)
        news = await fake.says(1, after=before)
        assert reference.group() in news
        for _ in range(240):
            await page.goto(link.group())
            if "Opplysningene dine er klare" in await page.locator("main").inner_text():
                break
            await asyncio.sleep(0.5)
        await expect(page.locator("main")).to_contain_text("Opplysningene dine er klare")
        await browser.close()
    everything = "\n".join(one["text"] for one in fake.sent)
    assert code not in everything
    assert RANDI.name not in everything
    assert RANDI.email not in everything
    assert all(str(one.get("protect_content")).casefold() == "true" for one in fake.sent)
