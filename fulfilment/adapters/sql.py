"""A system that keeps its data in an SQL database, acted on as systems.toml describes it."""

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from datetime import date
from types import MappingProxyType
from typing import Any

from sqlalchemy import CursorResult, inspect, select, update
from sqlalchemy.engine import Inspector
from sqlalchemy.exc import (
    DataError,
    DBAPIError,
    IntegrityError,
    InterfaceError,
    OperationalError,
    SQLAlchemyError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from fulfilment.adapter import (
    Action,
    AdapterSpec,
    Capability,
    Catalogue,
    Change,
    Found,
    KeepRule,
    Match,
    Misconfigured,
    NeedsOfficer,
    Outcome,
    OutcomeKind,
    Person,
    Record,
    Reference,
    Replaced,
    Residue,
    TryLater,
)
from fulfilment.adapters.erasure import erase_rows, keep_days, read_back
from fulfilment.adapters.tables import (
    FINDABLE,
    Keys,
    Place,
    batches,
    bound,
    flag,
    masked,
    plain,
    raw_keys,
    reflect,
    rows_of,
    same,
)
from operators.systems import System

# SQLSTATE classes that pass: connection, rollback, resources, object in use, operator's intervention
_PASSING = frozenset({"08", "40", "53", "55", "57"})
WAIT = 30.0  # seconds before a database that was down is asked again


class SqlAdapter:
    """The contract over one database. The engine is handed in; each action is one transaction."""

    def __init__(self, system: System, engine: AsyncEngine, *, year_end: str = "12-31") -> None:
        self.system = system
        self._engine = engine
        self._year_end = year_end
        self._places: dict[str, Place] | None = None

    @property
    def spec(self) -> AdapterSpec:
        """What the description lets the adapter do."""
        holdings = self.system.holdings
        able = {
            "export": True,
            "erase": True,
            "rectify": any(holding.rectify for holding in holdings),
            "restrict": any(holding.restricted for holding in holdings),
            "object": any(holding.marketing for holding in holdings),
        }
        return AdapterSpec(
            name="sql",
            settings={
                "type": "object",
                "required": ["secret"],
                "properties": {
                    "secret": {"type": "string", "description": "name of the secret with the URL"}
                },
            },
            identifiers=frozenset(kind for one in holdings for kind in one.identifiers) & FINDABLE,
            capabilities={name: Capability.API if can else Capability.MANUAL for name, can in able.items()},
        )

    async def check(self) -> None:
        """The database answers and has every table and column named. Raises Misconfigured or TryLater."""
        self._places = None
        async with self._opened() as (connection, places):
            for place in places.values():
                await connection.execute(select(place.key).limit(1))

    async def discover(self) -> Catalogue:
        """Tables, columns and references by inspection, and what the description leaves out."""
        with _faults():
            async with self._engine.connect() as connection:
                return await connection.run_sync(lambda sync: _catalogue(inspect(sync), self.system))

    async def find(self, person: Person) -> Match:
        """The person's rows, how long each must be kept, and whose data they are in a processor's system."""
        async with self._opened() as (connection, places):
            rows = await rows_of(connection, places, person)
            found = []
            customers: dict[str, None] = {}
            learnt: dict[str, dict[str, None]] = {}
            for place in places.values():
                holding, keys = place.holding, rows[place.holding.id]
                days = await keep_days(connection, place, keys, self._year_end)
                until = tuple(
                    (str(key), None if day is None else day.isoformat()) for key, day in days.items()
                )
                found.append(Found(holding.id, len(keys), tuple(map(str, keys)), until))
                if holding.customer:
                    customers |= dict.fromkeys(await _values(connection, place, holding.customer, keys))
                for kind, name in holding.identifiers.items():
                    new = await _values(connection, place, name, keys)
                    learnt.setdefault(kind, {}).update(dict.fromkeys(new))
        known = {kind: {value.casefold() for value in values} for kind, values in person.identifiers.items()}
        return Match(
            found=tuple(found),
            learnt={
                kind: rest
                for kind, values in learnt.items()
                if (rest := tuple(v for v in values if v.casefold() not in known.get(kind, ())))
            },
            controllers=tuple(customers),
        )

    async def export(self, person: Person) -> AsyncIterator[Record]:
        """Every row, holding by holding, as the database streams it."""
        async with self._opened() as (connection, places):
            rows = await rows_of(connection, places, person)
            for place in places.values():
                columns = [place.key.label("__key"), *(place.column(name) for name in place.shown)]
                for batch in batches(rows[place.holding.id]):
                    query = select(*columns).where(place.key.in_(batch)).order_by(place.key)
                    async with connection.stream(query) as result:
                        async for row in result:
                            values = dict(zip(place.shown, row[1:], strict=True))
                            for name in place.holding.masked:
                                if name in values:
                                    values[name] = masked(values[name])
                            yield Record(
                                place.holding.id,
                                str(row[0]),
                                {name: plain(value) for name, value in values.items()},
                            )

    async def rectify(self, person: Person, change: Change) -> Outcome:
        """The new value wherever the old one stands, or in every row where no old one was given.

        NO_MATCH where the old value stands nowhere: an officer must see what the person means.
        """
        changed: list[Replaced] = []
        async with self._opened() as (connection, places):
            rows = await rows_of(connection, places, person)
            for place in places.values():
                name = place.holding.rectify.get(change.field)
                if name is None:
                    continue
                known = raw_keys(place, person.known.get(place.holding.id, ()))
                keys = tuple(dict.fromkeys((*rows[place.holding.id], *known)))
                changed += await _rectify(connection, place, name, keys, set(rows[place.holding.id]), change)
        return Outcome(
            kind=OutcomeKind.DONE if changed else OutcomeKind.NO_MATCH,
            action=Action.RECTIFY,
            holdings=tuple(dict.fromkeys(one.holding for one in changed)),
            changed=tuple(changed),
            evidence=f"{self.system.id}: {len(changed)} values",
        )

    async def restrict(self, person: Person, on: bool) -> Outcome:
        """Set or lift the restriction flag (Art. 18). PARTIAL where rows hang on no row with such a flag."""
        flags = {one.id: one.restricted for one in self.system.holdings if one.restricted}
        return await self._flag(person, flags, on, Action.RESTRICT)

    async def object(self, person: Person) -> Outcome:
        """Set the marketing flag to 0 (Art. 21(3), Art. 7(3))."""
        flags = {one.id: one.marketing for one in self.system.holdings if one.marketing}
        return await self._flag(person, flags, False, Action.OBJECT)

    async def _flag(self, person: Person, flags: Mapping[str, str], on: bool, action: Action) -> Outcome:
        changed: list[Replaced] = []
        bare = False
        async with self._opened() as (connection, places):
            rows = await rows_of(connection, places, person)
            for place in places.values():
                holding, keys = place.holding, rows[place.holding.id]
                name = flags.get(holding.id)
                if name is None:
                    bare = bare or (bool(keys) and not _covered(places, holding.id, flags))
                    continue
                value = flag(place.column(name), on)
                for batch in batches(keys):
                    await connection.execute(
                        update(place.table).where(place.key.in_(batch)).values({name: value})
                    )
                changed += [Replaced(holding.id, str(key), name, None, _text(value) or "") for key in keys]
        partial = action is Action.RESTRICT and bare
        kind = OutcomeKind.PARTIAL if partial else OutcomeKind.DONE if changed else OutcomeKind.NO_MATCH
        return Outcome(
            kind=kind,
            action=action,
            holdings=tuple(dict.fromkeys(one.holding for one in changed)),
            changed=tuple(changed),
            evidence=f"{self.system.id}: {len(changed)} flags",
        )

    async def erase(
        self, person: Person, holdings: Sequence[str], keep: Sequence[KeepRule], *, today: date
    ) -> Outcome:
        """One transaction, children first; see `fulfilment.adapters.erasure`."""
        async with self._opened() as (connection, places):
            rows = await rows_of(connection, places, person)
            return await erase_rows(
                connection, places, rows, holdings, keep, today=today, year_end=self._year_end
            )

    async def verify(self, person: Person, outcome: Outcome) -> Residue:
        """Read back by the rows the outcome names and by the person's identifiers."""
        async with self._opened() as (connection, places):
            rows = await rows_of(connection, places, person)
            if outcome.action is Action.ERASE:
                return await read_back(connection, places, rows, outcome)
            left: dict[str, int] = {}
            if outcome.action is Action.EXPORT:
                for holding, keys in rows.items():
                    missing = {str(key) for key in keys} - set(outcome.keys.get(holding, ()))
                    if missing:
                        left[holding] = len(missing)
                return Residue(left)
            for holding, column in {(one.holding, one.column) for one in outcome.changed}:
                new = {
                    one.key: one.new
                    for one in outcome.changed
                    if (one.holding, one.column) == (holding, column)
                }
                wrong = await _differing(connection, places[holding], column, new)
                if wrong:
                    left[holding] = left.get(holding, 0) + wrong
            return Residue(left)

    @asynccontextmanager
    async def _opened(self) -> AsyncIterator[tuple[AsyncConnection, Mapping[str, Place]]]:
        """One transaction and the places in it, the database's faults turned into ours."""
        with _faults():
            async with self._engine.begin() as connection:
                if self._places is None:
                    self._places = await connection.run_sync(reflect, self.system)
                try:
                    yield connection, MappingProxyType(self._places)
                except SQLAlchemyError:
                    self._places = None  # the tables may have changed: look again next time
                    raise


@contextmanager
def _faults() -> Iterator[None]:
    """What the database says, in our words; its own text may hold personal data and goes no further."""
    try:
        yield
    except IntegrityError:
        raise NeedsOfficer("integrity") from None
    except DataError:
        raise NeedsOfficer("value") from None
    except (OperationalError, InterfaceError, PoolTimeout, OSError):
        raise TryLater(WAIT, "unreachable") from None
    except DBAPIError as fault:
        state = str(getattr(fault.orig, "sqlstate", None) or "")[:2]
        if state == "22":  # data exception: too long, out of range
            raise NeedsOfficer("value") from None
        if fault.connection_invalidated or state in _PASSING:
            raise TryLater(WAIT, "unreachable") from None
        raise Misconfigured(f"refused: {type(fault.orig).__name__}") from None
    except SQLAlchemyError as fault:
        raise Misconfigured(f"refused: {type(fault).__name__}") from None


async def _differing(connection: AsyncConnection, place: Place, name: str, new: Mapping[str, str]) -> int:
    """How many of the rows (key -> value) do not stand at their value."""
    stands: dict[str, str | None] = {}
    for batch in batches(raw_keys(place, new)):
        query = select(place.key, place.column(name)).where(place.key.in_(batch))
        stands |= {str(key): _text(value) for key, value in await connection.execute(query)}
    return sum(stands.get(key) != value for key, value in new.items())


def _covered(places: Mapping[str, Place], holding: str, flags: Mapping[str, str]) -> bool:
    """Whether a holding hangs, directly or not, on one that has the flag."""
    parent = places[holding].holding.parent
    return parent is not None and (parent[0] in flags or _covered(places, parent[0], flags))


async def _values(connection: AsyncConnection, place: Place, name: str, keys: Keys) -> list[str]:
    column = place.column(name)
    found: dict[str, None] = {}
    for batch in batches(keys):
        values = await connection.scalars(select(column).where(place.key.in_(batch)).distinct())
        found |= dict.fromkeys(str(value) for value in values if value not in (None, ""))
    return sorted(found)


async def _rectify(
    connection: AsyncConnection, place: Place, name: str, keys: Keys, own: set[Any], change: Change
) -> list[Replaced]:
    """Change one column. A known row that no identifier leads to is only recognised, never changed."""
    column = place.column(name)
    new = bound(column, change.new_value)
    if new is None:
        raise NeedsOfficer("value")
    done: list[Replaced] = []
    for batch in batches(keys):
        stands = select(place.key, column).where(place.key.in_(batch)).order_by(place.key)
        ready = [row for row in await connection.execute(stands) if _text(row[1]) == _text(new)]
        old = change.old_value
        done += [Replaced(place.holding.id, str(row[0]), name, old, _text(new) or "") for row in ready]
        query = stands.where(place.key.in_([key for key in batch if key in own]))
        if old is not None:
            query = query.where(same(column, change.field, old))
        ready_keys = {row[0] for row in ready}
        rows = [row for row in await connection.execute(query) if row[0] not in ready_keys]
        done += [
            Replaced(place.holding.id, str(row[0]), name, _text(row[1]), _text(new) or "") for row in rows
        ]
        result: CursorResult[Any] = await connection.execute(
            update(place.table).where(place.key.in_([row[0] for row in rows])).values({name: new})
        )
        if result.rowcount not in (-1, len(rows)):
            raise TryLater(WAIT, "moved")
    return done


def _text(value: Any) -> str | None:
    return None if value is None else str(plain(value))


def _catalogue(inspector: Inspector, system: System) -> Catalogue:
    tables: dict[str, tuple[str, ...]] = {}
    references: list[Reference] = []
    for name in sorted(inspector.get_table_names()):
        tables[name] = tuple(column["name"] for column in inspector.get_columns(name))
        for key in inspector.get_foreign_keys(name):
            pairs = zip(key["constrained_columns"], key["referred_columns"], strict=True)
            references += [Reference(name, here, key["referred_table"], there) for here, there in pairs]
    described = {holding.table for holding in system.holdings}
    identifying = {column for holding in system.holdings for column in holding.identifiers.values()}
    identifying -= {holding.key for holding in system.holdings}
    near = {one.table for one in references if one.target in described}
    near |= {name for name, columns in tables.items() if identifying & set(columns)}
    return Catalogue(tables, tuple(references), tuple(sorted(near - described)))
