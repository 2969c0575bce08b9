"""Easy Step's invented database: customers, what they bought and with which card, and bought lists."""

from desk.demo.invention import Invention
from desk.demo.people import CUSTOMERS, FORMULA, KARI, RANDI, SUNNIVA, Person, crowd

BUYERS = 240
PROSPECTS = 150


def fill(made: Invention) -> None:
    """Fill schema/easystep.sql; KARI, OLA and the other planted people stand on a bought list as well."""
    for number, person in enumerate(made.people(BUYERS)):
        consents = person is SUNNIVA or made.happens(35)
        customer = made.add(
            "customer",
            id=2001 + number,
            full_name=person.name,
            title=made.text("titles"),
            company=made.text("companies"),
            email=person.email,
            phone=person.phone,
            street=person.street,
            postcode=person.postcode,
            city=person.city,
            since=made.day(3500, 400),
            consented_on=made.day(399) if consents else None,
            wants_offers=int(consents),
        )
        _purchases(made, person, customer)
        _contact(made, person, customer)
    for person in (*CUSTOMERS, *crowd("easystep prospects", PROSPECTS)):
        made.add(
            "prospect",
            full_name=person.name,
            email=person.email,
            phone=person.phone,
            company=made.text("companies"),
            source=made.text("lists"),
            bought_on=made.day(900, 300),
            contacted_on=made.day(299) if made.happens(50) else None,
        )


def _purchases(made: Invention, person: Person, customer: int) -> None:
    for day in made.invoice_days(person, KARI):
        made.add(
            "purchase",
            customer_id=customer,
            buyer_name=person.name,
            buyer_email=person.email,
            description=made.text("purchases"),
            amount_nok=made.number(10, 300) * 100,
            invoiced_on=day,
        )
    made.add(
        "card",
        customer_id=customer,
        card_number=made.card(),
        payout_account=made.account() if made.happens(40) else None,
        added_on=made.day(1500),
    )


def _contact(made: Invention, person: Person, customer: int) -> None:
    if person is KARI or made.happens(40):
        made.add(
            "credit_check",
            customer_id=customer,
            checked_on=made.day(1500),
            source=made.text("sources"),
            result=made.text("credit"),
        )
    for _ in range(made.number(1, 2)):
        text = made.text("kari_letters") if person is KARI else made.text("letters")
        made.add(
            "correspondence",
            other_party_name=person.name,
            other_party_email=person.email,
            at=made.moment(1500),
            subject=made.text("subjects"),
            text=FORMULA if person is RANDI else text,
        )
        made.add(
            "mailing",
            customer_id=customer,
            sent_on=made.day(700),
            campaign=made.text("campaigns"),
            opened=int(made.happens(40)),
        )
        made.add(
            "visit",
            customer_id=customer,
            at=made.moment(120),
            page=made.text("pages"),
            cookie=made.hexes(20),
            ip=made.address(),
        )
