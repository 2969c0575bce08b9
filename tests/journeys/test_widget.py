"""The chat on a company's own site: another origin, a strict policy, no cookies, the keyboard."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.running import RunningDesk

pytestmark = pytest.mark.slow


class Site(ThreadingHTTPServer):
    """The company's own site: one page with the launcher, and a policy that allows nothing but the desk."""

    desk = ""


class Front(BaseHTTPRequestHandler):
    """The site's page, whatever the path."""

    def do_GET(self) -> None:
        """Answer with the page."""
        assert isinstance(self.server, Site)
        desk = self.server.desk
        page = (
            '<!doctype html><html lang="nb"><head><meta charset="utf-8"><title>Butikken</title></head>'
            f'<body><h1>Butikken</h1><script async src="{desk}/widget.js" data-operator="fjordlys"></script>'
            "</body></html>"
        ).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header(
            "Content-Security-Policy",
            f"default-src 'none'; script-src {desk}; style-src {desk}; frame-src {desk}; img-src data:",
        )
        self.end_headers()
        self.wfile.write(page)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[str]:
    """The address of the company's site, which is not the desk's; the desk lets it show the chat in a frame."""
    site = Site(("127.0.0.1", 0), Front)
    serving = threading.Thread(target=site.serve_forever)
    serving.start()
    address = f"http://localhost:{site.server_port}"
    desk = RunningDesk(tmp_path, {"RETTSVAR_WIDGET_ORIGINS": json.dumps({"fjordlys": [address]})})
    site.desk = desk.base
    try:
        desk.start()
        yield address
    finally:
        desk.stop()
        site.shutdown()
        serving.join()
        site.server_close()


def test_the_widget_on_another_site(page: Page, shop: str) -> None:
    """Opened and closed by keyboard; a request in it is a case; no cookie at all, and no complaint."""
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.goto(shop)
    launcher = page.get_by_role("button", name="Åpne chatten")
    expect(launcher).to_be_visible()
    assert page.locator("iframe").count() == 0
    assert page.context.cookies() == []

    launcher.focus()
    page.keyboard.press("Space")
    chat = page.frame_locator("iframe")
    expect(chat.get_by_text("automatisk assistent")).to_be_visible()
    chat.get_by_label("Melding").fill("Jeg vil ha innsyn i opplysningene mine")
    chat.get_by_role("button", name="Send", exact=True).click()
    expect(chat.get_by_text("Referansen er FJL-")).to_be_visible()
    expect(chat.get_by_role("button", name="Ja, det stemmer")).to_be_visible()
    assert page.context.cookies() == []

    page.keyboard.press("Escape")
    expect(page.locator("iframe")).to_be_hidden()
    expect(launcher).to_be_focused()

    launcher.click()
    expect(chat.get_by_text("Referansen er FJL-")).to_be_visible()
    assert complaints == []
