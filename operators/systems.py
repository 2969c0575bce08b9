"""The systems a company keeps personal data in, and what must happen to each kind of data in them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from law.grounds import ground
from law.language import Words
from law.periods import period
from operators.register import Role
from operators.table import Table

IDENTIFIER_KINDS = (
    "name", "email", "phone", "address", "birthdate", "company", "org_number",
    "username", "customer_number", "invoice_number", "order_number",
)  # fmt: skip
RECTIFIABLE = ("email", "phone", "address", "name", "postcode", "city", "birthdate", "company", "title")


class Treatment(StrEnum):
    """What an erasure does to a holding: remove its rows, leave them on a ground, or overwrite the person."""

    ERASE = "erase"
    KEEP = "keep"
    ANONYMISE = "anonymise"


@dataclass(frozen=True, slots=True)
class Keep:
    """Why a holding stays after an erasure (GDPR Art. 17(3)) and for how long.

    `ground` is a code of law/grounds.toml, `period` one of law/periods.toml, counted from `date_column`.
    """

    ground: str
    period: str
    date_column: str | None
    reason: Words


@dataclass(frozen=True, slots=True)
class Holding:
    """One kind of data a system keeps: a table, how the person is found in it, and how each right treats it.

    identifiers   kind of identifier -> column, for finding the person; kinds are IDENTIFIER_KINDS
    parent        (holding id, column here that points to its key) for rows found through another holding
    personal      columns about the person; `shown` narrows what a copy shows (None = all of them)
    secret        columns never shown, such as password hashes; `masked` show their last four characters only
    rectify       field -> column that a correction (GDPR Art. 16) may change; fields are RECTIFIABLE
    anonymise     column -> literal written over it when treatment is ANONYMISE
    provided      the person gave it, so that it is portable (GDPR Art. 20(1))
    marketing     flag column set to 0 on objection or withdrawal; `restricted` is set to 1 by Art. 18
    customer      column naming the controller, where the company is only its processor
    customer_email  column with the address of the controller's main contact, if there is one
    """

    id: str
    name: Words
    table: str
    key: str
    identifiers: Mapping[str, str]
    parent: tuple[str, str] | None
    personal: tuple[str, ...]
    shown: tuple[str, ...] | None
    secret: tuple[str, ...]
    masked: tuple[str, ...]
    rectify: Mapping[str, str]
    treatment: Treatment
    keep: Keep | None
    anonymise: Mapping[str, str]
    processing: str
    provided: bool
    marketing: str | None
    restricted: str | None
    customer: str | None
    customer_email: str | None
    labels: Mapping[str, Words]


@dataclass(frozen=True, slots=True)
class System:
    """A system: which adapter reaches it, and the NAME of the secret that says how (never the secret).

    `task` says what an officer must do where the adapter is "manual"; `identifiers` are the kinds it accepts.
    """

    id: str
    name: Words
    adapter: str
    role: Role
    secret: str | None
    holdings: tuple[Holding, ...]
    task: Words | None
    identifiers: tuple[str, ...]


def read_systems(table: Table, processings: Collection[str]) -> tuple[System, ...]:
    """Read systems.toml; `processings` are the register's ids. Raises ProfileError."""
    systems = tuple(_system(row, processings) for row in table.rows("system"))
    table.done()
    return systems


def _system(row: Table, processings: Collection[str]) -> System:
    adapter = row.text("adapter")
    holdings: list[Holding] = []
    for one in row.rows("holding"):
        holdings.append(_holding(one, adapter, processings, {holding.id for holding in holdings}))
    used = {kind for holding in holdings for kind in holding.identifiers}
    accepted = row.texts("identifiers") or tuple(kind for kind in IDENTIFIER_KINDS if kind in used)
    for kind in accepted:
        if kind not in IDENTIFIER_KINDS:
            raise row.wrong("identifiers", f"{kind!r} is not one of {', '.join(IDENTIFIER_KINDS)}")
    system = System(
        id=row.text("id"),
        name=row.words("name"),
        adapter=adapter,
        role=row.one_of("role", Role),
        secret=row.maybe_text("secret"),
        holdings=tuple(holdings),
        task=row.maybe_words("task"),
        identifiers=accepted,
    )
    row.done()
    if adapter == "manual" and system.task is None:
        raise row.wrong("task", "is missing; a manual system must say what the officer has to do")
    return system


def _holding(row: Table, adapter: str, processings: Collection[str], before: Collection[str]) -> Holding:
    in_table = adapter == "sql"
    holding = Holding(
        id=row.text("id"),
        name=row.words("name"),
        table=row.text("table") if in_table else row.maybe_text("table") or "",
        key=row.text("key") if in_table else row.maybe_text("key") or "",
        identifiers=row.pairs("identifiers", IDENTIFIER_KINDS),
        parent=_parent(row, before),
        personal=row.texts("personal", needed=in_table),
        shown=row.texts("shown") if "shown" in row.values else None,
        secret=row.texts("secret"),
        masked=row.texts("masked"),
        rectify=row.pairs("rectify", RECTIFIABLE),
        treatment=row.one_of("treatment", Treatment),
        keep=_keep(row),
        anonymise=row.pairs("anonymise"),
        processing=row.text("processing"),
        provided=row.flag("provided", False),
        marketing=row.maybe_text("marketing"),
        restricted=row.maybe_text("restricted"),
        customer=row.maybe_text("customer"),
        customer_email=row.maybe_text("customer_email"),
        labels=_labels(row),
    )
    row.done()
    if holding.processing not in processings:
        why = f"{holding.processing!r} is not the id of a [[processing]] in register.toml"
        raise row.wrong("processing", why)
    if holding.customer_email and not holding.customer:
        raise row.wrong(
            "customer_email", "needs customer beside it: the column that names whose address it is"
        )
    if (holding.treatment is Treatment.KEEP) != (holding.keep is not None):
        raise row.wrong("keep", "is needed where treatment is keep, and only there")
    if in_table and (holding.treatment is Treatment.ANONYMISE) != bool(holding.anonymise):
        raise row.wrong("anonymise", "is needed where treatment is anonymise, and only there")
    return holding


def _parent(row: Table, before: Collection[str]) -> tuple[str, str] | None:
    named = row.texts("parent")
    if not named:
        return None
    if len(named) != 2:
        raise row.wrong("parent", "must be a holding's id and the column here that points to it")
    if named[0] not in before:
        raise row.wrong("parent", f"{named[0]!r} is not a holding written above this one")
    return named[0], named[1]


def _keep(row: Table) -> Keep | None:
    said = row.maybe_sub("keep")
    if said is None:
        return None
    keep = Keep(
        ground=said.known("ground", ground),
        period=said.known("period", period),
        date_column=said.maybe_text("date_column"),
        reason=said.words("reason"),
    )
    said.done()
    return keep


def _labels(row: Table) -> dict[str, Words]:
    said = row.maybe_sub("labels")
    return {} if said is None else {column: said.words(column) for column in said.values}
