"""Asks a language model at an OpenAI-compatible endpoint, within a budget of time; the program decides what stands."""

import asyncio
import json
import ssl
import time
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import Any, Final
from urllib.parse import urlsplit

import httpx2

from desk.log import log
from desk.settings import BadSettings, Model
from knowledge.answers import Answer, Knowledge, NoAnswer, spoken
from knowledge.model_request import Limits, Request, reply_schema, request_for
from knowledge.reviewed import Reviewed
from knowledge.second_reading import decide, is_worth_reading
from law.language import Lang

LARGEST: Final = 200_000  # bytes of an answer that are read
FAILURES: Final = 3  # in a row, after which the endpoint is left alone
PAUSE: Final = 60.0  # seconds it is left alone


class Trouble(StrEnum):
    """Why there is no reply of a model to look at."""

    NOT_ASKED = "not_asked"
    SKIPPED = "skipped"
    TIMEOUT = "timeout"
    UNREACHABLE = "unreachable"
    STATUS = "status"
    TOO_LARGE = "too_large"
    NO_COMPLETION = "no_completion"


class Unheard(Exception):
    """The endpoint gave nothing to look at; `why` is a code."""

    def __init__(self, why: Trouble) -> None:
        super().__init__(why.value)
        self.why = why


class Breaker:
    """Leaves an endpoint alone for a minute once it has failed three times in a row; then one try decides."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._failures = 0
        self._until: float | None = None

    def is_open(self) -> bool:
        """Whether the endpoint is left alone now. The first call after the pause says no, and starts another."""
        if self._until is None:
            return False
        if self._clock() < self._until:
            return True
        self._until = self._clock() + PAUSE
        return False

    def worked(self) -> None:
        """The endpoint answered."""
        self._failures, self._until = 0, None

    def failed(self) -> None:
        """It did not."""
        self._failures += 1
        if self._failures >= FAILURES:
            self._until = self._clock() + PAUSE


class Endpoint:
    """One endpoint for chat completions, reached by the settings. No proxy of the environment, no redirect."""

    def __init__(self, settings: Model, clock: Callable[[], float] = time.monotonic) -> None:
        if settings.url is None:
            raise BadSettings("no language model is set (model.url)")
        self._settings = settings
        self._url = settings.url.rstrip("/") + "/chat/completions"
        self._models = settings.url.rstrip("/") + "/models"
        self._breaker = Breaker(clock)
        self._at_once = asyncio.Semaphore(settings.at_once)
        key = settings.api_key.get_secret_value() if settings.api_key else ""
        headers = {"Accept-Encoding": "identity"} | ({"Authorization": f"Bearer {key}"} if key else {})
        # certificates are read for https alone: that takes a while, and http to this machine uses none
        trusted = False if urlsplit(settings.url).scheme == "http" else ssl.create_default_context()
        self._client = httpx2.AsyncClient(
            headers=headers, timeout=settings.timeout, trust_env=False, verify=trusted
        )

    async def complete(self, request: Request) -> str:
        """The text of the model's message. Raises Unheard, within the budget of time whatever the endpoint does."""
        if self._breaker.is_open():
            raise Unheard(Trouble.SKIPPED)
        try:
            async with asyncio.timeout(self._settings.timeout):
                text = _text(await self._post(self._body(request)))
        except (TimeoutError, httpx2.TimeoutException):
            fault = Unheard(Trouble.TIMEOUT)
        except (httpx2.HTTPError, OSError):
            fault = Unheard(Trouble.UNREACHABLE)
        except Unheard as unheard:
            fault = unheard
        else:
            self._breaker.worked()
            return text
        self._breaker.failed()
        raise fault from None

    async def check(self) -> Trouble | None:
        """Ask for the list of models, as `doctor` does; what is wrong, if anything."""
        try:
            async with asyncio.timeout(self._settings.timeout):
                response = await self._client.get(self._models)
        except (TimeoutError, httpx2.TimeoutException):
            return Trouble.TIMEOUT
        except (httpx2.HTTPError, OSError):
            return Trouble.UNREACHABLE
        return None if response.status_code == 200 else Trouble.STATUS

    async def close(self) -> None:
        """Let the connections go."""
        await self._client.aclose()

    def _body(self, request: Request) -> Mapping[str, Any]:
        s = self._settings
        forms: Mapping[str, Mapping[str, Any]] = {
            "json_schema": {
                "type": "json_schema",
                "json_schema": {"name": "reading", "strict": True, "schema": reply_schema()},
            },
            "json_object": {"type": "json_object"},
        }
        form = {"response_format": forms[s.format]} if s.format in forms else {}
        return {
            "model": s.name,
            "messages": [dict(message) for message in request.messages],
            "temperature": 0,
            "max_tokens": s.max_tokens,
            "stream": False,
        } | form

    async def _post(self, body: Mapping[str, Any]) -> bytes:
        async with self._at_once, self._client.stream("POST", self._url, json=body) as response:
            if response.status_code != 200:
                raise Unheard(Trouble.STATUS)
            if response.headers.get("content-encoding", "identity") != "identity":
                raise Unheard(
                    Trouble.NO_COMPLETION
                )  # packed though we asked for plain: it may unpack to anything
            read = bytearray()
            async for part in response.aiter_raw():
                read += part
                if len(read) > LARGEST:
                    raise Unheard(Trouble.TOO_LARGE)
            return bytes(read)


