"""A system that keeps its data in an SQL database, acted on as systems.toml describes it."""

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import date
from types import MappingProxyType

from sqlalchemy import inspect, null, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from fulfilment.adapter import (
    Action,
    AdapterSpec,
    Capability,
    Catalogue,
    Change,
    Controller,
    Found,
    KeepRule,
    Match,
    Outcome,
    OutcomeKind,
    Person,
    Record,
    Replaced,
    Residue,
)
from fulfilment.adapters.correction import as_text, correct, differing
from fulfilment.adapters.database_faults import translated
from fulfilment.adapters.erasure import erase_rows, keep_days, read_back
from fulfilment.adapters.inspection import catalogue
from fulfilment.adapters.tables import (
    FINDABLE,
    Keys,
    Place,
    batches,
    flag,
    masked,
    plain,
    raw_keys,
    reflect,
    rows_of,
)
from operators.systems import System


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
        with translated():
            async with self._engine.connect() as connection:
                return await connection.run_sync(lambda sync: catalogue(inspect(sync), self.system))

    async def find(self, person: Person) -> Match:
        """The person's rows, how long each must be kept, and whose data they are in a processor's system."""
        async with self._opened() as (connection, places):
            rows = await rows_of(connection, places, person)
            found = []
            customers: dict[Controller, None] = {}
            learnt: dict[str, dict[str, None]] = {}
            for place in places.values():
                holding, keys = place.holding, rows[place.holding.id]
                days = await keep_days(connection, place, keys, self._year_end)
                until = tuple(
                    (str(key), None if day is None else day.isoformat()) for key, day in days.items()
                )
                found.append(Found(holding.id, len(keys), tuple(map(str, keys)), until))
                customers |= dict.fromkeys(await _customers(connection, place, keys))
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
            controllers=_once(customers),
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
                changed += await correct(connection, place, name, keys, set(rows[place.holding.id]), change)
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
                changed += [Replaced(holding.id, str(key), name, None, as_text(value) or "") for key in keys]
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
                wrong = await differing(connection, places[holding], column, new)
                if wrong:
                    left[holding] = left.get(holding, 0) + wrong
            return Residue(left)

    @asynccontextmanager
    async def _opened(self) -> AsyncIterator[tuple[AsyncConnection, Mapping[str, Place]]]:
        """One transaction and the places in it, the database's faults turned into ours."""
        with translated():
            async with self._engine.begin() as connection:
                if self._places is None:
                    self._places = await connection.run_sync(reflect, self.system)
                try:
                    yield connection, MappingProxyType(self._places)
                except SQLAlchemyError:
                    self._places = None  # the tables may have changed: look again next time
                    raise


def _covered(places: Mapping[str, Place], holding: str, flags: Mapping[str, str]) -> bool:
    """Whether a holding hangs, directly or not, on one that has the flag."""
    parent = places[holding].holding.parent
    return parent is not None and (parent[0] in flags or _covered(places, parent[0], flags))


async def _customers(connection: AsyncConnection, place: Place, keys: Keys) -> list[Controller]:
    """Whose data the rows are, by name and, where the description says which column it is, address."""
    named, addressed = place.holding.customer, place.holding.customer_email
    if named is None:
        return []
    email = place.column(addressed) if addressed else null()
    found: set[tuple[str, str]] = set()
    for batch in batches(keys):
        query = select(place.column(named), email).where(place.key.in_(batch)).distinct()
        found |= {(str(name), str(to or "").strip()) for name, to in await connection.execute(query) if name}
    return [Controller(name, to or None) for name, to in sorted(found)]


def _once(customers: Iterable[Controller]) -> tuple[Controller, ...]:
    """A customer who stands with an address in one row and without in another is one with an address."""
    reached = {one.name for one in customers if one.email}
    return tuple(one for one in customers if one.email or one.name not in reached)


async def _values(connection: AsyncConnection, place: Place, name: str, keys: Keys) -> list[str]:
    column = place.column(name)
    found: dict[str, None] = {}
    for batch in batches(keys):
        values = await connection.scalars(select(column).where(place.key.in_(batch)).distinct())
        found |= dict.fromkeys(str(value) for value in values if value not in (None, ""))
    return sorted(found)
