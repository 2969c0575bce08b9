"""`make screens`: a picture of every page in every look, into .screens/, to be looked at by a human."""

import tempfile
from pathlib import Path

from playwright.sync_api import expect, sync_playwright

from tests.conftest import ROOT
from tests.journeys.conftest import ARGUMENTS, CHROMIUM
from tests.journeys.looking import looked_at, pages_of
from tests.journeys.running import RunningDesk
from tests.journeys.test_look import make_places


def main() -> None:
    """Start a desk, use it, and take the pictures."""
    folder = ROOT / ".screens"
    folder.mkdir(exist_ok=True)
    expect.set_options(timeout=30_000)
    with tempfile.TemporaryDirectory() as data, sync_playwright() as playwright:
        desk = RunningDesk(Path(data))
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        try:
            desk.start()
            for places in make_places(desk, browser):
                for name, (address, whose) in pages_of(desk, places).items():
                    for look, page in looked_at(browser, desk, address, whose):
                        page.screenshot(path=folder / f"{name}-{look}.png", full_page=name != "chat")
        finally:
            browser.close()
            desk.stop()


if __name__ == "__main__":
    main()
