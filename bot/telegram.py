"""The Telegram channel: hands updates to the dialogue and sends its replies."""

import re
from collections.abc import Callable
from datetime import datetime

import structlog
from aiogram import Bot, Dispatcher, F, Router
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import TelegramAPIError
from aiogram.fsm.storage.memory import SimpleEventIsolation
from aiogram.types import BotCommand, CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Update
from aiogram.types import Message as TelegramMessage

from bot.dialogue import greeting, handle
from bot.forgetting import delete_conversation
from bot.hub import Channel, Hub, Incoming, Reply
from bot.replies import say
from law.language import LANGS, Lang

log: structlog.typing.FilteringBoundLogger = structlog.get_logger()

LONGEST = 4000  # characters; Telegram refuses messages over 4096
COMMANDS = {
    "innsyn": "right:access",
    "retting": "right:rectification",
    "sletting": "right:erasure",
    "status": "status",
    "menneske": "human",
    "human": "human",
    "cancel": "no",
    "avbryt": "no",
}
SHOWN = ("innsyn", "retting", "sletting", "status", "menneske", "privacy", "deleteme")


class TelegramChannel:
    """One company's bot. Long polling and webhook feed the same handlers."""

    def __init__(self, hub: Hub, operator_id: str, *, token: str, api: str, clock: Callable[[], datetime]) -> None:
        self._hub = hub
        self._operator_id = operator_id
        self._clock = clock
        self.bot = Bot(token, session=AiohttpSession(api=TelegramAPIServer.from_base(api)))
        # two messages of one chat take turns; different chats run side by side
        self._dispatcher = Dispatcher(events_isolation=SimpleEventIsolation())
        self._dispatcher.include_router(self._routes())

    async def poll(self) -> None:
        """Fetch updates until cancelled; tells Telegram the commands first."""
        await self._publish_commands()
        await self._dispatcher.start_polling(
            self.bot, handle_signals=False, close_bot_session=False, allowed_updates=["message", "callback_query"]
        )

    async def feed(self, update: dict[str, object]) -> None:
        """One update from the webhook."""
        parsed = Update.model_validate(update, context={"bot": self.bot})
        await self._dispatcher.feed_update(self.bot, parsed)

    async def close(self) -> None:
        """Let the connection go."""
        await self.bot.session.close()

    async def _publish_commands(self) -> None:
        for lang in LANGS:
            commands = [BotCommand(command=name, description=say(f"command_{name}", lang)) for name in SHOWN]
            await self.bot.set_my_commands(commands, language_code="no" if lang == "nb" else lang)
        default = [BotCommand(command=name, description=say(f"command_{name}", "nb")) for name in SHOWN]
        await self.bot.set_my_commands(default)

    def _routes(self) -> Router:
        router = Router()
        router.message.register(self._in_group, F.chat.type != "private")
        router.message.register(self._message)
        router.callback_query.register(self._pressed)
        return router

    async def _in_group(self, message: TelegramMessage) -> None:
        """Nothing is read or kept from a group."""
        if message.text and message.text.startswith("/"):
            await message.answer(say("group", language(message.from_user.language_code if message.from_user else None)))

    async def _message(self, message: TelegramMessage) -> None:
        lang = language(message.from_user.language_code if message.from_user else None)
        text = message.text or message.caption or ""
        command = re.match(r"/([a-z_]+)", text)
        name = command[1] if command else None
        chat, number = message.chat.id, f"m{message.message_id}"
        if name in ("start", "help", "hjelp"):
            await self._send(chat, greeting(self._hub.operators[self._operator_id], lang))
        elif name == "privacy":
            operator = self._hub.operators[self._operator_id]
            url = operator.privacy_url or self._hub.links.company(operator.id)
            await self._send(chat, Reply(say("privacy", lang, org=operator.name, url=url)))
        elif name == "deleteme":
            gone = await delete_conversation(
                self._hub, operator_id=self._operator_id, channel=Channel.TELEGRAM, peer=str(chat), now=self._clock()
            )
            await self._send(chat, Reply(say("deleted" if gone else "not_deleted", lang)))
        elif name in COMMANDS:
            await self._turn(chat, Incoming(text, number, choice=COMMANDS[name], lang=lang))
        else:
            file = not text and message.content_type != "text"
            await self._turn(chat, Incoming(text, number, lang=lang, file=file))

    async def _pressed(self, query: CallbackQuery) -> None:
        if query.message is None:
            return
        lang = language(query.from_user.language_code)
        await self._turn(
            query.message.chat.id, Incoming("", f"c{query.id}", choice=query.data or "", lang=lang)
        )
        await query.answer()

    async def _turn(self, chat: int, incoming: Incoming) -> None:
        turn = await handle(
            self._hub,
            operator_id=self._operator_id,
            channel=Channel.TELEGRAM,
            peer=str(chat),
            message=incoming,
            now=self._clock(),
        )
        for reply in turn.replies:
            await self._send(chat, reply)

    async def _send(self, chat: int, reply: Reply) -> None:
        """Send one reply. It is saved already, so a failure is logged and shown on the status page later."""
        try:
            await self.bot.send_message(
                chat, rendered(reply), reply_markup=_keyboard(reply), protect_content=True,
                disable_web_page_preview=True,
            )  # fmt: skip
        except TelegramAPIError as fault:
            log.warning("reply not sent", channel="telegram", exc_type=type(fault).__name__)


def rendered(reply: Reply) -> str:
    """A reply as plain text, quotations and link below, within Telegram's limit."""
    parts = [reply.text]
    for quote in reply.quotes:
        where = " ".join(part for part in (quote.section, quote.heading) if part)
        parts.append(f"«{quote.text}»\n{quote.document}, {where}\n{quote.url}")
    if reply.link is not None:
        parts.append(f"{reply.link.label}: {reply.link.url}")
    while len("\n\n".join(parts)) > LONGEST and len(parts) > 1:
        parts.pop(-2 if reply.link is not None and len(parts) > 2 else -1)
    return "\n\n".join(parts)[:LONGEST]


def _keyboard(reply: Reply) -> InlineKeyboardMarkup | None:
    if not reply.choices:
        return None
    return InlineKeyboardMarkup(
        inline_keyboard=[[InlineKeyboardButton(text=c.label, callback_data=c.id)] for c in reply.choices]
    )


def language(code: str | None) -> Lang:
    """Our language for Telegram's code: no, nb, nb-no are bokmål, nn is nynorsk, everything else English."""
    word = (code or "nb").casefold()
    if word.startswith("nn"):
        return "nn"
    return "nb" if word.startswith(("no", "nb")) else "en"


