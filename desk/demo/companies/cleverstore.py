"""CleverStore's invented database: accounts and the belongings registered in them."""

from desk.demo.invention import Invention
from desk.demo.people import FORMULA, KARI, RANDI, SUNNIVA, Person

ACCOUNTS = 300


def fill(made: Invention) -> None:
    """Fill schema/cleverstore.sql."""
    for number, person in enumerate(made.people(ACCOUNTS)):
        account = made.add(
            "account",
            id=10001 + number,
            full_name=person.name,
            email=person.email,
            phone=person.phone,
            address=person.address,
            password_hash=made.password_hash(),
            plan=made.text("plans"),
            created_on=made.day(3000, 400),
            wants_offers=int(person is SUNNIVA or made.happens(40)),
        )
        _belongings(made, person, account)
        _payments(made, person, account)
        _traces(made, person, account)
        if person is KARI or made.happens(15):
            made.add(
                "feedback",
                sender_name=person.name,
                sender_email=person.email,
                sent_at=made.moment(700),
                text=made.text("kari_feedback" if person is KARI else "feedback"),
            )


def _belongings(made: Invention, person: Person, account: int) -> None:
    for _ in range(4 if person is KARI else made.number(1, 5)):
        note = made.text("kari_notes") if person is KARI else made.text("notes")
        made.add(
            "belonging",
            account_id=account,
            name=made.text("belongings"),
            value_nok=made.number(2, 300) * 100,
            bought_on=made.day(4000),
            serial_number=made.hexes(10).upper(),
            note=FORMULA if person is RANDI else note,
        )


def _payments(made: Invention, person: Person, account: int) -> None:
    card = made.card()
    for day in made.invoice_days(person, KARI):
        made.add(
            "payment",
            account_id=account,
            payer_name=person.name,
            payer_email=person.email,
            card_number=card,
            description=made.text("payments"),
            amount_nok=made.one((590, 990, 1490)),
            paid_on=day,
        )


def _traces(made: Invention, person: Person, account: int) -> None:
    for _ in range(made.number(2, 8)):
        made.add(
            "activity",
            account_id=account,
            at=made.moment(180),
            action=made.text("actions"),
            ip=made.address(),
        )
    for _ in range(made.number(1, 2)):
        made.add(
            "device",
            account_id=account,
            device=made.text("devices"),
            fingerprint=made.hexes(32),
            ip=made.address(),
            last_seen=made.moment(60),
        )
    if person is KARI or made.happens(50):
        made.add(
            "recommendation",
            account_id=account,
            made_on=made.day(90),
            offer=made.text("offers"),
            because=made.text("reasons"),
        )
