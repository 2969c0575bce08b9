"""An officer's journeys: the queue, an erasure decided and carried out, a refusal, and a request passed on."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, Page, expect

from desk.demo.people import BJORN, KARI, MONA
from law.calendar import oslo_day
from law.dates import say_date
from tests.journeys.conftest import WAIT
from tests.journeys.running import RunningDesk
from tests.journeys.visitor import Officer, Visitor

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def officer(desk: RunningDesk, browser: Browser) -> Iterator[Officer]:
    """Signed in once: a one-time code opens the door once."""
    context = browser.new_context(locale="nb-NO", viewport={"width": 1440, "height": 900})
    context.set_default_timeout(WAIT)
    signed_in = Officer(desk, context.new_page())
    signed_in.sign_in()
    yield signed_in
    context.close()


def test_an_erasure_is_decided_carried_out_and_read_back(
    desk: RunningDesk, page: Page, officer: Officer
) -> None:
    """Kari's rows are gone from the database itself; invoices within five years stay, with ground and date."""
    gone = ("newsletter", "contract", "demo_shop", "enquiry")
    with desk.system("24nettbutikk") as db:
        for table in gone:
            assert db.execute(f"SELECT count(*) FROM {table} WHERE email = ?", [KARI.email]).fetchone()[0] > 0
        invoices = "SELECT count(*) FROM invoice WHERE billed_email = ?"
        before = db.execute(invoices, [KARI.email]).fetchone()[0]
        everybody = db.execute("SELECT count(*) FROM contract").fetchone()[0]
    visitor = Visitor(desk, page, "24nettbutikk", KARI.email)
    visitor.open_chat()
    reference, _ = visitor.ask("Slett kontoen min og alt dere har om meg")
    visitor.prove()
    officer.open_case(reference, "Til vurdering")
    main = officer.page.locator("main")
    expect(main).to_contain_text("okføringsloven")
    with desk.system("24nettbutikk") as db:
        assert db.execute("SELECT count(*) FROM contract WHERE email = ?", [KARI.email]).fetchone()[0] == 1
    officer.approve(reference, erasure=True)
    letter = desk.mail(KARI.email, "okføringsloven")
    assert "31. desember 20" in letter
    assert reference in letter
    assert "Datatilsynet" in letter
    with desk.system("24nettbutikk") as db:
        for table in gone:
            left = db.execute(f"SELECT count(*) FROM {table} WHERE email = ?", [KARI.email]).fetchone()[0]
            assert left == 0, table
        kept = db.execute(invoices, [KARI.email]).fetchone()[0]
        assert 0 < kept < before
        assert db.execute("SELECT count(*) FROM contract").fetchone()[0] == everybody - 1


def test_an_erasure_needs_the_reference_typed(desk: RunningDesk, page: Page, officer: Officer) -> None:
    """A wrong reference approves nothing, and the page says what to do; the right one then does."""
    visitor = Visitor(desk, page, "fjordlys", BJORN.email)
    visitor.open_chat()
    reference, _ = visitor.ask("Jeg vil at dere sletter alle opplysninger om meg")
    visitor.prove()
    officer.open_case(reference, "Til vurdering")
    officer.approve("FJL-2026-9999", erasure=True)
    expect(officer.page.locator(".ds-error-summary")).to_be_visible()
    with desk.system("fjordlys") as db:
        assert db.execute("SELECT count(*) FROM customer WHERE email = ?", [BJORN.email]).fetchone()[0] == 1
    officer.open_case(reference, "Til vurdering")
    officer.approve(reference, erasure=True)

    def gone() -> bool:
        with desk.system("fjordlys") as db:
            return bool(
                db.execute("SELECT count(*) FROM customer WHERE email = ?", [BJORN.email]).fetchone()[0] == 0
            )

    desk.until(gone, "Bjørn's customer row to be gone")


def test_a_refusal_names_its_ground_and_where_to_complain(
    desk: RunningDesk, page: Page, officer: Officer
) -> None:
    """The letter has the ground, the facts, Datatilsynet and the courts; nothing was erased."""
    visitor = Visitor(desk, page, "easystep", KARI.email)
    visitor.open_chat()
    reference, _ = visitor.ask("Slett alt dere har lagret om meg")
    visitor.prove()
    officer.open_case(reference, "Til vurdering")
    officer.page.goto(f"{desk.base}/console/cases/{reference}/refuse?ground=G17-3E")
    fields = officer.page.locator("main textarea, main input[type=text]")
    for number in range(fields.count()):
        fields.nth(number).fill("Kravet gjelder ordre 77, som det er reist tvist om; foreldes 1. mars 2028.")
    officer.page.locator("form[action$='/refuse'] button").click()
    letter = desk.mail(KARI.email, "ettskrav")
    assert "ordre 77" in letter
    assert "Datatilsynet" in letter
    assert "domstol" in letter
    assert "17 nr. 3" in letter
    with desk.system("easystep") as db:
        assert db.execute("SELECT count(*) FROM customer WHERE email = ?", [KARI.email]).fetchone()[0] == 1


def test_data_of_a_customer_is_passed_on_to_the_controller(
    desk: RunningDesk, page: Page, officer: Officer
) -> None:
    """Adventor CRM, no officer's hand: both customers get the request, Mona is told who they are; no row is shown."""
    held = "SELECT customer, customer_email, comment, phone, registered_on FROM crm_contact WHERE email = ?"
    with desk.system("adventor_crm") as db:
        rows = db.execute(held, [MONA.email]).fetchall()
    assert len(rows) == 2
    visitor = Visitor(desk, page, "adventor", MONA.email)
    visitor.open_chat()
    reference, _ = visitor.ask("Jeg vil ha innsyn i alt som er registrert om meg")
    visitor.prove()
    told = desk.mail(MONA.email, "sendt henvendelsen din videre")
    assert reference in told
    for customer, contact, *of_the_row in rows:
        forwarded = desk.mail(contact, reference)
        assert "Personen ber om: innsyn" in forwarded
        assert f"{say_date(oslo_day(datetime.now(UTC)), 'nb')} fikk vi en henvendelse" in forwarded
        assert "Da er siste dag" in forwarded
        assert MONA.email in forwarded
        assert customer in told
        assert contact not in told
        for value in of_the_row:
            assert not value or (value not in forwarded and value not in told)
    officer.open_case(reference, "Sendt videre")
    expect(officer.page.locator("form[action*='/steps/']")).to_have_count(0)
    with desk.system("adventor_crm") as db:
        assert db.execute(held, [MONA.email]).fetchall() == rows


def test_an_open_case_is_in_the_queue_with_its_days_left(
    desk: RunningDesk, page: Page, officer: Officer
) -> None:
    """Once the person is proven and the plan waits for a decision."""
    visitor = Visitor(desk, page, "cleverstore", KARI.email)
    visitor.open_chat()
    reference, _ = visitor.ask("Slett kontoen min")
    visitor.prove()
    officer.open_case(reference, "Til vurdering")
    officer.page.goto(f"{desk.base}/console")
    expect(officer.page.locator("table tbody tr").filter(has_text=reference)).to_be_visible()
    text = officer.page.locator("table").inner_text()
    assert "dager igjen" in text
