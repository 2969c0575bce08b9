"""Fjordlys's invented databases: households with meters and bills, and the portal run for other companies."""

from desk.demo.invention import Invention
from desk.demo.people import FORMULA, KARI, MONA, RANDI, SUNNIVA, TOR, Person, main_contact

HOUSEHOLDS = 260
PORTAL_USERS = 300
MONTHS = 12


def fill(made: Invention) -> None:
    """Fill schema/fjordlys.sql: customer numbers are "F-10001" and on."""
    for place, person in enumerate(made.people(HOUSEHOLDS)):
        number = f"F-{10001 + place}"
        made.add(
            "customer",
            customer_number=number,
            full_name=person.name,
            email=person.email,
            phone=person.phone,
            street=person.street,
            postcode=person.postcode,
            city=person.city,
            birthdate=person.born.isoformat(),
            since=made.day(3500, 400),
        )
        _meter(made, person, number)
        _bills(made, person, number)
        _contact(made, person, number)


def _meter(made: Invention, person: Person, number: str) -> None:
    # A real metering point has eighteen digits beginning with 7070575.
    meter = made.add(
        "meter_point",
        meter_number=f"000000{made.number(0, 10**12 - 1):012}",
        customer_number=number,
        address=person.address,
        contract=made.text("contracts"),
        from_date=made.day(3000, 400),
    )
    year, month = made.today.year, made.today.month
    for back in range(1, MONTHS + 1):
        years, rest = divmod(year * 12 + month - 1 - back, 12)
        made.add("reading", meter_id=meter, month=f"{years}-{rest + 1:02}", kwh=made.number(300, 2600))


def _bills(made: Invention, person: Person, number: str) -> None:
    for day in made.invoice_days(person, KARI):
        kwh = made.number(300, 2600)
        made.add(
            "invoice",
            customer_number=number,
            billed_name=person.name,
            billed_email=person.email,
            billed_address=person.address,
            kwh=kwh,
            amount_nok=kwh * made.number(60, 190) // 100,
            card_last_four=f"{made.number(0, 9999):04}" if made.happens(50) else None,
            issued_on=day,
        )


def _contact(made: Invention, person: Person, number: str) -> None:
    for purpose in made.texts["purposes"]:
        if person in (SUNNIVA, KARI) or made.happens(25):
            made.add(
                "consent",
                customer_number=number,
                purpose=purpose,
                wording=made.text("wordings"),
                given_on=made.day(1200),
                active=int(person is SUNNIVA or made.happens(80)),
            )
    if person is KARI or made.happens(40):
        made.add(
            "credit_check",
            customer_number=number,
            checked_on=made.day(1000),
            source=made.text("sources"),
            result=made.text("credit"),
        )
    if person in (KARI, RANDI) or made.happens(30):
        text = made.text("kari_enquiries") if person is KARI else made.text("enquiries")
        made.add(
            "enquiry",
            sender_name=person.name,
            sender_email=person.email,
            sent_at=made.moment(700),
            subject=made.text("subjects"),
            text=FORMULA if person is RANDI else text,
        )


def fill_portal(made: Invention) -> None:
    """Fill schema/fjordlys_portal.sql; MONA gets power from two of the companies."""
    companies = made.texts["companies"]
    people = made.people(PORTAL_USERS, "fjordlys portal", planted=(MONA, TOR))
    entries = [(person, made.one(companies)) for person in people]
    for person, company in ((MONA, companies[0]), (MONA, companies[1]), *entries[1:]):
        user = made.add(
            "portal_user",
            customer=company,
            customer_email=main_contact(company),
            full_name=person.name,
            email=person.email,
            phone=person.phone,
            password_hash=made.password_hash(),
            created_on=made.day(2000, 200),
        )
        for _ in range(made.number(1, 4)):
            made.add("portal_login", user_id=user, at=made.moment(199), ip=made.address())
