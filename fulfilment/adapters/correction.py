"""Changing one value in a person's rows, and looking whether it stands."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import CursorResult, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from fulfilment.adapter import Change, NeedsOfficer, Replaced, TryLater
from fulfilment.adapters.database_faults import WAIT
from fulfilment.adapters.tables import Keys, Place, batches, bound, plain, raw_keys, same


async def correct(
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
        ready = [row for row in await connection.execute(stands) if as_text(row[1]) == as_text(new)]
        old = change.old_value
        done += [Replaced(place.holding.id, str(row[0]), name, old, as_text(new) or "") for row in ready]
        query = stands.where(place.key.in_([key for key in batch if key in own]))
        if old is not None:
            query = query.where(same(column, change.field, old))
        ready_keys = {row[0] for row in ready}
        rows = [row for row in await connection.execute(query) if row[0] not in ready_keys]
        done += [
            Replaced(place.holding.id, str(row[0]), name, as_text(row[1]), as_text(new) or "") for row in rows
        ]
        result: CursorResult[Any] = await connection.execute(
            update(place.table).where(place.key.in_([row[0] for row in rows])).values({name: new})
        )
        if result.rowcount not in (-1, len(rows)):
            raise TryLater(WAIT, "moved")
    return done


async def differing(connection: AsyncConnection, place: Place, name: str, new: Mapping[str, str]) -> int:
    """How many of the rows (key -> value) do not stand at their value."""
    stands: dict[str, str | None] = {}
    for batch in batches(raw_keys(place, new)):
        query = select(place.key, place.column(name)).where(place.key.in_(batch))
        stands |= {str(key): as_text(value) for key, value in await connection.execute(query)}
    return sum(stands.get(key) != value for key, value in new.items())


def as_text(value: Any) -> str | None:
    """A value as it is compared and told."""
    return None if value is None else str(plain(value))
