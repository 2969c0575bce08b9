"""The Telegram channel: hands updates to the dialogue and sends its replies."""

import asyncio
import re
from collections.abc import Callable
from datetime import datetime
from typing import Final

import structlog
from aiogram import Bot, Dispatcher, F, Router
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import AiogramError
from aiogram.fsm.storage.memory import SimpleEventIsolation
from aiogram.types import (
    BotCommand,
    CallbackQuery,
    ErrorEvent,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    Update,
    User,
)
from aiogram.types import Message as TelegramMessage
from pydantic import ValidationError

from bot.brake import Brake, minutes
from bot.dialogue import greeting, handle
from bot.forgetting import Forgotten, delete_conversation
from bot.hub import Channel, Hub, Incoming, Reply
from bot.replies import say
from law.language import LANGS, Lang

log: structlog.typing.FilteringBoundLogger = structlog.get_logger()

LONGEST: Final = 4000  # characters; Telegram refuses messages over 4096
COMMANDS: Final = {
    "innsyn": "right:access",
    "retting": "right:rectification",
    "sletting": "right:erasure",
    "status": "status",
    "menneske": "human",
    "human": "human",
    "cancel": "no",
    "avbryt": "no",
}
SHOWN: Final = ("innsyn", "retting", "sletting", "status", "menneske", "privacy", "deleteme")
WANTED: Final = ["message", "callback_query"]
FILES: Final = frozenset(
    {"photo", "document", "video", "audio", "voice", "video_note", "animation", "contact", "location"}
)
WORDLESS: Final = frozenset({"sticker", "dice", "poll"})


class Unreachable(Exception):
    """The Bot API does not answer, or refuses the bot; the text names the fault, without the token."""


