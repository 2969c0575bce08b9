"""What the website chat's routes share: a conversation as a browser holds it, and the form it posts."""

import hashlib
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from itsdangerous import URLSafeTimedSerializer
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response

from bot import chatpage
from bot.brake import Brake
from bot.chatpage import Chat
from bot.dialogue import greeting
from bot.hub import Channel, Hub, Incoming
from bot.memory import Said, find_conversation, said
from bot.newswire import Newswire
from intake.records import Conversation
from law.language import Lang, as_lang
from operators.profile import Operator

TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{32}")
LARGEST: Final = 400_000  # bytes of one message; a person's longest letter is far below
Clock = Callable[[], datetime]


@dataclass(slots=True)
class Door:
    """What the routes of one place share. The page's token is in a cookie, the frame's in its form alone: a
    frame on another site gets no cookies."""

    hub: Hub
    clock: Clock
    tickets: URLSafeTimedSerializer
    newswire: Newswire
    framed: bool
    brake: Brake
    streams: Counter[str] = field(default_factory=Counter)

    def operator(self, name: str) -> Operator:
        """The company, or 404."""
        if name not in self.hub.operators:
            raise HTTPException(404)
        return self.hub.operators[name]

    async def chat(self, operator: Operator, token: str, lang: Lang, *, own: bool = False) -> Chat:
        """The conversation of a token as it stands; without one, the greeting in `lang`.

        `own`: the page is shown in the language that is spoken in the conversation, where there is one.
        """
        talk: Conversation | None = None
        messages: tuple[Said, ...] = ()
        if TOKEN.fullmatch(token):
            async with self.hub.unit_of_work() as session:
                talk = await find_conversation(session, self.hub.vault, operator.id, Channel.WEBCHAT, token)
                if talk is not None:
                    messages = await said(session, self.hub.vault, talk.id)
                    lang = as_lang(talk.lang) if own else lang
        return self._shown(operator, lang, token, talk, messages)

    def _shown(
        self,
        operator: Operator,
        lang: Lang,
        token: str,
        talk: Conversation | None,
        messages: tuple[Said, ...],
    ) -> Chat:
        began = messages[0].at if messages else self.clock()
        first = Said(0, began, False, greeting(operator, lang))
        ticket = str(self.tickets.dumps([operator.id, talk.id])) if talk else None
        return Chat(operator, lang, (first, *messages), token if talk else "", ticket, self.framed)

    async def news(self, operator: Operator, conversation_id: str) -> Chat | None:
        """The conversation a stream is for; None once it is deleted."""
        async with self.hub.unit_of_work() as session:
            talk = await session.get(Conversation, conversation_id)
            if talk is None:
                return None
            messages = await said(session, self.hub.vault, talk.id)
            return self._shown(operator, as_lang(talk.lang), "", talk, messages)

    def page(self, chat: Chat, *, status: int = 200, trouble: str = "", draft: str = "") -> HTMLResponse:
        """The whole page."""
        return self._html(chatpage.page(chat, trouble=trouble, draft=draft), chat.lang, status)

    def turn(self, chat: Chat, after: int) -> HTMLResponse:
        """What one turn adds."""
        return self._html(chatpage.turn(chat, after), chat.lang, 200)

    @staticmethod
    def _html(markup: str, lang: Lang, status: int) -> HTMLResponse:
        return HTMLResponse(markup, status, headers={"Cache-Control": "no-store", "Content-Language": lang})


@dataclass(frozen=True, slots=True)
class Sent:
    """A posted form. `part`: the script asks for a fragment, not for a page."""

    operator: Operator
    lang: Lang
    token: str
    message: Incoming
    part: bool


async def read_form(door: Door, operator: Operator, request: Request, cookie: str) -> Sent | Response:
    """The posted form, or the answer to one that cannot be taken."""
    part = "x-turn" in request.headers
    length = request.headers.get("content-length", "")
    browser = as_lang(request.headers.get("accept-language", "").split(",")[0])
    kept = "" if door.framed else cookie
    if not length.isdecimal():
        raise HTTPException(411)
    if int(length) > LARGEST:
        trouble = chatpage.word("too_large", browser)
        return await refused(door, operator, browser, kept, trouble, 413, part)
    async with request.form(max_fields=8, max_files=4, max_part_size=LARGEST) as form:
        given = {key: value for key, value in form.items() if isinstance(value, str)}
        file = any(not isinstance(value, str) and bool(value.filename) for value in form.values())
    token = given.get("token", "")
    # a form of another conversation than the browser's own; without cookies the form's token alone counts
    if token and (not TOKEN.fullmatch(token) or (kept and token != kept)):
        raise HTTPException(403)
    # the name of a conversation to come is in the form, so that its first message sent twice is one message
    fresh = given.get("fresh", "")
    token = token or kept or (fresh if TOKEN.fullmatch(fresh) else "")
    text, choice = given.get("text", ""), given.get("choice") or None
    message = Incoming(
        text=text,
        external_id=_external_id(given.get("nonce", ""), text, choice),
        choice=choice,
        lang=as_lang(given.get("lang")),
        file=file,
    )
    return Sent(operator, as_lang(given.get("lang")), token, message, part)


def _external_id(nonce: str, text: str, choice: str | None) -> str | None:
    """The same form sent twice is one message; the same form with other words in it is another."""
    if not nonce:
        return None
    return hashlib.sha256("\x1f".join((nonce, choice or "", text)).encode("utf-8", "replace")).hexdigest()


async def refused(
    door: Door, operator: Operator, lang: Lang, token: str, trouble: str, status: int, part: bool, draft: str = ""
) -> Response:  # fmt: skip
    """A readable no: a sentence for the script, the page with it for everybody else."""
    if part:
        return PlainTextResponse(trouble, status)
    return door.page(await door.chat(operator, token, lang), status=status, trouble=trouble, draft=draft)
