"""The tables behind a system's holdings as the database describes them, and the person's rows in them."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Connection,
    Date,
    DateTime,
    Integer,
    MetaData,
    Numeric,
    String,
    Table,
    Text,
    Time,
    Uuid,
    cast,
    false,
    func,
    inspect,
    or_,
    select,
)
from sqlalchemy.exc import NoSuchTableError
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.types import NullType, TypeEngine

from fulfilment.adapter import Misconfigured, Person
from intake.vault import normalised
from operators.systems import Holding, System

# Names, addresses and birth dates are shared by many: nobody's rows are looked up by them alone.
FINDABLE = frozenset({"email", "phone", "username", "customer_number", "invoice_number", "order_number"})
BATCH = 500
_SECRET = re.compile(r"passw|pwd|secret|salt|token|_hash$|^hash$", re.IGNORECASE)

Keys = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """A holding and its table."""

    holding: Holding
    table: Table

    @property
    def key(self) -> Column[Any]:
        """The column that tells rows apart."""
        return self.column(self.holding.key)

    def column(self, name: str) -> Column[Any]:
        """A column the description names. Raises Misconfigured where the table lacks it."""
        try:
            return self.table.columns[name]
        except KeyError:
            raise Misconfigured(f"{self.holding.id}: table {self.table.name} has no column {name}") from None

    @property
    def shown(self) -> tuple[str, ...]:
        """Columns a copy holds: those described, or all; never a secret, declared or known by its name."""
        names = self.holding.shown or tuple(column.name for column in self.table.columns)
        return tuple(name for name in names if name not in self.holding.secret and not _SECRET.search(name))

    def blanks(self, key: str) -> dict[str, Any]:
        """What is written over the person where the row itself must remain: column -> value.

        In a holding that is anonymised the description says what, but identifiers and secrets always go:
        a row that can still be found by the person's address is not anonymous (Recital 26).
        """
        literals = self.holding.anonymise
        spared = {self.holding.key, *((self.holding.parent[1],) if self.holding.parent else ())}
        named = (*self.holding.secret, *self.holding.identifiers.values())
        named = named if literals else (*self.holding.personal, *named)
        values = {name: _blank(self.column(name), key) for name in named if name not in spared}
        values |= {name: bound(self.column(name), value) for name, value in literals.items()}
        if self.holding.marketing:
            values[self.holding.marketing] = flag(self.column(self.holding.marketing), False)
        return values


def reflect(connection: Connection, system: System) -> dict[str, Place]:
    """Holding id -> place, parents first. Raises Misconfigured for a table or column that is not there."""
    inspector = inspect(connection)
    as_stored = connection.dialect.name == "sqlite"
    places: dict[str, Place] = {}
    for holding in system.holdings:
        schema, _, name = holding.table.rpartition(".")
        try:
            found = inspector.get_columns(name, schema or None)
        except NoSuchTableError:
            raise Misconfigured(f"{holding.id}: there is no table {holding.table}") from None
        columns = [
            Column(one["name"], _stored(one["type"]) if as_stored else one["type"], nullable=one["nullable"])
            for one in found
        ]
        place = Place(holding, Table(name, MetaData(), *columns, schema=schema or None))
        for named in described(holding):
            place.column(named)
        places[holding.id] = place
    return places


def _stored(kind: TypeEngine[Any]) -> TypeEngine[Any]:
    """SQLite keeps dates as whatever was written; they are shown as they stand and never parsed on the way."""
    if isinstance(kind, Date | DateTime | Time):
        return Text()
    return NullType() if isinstance(kind, Numeric) else kind


def described(holding: Holding) -> tuple[str, ...]:
    """Every column the description of a holding names."""
    names = [holding.key, *holding.identifiers.values(), *holding.personal, *(holding.shown or ())]
    names += [*holding.secret, *holding.masked, *holding.rectify.values(), *holding.anonymise]
    flags = (holding.marketing, holding.restricted, holding.customer, holding.customer_email)
    names += [name for name in flags if name]
    if holding.parent:
        names.append(holding.parent[1])
    if holding.keep and holding.keep.date_column:
        names.append(holding.keep.date_column)
    return tuple(dict.fromkeys(names))


async def rows_of(
    connection: AsyncConnection, places: Mapping[str, Place], person: Person
) -> dict[str, Keys]:
    """Holding id -> keys of the person's rows, by their identifiers and by the rows they hang on."""
    found: dict[str, Keys] = {}
    for place in places.values():
        keys: dict[Any, None] = {}
        for kind, name in place.holding.identifiers.items():
            values = person.identifiers.get(kind, ())
            if kind in FINDABLE and values:
                condition = matches(place.column(name), kind, values)
                keys |= dict.fromkeys(await _keys(connection, place, condition))
        if place.holding.parent:
            parent, name = place.holding.parent
            for batch in batches(found.get(parent, ())):
                keys |= dict.fromkeys(await _keys(connection, place, place.column(name).in_(batch)))
        found[place.holding.id] = tuple(keys)
    return found


