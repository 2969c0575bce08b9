"""The website chat's doors: the page, the frame of the widget, and a stream of what the desk says later."""

import asyncio
import functools
import secrets
from collections.abc import AsyncIterator
from typing import Annotated, Final

from fastapi import APIRouter, Cookie, Depends, Header, HTTPException, Query, Request
from fastapi.responses import FileResponse, HTMLResponse, RedirectResponse, Response
from fastapi.sse import EventSourceResponse, ServerSentEvent
from itsdangerous import BadSignature, URLSafeTimedSerializer
from sqlalchemy.exc import SQLAlchemyError

from bot import chatpage
from bot.brake import Brake, minutes
from bot.dialogue import handle
from bot.forgetting import Forgotten, delete_conversation
from bot.hub import Channel, Hub
from bot.newswire import Newswire
from bot.replies import say
from bot.webdoor import Clock, Door, Sent, read_form, refused
from law.language import Lang, as_lang

COOKIE: Final = "rettsvar_chat"
STREAM_SECONDS: Final = 600  # then the browser comes back by itself
TICKET_SECONDS: Final = 24 * 3600
STREAMS: Final = 200  # open at once in this process
STREAMS_EACH: Final = 4  # and for one conversation
FILES: Final = {
    "/widget.js": "launcher.js",
    "/widget.css": "launcher.css",
    "/chat.js": "chat.js",
    "/chat.css": "chat.css",
}


def router(hub: Hub, clock: Clock, signing_key: bytes, *, at_most: int = 40) -> APIRouter:
    """The chat's routes for every company."""
    routes = APIRouter()
    for path, name in FILES.items():
        routes.add_api_route(
            path, functools.partial(_file, name), methods=["GET"], response_class=FileResponse
        )
    tickets = URLSafeTimedSerializer(signing_key, salt="chat stream")
    newswire, brake = Newswire(hub.unit_of_work), Brake(times=at_most)
    for place, framed in (("chat", False), ("widget", True)):
        door = Door(hub, clock, tickets, newswire, framed, brake)
        _add_pages(routes, door, place)
        _add_stream(routes, door, place)
    return routes


def _file(name: str) -> FileResponse:
    """A script or style sheet; the launcher's are loaded by the companies' own sites."""
    kind = "text/javascript" if name.endswith(".js") else "text/css"
    headers = {"Cross-Origin-Resource-Policy": "cross-origin", "Cache-Control": "max-age=300"}
    return FileResponse(chatpage.FOLDER / name, media_type=kind, headers=headers)


