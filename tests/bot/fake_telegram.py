"""Our own Bot API server, spoken to over real HTTP: as much of Telegram as the bot uses, and a hand for the test."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import httpx2
import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

TOKEN = "42:ABC-secret"
PATIENCE = 60  # seconds a test waits for what must come


class FakeTelegram:
    """One bot's side of Telegram. `sent` are the bot's messages, `called` every method with what was given."""

    def __init__(self) -> None:
        self.sent: list[dict[str, Any]] = []
        self.called: list[tuple[str, dict[str, Any]]] = []
        self.webhook: dict[str, Any] = {}
        self.fail: dict[str, tuple[int, str]] = {}
        self._updates: list[dict[str, Any]] = []
        self._number = 100
        self._changed = asyncio.Condition()
        self.confirmed = 0
        self.app = FastAPI()
        self.app.add_api_route("/bot{token}/{method}", self._method, methods=["POST"])

    # what a person does in the app

    async def writes(
        self, text: str | None = None, *, chat: int = 7, lang: str | None = "nb", **more: Any
    ) -> int:
        """Somebody writes; the update's number. `more` is put into the message as Telegram has it."""
        message = self._message(chat, **({"text": text} if text is not None else {}), **more)
        message["from"] = {"id": chat, "is_bot": False, "first_name": "Ola"} | (
            {"language_code": lang} if lang else {}
        )
        return await self.push({"message": message})

    async def presses(self, label: str, *, chat: int = 7) -> int:
        """Somebody presses the newest button with these words on it."""
        for one in reversed(self.sent):
            for row in one.get("reply_markup", {}).get("inline_keyboard", ()):
                for button in row:
                    if button["text"] == label and one["chat_id"] == str(chat):
                        user = {"id": chat, "is_bot": False, "first_name": "Ola", "language_code": "nb"}
                        shown = self._message(chat, text=one["text"])
                        query = {
                            "id": str(self._next()),
                            "from": user,
                            "chat_instance": "1",
                            "message": shown,
                        }
                        return await self.push({"callback_query": query | {"data": button["callback_data"]}})
        raise AssertionError(f"no button says {label}")

    async def push(self, update: Mapping[str, Any]) -> int:
        """Hand an update over: to the webhook where one is set, else to the next getUpdates."""
        numbered = {"update_id": self._next(), **update}
        if self.webhook.get("url"):
            await self.post(numbered)
        else:
            async with self._changed:
                self._updates.append(numbered)
                self._changed.notify_all()
        return int(numbered["update_id"])

    async def again(self, update: Mapping[str, Any]) -> None:
        """Deliver an update as if it had never been confirmed."""
        async with self._changed:
            self._updates.append(dict(update))
            self._changed.notify_all()

    async def post(self, update: Mapping[str, Any], secret: str | None = None) -> int:
        """Push an update to the webhook; the status it answers."""
        header = {"X-Telegram-Bot-Api-Secret-Token": secret or self.webhook.get("secret_token", "")}
        async with httpx2.AsyncClient(timeout=PATIENCE) as client:
            return (await client.post(self.webhook["url"], json=update, headers=header)).status_code

    async def says(self, count: int = 1, *, after: int = 0) -> str:
        """Wait until the bot has sent `count` messages beyond the first `after`; their words."""
        await self._until(lambda: len(self.sent) >= after + count)
        return "\n".join(one["text"] for one in self.sent[after:])

    async def settles(self, update: int) -> None:
        """Wait until the bot has confirmed an update, by asking for the ones after it."""
        await self._until(lambda: self.confirmed > update)

    async def calls(self, method: str, times: int = 1) -> dict[str, Any]:
        """Wait until a method was called so often; what was given last."""
        await self._until(lambda: sum(name == method for name, _ in self.called) >= times)
        return next(given for name, given in reversed(self.called) if name == method)

    async def _until(self, come: Any) -> None:
        async with self._changed:
            await asyncio.wait_for(self._changed.wait_for(come), PATIENCE)

    # what the bot calls

    async def _method(self, token: str, method: str, request: Request) -> JSONResponse:
        async with request.form() as form:
            given = {key: _value(str(value)) for key, value in form.items()}
        if token != TOKEN:
            return _error(401, "Unauthorized")
        if method in self.fail:
            return _error(*self.fail[method])
        answer = getattr(self, f"_{method.casefold()}", None)
        if answer is None:
            return _error(404, f"no such method: {method}")
        result = await answer(given)
        async with self._changed:
            self.called.append((method, given))
            self._changed.notify_all()
        return result if isinstance(result, JSONResponse) else JSONResponse({"ok": True, "result": result})

    async def _getme(self, given: dict[str, Any]) -> Any:
        return {"id": 42, "is_bot": True, "first_name": "Desk", "username": "desk_bot"}

    async def _getupdates(self, given: dict[str, Any]) -> Any:
        if self.webhook.get("url"):
            return _error(409, "Conflict: can't use getUpdates method while webhook is active")
        offset = int(given.get("offset", 0))
        async with self._changed:
            self.confirmed = max(self.confirmed, offset)
            self._updates = [one for one in self._updates if one["update_id"] >= offset]
            self._changed.notify_all()
            try:
                await asyncio.wait_for(
                    self._changed.wait_for(lambda: bool(self._updates)), float(given.get("timeout", 0))
                )
            except TimeoutError:
                return []
            return self._updates[: int(given.get("limit", 100))]

    async def _sendmessage(self, given: dict[str, Any]) -> Any:
        if len(str(given["text"])) > 4096:
            return _error(400, "Bad Request: message is too long")
        for row in (given.get("reply_markup") or {}).get("inline_keyboard", ()):
            if any(len(button["callback_data"].encode()) > 64 for button in row):
                return _error(400, "Bad Request: BUTTON_DATA_INVALID")
        self.sent.append(given | {"chat_id": str(given["chat_id"]), "text": str(given["text"])})
        return self._message(int(given["chat_id"]), text=str(given["text"]))

    async def _editmessagetext(self, given: dict[str, Any]) -> Any:
        return self._message(int(given["chat_id"]), text=str(given["text"]))

    async def _editmessagereplymarkup(self, given: dict[str, Any]) -> Any:
        return self._message(int(given["chat_id"]), text="edited")

    async def _answercallbackquery(self, given: dict[str, Any]) -> Any:
        return True

    async def _setmycommands(self, given: dict[str, Any]) -> Any:
        return True

    async def _setwebhook(self, given: dict[str, Any]) -> Any:
        self.webhook = given
        return True

    async def _deletewebhook(self, given: dict[str, Any]) -> Any:
        self.webhook = {}
        return True

    def _message(self, chat: int, **more: Any) -> dict[str, Any]:
        kind = "private" if chat > 0 else "group"
        about = {"id": chat, "type": kind} | ({"title": "Gruppe"} if chat < 0 else {})
        return {"message_id": self._next(), "date": 1_790_000_000, "chat": about} | more

    def _next(self) -> int:
        self._number += 1
        return self._number


def _value(text: str) -> Any:
    try:
        return json.loads(text) if text[:1] in "{[" else text
    except ValueError:
        return text


def _error(code: int, description: str) -> JSONResponse:
    return JSONResponse({"ok": False, "error_code": code, "description": description}, code)


class _Server(uvicorn.Server):
    """uvicorn that leaves the test's signal handlers alone."""

    @contextmanager
    def capture_signals(self):  # type: ignore[no-untyped-def]
        yield


@asynccontextmanager
async def served(app: FastAPI) -> AsyncIterator[str]:
    """An application on a free port of the loopback; its address."""
    server = _Server(
        uvicorn.Config(app, port=0, log_config=None, lifespan="off", timeout_graceful_shutdown=1)
    )
    listening = asyncio.Event()
    startup = server.startup

    async def started(*args: Any, **kwargs: Any) -> None:
        await startup(*args, **kwargs)
        listening.set()

    server.startup = started  # type: ignore[method-assign]
    serving = asyncio.create_task(server.serve())
    await asyncio.wait_for(listening.wait(), PATIENCE)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        await serving
