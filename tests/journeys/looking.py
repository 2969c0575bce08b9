"""The pages people see most, each opened in light, dark and at 320 px; used by the tests of looks and by `make screens`."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from playwright.sync_api import Browser, BrowserContext, Page

from tests.journeys.running import RunningDesk

LOOKS: Mapping[str, tuple[Literal["light", "dark"], int, int]] = {
    "light": ("light", 1280, 900),
    "dark": ("dark", 1280, 900),
    "320": ("light", 320, 720),
}


@dataclass(frozen=True, slots=True)
class Places:
    """Where the pages are: chat, secure page, case, coming version, a mail in the tray; whose cookies open them."""

    chat: str
    status: str
    reference: str
    version: str
    mail: str
    officer: BrowserContext
    person: BrowserContext


def pages_of(desk: RunningDesk, places: Places) -> dict[str, tuple[str, BrowserContext]]:
    """Name -> address and whose browser opens it."""
    return {
        "companies": ("/", places.person),
        "company": ("/o/fjordlys", places.person),
        "document": ("/o/fjordlys/dokument/vilkar.nb.md", places.person),
        "chat": (places.chat, places.person),
        "form": ("/o/fjordlys/skjema", places.person),
        "status": (places.status.removeprefix(desk.base), places.person),
        "sign-in": ("/console/sign-in", places.person),
        "queue": ("/console", places.officer),
        "case": (f"/console/cases/{places.reference}", places.officer),
        "talks": ("/console/talks", places.officer),
        "documents": ("/console/documents", places.officer),
        "documents-company": ("/console/documents/fjordlys", places.officer),
        "documents-version": (places.version.removeprefix(desk.base), places.officer),
        "tray": ("/console/mail", places.officer),
        "tray-automatic": ("/console/mail?show=automatic", places.officer),
        "tray-mail": (places.mail, places.officer),
        "questions": ("/console/questions", places.officer),
        "questions-new": ("/console/questions/new/fjordlys", places.officer),
        "mailbox": ("/demo/mailbox", places.person),
        "write": ("/demo/write", places.person),
    }


def looked_at(
    browser: Browser, desk: RunningDesk, address: str, whose: BrowserContext
) -> Iterator[tuple[str, Page]]:
    """The page in each look, with the cookies of the one whose it is."""
    for look, (scheme, width, height) in LOOKS.items():
        context = browser.new_context(
            storage_state=whose.storage_state(),
            color_scheme=scheme,
            viewport={"width": width, "height": height},
            locale="nb-NO",
        )
        page = context.new_page()
        answer = page.goto(desk.base + address)
        assert answer is not None
        assert answer.status == 200, f"{address}: {answer.status}"
        yield look, page
        context.close()