def _add_pages(routes: APIRouter, door: Door, place: str) -> None:
    """Show the conversation, take a message, resume in a frame, and forget."""
    path = f"/o/{{operator}}/{place}"
    cookie = Annotated[str, Cookie(alias=COOKIE)]
    header = Annotated[str, Header()]

    @routes.get(path, response_class=HTMLResponse)
    async def show(
        operator: str, lang: str | None = None, token: cookie = "", accept_language: header = ""
    ) -> Response:
        spoken = as_lang(lang or accept_language.split(",")[0])
        known = "" if door.framed else token
        return door.page(await door.chat(door.operator(operator), known, spoken, own=lang is None))

    @routes.post(path, response_class=HTMLResponse)
    async def speak(operator: str, request: Request, token: cookie = "") -> Response:
        sent = await read_form(door, door.operator(operator), request, token)
        if isinstance(sent, Response):
            return sent
        wait = door.brake.wait(request.client.host if request.client else "", door.clock())
        if wait is not None:
            trouble = say("rate", sent.lang, minutes=minutes(wait))
            return await refused(
                door, sent.operator, sent.lang, sent.token, trouble, 429, sent.part, sent.message.text
            )
        before = await door.chat(sent.operator, sent.token, sent.lang)
        answered = sent.token or secrets.token_urlsafe(24)
        turn = await handle(
            door.hub,
            operator_id=operator,
            channel=Channel.WEBCHAT,
            peer=answered,
            message=sent.message,
            now=door.clock(),
        )
        after = before.messages[-1].seq
        return await _answered(door, sent, answered, turn.lang, after)

    @routes.post(f"{path}/resume", response_class=HTMLResponse)
    async def resume(operator: str, request: Request, token: cookie = "") -> Response:
        sent = await read_form(door, door.operator(operator), request, token)
        if isinstance(sent, Response):
            return sent
        chat = await door.chat(sent.operator, sent.token, sent.lang)
        if not chat.token:
            raise HTTPException(404)
        return door.turn(chat, 0)

    @routes.post(f"{path}/forget", response_class=HTMLResponse)
    async def forget(operator: str, request: Request, token: cookie = "") -> Response:
        sent = await read_form(door, door.operator(operator), request, token)
        if isinstance(sent, Response):
            return sent
        done = await delete_conversation(
            door.hub, operator_id=operator, channel=Channel.WEBCHAT, peer=sent.token, now=door.clock()
        )
        if done is Forgotten.NOT_YET:
            chat = await door.chat(sent.operator, sent.token, sent.lang)
            return door.page(chat, trouble=say("not_deleted", sent.lang))
        trouble = chatpage.word("forgotten_kept" if done is Forgotten.CASE_KEPT else "forgotten", sent.lang)
        response = door.page(await door.chat(sent.operator, "", sent.lang), trouble=trouble)
        if not door.framed:
            response.delete_cookie(COOKIE, path=f"/o/{operator}")
        return response


async def _answered(door: Door, sent: Sent, token: str, lang: Lang, after: int) -> Response:
    """The turn's messages: a fragment for the script, the whole page in the frame, a redirect for the page."""
    operator = sent.operator
    if sent.part:
        response: Response = door.turn(await door.chat(operator, token, lang), after)
    elif door.framed:
        response = door.page(await door.chat(operator, token, lang))
    else:
        response = RedirectResponse(f"/o/{operator.id}/chat?lang={lang}#text", 303)
    if not door.framed:
        secure = door.hub.links.base_url.startswith("https")
        response.set_cookie(
            COOKIE, token, httponly=True, samesite="lax", secure=secure, path=f"/o/{operator.id}"
        )
    return response


def _add_stream(routes: APIRouter, door: Door, place: str) -> None:
    """What is said later, as server-sent events; a ticket opens one conversation for a day and cannot write."""

    def subject(operator: str, ticket: Annotated[str, Query(max_length=400)]) -> str:
        company = door.operator(operator)
        try:
            name, conversation_id = door.tickets.loads(ticket, max_age=TICKET_SECONDS)
        except (BadSignature, ValueError):
            raise HTTPException(403) from None
        if name != company.id:
            raise HTTPException(403)
        if door.streams.total() >= STREAMS or door.streams[conversation_id] >= STREAMS_EACH:
            raise HTTPException(503)
        return str(conversation_id)

    @routes.get(f"/o/{{operator}}/{place}/stream", response_class=EventSourceResponse)
    async def stream(
        operator: str,
        conversation_id: Annotated[str, Depends(subject)],
        after: int = 0,
        last_event_id: Annotated[int | None, Header()] = None,
    ) -> AsyncIterator[ServerSentEvent]:
        seen = after if last_event_id is None else last_event_id
        until = asyncio.get_running_loop().time() + STREAM_SECONDS
        door.streams[conversation_id] += 1
        try:
            while (left := until - asyncio.get_running_loop().time()) > 0:
                await asyncio.wait_for(door.newswire.newer(conversation_id, seen), left)
                chat = await door.news(door.operator(operator), conversation_id)
                if chat is None:
                    return
                yield ServerSentEvent(
                    raw_data=chatpage.turn(chat, seen), event="news", id=str(chat.messages[-1].seq)
                )
                seen = chat.messages[-1].seq
        except (TimeoutError, SQLAlchemyError):
            return  # the browser asks again
        finally:
            door.streams[conversation_id] -= 1
