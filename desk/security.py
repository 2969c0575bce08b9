"""What guards every page: security headers, the refusal of other sites' posts, form tokens, rate limits."""

import hmac
import re
import secrets
from collections import OrderedDict, deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from fastapi import FastAPI
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from desk import faults
from desk.wiring import Desk

PRIVATE = ("/s/", "/console", "/demo")
WEBHOOKS = ("/tg/",)


def policy(frame_ancestors: str = "'none'") -> str:
    """The content security policy: nothing inline, nothing from elsewhere.

    `data:` is for the icons of the vendored style sheet; `frame_ancestors` is who may frame the page.
    """
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; "
        f"frame-ancestors {frame_ancestors}"
    )


def nobody(path: str) -> str | None:
    """The answer to who may frame a path where nobody may."""
    return None


def framed_by(origins: Mapping[str, Sequence[str]]) -> Callable[[str], str | None]:
    """Who may frame a path: the chat widget may stand on the company's own sites, as the settings name them."""

    def answer(path: str) -> str | None:
        match = re.fullmatch(r"/o/([^/]+)/widget/?", path)
        return " ".join(["'self'", *origins.get(match[1], ())]) if match else None

    return answer


def protect(app: FastAPI, desk: Desk) -> None:
    """Put the guards in front of an application, and give it pages for what goes wrong."""
    faults.install(app)
    app.add_middleware(OwnPostsOnly)
    app.add_middleware(
        SecurityHeaders,
        https=desk.settings.base_url.startswith("https:"),
        framed_by=framed_by(desk.settings.widget_origins),
    )


class SecurityHeaders:
    """ASGI middleware that sets the headers a response has not set itself.

    `https`: the desk is reached over TLS, so browsers are told to insist on it. `framed_by` answers for a
    path who may frame it (a CSP source list), or None for nobody.
    """

    def __init__(
        self, app: ASGIApp, *, https: bool = False, framed_by: Callable[[str], str | None] = nobody
    ) -> None:
        self._app = app
        self._https = https
        self._framed_by = framed_by

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._set(MutableHeaders(scope=message), scope["path"])
            await send(message)

        await self._app(scope, receive, with_headers)

    def _set(self, headers: MutableHeaders, path: str) -> None:
        framed_by = self._framed_by(path)
        headers.setdefault("content-security-policy", policy(framed_by or "'none'"))
        if framed_by is None:
            headers.setdefault("x-frame-options", "DENY")
        headers.setdefault("x-content-type-options", "nosniff")
        # same-origin keeps a status link's secret from other sites, and still names our own origin on a post
        headers.setdefault("referrer-policy", "same-origin")
        headers.setdefault("permissions-policy", "camera=(), geolocation=(), microphone=(), payment=()")
        headers.setdefault("cross-origin-opener-policy", "same-origin")
        if path.startswith(PRIVATE):
            headers["cache-control"] = "no-store"
            headers.setdefault("x-robots-tag", "noindex, nofollow")
        if self._https:
            headers.setdefault("strict-transport-security", "max-age=31536000; includeSubDomains")


class OwnPostsOnly:
    """ASGI middleware that refuses a post which another site made the browser send.

    Programs send neither Sec-Fetch-Site nor Origin and pass: they have no one's cookies.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        changes = scope["type"] == "http" and scope["method"] not in {"GET", "HEAD", "OPTIONS"}
        if changes and not scope["path"].startswith(WEBHOOKS) and foreign(Headers(scope=scope)):
            await PlainTextResponse("cross-site post refused", 403)(scope, receive, send)
            return
        await self._app(scope, receive, send)


def foreign(headers: Headers) -> bool:
    """Whether a browser says that the post comes from another site than the one it goes to."""
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site not in {"same-origin", "none"}
    origin = headers.get("origin")
    return origin is not None and urlsplit(origin).netloc != headers.get("host")


def new_token() -> str:
    """An opaque token of 256 bits for a cookie."""
    return secrets.token_hex(32)


def matches(given: str, expected: str) -> bool:
    """Whether two texts are the same, in constant time."""
    return hmac.compare_digest(given.encode(), expected.encode())


def caller(request: Request) -> str:
    """Whom a rate limit counts: the caller's address (behind a proxy the server fills in the real one)."""
    return request.client.host if request.client else "unknown"


@dataclass(slots=True)
class RateLimit:
    """At most `times` in `within` for each key, kept in this process; the oldest keys are forgotten first.

    Only a brake on floods. What must hold over several processes (codes, sign-in) is counted in the database.
    """

    times: int
    within: timedelta
    room: int = 10_000
    _seen: OrderedDict[str, deque[datetime]] = field(default_factory=OrderedDict)

    def wait(self, key: str, now: datetime) -> timedelta | None:
        """Count one try; None where it may go on, else how long to wait."""
        tries = self._seen.setdefault(key, deque())
        self._seen.move_to_end(key)
        while tries and tries[0] <= now - self.within:
            tries.popleft()
        if len(tries) >= self.times:
            return tries[0] + self.within - now
        tries.append(now)
        while len(self._seen) > self.room:
            self._seen.popitem(last=False)
        return None


def minutes(wait: timedelta) -> int:
    """A waiting time in whole minutes, at least one."""
    return max(1, -int(-wait.total_seconds() // 60))
