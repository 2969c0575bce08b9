"""Runs the companies' Telegram bots, by long polling or behind webhooks."""

import asyncio
import json
import secrets
from typing import Annotated, Final

from fastapi import APIRouter, Header, HTTPException, Request
from sqlalchemy.exc import SQLAlchemyError

from bot import handover
from bot.hub import Channel, Reply
from bot.news import News
from bot.telegram import TelegramChannel, Unreachable
from desk.log import log
from desk.settings import Telegram
from desk.telling import Teller
from desk.wiring import Desk

WAIT: Final = 5.0  # seconds before a bot that stopped is started again
NEWS_EVERY: Final = 1.0  # seconds between two looks for news
LARGEST: Final = 1_000_000  # bytes of one pushed update


class Bots:
    """All bots of this process."""

    def __init__(self, desk: Desk) -> None:
        self._links = desk.links
        self._hub = desk.hub
        self._teller = Teller(desk, Channel.TELEGRAM)
        self._settings = desk.settings.telegram
        self._channels = {
            name: TelegramChannel(
                desk.hub, name, token=bot.token.get_secret_value(), api=bot.api, clock=desk.clock
            )
            for name, bot in self._settings.items()
            if name in desk.operators
        }

    async def run(self, stop: asyncio.Event) -> None:
        """Poll for every bot that polls and order pushes for the others, until `stop` is set."""
        tasks = [
            asyncio.create_task(self._keep_on(name, channel), name=f"telegram {name}")
            for name, channel in self._channels.items()
        ]
        tasks.append(asyncio.create_task(self._tell_news(), name="telegram news"))
        await stop.wait()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _tell_news(self) -> None:
        """Send what is new about cases that came by Telegram."""
        while True:
            try:
                for news in [*await self._teller.sweep(), *await self._answers()]:
                    if news.chat is not None:
                        await self.send(news.operator_id, news.chat, news.reply)
            except (SQLAlchemyError, OSError) as fault:
                log.error("telegram news stopped", exc_type=type(fault).__name__)
            await asyncio.sleep(NEWS_EVERY)

    async def _answers(self) -> list[News]:
        """Officers' answers to carry to Telegram; once each, since a second copy would only confuse."""
        async with self._hub.unit_of_work() as session:
            return await handover.to_carry(session, self._hub, Channel.TELEGRAM)

    async def _keep_on(self, name: str, channel: TelegramChannel) -> None:
        """Start a bot, and start it again when it stops; ordering pushes is done once it has worked."""
        settings = self._settings[name]
        while True:
            try:
                if settings.mode == "polling":
                    await channel.poll()
                else:
                    await self._order_pushes(name, channel, settings)
                    return
            except (Unreachable, OSError, RuntimeError) as fault:
                log.error("telegram stopped", operator=name, exc_type=type(fault).__name__)
            await asyncio.sleep(WAIT)

    async def _order_pushes(self, name: str, channel: TelegramChannel, settings: Telegram) -> None:
        if settings.webhook_secret is None:
            log.error("telegram webhook has no secret", operator=name)
            return
        url = f"{self._links.base_url.rstrip('/')}/tg/{name}"
        await channel.await_pushes(url, settings.webhook_secret.get_secret_value())

    async def send(self, operator_id: str, chat: str, reply: Reply) -> None:
        """Send one reply outside a turn, such as news of a case; a company without a bot here sends nothing."""
        channel = self._channels.get(operator_id)
        if channel is not None:
            await channel.send(chat, reply)

    def router(self) -> APIRouter:
        """`POST /tg/{operator}`: updates pushed by Telegram, with the secret it was given."""
        router = APIRouter()

        @router.post("/tg/{operator}")
        async def webhook(
            operator: str,
            request: Request,
            secret: Annotated[str, Header(alias="X-Telegram-Bot-Api-Secret-Token")] = "",
        ) -> dict[str, bool]:
            settings = self._settings.get(operator)
            channel = self._channels.get(operator)
            known = settings.webhook_secret if settings is not None else None
            if channel is None or known is None or settings is None or settings.mode != "webhook":
                raise HTTPException(404)
            if not secrets.compare_digest(secret.encode(), known.get_secret_value().encode()):
                raise HTTPException(401)
            length = request.headers.get("content-length", "")
            if not length.isdecimal() or int(length) > LARGEST:
                raise HTTPException(413)
            try:
                update = json.loads(await request.body())
            except ValueError:
                raise HTTPException(400) from None
            if not isinstance(update, dict):
                raise HTTPException(400)
            await channel.feed(update)
            return {"ok": True}

        return router

    async def close(self) -> None:
        """Let every connection go."""
        for channel in self._channels.values():
            await channel.close()
