"""A person's journeys in a real browser, each ending in what the person gets and what stands in the systems."""

import csv
import io
import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from desk.demo.people import KARI, NILS, OLA, RANDI, SUNNIVA, Person
from tests.journeys.running import RunningDesk
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.slow


def others(desk: RunningDesk, system: str, table: str, column: str, person: Person) -> set[str]:
    """Everybody else's addresses in a table."""
    with desk.system(system) as db:
        rows = db.execute(f"SELECT DISTINCT {column} FROM {table} WHERE {column} <> ?", [person.email])
        return {str(row[0]) for row in rows}


def test_a_question_is_answered_out_of_the_document(desk: RunningDesk, page: Page, shared: Path) -> None:
    """The quotation stands word for word in CleverStore's own document, and its link opens the place."""
    visitor = Visitor(desk, page, "cleverstore")
    visitor.open_chat()
    answer = visitor.say("Hvor lang oppsigelsestid er det hvis jeg vil bli slettet?")
    quote = answer.locator("blockquote").first.inner_text()
    document = (shared / "seeds" / "000_132c4f072a697a6f.txt").read_text("utf-8")
    assert " ".join(quote.split()) in " ".join(document.split())
    link = answer.locator("figcaption a").first.get_attribute("href")
    assert link is not None
    page.goto(link)
    place = page.locator(f"[id='{link.split('#')[1]}']")
    expect(place).to_be_visible()
    assert " ".join(quote.split())[:40] in " ".join(page.locator("main").inner_text().split())


def test_our_own_company_answers_in_english(desk: RunningDesk, page: Page) -> None:
    """Fjordlys has its terms in English: the question and the quotation are in the same language."""
    visitor = Visitor(desk, page, "fjordlys")
    visitor.open_chat("en")
    answer = visitor.say("How long do you keep my invoices?")
    expect(answer.locator("blockquote").first).to_be_visible()


def test_an_unanswerable_question_offers_a_human(desk: RunningDesk, page: Page) -> None:
    """The desk says that it does not know, and a person can be had."""
    visitor = Visitor(desk, page, "easystep")
    visitor.open_chat()
    answer = visitor.say("Hva blir været i Tromsø i morgen?")
    expect(answer.locator("blockquote")).to_have_count(0)
    expect(page.get_by_role("button", name="Snakk med et menneske")).to_be_visible()


def test_access_gives_the_persons_data_and_nobody_elses(
    desk: RunningDesk, page: Page, tmp_path: Path
) -> None:
    """From the chat to the package: Kari's rows are in it, and no other person's address."""
    visitor = Visitor(desk, page, "cleverstore", KARI.email)
    visitor.open_chat()
    _, link = visitor.ask("Jeg vil gjerne se alt dere har lagret om meg")
    visitor.prove()
    files = visitor.open_package(link, tmp_path)
    whole = b"\n".join(files.values()).decode("utf-8", "replace")
    assert KARI.email in whole
    assert KARI.name in whole
    with desk.system("cleverstore") as db:
        things = [row[0] for row in db.execute(
            "SELECT name FROM belonging WHERE account_id = (SELECT id FROM account WHERE email = ?)", [KARI.email]
        )]  # fmt: skip
        password = db.execute("SELECT password_hash FROM account WHERE email = ?", [KARI.email]).fetchone()[0]
        cards = [
            row[0]
            for row in db.execute("SELECT card_number FROM payment WHERE payer_email = ?", [KARI.email])
        ]
    assert things
    assert all(thing in whole for thing in things)
    assert password not in whole
    assert not [card for card in cards if card in whole]
    addresses = others(desk, "cleverstore", "account", "email", KARI)
    assert len(addresses) > 100
    assert not [address for address in addresses if address in whole]
    page_text = files["index.html"].decode("utf-8")
    assert "Datatilsynet" in page_text


def test_portability_gives_json_and_csv(desk: RunningDesk, page: Page, tmp_path: Path) -> None:
    """Machine-readable: JSON that parses and one CSV for each holding, with what the person gave."""
    visitor = Visitor(desk, page, "fjordlys", KARI.email)
    visitor.open_chat()
    _, link = visitor.ask(
        "Jeg vil ta med meg opplysningene mine til en annen leverandør, i et maskinlesbart format"
    )
    visitor.prove()
    files = visitor.open_package(link, tmp_path)
    data = json.loads(files["data.json"])
    assert KARI.email in json.dumps(data)
    tables = [name for name in files if name.endswith(".csv")]
    assert tables
    rows = list(csv.reader(io.StringIO(files[tables[0]].decode("utf-8-sig"))))
    assert len(rows) >= 2


