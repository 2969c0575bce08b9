"""Invoice Club's invented databases: its own customers, and those whom FakturaNett's users invoice."""

from desk.demo.invention import Invention
from desk.demo.people import FORMULA, KARI, MONA, RANDI, SUNNIVA, TOR, Person, main_contact

CUSTOMERS = 250
END_CUSTOMERS = 300


def fill(made: Invention) -> None:
    """Fill schema/invoiceclub.sql."""
    for number, person in enumerate(made.people(CUSTOMERS)):
        customer = made.add(
            "customer",
            id=4001 + number,
            company=made.text("companies") if made.happens(60) else None,
            contact_name=person.name,
            email=person.email,
            phone=person.phone,
            street=person.street,
            postcode=person.postcode,
            city=person.city,
            since=made.day(3500, 1200),
            latest_delivery_on=made.day(1100),
            wants_offers=int(person is SUNNIVA or made.happens(40)),
        )
        for day in made.invoice_days(person, KARI):
            made.add(
                "invoice",
                customer_id=customer,
                billed_name=person.name,
                billed_email=person.email,
                billed_address=person.address,
                description=made.text("invoices"),
                amount_nok=made.number(5, 60) * 100,
                issued_on=day,
                paid_on=day if made.happens(90) else None,
            )
        _contact(made, person, customer)


def _contact(made: Invention, person: Person, customer: int) -> None:
    for _ in range(made.number(1, 3)):
        text = made.text("kari_letters") if person is KARI else made.text("letters")
        made.add(
            "letter",
            customer_id=customer,
            other_party_email=person.email,
            at=made.moment(1500),
            direction=made.one(("in", "out")),
            subject=made.text("subjects"),
            text=FORMULA if person is RANDI else text,
        )
    if person is KARI or made.happens(30):
        made.add(
            "credit_check",
            customer_id=customer,
            checked_on=made.day(1500),
            source=made.text("sources"),
            result=made.text("credit"),
        )
    for _ in range(made.number(1, 3)):
        made.add(
            "mailing",
            customer_id=customer,
            sent_on=made.day(700),
            campaign=made.text("campaigns"),
            opened=int(made.happens(40)),
        )
    for _ in range(made.number(1, 4)):
        made.add(
            "login",
            customer_id=customer,
            at=made.moment(180),
            action=made.text("actions"),
            ip=made.address(),
        )


def fill_fakturanett(made: Invention) -> None:
    """Fill schema/invoiceclub_fakturanett.sql; MONA is invoiced by two of the users."""
    users = made.texts["companies"]
    people = made.people(END_CUSTOMERS, "invoiceclub fakturanett", planted=(MONA, TOR))
    entries = [(person, made.one(users[2:])) for person in people]
    for person, user in ((MONA, users[0]), (MONA, users[1]), *entries[1:]):
        end_customer = made.add(
            "end_customer",
            customer=user,
            customer_email=main_contact(user),
            full_name=person.name,
            email=person.email,
            phone=person.phone,
            address=person.address,
        )
        for _ in range(made.number(1, 3)):
            made.add(
                "end_invoice",
                end_customer_id=end_customer,
                description=made.text("end_invoices"),
                amount_nok=made.number(5, 200) * 100,
                issued_on=made.day(2500),
            )
