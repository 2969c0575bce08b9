"""The website chat: a page, the frame of the widget, and a stream of what the desk says later."""

import asyncio
import functools
import secrets
import tomllib
from collections import deque
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Cookie, Header, HTTPException, Query, Request
from fastapi.responses import FileResponse, HTMLResponse, PlainTextResponse, RedirectResponse, Response
from fastapi.sse import EventSourceResponse, ServerSentEvent
from itsdangerous import BadSignature, URLSafeTimedSerializer
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.dialogue import greeting, handle
from bot.hub import Channel, Hub, Incoming
from bot.memory import Said, find_conversation, said
from bot.replies import say
from law.language import LANGS, Lang, as_lang
from operators.profile import Operator

FOLDER = Path(__file__).parent / "widget"
OSLO = ZoneInfo("Europe/Oslo")
LARGEST = 400_000  # bytes of one message; a person's longest letter is far below
STREAM_SECONDS = 600
STREAMS = 200  # open at once in this process
Clock = Callable[[], datetime]


@functools.cache
def _words(lang: Lang) -> Mapping[str, str]:
    words: dict[str, str] = tomllib.loads((FOLDER / f"words.{lang}.toml").read_text("utf-8"))
    return words


@functools.cache
def _templates() -> Environment:
    return Environment(loader=FileSystemLoader(FOLDER), autoescape=True, undefined=StrictUndefined)


@dataclass(slots=True)
class Brake:
    """At most `times` messages in `within` from one caller; a brake on floods, kept in this process."""

    times: int = 40
    within: timedelta = timedelta(minutes=5)
    _seen: dict[str, deque[datetime]] = field(default_factory=dict)

    def wait(self, caller: str, now: datetime) -> timedelta | None:
        """Count a message; how long to wait where there were too many."""
        for key in [k for k, v in self._seen.items() if v and v[-1] < now - self.within]:
            del self._seen[key]
        times = self._seen.setdefault(caller, deque())
        while times and times[0] < now - self.within:
            times.popleft()
        if len(times) >= self.times:
            return times[0] + self.within - now
        times.append(now)
        return None


@dataclass(slots=True)
class _Chat:
    """What the routes share."""

    hub: Hub
    clock: Clock
    tickets: URLSafeTimedSerializer
    brake: Brake = field(default_factory=Brake)
    streams: int = 0

    def operator(self, name: str) -> Operator:
        """The company, or 404."""
        if name not in self.hub.operators:
            raise HTTPException(404)
        return self.hub.operators[name]

    async def messages(self, operator: Operator, token: str | None, lang: Lang, after: int = 0) -> tuple[Said, ...]:
        """What was said under a token; before anything was, the greeting."""
        opened: tuple[Said, ...] = ()
        if token:
            async with self.hub.unit_of_work() as session:
                talk = await find_conversation(session, self.hub.vault, operator.id, Channel.WEBCHAT, token)
                if talk is not None:
                    opened = await said(session, self.hub.vault, talk.id, after=after)
        if not opened and not after:
            return (Said(0, self.clock(), False, greeting(operator, lang)),)
        return opened

    def page(
        self, name: str, operator: Operator, lang: Lang, messages: tuple[Said, ...], token: str, *, framed: bool,
        stream: bool, trouble: str = "", status: int = 200,
    ) -> HTMLResponse:  # fmt: skip
        """A whole page or a turn's fragment."""

        def t(key: str, **values: str) -> str:
            return _words(lang)[key].format(**values)

        html = _templates().get_template(name).render(
            operator=operator,
            lang=lang,
            langs=LANGS,
            messages=messages,
            token=token,
            nonce=secrets.token_urlsafe(12),
            stream=self.tickets.dumps([operator.id, token]) if stream else None,
            framed=framed,
            action=f"/o/{operator.id}/{'widget' if framed else 'chat'}",
            trouble=trouble,
            quote_lang="nb" if not operator.fictional else lang,
            t=t,
            clock=lambda at: at.astimezone(OSLO).strftime("%H.%M"),
        )  # fmt: skip
        return HTMLResponse(html, status_code=status, headers={"Cache-Control": "no-store", "Content-Language": lang})


def router(hub: Hub, clock: Clock, signing_key: bytes) -> APIRouter:
    """The chat's routes for every company."""
    routes = APIRouter()
    chat = _Chat(hub, clock, URLSafeTimedSerializer(signing_key, salt="chat stream"))
    _add_files(routes)
    for place in ("chat", "widget"):
        _add_place(routes, chat, place)
    return routes


FILES = {"/widget.js": "launcher.js", "/widget.css": "launcher.css", "/chat.js": "chat.js", "/chat.css": "chat.css"}


def _add_files(routes: APIRouter) -> None:
    for path, name in FILES.items():
        routes.add_api_route(path, functools.partial(_file, name), methods=["GET"], response_class=FileResponse)


def _file(name: str) -> FileResponse:
    """A script or style sheet; the launcher's are loaded by the companies' own sites."""
    kind = "text/javascript" if name.endswith(".js") else "text/css"
    headers = {"Cross-Origin-Resource-Policy": "cross-origin", "Cache-Control": "max-age=300"}
    return FileResponse(FOLDER / name, media_type=kind, headers=headers)


