"""The person's own page of a case: where it stands, proving an address, the package, withdrawing."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Literal

from fastapi import APIRouter, Form, HTTPException, Request
from fastapi.responses import RedirectResponse, Response
from itsdangerous import BadSignature, URLSafeTimedSerializer
from sqlalchemy.ext.asyncio import AsyncSession

from desk.pages import proof, sight
from desk.pages.visit import Reader, Reading
from desk.security import RateLimit
from desk.wiring import Desk
from fulfilment.package import open_package
from intake import letters
from intake.case import Act, NotAllowed
from intake.log import PERSON, record
from intake.opening import by_secret, details
from intake.records import Case
from law.language import as_lang
from verification.challenges import Purpose

TICKET = "rettsvar_package"
TICKET_LIFETIME = timedelta(minutes=10)
BAD = frozenset(
    {"wait", "address", "wrong", "expired", "used", "paused", "none", "late", "sure", "fresh", "gone"}
)
GOOD = frozenset({"registered", "sent", "proven", "ready", "withdrawn"})


@dataclass(frozen=True, slots=True)
class Notice:
    """What came of the last thing the person did."""

    text: str
    bad: bool


def router() -> APIRouter:
    """`/s/{secret}` and what can be done there; an unknown secret is the same 404 everywhere."""
    router = APIRouter()
    floods = RateLimit(120, timedelta(minutes=10))

    @router.get("/s/{secret}")
    async def status(secret: str, request: Request, reader: Reading, m: str = "") -> Response:
        async with reader.desk.unit_of_work() as session:
            case = await _case(session, reader, secret)
            lang = reader.asked or as_lang(case.lang)
            ticket = _ticket_fits(reader.desk, request, case)
            seen = await sight.see(session, reader.desk, case, lang, reader.now, ticket=ticket)
        from_here = Reader(reader.desk, lang, reader.asked, reader.path, reader.caller, reader.now)
        notice = Notice(from_here.say(f"status.notice.{m}"), m in BAD) if m in BAD | GOOD else None
        operator = reader.operator(case.operator)
        return from_here.page(
            "pages/status.html", operator, here=f"/s/{secret}", case=case, notice=notice, **seen.values()
        )

    @router.post("/s/{secret}/kode")
    async def ask(
        secret: str,
        reader: Reading,
        purpose: Annotated[Literal["identify", "download"], Form()] = "identify",
        address: Annotated[str, Form(max_length=400)] = "",
    ) -> Response:
        _brake(floods, reader)
        async with reader.desk.unit_of_work() as session:
            case = await _case(session, reader, secret)
            operator, lang = reader.operator(case.operator), reader.asked or as_lang(case.lang)
            if purpose == "download":
                said = await proof.ask_for_download(session, reader.desk, operator, case, lang, reader.now)
            elif not sight.may_prove(case):
                said = "late"
            else:
                said = await proof.ask(session, reader.desk, operator, case, address, lang, reader.now)
        reader.desk.wake()
        return _back(reader, secret, said)

    @router.post("/s/{secret}/bekreft")
    async def answer(
        secret: str,
        reader: Reading,
        purpose: Annotated[Purpose, Form()] = "identify",
        code: Annotated[str, Form(max_length=100)] = "",
    ) -> Response:
        _brake(floods, reader)
        async with reader.desk.unit_of_work() as session:
            case = await _case(session, reader, secret)
            verdict = await proof.answer(session, reader.desk, case, purpose, code, reader.now)
        reader.desk.wake()
        if verdict.value != "proven" or purpose == "identify":
            return _back(reader, secret, verdict.value)
        response = _back(reader, secret, "ready")
        response.set_cookie(
            TICKET,
            _signer(reader.desk).dumps(case.id),
            max_age=int(TICKET_LIFETIME.total_seconds()),
            path=f"/s/{secret}",
            httponly=True,
            samesite="lax",
            secure=reader.desk.settings.base_url.startswith("https:"),
        )
        return response

    @router.post("/s/{secret}/pakke")
    async def download(secret: str, request: Request, reader: Reading) -> Response:
        async with reader.desk.unit_of_work() as session:
            case = await _case(session, reader, secret)
            if not _ticket_fits(reader.desk, request, case):
                return _back(reader, secret, "fresh")
            content = await open_package(session, reader.desk.vault, case.id, reader.now)
            if content is None:
                return _back(reader, secret, "gone")
            await record(session, reader.desk.vault, case, Act.DOWNLOADED, now=reader.now, actor=PERSON)
        return Response(
            content,
            media_type="application/zip",
            headers={"content-disposition": f'attachment; filename="{case.reference}.zip"'},
        )

    @router.post("/s/{secret}/trekk")
    async def withdraw(secret: str, reader: Reading, sure: Annotated[str, Form()] = "") -> Response:
        async with reader.desk.unit_of_work() as session:
            case = await _case(session, reader, secret)
            if not sure:
                return _back(reader, secret, "sure")
            said = await _withdraw(session, reader, case)
        reader.desk.wake()
        return _back(reader, secret, said)

    return router


async def _case(session: AsyncSession, reader: Reader, secret: str) -> Case:
    """The case behind the secret; 404 also where its company is no longer served here, or its dossier erased."""
    case = await by_secret(session, reader.desk.vault, secret)
    if case is None or case.operator not in reader.desk.operators:
        raise HTTPException(404)
    await details(reader.desk.vault, case)  # raises KeyGone, which is answered as a page that is not there
    return case


async def _withdraw(session: AsyncSession, reader: Reader, case: Case) -> str:
    """Take the request back; "late" once it is being carried out. Said twice, it is done once."""
    desk = reader.desk
    try:
        await record(session, desk.vault, case, Act.WITHDRAW, now=reader.now, actor=PERSON)
    except NotAllowed:
        return "withdrawn" if case.state == "withdrawn" else "late"
    address = await sight.answer_address(session, desk, case)
    await letters.write(
        session,
        desk.vault,
        reader.operator(case.operator),
        name="withdrawn",
        lang=as_lang(case.lang),
        dossier_id=case.dossier_id,
        case=case,
        to=address,
        values={},
        now=reader.now,
    )
    return "withdrawn"


def _brake(floods: RateLimit, reader: Reader) -> None:
    if floods.wait(reader.caller, reader.now) is not None:
        raise HTTPException(429)


def _back(reader: Reader, secret: str, said: str) -> RedirectResponse:
    lang = f"&lang={reader.asked}" if reader.asked else ""
    return RedirectResponse(f"/s/{secret}?m={said}{lang}#melding", 303)


def _signer(desk: Desk) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(desk.signing_key, salt="package")


def _ticket_fits(desk: Desk, request: Request, case: Case) -> bool:
    """Whether a code for this case's package was entered in this browser within the last ten minutes."""
    try:
        named = _signer(desk).loads(
            request.cookies.get(TICKET, ""), max_age=int(TICKET_LIFETIME.total_seconds())
        )
    except BadSignature:
        return False
    return bool(named == case.id)
