"""The looks: no WCAG 2.2 AA violation, nothing blocked by the policy, no sideways scrolling at 320 px."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page

from desk.demo.people import KARI
from tests.journeys.conftest import WAIT
from tests.journeys.looking import Places, looked_at, pages_of
from tests.journeys.running import RunningDesk
from tests.journeys.visitor import Officer, Visitor

pytestmark = pytest.mark.slow

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
NEW_TERMS = "# Vilkår\n\n## 1. Sletting\n\nÅ få slettet opplysningene sine koster 500 kroner.\n"
NAMES = (
    "companies", "company", "document", "chat", "form", "status", "sign-in", "queue", "case", "talks", "mailbox",
    "documents", "documents-company", "documents-version", "questions", "questions-new", "tray", "tray-automatic",
    "tray-mail", "write",
)  # fmt: skip


@pytest.fixture(scope="module")
def places(desk: RunningDesk, browser: Browser) -> Iterator[Places]:
    """A case with a plan that waits for a decision, a conversation that asked for a human, a coming version."""
    yield from make_places(desk, browser)


def make_places(desk: RunningDesk, browser: Browser) -> Iterator[Places]:
    """Talk, ask, prove, and sign an officer in."""
    person = browser.new_context(locale="nb-NO")
    person.set_default_timeout(WAIT)
    visitor = Visitor(desk, person.new_page(), "fjordlys", KARI.email)
    visitor.open_chat()
    visitor.say("Hvor lenge oppbevarer dere fakturaene mine?")
    reference, link = visitor.ask("Slett alt dere har om meg")
    visitor.prove()
    visitor.say("Kan jeg få snakke med et menneske?")
    inside = browser.new_context(locale="nb-NO")
    inside.set_default_timeout(WAIT)
    officer = Officer(desk, inside.new_page())
    officer.sign_in()
    officer.open_case(reference, "Til vurdering")
    soon = (datetime.now(UTC) + timedelta(days=60)).date()
    version = officer.hand_in("fjordlys", "vilkar.nb.md", NEW_TERMS, soon.isoformat())
    mail = a_mail_in_the_tray(desk, visitor, officer, reference)
    yield Places("/o/fjordlys/chat?lang=nb", link, reference, version, mail, inside, person)
    person.close()
    inside.close()


def a_mail_in_the_tray(desk: RunningDesk, visitor: Visitor, officer: Officer, reference: str) -> str:
    """Somebody whom the case does not know writes about it; the address of the mail's page."""
    visitor.page.goto(f"{desk.base}/demo/write")
    visitor.page.locator("#company").select_option("fjordlys")
    visitor.page.locator("#sender").fill("ukjent@example.com")
    visitor.page.locator("#subject").fill(f"Sak {reference}")
    visitor.page.locator("#text").fill("Hvordan går det med saken min?")
    visitor.page.locator("main form button").click()

    def there() -> bool:
        officer.page.goto(f"{desk.base}/console/mail")
        return officer.page.locator("main table a").count() > 0

    desk.until(there, "the mail to lie in the tray")
    address = officer.page.locator("main table a").first.get_attribute("href")
    assert address is not None
    return address


@contextmanager
def heard(page: Page) -> Iterator[list[str]]:
    """What the browser's console says meanwhile."""
    lines: list[str] = []

    def keep(message: ConsoleMessage) -> None:
        lines.append(message.text)

    page.on("console", keep)
    yield lines
    page.remove_listener("console", keep)


@pytest.mark.parametrize("name", NAMES)
def test_a_page_is_accessible_in_every_look(
    name: str, desk: RunningDesk, browser: Browser, places: Places
) -> None:
    """axe-core finds no violation of WCAG 2.2 AA in light, dark and at 320 px, and nothing scrolls sideways."""
    address, whose = pages_of(desk, places)[name]
    for look, page in looked_at(browser, desk, address, whose):
        with heard(page) as blocked:
            page.reload()
        found = Axe().run(page, options=RULES).response["violations"]
        assert not [f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in found], f"{name} in {look}"
        assert not [text for text in blocked if "Content Security Policy" in text]
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{name} in {look} is {wide} px too wide"