def _add_place(routes: APIRouter, chat: _Chat, place: str) -> None:
    """The same three routes for the page, whose token is in a cookie, and for the frame, whose token is in
    the form alone: a frame on another site gets no cookies."""
    framed = place == "widget"

    @routes.get(f"/o/{{operator}}/{place}", response_class=HTMLResponse)
    async def show(
        operator: str,
        lang: str | None = None,
        rettsvar_chat: Annotated[str | None, Cookie()] = None,
        accept_language: Annotated[str | None, Header()] = None,
    ) -> Response:
        company = chat.operator(operator)
        spoken = as_lang(lang or (accept_language or "").split(",")[0])
        token = "" if framed else rettsvar_chat or ""
        messages = await chat.messages(company, token, spoken)
        return chat.page(
            "chat.html", company, spoken, messages, token, framed=framed, stream=bool(token) and messages[-1].seq > 0
        )

    @routes.post(f"/o/{{operator}}/{place}", response_class=HTMLResponse)
    async def speak(
        operator: str,
        request: Request,
        rettsvar_chat: Annotated[str | None, Cookie()] = None,
        x_turn: Annotated[str | None, Header()] = None,
    ) -> Response:
        company = chat.operator(operator)
        if int(request.headers.get("content-length") or 0) > LARGEST:
            return PlainTextResponse(_words("nb")["too_large"], 413)
        form = await request.form(max_fields=8, max_files=1, max_part_size=LARGEST)
        sent = {key: value for key, value in form.items() if isinstance(value, str)}
        lang = as_lang(sent.get("lang"))
        token = sent.get("token") or ""
        if not framed and token and token != rettsvar_chat:
            raise HTTPException(403)
        wait = chat.brake.wait(request.client.host if request.client else "", chat.clock())
        if wait is not None:
            minutes = str(max(1, round(wait.total_seconds() / 60)))
            return PlainTextResponse(say("rate", lang, minutes=minutes), 429)
        token = token or secrets.token_urlsafe(24)
        message = Incoming(
            text=sent.get("text", ""),
            external_id=(sent.get("nonce") or None),
            choice=sent.get("choice") or None,
            lang=lang,
            file=any(not isinstance(value, str) and value.filename for value in form.values()),
        )
        before = await chat.messages(company, token, lang)
        turn = await handle(
            chat.hub, operator_id=operator, channel=Channel.WEBCHAT, peer=token, message=message, now=chat.clock()
        )
        return await _answered(chat, company, turn.lang, token, before[-1].seq, framed=framed, part=x_turn is not None)

    @routes.get(f"/o/{{operator}}/{place}/stream", response_class=EventSourceResponse)
    async def stream(
        operator: str,
        request: Request,
        ticket: Annotated[str, Query(max_length=400)],
        after: int = 0,
        last_event_id: Annotated[int | None, Header()] = None,
    ) -> AsyncIterator[ServerSentEvent]:
        company = chat.operator(operator)
        try:
            name, token = chat.tickets.loads(ticket, max_age=24 * 3600)
        except BadSignature:
            raise HTTPException(403) from None
        if name != operator or chat.streams >= STREAMS:
            raise HTTPException(403 if name != operator else 503)
        seen = last_event_id if last_event_id is not None else after
        chat.streams += 1
        try:
            for _ in range(STREAM_SECONDS):
                if await request.is_disconnected():
                    return
                news = await chat.messages(company, token, "nb", after=max(seen, 1))
                if news:
                    lang = as_lang(await _spoken(chat, company, token))
                    page = chat.page("turn.html", company, lang, news, token, framed=framed, stream=True)
                    seen = news[-1].seq
                    yield ServerSentEvent(raw_data=bytes(page.body).decode(), event="news", id=str(seen))
                await asyncio.sleep(1)
            yield ServerSentEvent(raw_data="", event="end")
        finally:
            chat.streams -= 1


async def _spoken(chat: _Chat, operator: Operator, token: str) -> str:
    async with chat.hub.unit_of_work() as session:
        talk = await find_conversation(session, chat.hub.vault, operator.id, Channel.WEBCHAT, token)
        return talk.lang if talk is not None else "nb"


async def _answered(
    chat: _Chat, operator: Operator, lang: Lang, token: str, before: int, *, framed: bool, part: bool
) -> Response:
    """The turn's messages: a fragment for the script, the whole page in the frame, a redirect for the page."""
    if part:
        messages = await chat.messages(operator, token, lang, after=before)
        response: Response = chat.page("turn.html", operator, lang, messages, token, framed=framed, stream=True)
    elif framed:
        messages = await chat.messages(operator, token, lang)
        response = chat.page("chat.html", operator, lang, messages, token, framed=True, stream=True)
    else:
        response = RedirectResponse(f"/o/{operator.id}/chat?lang={lang}#text", 303)
    if not framed:
        secure = chat.hub.links.base_url.startswith("https")
        response.set_cookie("rettsvar_chat", token, httponly=True, samesite="lax", secure=secure, path=f"/o/{operator.id}")
    return response
