"""Runs the desk with invented systems, people and a mailbox, and tells a newcomer where to look."""

import sys
from datetime import UTC, datetime, timedelta

import pyotp
from fastapi import APIRouter
from fastapi.responses import PlainTextResponse
from sqlalchemy import select

from desk import serving
from desk.console.officers import add_officer, totp_uri
from desk.demo import writing
from desk.demo.mailbox import Mailbox, router
from desk.demo.overlay import overlay_root
from desk.demo.systems import make_systems
from desk.records import Officer
from desk.settings import Mail, Settings
from desk.taking_in import Keeper
from desk.wiring import Desk, build, document_folders
from knowledge.shelf import documents_there

EMAIL, PASSWORD = "ombud@example.no", "lys-fjord-demo-2026"
OSLO_OFFSET = timedelta(hours=1)


async def run_demo(settings: Settings) -> None:
    """Make the systems on first run, catch all mail in the mailbox page, sign an officer up, and serve."""
    folder = settings.data_dir / "demo"
    today = (datetime.now(UTC) + OSLO_OFFSET).date()
    systems = make_systems(folder / "systems", today)
    mailbox = Mailbox(folder / "mail")
    port = mailbox.start()
    try:
        # a mail server of one's own may be tried with the demo too; without one nothing leaves this machine
        own = settings.mail if settings.mail.host is not None else None
        mail = own or Mail(host="127.0.0.1", port=port, security="none", sender="personvern@example.no")
        desk = build(settings.model_copy(update={"mail": mail}), overlay=overlay_root(), systems=systems)
        await serving.prepare(desk, serving.PARTS)
        uri = await _officer(desk)
        await serving.serve(
            desk,
            extra=[
                router(mailbox),
                writing.router(mailbox, desk.operators, Keeper(desk), desk.clock),
                code_router(uri),
            ],
            started=lambda port: _tell(desk, f"http://{settings.host}:{port}", uri),
        )
    finally:
        mailbox.stop()


async def _officer(desk: Desk) -> str:
    """The demo's officer, signed up on first run; the address for the authenticator."""
    async with desk.unit_of_work() as session:
        known = await session.scalar(select(Officer).where(Officer.email == EMAIL))
        if known is not None:
            return totp_uri(desk.vault, known)
        return await add_officer(
            session,
            desk.vault,
            email=EMAIL,
            name="Ombud i demoen",
            password=PASSWORD,
            operators=list(desk.operators),
            now=desk.clock(),
        )


def code_router(uri: str) -> APIRouter:
    """`/demo/code`: the officer's one-time code of this moment; nobody should need a telephone to try the demo."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/demo/code", response_class=PlainTextResponse)
    def code() -> str:
        generator = pyotp.parse_uri(uri)
        assert isinstance(generator, pyotp.TOTP)
        return generator.now()

    return routes


def _tell(desk: Desk, base: str, uri: str) -> None:
    """Print where to look."""
    folders = document_folders(desk.settings)
    documents = sum(len(documents_there(one, folders)) for one in desk.operators.values())
    lines = [
        "",
        "Rettsvar demo: invented people, real companies' registers.",
        f"  The companies   {base}/",
        f"  Mailbox         {base}/demo/mailbox    (every mail the desk sends)",
        f"  Write a mail    {base}/demo/write    (as a customer)",
        f"  Console         {base}/console",
        f"    log in with   {EMAIL}   {PASSWORD}",
        f"    one-time code {base}/demo/code    (or add {uri} to an authenticator)",
        f"  Documents       {documents} loaded; make run TERMS=folder loads the companies' own",
        f"  Keys            {desk.settings.keys}",
        "",
    ]
    if desk.new_master_key:
        lines.insert(
            -1, f"  BACK UP {desk.settings.keys} apart from the database: without it nothing can be read.\n"
        )
    sys.stdout.write("\n".join(lines))
    sys.stdout.flush()
