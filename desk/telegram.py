"""Runs the companies' Telegram bots, by long polling or behind webhooks."""

import asyncio
import secrets
from typing import Annotated, Any

from fastapi import APIRouter, Header, HTTPException, Request

from bot.telegram import TelegramChannel
from desk.log import log
from desk.wiring import Desk

WAIT = 5.0  # seconds before a bot that stopped is started again


class Bots:
    """All bots of this process."""

    def __init__(self, desk: Desk) -> None:
        self._settings = desk.settings.telegram
        self._channels = {
            name: TelegramChannel(
                desk.hub, name, token=bot.token.get_secret_value(), api=bot.api, clock=desk.clock
            )
            for name, bot in self._settings.items()
            if name in desk.operators
        }

    async def run(self, stop: asyncio.Event) -> None:
        """Poll for every bot that polls, until `stop` is set."""
        tasks = [
            asyncio.create_task(self._poll(name, channel))
            for name, channel in self._channels.items()
            if self._settings[name].mode == "polling"
        ]
        await stop.wait()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _poll(self, name: str, channel: TelegramChannel) -> None:
        while True:
            try:
                await channel.poll()
            except (OSError, RuntimeError) as fault:
                log.error("telegram stopped", operator=name, exc_type=type(fault).__name__)
            await asyncio.sleep(WAIT)

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
            if not secrets.compare_digest(secret, known.get_secret_value()):
                raise HTTPException(401)
            update: dict[str, Any] = await request.json()
            await channel.feed(update)
            return {"ok": True}

        return router

    async def close(self) -> None:
        """Let every connection go."""
        for channel in self._channels.values():
            await channel.close()