async def _keys(connection: AsyncConnection, place: Place, condition: ColumnElement[bool]) -> Sequence[Any]:
    return (await connection.scalars(select(place.key).where(condition).order_by(place.key))).all()


def matches(column: Column[Any], kind: str, values: Iterable[str]) -> ColumnElement[bool]:
    """The rows whose identifier is one of the values, however it is spelt. A blank value matches nothing."""
    spelt = {normalised(kind, value) for value in values}
    if kind == "phone":
        numbers = {digits for digits in spelt if len(digits) >= 5}
        forms = {form for digits in numbers for form in (digits, f"47{digits}", f"0047{digits}")}
        return _digits(column).in_(sorted(forms)) if forms else false()
    spelt = {value for value in spelt if value and (kind != "email" or "@" in value)}
    if not spelt:
        return false()
    if isinstance(column.type, Integer):
        return column.in_(sorted(int(value) for value in spelt if value.isdecimal() and len(value) < 19))
    raw = {value.strip() for value in values if value.strip()}
    text = _text(column)
    return or_(func.lower(func.trim(text)).in_(sorted(spelt)), text.in_(sorted(raw)))


def same(column: Column[Any], field: str, value: str) -> ColumnElement[bool]:
    """The rows where a field stands at a value, case and outer blanks apart; a phone number by its digits."""
    if field in ("email", "phone"):
        return matches(column, field, (value,))
    text = _text(column)
    return or_(func.lower(func.trim(text)) == value.strip().lower(), func.trim(text) == value.strip())


def _text(column: Column[Any]) -> ColumnElement[str]:
    return column if isinstance(column.type, String) else cast(column, String)


def _digits(column: Column[Any]) -> ColumnElement[str]:
    text: ColumnElement[str] = _text(column)
    for mark in " -+().\u00a0":
        text = func.replace(text, mark, "")
    return text


def batches(keys: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """The keys in portions that every database takes as parameters."""
    for start in range(0, len(keys), BATCH):
        yield keys[start : start + BATCH]


def raw_keys(place: Place, keys: Iterable[str]) -> Keys:
    """Row keys as the key column has them; a key that cannot be one is left out."""
    raw = (bound(place.key, key) for key in keys)
    return tuple(key for key in raw if key is not None)


def bound(column: Column[Any], value: str) -> Any:
    """A text as a value of the column's type; None where it cannot be one."""
    kind = column.type
    try:
        if isinstance(kind, Integer):
            return int(value)
        if isinstance(kind, Uuid):
            return UUID(value)
        if isinstance(kind, Numeric):
            return Decimal(value)
        if isinstance(kind, DateTime):
            return datetime.fromisoformat(value)
        if isinstance(kind, Date):
            return date.fromisoformat(value[:10])
    except (ValueError, ArithmeticError):
        return None
    return value


def flag(column: Column[Any], on: bool) -> Any:
    """A flag in the column's own type."""
    if isinstance(column.type, Boolean):
        return on
    return str(int(on)) if isinstance(column.type, String) else int(on)


def _blank(column: Column[Any], key: str) -> Any:
    kind = column.type
    if column.nullable:
        return None
    if isinstance(kind, Boolean):
        return False
    if isinstance(kind, Integer | Numeric):
        return 0
    if isinstance(kind, DateTime):
        return datetime(1900, 1, 1, tzinfo=UTC if kind.timezone else None)
    if isinstance(kind, Date):
        return date(1900, 1, 1)
    if isinstance(kind, Time):
        return time(0)
    # unique columns must stay unique, so that the row's own key is part of the blank
    return f"erased-{key}"


def plain(value: Any) -> Any:
    """A value as JSON has it: dates in ISO 8601, exact numbers as text, bytes by their size only."""
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, Decimal | UUID):
        return str(value)
    if isinstance(value, bytes | memoryview):
        return f"<{len(bytes(value))} bytes>"
    if isinstance(value, dict):
        return {str(name): plain(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)


def masked(value: Any) -> Any:
    """The last four characters of a card or account number; nothing of one that is shorter than that."""
    if value is None:
        return None
    text = str(value)
    return "•" * (len(text) - 4) + text[-4:] if len(text) > 4 else "•" * len(text)
