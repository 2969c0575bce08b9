"""What a person does in the browser: talk in the chat, prove an address, fetch a package; and what an officer does."""

import io
import re
import zipfile
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.journeys.running import RunningDesk


class Visitor:
    """A person with a browser and a mailbox."""

    def __init__(self, desk: RunningDesk, page: Page, company: str, address: str = "") -> None:
        self.desk = desk
        self.page = page
        self.company = company
        self.address = address

    def open_chat(self, lang: str = "nb") -> None:
        """The company's chat."""
        self.page.goto(f"{self.desk.base}/o/{self.company}/chat?lang={lang}")

    def say(self, text: str) -> Locator:
        """Write a message, send it, and return the answer to it: news may come after it at any moment."""
        said = self.page.locator("li.msg.me")
        before = said.count()
        self.page.get_by_role("textbox").fill(text)
        self.page.get_by_role("button", name="Send", exact=True).click()
        expect(said).to_have_count(before + 1)
        answer = said.nth(before).locator("xpath=following-sibling::li[contains(@class, 'bot')][1]")
        expect(self.page.locator("#status")).to_be_empty()
        return answer

    def ask(self, text: str) -> tuple[str, str]:
        """Make a request in the chat; its reference and the address of its secure page."""
        self.say(text)
        reference = self.reference()
        link = self.page.get_by_role("link", name="Åpne trygg side").last.get_attribute("href")
        assert link is not None
        return reference, link

    def reference(self) -> str:
        """The newest reference named in the chat."""
        text = self.page.locator("ol.log").inner_text()
        found = re.findall(r"[A-Z]{3}-\d{4}-\d{4,}", text)
        assert found, text
        return str(found[-1])

    def prove(self) -> None:
        """Give the address and the code that came to it."""
        before = len(self.desk.mails(self.address))
        self.say(self.address)
        answer = self.say(self.desk.code(self.address, after=before))
        expect(answer).to_contain_text("adressen er bekreftet")

    def open_package(self, link: str, into: Path) -> dict[str, bytes]:
        """Ask for a fresh code on the secure page and download the package; its files."""
        before = len(self.desk.mails(self.address))
        self.wait_for(link, "Opplysningene dine er klare")
        self.page.get_by_role("button", name=re.compile("Send kode til")).click()
        self.page.locator("#download-code").fill(self.desk.code(self.address, after=before))
        self.page.locator("#download-code").press("Enter")
        with self.page.expect_download() as waiting:
            self.page.get_by_role("button", name=re.compile("Last ned")).click()
        target = into / "package.zip"
        waiting.value.save_as(target)
        with zipfile.ZipFile(io.BytesIO(target.read_bytes())) as opened:
            return {name: opened.read(name) for name in opened.namelist()}

    def wait_for(self, link: str, text: str) -> None:
        """Look at the secure page until it says something."""

        def there() -> bool:
            self.page.goto(link)
            return text in self.page.locator("main").inner_text()

        self.desk.until(there, f"the secure page to say {text!r}")


class Officer:
    """A privacy officer, signed in."""

    def __init__(self, desk: RunningDesk, page: Page) -> None:
        self.desk = desk
        self.page = page

    def sign_in(self) -> None:
        """With password and one-time code."""
        self.page.goto(f"{self.desk.base}/console")
        self.page.locator("#email").fill("ombud@example.no")
        self.page.locator("#password").fill("lys-fjord-demo-2026")
        self.page.locator("#code").fill(self.desk.officer_code())
        self.page.locator("main form button").click()
        expect(self.page.get_by_role("heading", level=1)).to_have_text("Henvendelser")

    def open_case(self, reference: str, state: str) -> None:
        """The case's page, once the case stands where it is waited for."""

        def there() -> bool:
            self.page.goto(f"{self.desk.base}/console/cases/{reference}")
            return state in self.page.locator("main").inner_text()

        self.desk.until(there, f"{reference} to be {state!r} in the console")

    def hand_in(self, company: str, document: str, text: str, since: str) -> str:
        """Upload a text as a new version of a document from a day on; the address of its page."""
        self.page.goto(f"{self.desk.base}/console/documents/{company}")
        self.page.locator("#document").select_option(document)
        self.page.locator("#file").set_input_files(
            {"name": "ny.md", "mimeType": "text/markdown", "buffer": text.encode()}
        )
        self.page.locator("#since").fill(since)
        self.page.locator("form[enctype] button").click()
        expect(self.page.locator("main")).to_contain_text("Versjonen er lagret")
        return self.page.url

    def open_step(self, reference: str) -> None:
        """The case's page, once a step waits for the officer's hand."""

        def there() -> bool:
            self.page.goto(f"{self.desk.base}/console/cases/{reference}")
            return self.page.locator("form[action*='/steps/']").count() > 0

        self.desk.until(there, f"{reference} to have a step for an officer")

    def approve(self, reference: str, *, erasure: bool = False) -> None:
        """Approve the plan; an erasure is confirmed by typing the reference.

        A letter or news in the same second makes the page say that the case changed: then look and approve again,
        as an officer would.
        """
        for _ in range(4):
            if erasure:
                self.page.locator("#confirm").fill(reference)
            self.page.locator("form[action$='/approve'] button").click()
            self.page.wait_for_load_state()
            if "endret saken mens" not in self.page.locator("main").inner_text():
                return
            self.page.goto(self.page.url.split("?")[0])