def _text(answer: bytes) -> str:
    try:
        found = json.loads(answer)
    except (ValueError, RecursionError):
        raise Unheard(Trouble.NO_COMPLETION) from None
    match found:
        case {"choices": [{"message": {"content": str(text)}}, *_]}:
            return text
    raise Unheard(Trouble.NO_COMPLETION)


class ModelReader:
    """Reads questions with the model. Whatever becomes of that, there is a reply: our own, if nothing better."""

    def __init__(self, endpoint: Endpoint, knowledge: Mapping[str, Knowledge], limits: Limits) -> None:
        self._endpoint = endpoint
        self._knowledge = knowledge
        self._limits = limits

    async def __call__(
        self, operator_id: str, question: str, lang: Lang, reviewed: Sequence[Reviewed] = ()
    ) -> Answer | NoAnswer:
        """The reply that stands."""
        reply, _ = await self.read(operator_id, question, lang, reviewed)
        return reply

    async def read(
        self, operator_id: str, question: str, lang: str | None = None, reviewed: Sequence[Reviewed] = ()
    ) -> tuple[Answer | NoAnswer, str]:
        """The reply that stands, and why: a verdict, what was wrong with the model's reply, or the trouble.

        Searching takes a while, so that it is done beside the event loop. Raises KeyError for a company that is
        not served.
        """
        # taken once: a version that comes into force meanwhile must not judge what is quoted of the one before
        knowledge = await asyncio.to_thread(self._knowledge.__getitem__, operator_id)
        own, request = await asyncio.to_thread(_prepared, knowledge, question, lang, reviewed, self._limits)
        if request is None:
            return own, Trouble.NOT_ASKED
        began = time.monotonic()
        try:
            content = await self._endpoint.complete(request)
        except Unheard as fault:
            _tell(operator_id, fault.why, began, heard=False)
            return own, fault.why
        decided = await asyncio.to_thread(decide, knowledge, question, request, own, content)
        _tell(operator_id, decided.why, began, heard=True)
        return decided.reply, decided.why

    async def check(self) -> Trouble | None:
        """What is wrong with the endpoint, if anything."""
        return await self._endpoint.check()

    async def close(self) -> None:
        """Let the endpoint go."""
        await self._endpoint.close()


def model_reader(settings: Model, knowledge: Mapping[str, Knowledge]) -> ModelReader | None:
    """The reader of the settings; None where no model is set, as by default."""
    if settings.url is None:
        return None
    limits = Limits(settings.max_characters, settings.max_passages)
    return ModelReader(Endpoint(settings), knowledge, limits)


def _prepared(
    knowledge: Knowledge,
    question: str,
    lang: str | None,
    reviewed: Sequence[Reviewed],
    limits: Limits,
) -> tuple[Answer | NoAnswer, Request | None]:
    own = knowledge.ask(question, lang, reviewed=reviewed)
    if not is_worth_reading(own):
        return own, None
    return own, request_for(knowledge, question, spoken(question, lang), limits)


def _tell(operator_id: str, why: StrEnum, began: float, *, heard: bool) -> None:
    seconds = round(time.monotonic() - began, 2)
    line = log.info if heard else log.warning
    line("model", operator=operator_id, why=why.value, seconds=seconds)
