"""24Nettbutikk's invented databases: leads, demo shops and contracts, and the shops' own customers."""

from desk.demo.invention import Invention
from desk.demo.people import CUSTOMERS, FORMULA, KARI, MONA, RANDI, SUNNIVA, TOR, Person, main_contact

PEOPLE = 320
SHOPPERS = 350


def fill(made: Invention) -> None:
    """Fill schema/24nettbutikk.sql: most people are in some of the tables, KARI is in all."""
    for person in made.people(PEOPLE):
        for percent, add in ((45, _lead), (40, _contract), (45, _enquiry), (35, _demo_shop), (25, _visits)):
            planted = person is KARI or (person in CUSTOMERS and add in (_lead, _contract, _enquiry))
            if planted or made.happens(percent):
                add(made, person)


def _lead(made: Invention, person: Person) -> None:
    made.add(
        "newsletter",
        email=person.email,
        subscribed_on=made.day(2500),
        consent_text=made.text("consents"),
        active=int(person in (SUNNIVA, KARI) or made.happens(80)),
        latest_opened_on=made.day(300) if made.happens(60) else None,
    )
    for _ in range(made.number(1, 2)):
        made.add(
            "ebook_download",
            full_name=person.name if person is KARI or made.happens(60) else None,
            email=person.email,
            title=made.text("ebooks"),
            downloaded_at=made.moment(900),
            wants_offers=int(person is SUNNIVA or made.happens(50)),
        )


def _demo_shop(made: Invention, person: Person) -> None:
    made.add(
        "demo_shop",
        full_name=person.name,
        email=person.email,
        password_hash=made.password_hash(),
        shop_name=made.text("shops"),
        created_on=made.day(900, 200),
        latest_login_on=made.day(199),
        wants_tips=int(made.happens(50)),
    )


def _contract(made: Invention, person: Person) -> None:
    contract = made.add(
        "contract",
        id=len(made.rows.get("contract", ())) + 7001,
        full_name=person.name,
        email=person.email,
        phone=person.phone,
        address=person.address,
        company=made.text("shops"),
        organisation_form=made.text("forms"),
        signed_on=made.day(3500, 400),
        ended_on=made.day(399) if person is not KARI and made.happens(20) else None,
    )
    for day in made.invoice_days(person, KARI):
        made.add(
            "invoice",
            contract_id=contract,
            billed_name=person.name,
            billed_email=person.email,
            description=made.text("invoices"),
            amount_nok=made.number(20, 120) * 100,
            issued_on=day,
        )


def _enquiry(made: Invention, person: Person) -> None:
    text = made.text("kari_enquiries") if person is KARI else made.text("enquiries")
    made.add(
        "enquiry",
        full_name=person.name,
        email=person.email,
        phone=person.phone if person is KARI or made.happens(70) else None,
        sent_at=made.moment(1200),
        subject=made.text("subjects"),
        text=FORMULA if person is RANDI else text,
        answer=made.text("answers") if made.happens(80) else None,
    )


def _visits(made: Invention, person: Person) -> None:
    cookie = made.hexes(20)
    for _ in range(made.number(1, 4)):
        made.add(
            "visit",
            email=person.email,
            at=made.moment(90),
            page=made.text("pages"),
            cookie=cookie,
            ip=made.address(),
        )


def fill_shops(made: Invention) -> None:
    """Fill schema/24nettbutikk_shops.sql; MONA buys in two of the shops."""
    shops = made.texts["shops"]
    people = made.people(SHOPPERS, "24nettbutikk shops", planted=(MONA, TOR))
    entries = [(person, made.one(shops[2:])) for person in people]
    for person, shop in ((MONA, shops[0]), (MONA, shops[1]), *entries[1:]):
        shopper = made.add(
            "shopper",
            customer=shop,
            customer_email=main_contact(shop),
            full_name=person.name,
            email=person.email,
            phone=person.phone,
            address=person.address,
            password_hash=made.password_hash() if made.happens(60) else None,
        )
        for _ in range(made.number(1, 3)):
            made.add(
                "shop_order",
                shopper_id=shopper,
                ordered_at=made.moment(1500),
                goods=made.text("goods"),
                amount_nok=made.number(1, 40) * 50,
                message=made.text("messages") if made.happens(30) else None,
            )
