"""A desk and a browser without a socket, for tests of pages: two companies, and a clock that can be set."""

import asyncio
import re
import shutil
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from html import unescape
from pathlib import Path
from urllib.parse import urlencode

import httpx2
import pyotp
from argon2 import PasswordHasher
from fastapi import FastAPI
from sqlalchemy import select

from bot.hub import Hub
from desk.app import make_app
from desk.console.officers import add_officer
from desk.database import Database, open_engine
from desk.in_force import InForce
from desk.knowing import KnowledgeByCompany
from desk.mail import Mailer
from desk.postroom import postroom_of
from desk.reviews import note
from desk.settings import Mail, Settings
from desk.wiring import Desk
from fulfilment.tools import Tools
from intake.letters import open_letter
from intake.links import Links
from intake.records import Letter
from intake.vault import Vault
from operators.profile import Operator, load_all
from tests.conftest import MemoryKeys
from tests.desk.desks import Clock
from verification.proofs import person

EMAIL, PASSWORD = "vera.vurderer@example.no", "granbar-og-kongler"
BASE = "http://desk.example"


@cache
def profiles() -> dict[str, Operator]:
    """All companies as they are; read once, since it takes a while."""
    return load_all()


@cache
def companies() -> dict[str, Operator]:
    """Fjordlys, whose documents are ours, and CleverStore, whose are not; neither with systems to search."""
    return {id: replace(profiles()[id], systems=()) for id in ("cleverstore", "fjordlys")}


@cache
def knowledge() -> KnowledgeByCompany:
    """What the two say; built once, since it takes seconds."""
    return KnowledgeByCompany(companies(), ())


@dataclass(slots=True)
class Web:
    """A desk, its application, and one browser that follows no redirect by itself."""

    desk: Desk
    app: FastAPI
    clock: Clock
    browser: httpx2.AsyncClient
    totp: pyotp.TOTP | None = None
    form_token: str = field(default="")

    async def get(self, path: str, **headers: str) -> httpx2.Response:
        """Open a page."""
        return await self.browser.get(path, headers=headers)

    async def post(
        self, path: str, values: Mapping[str, str | list[str]] | None = None, *, site: str = "same-origin"
    ) -> httpx2.Response:
        """Send a form as this site's own page would, or one of another `site`; a second goes by."""
        self.clock.pass_on(seconds=1)
        body = urlencode({"token": self.form_token} | dict(values or {}), doseq=True)
        sent = {"content-type": "application/x-www-form-urlencoded", "sec-fetch-site": site}
        return await self.browser.post(path, content=body, headers=sent)

    async def add_officer(self, email: str = EMAIL, operators: tuple[str, ...] = ("fjordlys",)) -> pyotp.TOTP:
        """An officer of these companies; the generator of their one-time codes."""
        async with self.desk.unit_of_work() as session:
            uri = await add_officer(
                session,
                self.desk.vault,
                email=email,
                name="Vera Vurderer",
                password=PASSWORD,
                operators=operators,
                now=self.clock(),
                hasher=PasswordHasher(time_cost=1, memory_cost=8, parallelism=1),
            )
        generator = pyotp.parse_uri(uri)
        assert isinstance(generator, pyotp.TOTP)
        return generator

    async def sign_in(
        self,
        totp: pyotp.TOTP,
        *,
        email: str = EMAIL,
        password: str = PASSWORD,
        code: str | None = None,
        back: str = "/console",
    ) -> httpx2.Response:
        """Fill in the sign-in form; afterwards `form_token` is the session's."""
        door = await self.get("/console/sign-in")
        self.form_token = hidden(door.text, "token")
        values = {
            "email": email,
            "password": password,
            "code": code or totp.at(self.clock()),
            "back": back,
        }
        answer = await self.post("/console/sign-in", values)
        if answer.status_code == 303:
            self.form_token = hidden((await self.get("/console")).text, "token")
        return answer

    async def code_sent(self) -> str:
        """The code in the newest letter with one, as the person would read it."""
        async with self.desk.unit_of_work() as session:
            letters = await session.scalars(
                select(Letter).where(Letter.name == "code").order_by(Letter.written_at.desc())
            )
            opened = open_letter(self.desk.vault, letters.all()[0])
        found = re.search(r"\b(\d{3})[ \u00a0]?(\d{3})\b", opened.text)
        assert found is not None
        return found[1] + found[2]


@asynccontextmanager
async def open_web(
    folder: Path,
    clock: Clock,
    with_tables: Path,
    served: KnowledgeByCompany | None = None,
    operators: Mapping[str, Operator] | None = None,
) -> AsyncIterator[Web]:
    """The application over a fresh SQLite database: a copy of the file `with_tables`.

    It serves the two companies, or other `operators` with what is `served` about them.
    """
    operators, known = operators or companies(), served or knowledge()
    settings = Settings(data_dir=folder, base_url=BASE)
    shutil.copyfile(with_tables, folder / "desk.sqlite")
    database = Database(open_engine(f"sqlite+aiosqlite:///{folder / 'desk.sqlite'}"))
    vault, links, woken = Vault(MemoryKeys()), Links(BASE), asyncio.Event()
    in_force = InForce(database.unit_of_work, known)
    desk = Desk(
        settings=settings,
        operators=operators,
        knowledge=known,
        in_force=in_force,
        vault=vault,
        database=database,
        clock=clock,
        tools=Tools(
            unit_of_work=database.unit_of_work,
            vault=vault,
            operators=operators,
            adapters=lambda _operator: {},
            links=links,
            clock=clock,
            person=person,
        ),
        hub=Hub(
            database.unit_of_work, vault, operators, known, links, woken.set, in_force=in_force, feedback=note
        ),
        links=links,
        mailer=Mailer(Mail()),
        postroom=postroom_of(settings, operators, lambda name, kind: ()),
        woken=woken,
        signing_key=b"s" * 32,
        new_master_key=False,
        engines={},
    )
    app = make_app(desk)
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url=BASE) as browser:
        yield Web(desk, app, clock, browser)
    await database.close()


def hidden(page: str, name: str) -> str:
    """The value of a hidden field of a page."""
    found = re.search(rf'<input type="hidden" name="{name}" value="([^"]*)"', page)
    assert found is not None, f"no hidden field {name}"
    return unescape(found[1])