class TelegramChannel:
    """One company's bot. Long polling and webhook feed the same handlers."""

    def __init__(
        self, hub: Hub, operator_id: str, *, token: str, api: str, clock: Callable[[], datetime]
    ) -> None:
        self._hub = hub
        self._operator = hub.operators[operator_id]
        self._clock = clock
        self._brake = Brake()
        self.bot = Bot(token, session=AiohttpSession(api=TelegramAPIServer.from_base(api)))
        # two messages of one chat take turns; different chats run side by side
        self._dispatcher = Dispatcher(events_isolation=SimpleEventIsolation())
        self._dispatcher.include_router(self._routes())

    async def poll(self) -> None:
        """Fetch updates until cancelled; tells Telegram the commands first. Raises Unreachable.

        One update after the other: the next ones are fetched, and these thereby confirmed, only when all of them
        are saved.
        """
        try:
            await self.bot.delete_webhook()  # the two exclude each other
            await self._publish_commands()
        except AiogramError as fault:
            raise Unreachable(type(fault).__name__) from None
        polling = asyncio.create_task(
            self._dispatcher.start_polling(
                self.bot,
                handle_signals=False,
                close_bot_session=False,
                handle_as_tasks=False,
                allowed_updates=WANTED,
            )
        )
        try:
            await asyncio.shield(polling)
        except AiogramError as fault:
            raise Unreachable(type(fault).__name__) from None
        except asyncio.CancelledError:
            await self._stop(polling)
            raise

    async def _stop(self, polling: "asyncio.Task[None]") -> None:
        """End the polling; cancelling it would leave aiogram's own tasks running."""
        try:
            await self._dispatcher.stop_polling()
        except RuntimeError:  # it had not begun yet
            polling.cancel()
        await asyncio.wait({polling})

    async def await_pushes(self, url: str, secret: str) -> None:
        """Ask Telegram to push updates to `url`, with the secret in a header. Raises Unreachable."""
        try:
            await self._publish_commands()
            await self.bot.set_webhook(url, secret_token=secret, allowed_updates=WANTED)
        except AiogramError as fault:
            raise Unreachable(type(fault).__name__) from None

    async def feed(self, update: dict[str, object]) -> None:
        """One pushed update. What cannot be read is passed over, since Telegram would push it for ever."""
        try:
            parsed = Update.model_validate(update, context={"bot": self.bot})
        except ValidationError as fault:
            log.warning("update not understood", channel="telegram", count=fault.error_count())
            return
        await self._dispatcher.feed_update(self.bot, parsed)

    async def send(self, chat: str | int, reply: Reply) -> None:
        """Send one reply. It is saved already, so a failure is logged; the status page says the same."""
        try:
            await self.bot.send_message(
                chat,
                rendered(reply),
                reply_markup=keyboard(reply),
                protect_content=True,
                link_preview_options=LinkPreviewOptions(is_disabled=True),
            )
        except AiogramError as fault:
            log.warning("reply not sent", channel="telegram", exc_type=type(fault).__name__)

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
        router.callback_query.register(self._pressed, F.message.chat.type == "private")
        router.errors.register(self._failed)
        return router

    async def _in_group(self, message: TelegramMessage) -> None:
        """Nothing is read or kept from a group."""
        if message.text and message.text.startswith("/"):
            await self.send(message.chat.id, Reply(say("group", language(message.from_user))))

    async def _message(self, message: TelegramMessage) -> None:
        lang = language(message.from_user)
        text = message.text or message.caption or ""
        command = re.match(r"/([a-z_]+)", text)
        name = command[1] if command else None
        kind, chat, number = message.content_type, message.chat.id, f"m{message.message_id}"
        if name in ("start", "help", "hjelp"):
            await self.send(chat, greeting(self._operator, lang))
        elif name == "privacy":
            url = self._operator.privacy_url or self._hub.links.company(self._operator.id)
            await self.send(chat, Reply(say("privacy", lang, org=self._operator.name, url=url)))
        elif name == "deleteme":
            await self._forget(chat, lang)
        elif name in COMMANDS:
            await self._turn(chat, Incoming("", number, choice=COMMANDS[name], lang=lang))
        elif text or kind in FILES | WORDLESS:
            await self._turn(chat, Incoming(text, number, lang=lang, file=kind in FILES))

    async def _forget(self, chat: int, lang: Lang) -> None:
        done = await delete_conversation(
            self._hub,
            operator_id=self._operator.id,
            channel=Channel.TELEGRAM,
            peer=str(chat),
            now=self._clock(),
        )
        keys = {
            Forgotten.ALL: "deleted",
            Forgotten.CASE_KEPT: "deleted_kept",
            Forgotten.NOT_YET: "not_deleted",
        }
        await self.send(chat, Reply(say(keys[done], lang)))

    async def _pressed(self, query: CallbackQuery) -> None:
        if query.message is None:
            return
        try:
            await query.answer()
            if isinstance(query.message, TelegramMessage):
                await query.message.edit_reply_markup(reply_markup=None)  # pressed once is enough
        except AiogramError as fault:
            log.info("button not settled", channel="telegram", exc_type=type(fault).__name__)
        pressed = Incoming("", f"c{query.id}", choice=query.data or "", lang=language(query.from_user))
        await self._turn(query.message.chat.id, pressed)

    async def _turn(self, chat: int, incoming: Incoming) -> None:
        wait = self._brake.wait(str(chat), self._clock())
        if wait is not None:
            await self.send(chat, Reply(say("rate", incoming.lang or "nb", minutes=minutes(wait))))
            return
        turn = await handle(
            self._hub,
            operator_id=self._operator.id,
            channel=Channel.TELEGRAM,
            peer=str(chat),
            message=incoming,
            now=self._clock(),
        )
        for reply in turn.replies:
            await self.send(chat, reply)

    async def _failed(self, event: ErrorEvent) -> bool:
        """Something of ours failed: say so, rather than leave the person waiting. The update is not retried."""
        log.error("update failed", channel="telegram", exc_type=type(event.exception).__name__)
        update = event.update
        asked = update.message or (update.callback_query.message if update.callback_query else None)
        if asked is not None and asked.chat.type == "private":
            user = update.message.from_user if update.message else None
            await self.send(asked.chat.id, Reply(say("trouble", language(user))))
        return True


def rendered(reply: Reply) -> str:
    """A reply as plain text, quotations and link below, within Telegram's limit."""
    quotes = []
    for quote in reply.quotes:
        where = " ".join(part for part in (quote.section, quote.heading) if part)
        document = f"{quote.document} ({quote.since})" if quote.since else quote.document
        quotes.append(f"«{quote.text}»\n{document}, {where}\n{quote.url}")
    link = [f"{reply.link.label}: {reply.link.url}"] if reply.link else []
    while quotes and len("\n\n".join([reply.text, *quotes, *link])) > LONGEST:
        quotes.pop()
    room = LONGEST - sum(len(part) + 2 for part in link)
    return "\n\n".join([reply.text[:room], *quotes, *link])


def keyboard(reply: Reply) -> InlineKeyboardMarkup | None:
    """The reply's buttons, one below the other."""
    if not reply.choices:
        return None
    return InlineKeyboardMarkup(
        inline_keyboard=[[InlineKeyboardButton(text=c.label, callback_data=c.id)] for c in reply.choices]
    )


def language(user: User | None) -> Lang:
    """Our language for Telegram's code: no, nb, nb-no are bokmål, nn is nynorsk, everything else English.

    Telegram leaves it out for some: then bokmål, until a message says otherwise.
    """
    word = (user.language_code if user and user.language_code else "nb").casefold()
    if word.startswith("nn"):
        return "nn"
    return "nb" if word.startswith(("no", "nb", "sv", "da")) else "en"