def test_rectification_changes_the_system(desk: RunningDesk, page: Page) -> None:
    """The old address is gone from the database, the new one is there, and the secure page shows both."""
    new = "Fjordgata 99, 9995 Eksempelvik"
    with desk.system("cleverstore") as db:
        old = db.execute("SELECT address FROM account WHERE email = ?", [SUNNIVA.email]).fetchone()[0]
        count = db.execute("SELECT count(*) FROM account WHERE address = ?", [new]).fetchone()[0]
    assert count == 0
    visitor = Visitor(desk, page, "cleverstore", SUNNIVA.email)
    visitor.open_chat()
    _, link = visitor.ask(
        f"Adressen min er feil. Den gamle er {old}, riktig adresse er {new}. Kan dere rette det?"
    )
    visitor.prove()
    visitor.wait_for(link, "Saken er besvart")
    with desk.system("cleverstore") as db:
        now = db.execute("SELECT address FROM account WHERE email = ?", [SUNNIVA.email]).fetchone()[0]
    assert now == new


def test_a_stranger_with_a_correct_reference_is_told_nothing(desk: RunningDesk, page: Page) -> None:
    """Another browser quotes Randi's reference: not a word about the case, its right or its state."""
    visitor = Visitor(desk, page, "cleverstore", RANDI.email)
    visitor.open_chat()
    reference, _ = visitor.ask("Slett alt dere har om meg")
    stranger = page.context.browser
    assert stranger is not None
    other = stranger.new_context(locale="nb-NO").new_page()
    spy = Visitor(desk, other, "cleverstore")
    spy.open_chat()
    answer = spy.say(f"Hva er status på saken {reference}?").inner_text()
    assert "slett" not in answer.casefold()
    assert not re.search(r"\d{1,2}\. \w+ 20\d\d", answer)
    other.context.close()


def test_nothing_found_is_told_after_the_proof(desk: RunningDesk, page: Page) -> None:
    """Nils is nowhere: before the code he gets the reply everybody gets, after it he is told."""
    visitor = Visitor(desk, page, "easystep", NILS.email)
    visitor.open_chat()
    _, link = visitor.ask("Hvilke opplysninger har dere om meg?")
    visitor.prove()
    assert "ikke" in desk.mail(NILS.email, "fant").casefold()
    visitor.wait_for(link, "annen adresse")


def test_marketing_stops_on_an_objection(desk: RunningDesk, page: Page) -> None:
    """The flag in the system is off; nobody was asked to decide (GDPR Art. 21(3))."""
    with desk.system("cleverstore") as db:
        assert (
            db.execute("SELECT wants_offers FROM account WHERE email = ?", [SUNNIVA.email]).fetchone()[0] == 1
        )
    visitor = Visitor(desk, page, "cleverstore", SUNNIVA.email)
    visitor.open_chat()
    _, link = visitor.ask("Slutt å sende meg reklame")
    visitor.prove()
    visitor.wait_for(link, "Saken er besvart")
    with desk.system("cleverstore") as db:
        assert (
            db.execute("SELECT wants_offers FROM account WHERE email = ?", [SUNNIVA.email]).fetchone()[0] == 0
        )


def test_wrong_codes_pause_and_a_new_one_opens_later(desk: RunningDesk, page: Page) -> None:
    """Five wrong codes: a pause, said plainly; the case stays registered and nothing is shown."""
    visitor = Visitor(desk, page, "fjordlys", OLA.email)
    visitor.open_chat()
    visitor.ask("Jeg vil ha innsyn i opplysningene mine")
    visitor.say(OLA.email)
    code = desk.code(OLA.email)
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    answers = [visitor.say(wrong).inner_text() for _ in range(5)]
    assert "ikke riktig" in answers[0]
    assert "Vent" in answers[4]
    assert "bekreftet" not in visitor.say(code).inner_text()


def test_the_chat_works_without_javascript(desk: RunningDesk, page: Page) -> None:
    """A plain form does the same job."""
    browser = page.context.browser
    assert browser is not None
    context = browser.new_context(java_script_enabled=False, locale="nb-NO")
    plain = context.new_page()
    plain.goto(f"{desk.base}/o/fjordlys/chat")
    plain.locator("#text").fill("Jeg vil ha innsyn i opplysningene mine")
    plain.locator("#send").click()
    expect(plain.locator("ol.log")).to_contain_text("FJL-")
    context.close()
