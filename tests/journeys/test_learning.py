"""A question that nothing answers, until an officer has; the answer is left out when its clause changes."""

import re
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, expect

from law.calendar import oslo_day
from operators.profile import load_all
from tests.journeys.conftest import WAIT
from tests.journeys.running import RunningDesk
from tests.journeys.visitor import Officer, Visitor

pytestmark = pytest.mark.slow

QUESTION = "Får studenter rabatt på strømmen?"
IN_OTHER_WORDS = "Har dere studentrabatt på strøm?"
LIKE_IT = ("Har dere studentrabatt på strømmen?", "Får studenter rabatt på strøm?")
BESIDE = "Får ansatte rabatt på strømmen?"
WRITTEN = "Nei, prisen er den samme for alle."
TERMS = "Avtalevilkår for strøm fra Fjordlys"
CLAUSE = "4 Pris"


def test_from_a_question_to_an_answer_and_to_a_clause_that_changes(
    desk: RunningDesk, browser: Browser
) -> None:
    """Asked in the chat, shown in the console, answered there; used, in other words too; then flagged and unused."""
    context = browser.new_context(locale="nb-NO")
    context.set_default_timeout(WAIT)
    visitor = Visitor(desk, context.new_page(), "fjordlys")
    visitor.open_chat()
    assert WRITTEN not in visitor.say(QUESTION).inner_text()

    officer = Officer(desk, browser.new_context(locale="nb-NO").new_page())
    officer.sign_in()
    page = officer.page
    page.get_by_role("link", name="Spørsmål").click()
    waiting = page.locator("li.panel", has_text=QUESTION)
    waiting.get_by_role("link", name="Skriv svar").click()
    page.get_by_role("button", name="Lagre svaret").click()
    expect(page.locator("main")).to_contain_text("Skriv svaret på minst ett språk.")
    page.get_by_label(QUESTION).check()
    page.locator("#examples").fill(IN_OTHER_WORDS)
    page.locator("#nb").fill(WRITTEN)
    clause = page.locator(f"optgroup[label='{TERMS}'] option", has_text=re.compile(f"^{CLAUSE}$"))
    page.locator("#clause").select_option(clause.get_attribute("value"))
    page.get_by_role("button", name="Lagre svaret").dblclick()
    expect(page.locator("main")).to_contain_text("Svaret er lagret.")
    expect(page.locator("li.panel", has_text=WRITTEN)).to_have_count(1)
    expect(page.locator("li.panel", has_text=QUESTION)).to_have_count(0)

    for question in (QUESTION, *LIKE_IT):
        answer = visitor.say(question)
        expect(answer).to_contain_text(WRITTEN)
        expect(answer).to_contain_text(CLAUSE)
    assert WRITTEN not in visitor.say(BESIDE).inner_text()

    text = (load_all()["fjordlys"].folder / "terms" / "vilkar.nb.md").read_text("utf-8")
    changed = re.sub(r"(## 4\. Pris\n\n)", r"\1Studenter får rabatt. ", text)
    version = officer.hand_in("fjordlys", "vilkar.nb.md", changed, oslo_day(datetime.now(UTC)).isoformat())
    try:
        page.goto(f"{desk.base}/console/questions")
        expect(page.locator("li.panel", has_text=WRITTEN)).to_contain_text("Må ses på igjen")
        assert WRITTEN not in visitor.say(QUESTION).inner_text()
    finally:  # the other journeys read the same documents
        page.goto(version)
        page.locator("details summary", has_text="Ta").last.click()
        page.locator("form[action$='/retire'] button").click()
    expect(visitor.say(QUESTION)).to_contain_text(WRITTEN)
    context.close()
