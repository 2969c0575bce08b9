"""The door to the console: signing in and out, and the check that every other page of it makes first."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.datastructures import FormData
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import update

from desk.console.sessions import form_token, sign_in, sign_out, signed_in
from desk.records import Officer
from desk.rendering import language, pages, text
from desk.security import RateLimit, caller, matches, minutes, new_token
from desk.wiring import Desk
from law.language import LANGS, Lang, as_lang

SESSION = "rettsvar_officer"
STRANGER = "rettsvar_door"  # ties the sign-in form to the browser that asked for it
SIGN_IN = "/console/sign-in"


@dataclass(frozen=True, slots=True)
class Inside:
    """A request of a signed-in officer; `token` is the hidden field of this session's forms."""

    desk: Desk
    officer: Officer
    token: str
    lang: Lang
    now: datetime

    def page(
        self, name: str, *, status: int = 200, nav: str = "", back: str = "/console", **values: object
    ) -> Response:
        """A page of the console."""
        shared = {"officer": self.officer, "token": self.token, "nav": nav, "back": back}
        return pages().page(name, self.lang, status=status, **shared, **values)

    def say(self, key: str, **values: object) -> str:
        """A text in the officer's language."""
        return text(self.lang, key, **values)


def desk_of(request: Request) -> Desk:
    """The composition root of the application that serves this request."""
    desk = request.app.state.desk
    assert isinstance(desk, Desk)
    return desk


async def inside(request: Request) -> Inside:
    """Let only a signed-in officer pass; anyone else is sent to the door."""
    desk = desk_of(request)
    now = desk.clock()
    cookie = request.cookies.get(SESSION, "")
    async with desk.unit_of_work() as session:
        officer = await signed_in(session, desk.vault, cookie, now) if cookie else None
    if officer is None:
        there = f"?back={request.url.path}" if request.method == "GET" else ""
        ended = ("&" if there else "?") + "ended=1" if cookie else ""
        raise HTTPException(303, headers={"location": f"{SIGN_IN}{there}{ended}"})
    return Inside(desk, officer, form_token(desk.vault, cookie), as_lang(officer.lang), now)


async def posted(request: Request, visit: Annotated[Inside, Depends(inside)]) -> AsyncIterator[FormData]:
    """The form of a post, once its hidden field fits the session. 403 where it does not."""
    async with request.form(max_part_size=256 * 1024) as form:
        if not matches(str(form.get("token", "")), visit.token):
            raise HTTPException(403, detail="form token")
        yield form


Visit = Annotated[Inside, Depends(inside)]
Form = Annotated[FormData, Depends(posted)]


def router() -> APIRouter:
    """The pages of the door."""
    router = APIRouter()
    floods = RateLimit(30, timedelta(minutes=15))

    @router.get(SIGN_IN)
    async def door(request: Request, back: str = "/console", ended: bool = False) -> Response:
        return _door(request, back=back, ended=ended)

    @router.post(SIGN_IN)
    async def knock(request: Request) -> Response:
        desk = desk_of(request)
        now = desk.clock()
        form = await request.form()
        cookie = request.cookies.get(STRANGER, "")
        back = str(form.get("back", ""))
        email = str(form.get("email", ""))[:200]
        if not cookie or not matches(str(form.get("token", "")), form_token(desk.vault, cookie)):
            return _door(request, back=back, failed="console.sign_in.stale", email=email, status=403)
        wait = floods.wait(caller(request), now)
        if wait is not None:
            return _door(
                request,
                back=back,
                failed="console.sign_in.flood",
                email=email,
                status=429,
                wait=minutes(wait),
            )
        opened = await sign_in(
            desk.unit_of_work,
            desk.vault,
            email=email,
            password=str(form.get("password", ""))[:200],
            code=str(form.get("code", ""))[:20],
            now=now,
        )
        if opened is None:
            return _door(request, back=back, failed="console.sign_in.wrong", email=email, status=403)
        response = RedirectResponse(_within(back), 303)
        response.set_cookie(
            SESSION, opened.token, path="/console", httponly=True, samesite="lax", secure=_https(desk)
        )
        response.delete_cookie(STRANGER, path=SIGN_IN)
        return response

    @router.post("/console/sign-out")
    async def leave(request: Request, visit: Visit, form: Form) -> Response:
        async with visit.desk.unit_of_work() as session:
            await sign_out(session, visit.desk.vault, request.cookies.get(SESSION, ""))
        response = RedirectResponse(SIGN_IN, 303)
        response.delete_cookie(SESSION, path="/console")
        return response

    @router.post("/console/language")
    async def speak(visit: Visit, form: Form) -> Response:
        if form.get("lang") in LANGS:
            async with visit.desk.unit_of_work() as session:
                chosen = update(Officer).where(Officer.id == visit.officer.id).values(lang=str(form["lang"]))
                await session.execute(chosen)
        return RedirectResponse(_within(str(form.get("back", ""))), 303)

    return router


def _door(
    request: Request,
    *,
    back: str,
    ended: bool = False,
    failed: str | None = None,
    email: str = "",
    status: int = 200,
    wait: int = 0,
) -> Response:
    """The sign-in page, with a token that fits a cookie of this browser."""
    desk = desk_of(request)
    lang = language(request.query_params.get("lang"), request.headers.get("accept-language"))
    cookie = request.cookies.get(STRANGER) or new_token()
    response = pages().page(
        "console/sign_in.html",
        lang,
        status=status,
        officer=None,
        token=form_token(desk.vault, cookie),
        back=_within(back),
        ended=ended,
        failed=text(lang, failed, n=wait) if failed else None,
        email=email,
    )
    response.set_cookie(STRANGER, cookie, path=SIGN_IN, httponly=True, samesite="strict", secure=_https(desk))
    return response


def _within(back: str) -> str:
    """A path of the console; anything else would send the officer elsewhere after signing in."""
    fits = back.startswith("/console") and "\\" not in back and "//" not in back and back != SIGN_IN
    return back if fits else "/console"


def _https(desk: Desk) -> bool:
    return desk.settings.base_url.startswith("https:")
