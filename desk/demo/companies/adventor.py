"""Adventor's invented databases: its contact persons and cases, and what its customers keep in the CRM."""

from desk.demo.invention import Invention
from desk.demo.people import FORMULA, KARI, MONA, RANDI, SUNNIVA, TOR, Person, main_contact

CONTACTS = 260
CRM_CONTACTS = 300


def fill(made: Invention) -> None:
    """Fill schema/adventor.sql: every contact person works for one of the customers."""
    people = made.people(CONTACTS)
    companies = [_company(made, name, people[place]) for place, name in enumerate(made.texts["companies"])]
    for number, person in enumerate(people):
        first = number < len(companies)
        company = companies[number] if first else made.one(companies)
        contact = made.add(
            "contact_person",
            id=501 + number,
            company_id=company,
            full_name=person.name,
            email=person.email,
            mobile=person.phone,
            title=made.text("titles"),
            main_contact=int(first),
            registered_on=made.day(3000, 300),
        )
        _mailings(made, person, contact)
        _cases(made, person, company, contact)
        _accounts(made, person, company, contact)


def _company(made: Invention, name: str, manager: Person) -> int:
    return made.add(
        "company",
        name=name,
        address=manager.address,
        manager_name=manager.name,
        manager_email=manager.email,
        fetched_on=made.day(400),
    )


def _mailings(made: Invention, person: Person, contact: int) -> None:
    for channel in ("email", "sms"):
        made.add(
            "mailing",
            contact_id=contact,
            channel=channel,
            wants_offers=int(person is SUNNIVA or made.happens(50)),
            latest_on=made.day(200),
        )


def _cases(made: Invention, person: Person, company: int, contact: int) -> None:
    for _ in range(3 if person is KARI else made.number(1, 2)):
        text = made.text("kari_cases") if person is KARI else made.text("cases")
        opened = made.number(2, 2500)
        case = made.add(
            "support_case",
            company_id=company,
            contact_id=contact,
            reporter_name=person.name,
            reporter_email=person.email,
            opened_on=made.day(opened, opened),
            closed_on=made.day(opened - 1) if made.happens(80) else None,
            subject=made.text("subjects"),
            text=FORMULA if person is RANDI else text,
        )
        for _ in range(made.number(1, 3)):
            made.add(
                "change_log",
                case_id=case,
                contact_id=contact,
                changed_by=person.name,
                changed_by_email=person.email,
                at=made.moment(opened, 1),
                change=made.text("changes"),
            )


def _accounts(made: Invention, person: Person, company: int, contact: int) -> None:
    if person is KARI or made.happens(30):
        made.add(
            "contract",
            company_id=company,
            signer_name=person.name,
            signer_email=person.email,
            signed_with="BankID",
            signed_on=made.bookkeeping_days()[1] if person is KARI else made.day(2500),
        )
        made.add(
            "credit_check",
            company_id=company,
            person_name=person.name,
            person_email=person.email,
            result=made.text("credit"),
            source="Creditsafe AS",
            checked_on=made.day(1500),
        )
    for day in made.invoice_days(person, KARI):
        made.add(
            "invoice",
            company_id=company,
            contact_id=contact,
            reference_name=person.name,
            reference_email=person.email,
            description=made.text("invoices"),
            amount_nok=made.number(10, 250) * 100,
            issued_on=day,
        )


def fill_crm(made: Invention) -> None:
    """Fill schema/adventor_crm.sql: people whom the customers registered; MONA is known to two of them."""
    companies = made.texts["companies"]
    people = made.people(CRM_CONTACTS, "adventor crm", planted=(MONA, TOR))
    entries = [(person, made.one(companies[2:])) for person in people]
    for person, customer in ((MONA, companies[0]), (MONA, companies[1]), *entries[1:]):
        contact = made.add(
            "crm_contact",
            customer=customer,
            customer_email=main_contact(customer),
            full_name=person.name,
            email=person.email,
            phone=person.phone,
            address=person.address,
            employer=made.text("companies") if made.happens(50) else None,
            comment=made.text("comments"),
            registered_on=made.day(2000),
        )
        for _ in range(made.number(1, 3)):
            made.add(
                "crm_event",
                contact_id=contact,
                at=made.moment(900),
                kind=made.text("kinds"),
                text=made.text("events"),
            )
