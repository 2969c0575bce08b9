"""An invented web shop: its description and its tables, for the tests of adapters, plans and packages."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from law.language import Words
from law.rights import Right
from operators.profile import Contact, Operator, Release
from operators.register import Processing, Recipient, Role
from operators.systems import Holding, Keep, System, Treatment

KARI = "kari@example.com"
OLA = "ola@example.org"


def words(text: str) -> Words:
    """One text for all three languages."""
    return {"nb": text, "nn": text, "en": text}


def holding(id: str, **given: Any) -> Holding:
    """A holding with what is not given left empty."""
    return replace(
        Holding(
            id=id,
            name=words(id.capitalize()),
            table=id,
            key="id",
            identifiers={},
            parent=None,
            personal=(),
            shown=None,
            secret=(),
            masked=(),
            rectify={},
            treatment=Treatment.ERASE,
            keep=None,
            anonymise={},
            processing="account",
            provided=False,
            marketing=None,
            restricted=None,
            customer=None,
            customer_email=None,
            labels={},
        ),
        **given,
    )


ACCOUNTS = holding(
    "accounts",
    table="account",
    identifiers={"email": "email", "phone": "phone", "name": "full_name", "customer_number": "id"},
    personal=("full_name", "email", "phone", "address"),
    secret=("password_hash",),
    rectify={"email": "email", "phone": "phone", "name": "full_name", "address": "address"},
    provided=True,
    marketing="wants_news",
    restricted="frozen",
    labels={"full_name": {"nb": "Navn", "nn": "Namn", "en": "Name"}},
)
ORDERS = holding(
    "orders",
    table="orders",
    parent=("accounts", "account_id"),
    personal=("note",),
    provided=True,
)
LINES = holding("lines", table="order_line", parent=("orders", "order_id"), personal=("engraving",))
PAYMENTS = holding(
    "payments",
    table="payment",
    parent=("accounts", "account_id"),
    personal=("payer_name", "card_number"),
    masked=("card_number",),
    treatment=Treatment.KEEP,
    keep=Keep("G17-3B", "BOKF-5Y", "paid_on", words("Bookkeeping")),
    processing="invoicing",
)
REVIEWS = holding(
    "reviews",
    table="review",
    identifiers={"email": "author_email"},
    personal=("author", "author_email"),
    treatment=Treatment.ANONYMISE,
    anonymise={"author": "Slettet", "author_email": ""},
    rectify={"email": "author_email", "name": "author"},
    processing="reviews",
)
SHOP = System(
    id="shop",
    name={"nb": "Nettbutikken", "nn": "Nettbutikken", "en": "The web shop"},
    adapter="sql",
    role=Role.CONTROLLER,
    secret="shop_db",
    holdings=(ACCOUNTS, ORDERS, LINES, PAYMENTS, REVIEWS),
    task=None,
    identifiers=("email", "phone", "customer_number"),
)
PAPER = System(
    id="archive",
    name={"nb": "Papirarkivet", "nn": "Papirarkivet", "en": "The paper archive"},
    adapter="manual",
    role=Role.CONTROLLER,
    secret=None,
    holdings=(holding("letters", table="", key="", processing="account"),),
    task=words("Look in the cabinet"),
    identifiers=("name",),
)
HOSTED = System(
    id="hosted",
    name={"nb": "Kundenes portal", "nn": "Portalen til kundane", "en": "The customers' portal"},
    adapter="sql",
    role=Role.PROCESSOR,
    secret="hosted_db",
    holdings=(
        holding(
            "members",
            table="member",
            identifiers={"email": "email"},
            personal=("email",),
            customer="company",
            customer_email="company_email",
        ),
    ),
    task=None,
    identifiers=("email",),
)

_NOBODY = Contact(None, None, None, None)


def _processing(id: str, basis: str | None, *recipients: str) -> Processing:
    return Processing(
        id=id,
        role=Role.CONTROLLER,
        purpose=words(f"purpose of {id}"),
        people=words("customers"),
        data=words(f"data of {id}"),
        basis=basis,
        basis_words=words(f"basis of {id}"),
        retention=words(f"retention of {id}"),
        retention_code="BOKF-5Y" if id == "invoicing" else None,
        source=words(f"source of {id}"),
        recipients=recipients,
        clause="1",
        evidence=(),
    )


def company(*systems: System, officer: tuple[Right, ...] = (Right.ERASURE,)) -> Operator:
    """Fjellbutikken, an invented company with these systems; the rights listed wait for an officer."""
    by_hand = (*officer, Right.COMPLAINT, Right.AUTOMATED_DECISION)
    return Operator(
        id="fjell",
        name="Fjellbutikken",
        legal_name="Fjellbutikken AS",
        prefix="FJB",
        languages=("nb", "nn", "en"),
        org_number=None,
        fictional=True,
        documents=(),
        contact=replace(_NOBODY, email="post@fjell.example.com", phone="22 00 00 00"),
        dpo=None,
        roles=words("controller"),
        channels=("chat",),
        recipients=(
            Recipient("carrier", "Rask Post AS", words("delivery"), None, None, "2", ()),
            Recipient("bank", "Fjordbanken", words("payment"), "US", words("standard clauses"), "3", ()),
            Recipient("mailer", "Nyhetsbrev AS", words("newsletters"), None, None, "4", ()),
        ),
        register=(
            _processing("account", "6(1)(b)", "carrier"),
            _processing("invoicing", "6(1)(c)", "bank"),
            _processing("reviews", "6(1)(f)"),
            _processing("news", "6(1)(a)", "mailer"),
        ),
        facts=(),
        promises=(),
        conflicts=(),
        systems=systems,
        release=Release({right: "officer" if right in by_hand else "auto" for right in Right}),
        processor=None,
        year_end="12-31",
        privacy_url=None,
        folder=Path("nowhere"),
    )


TABLES = (
    """create table account (id integer primary key, full_name varchar(80) not null,
       email varchar(120) not null unique, phone varchar(30), address varchar(200),
       password_hash varchar(80) not null, wants_news integer not null default 1,
       frozen integer not null default 0)""",
    """create table orders (id integer primary key, account_id integer not null references account (id),
       ordered_on date not null, total numeric(10, 2) not null, note varchar(200))""",
    """create table order_line (id integer primary key, order_id integer not null references orders (id),
       item varchar(80) not null, engraving varchar(80))""",
    """create table payment (id integer primary key, account_id integer not null references account (id),
       payer_name varchar(80) not null, card_number varchar(20) not null, paid_on date not null)""",
    """create table review (id integer primary key, author varchar(80), author_email varchar(120),
       stars integer not null)""",
    """create table member (id integer primary key, email varchar(120) not null,
       company varchar(80) not null, company_email varchar(120))""",
    """create table parcel (id integer primary key, account_id integer references account (id))""",
)

# Kari is looked for; Ola's rows must never be touched.
ROWS = (
    "insert into account values (1, 'Kari Nordmann', 'Kari@Example.com', '+47 911 22 333',"
    " 'Storgata 1, Oslo', 'argon2-kari', 1, 0), (2, 'Ola Hansen', 'ola@example.org', '922 33 444',"
    " 'Lillegata 2, Bergen', 'argon2-ola', 1, 0)",
    "insert into orders values (10, 1, '2026-03-01', 199.50, 'Leave it with Kari at the door'),"
    " (11, 1, '2019-05-05', 20.00, null), (20, 2, '2026-03-02', 99.00, 'For Ola')",
    "insert into order_line values (100, 10, 'Ring', 'Kari 2026'), (101, 10, 'Box', null),"
    " (200, 20, 'Knife', 'Ola')",
    "insert into payment values (1000, 1, 'Kari Nordmann', '4925111122223333', '2026-03-01'),"
    " (1001, 1, 'Kari Nordmann', '4925111122223333', '2019-05-05'),"
    " (2000, 2, 'Ola Hansen', '4925999988887777', '2026-03-02')",
    "insert into review values (5, 'Kari N.', 'kari@example.com', 4), (6, 'Ola', 'ola@example.org', 2)",
    "insert into member values (7, 'kari@example.com', 'Fjellkraft AS', null),"
    " (8, 'ola@example.org', 'Dalstrøm AS', 'hoved@dal.example.com')",
)


async def plant(engine: AsyncEngine) -> None:
    """Make the tables anew and put Kari and Ola in them."""
    names = ("parcel", "member", "review", "payment", "order_line", "orders", "account")
    drops = tuple(f"drop table if exists {name}" for name in names)
    async with engine.begin() as connection:
        for statement in (*drops, *TABLES, *ROWS):
            await connection.execute(text(statement))


async def table(engine: AsyncEngine, name: str) -> list[dict[str, Any]]:
    """All rows of a table as they stand, by their key."""
    async with engine.connect() as connection:
        rows = await connection.execute(text(f"select * from {name} order by id"))
        return [dict(row) for row in rows.mappings()]
