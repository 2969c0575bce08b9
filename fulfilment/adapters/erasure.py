"""Erasing a person's rows from described tables: children first, what the law keeps stays; reading back."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import String, cast, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from fulfilment.adapter import Action, KeepRule, Outcome, OutcomeKind, Residue
from fulfilment.adapters.tables import Keys, Place, batches, flag, plain, raw_keys
from law.calendar import oslo_day
from law.periods import kept_until
from operators.systems import Treatment


async def keep_days(
    connection: AsyncConnection, place: Place, keys: Keys, year_end: str
) -> dict[Any, date | None]:
    """The last day each row of a kept holding must stay; None where its date is missing or unreadable."""
    keep = place.holding.keep
    if place.holding.treatment is not Treatment.KEEP or keep is None:
        return {}
    days: dict[Any, date | None] = dict.fromkeys(keys)
    if keep.date_column is None:
        return days
    column = place.column(keep.date_column)
    for batch in batches(keys):
        # as text: a date that some program wrote wrongly must not stop the whole search
        query = select(place.key, cast(column, String)).where(place.key.in_(batch))
        for key, text in await connection.execute(query):
            day = _day(text)
            days[key] = None if day is None else kept_until(keep.period, day, year_end)
    return days


def _day(text: str | None) -> date | None:
    try:
        moment = datetime.fromisoformat((text or "").strip())
    except ValueError:
        return None
    return oslo_day(moment) if moment.tzinfo is not None else moment.date()


async def erase_rows(
    connection: AsyncConnection,
    places: Mapping[str, Place],
    rows: Mapping[str, Keys],
    holdings: Sequence[str],
    keep: Sequence[KeepRule],
    *,
    today: date,
    year_end: str,
) -> Outcome:
    """Delete, blank or leave each row that was found, inside the caller's transaction.

    A row goes when its holding is listed in `holdings` and neither the description's period (its last day
    included) nor a rule of `keep` for a holding that is otherwise erased holds it back. A row that others
    which remain point to goes too where the pointer can be emptied; otherwise it is blanked.
    """
    extra = {rule.holding: rule for rule in keep if rule.until is None or rule.until >= today.isoformat()}
    stays: dict[str, tuple[Any, ...]] = {}
    gone: dict[str, tuple[str, ...]] = {}
    blanked: dict[str, tuple[str, ...]] = {}
    held: dict[str, tuple[str, ...]] = {}
    rules: list[KeepRule] = []
    for place in reversed(list(places.values())):
        holding, keys = place.holding, rows[place.holding.id]
        if holding.id not in holdings:
            stays[holding.id] = keys
            continue
        days = await keep_days(connection, place, keys, year_end)
        kept = [key for key, day in days.items() if day is None or day >= today]
        if kept and holding.keep:
            last = None if any(days[key] is None for key in kept) else max(str(days[key]) for key in kept)
            rules.append(KeepRule(holding.id, holding.keep.ground, holding.keep.period, last, len(kept)))
        elif holding.treatment is not Treatment.KEEP and holding.id in extra and keys:
            kept, rule = list(keys), extra[holding.id]
            rules.append(KeepRule(holding.id, rule.ground, rule.period, rule.until, len(keys)))
        free = [key for key in keys if key not in set(kept)]
        anchors = await _anchors(connection, places, place, free, stays)
        over = free if holding.treatment is Treatment.ANONYMISE else [k for k in free if k in anchors]
        await _blank(connection, place, over)
        away = [key for key in free if key not in set(over)]
        for batch in batches(away):
            await connection.execute(delete(place.table).where(place.key.in_(batch)))
        if holding.restricted:
            on = {holding.restricted: flag(place.column(holding.restricted), True)}
            for batch in batches(kept):  # what the law keeps is kept for that alone
                await connection.execute(update(place.table).where(place.key.in_(batch)).values(on))
        stays[holding.id] = (*kept, *over)
        gone[holding.id] = tuple(map(str, away))
        blanked[holding.id] = tuple(map(str, over))
        held[holding.id] = tuple(map(str, kept))
    removed = {one: len(gone[one]) + len(blanked[one]) for one in reversed(gone) if gone[one] or blanked[one]}
    return Outcome(
        kind=OutcomeKind.DONE if removed or rules else OutcomeKind.NO_MATCH,
        action=Action.ERASE,
        holdings=tuple(one for one in places if one in holdings),
        removed=removed,
        kept=tuple(reversed(rules)),
        keys={one: keys for one, keys in gone.items() if keys},
        blanked={one: keys for one, keys in blanked.items() if keys},
        kept_keys={one: keys for one, keys in held.items() if keys},
        evidence=f"{sum(map(len, gone.values()))} rows deleted, {sum(map(len, blanked.values()))} blanked",
    )


async def _blank(connection: AsyncConnection, place: Place, keys: Sequence[Any]) -> None:
    """Write over the person, all rows at once unless a column must stay unique."""
    alike = place.blanks("") == place.blanks("0")
    for batch in batches(keys) if alike else ([key] for key in keys):
        if values := place.blanks(str(batch[0])):
            await connection.execute(update(place.table).where(place.key.in_(batch)).values(values))


async def _anchors(
    connection: AsyncConnection,
    places: Mapping[str, Place],
    place: Place,
    keys: Sequence[Any],
    stays: Mapping[str, Sequence[Any]],
) -> set[Any]:
    """Those of the rows that must remain as rows; pointers that can be emptied are emptied on the way."""
    anchors: set[Any] = set()
    for child in places.values():
        if not child.holding.parent or child.holding.parent[0] != place.holding.id:
            continue
        column = child.column(child.holding.parent[1])
        for batch in batches(stays.get(child.holding.id, ())):
            remaining = child.key.in_(batch)
            if column.nullable:
                for part in batches(keys):
                    cut = update(child.table).where(remaining, column.in_(part))
                    await connection.execute(cut.values({column.name: None}))
            else:
                anchors |= set(await connection.scalars(select(column).where(remaining).distinct()))
    return anchors


async def read_back(
    connection: AsyncConnection, places: Mapping[str, Place], rows: Mapping[str, Keys], outcome: Outcome
) -> Residue:
    """What an erasure left behind: rows still there, rows not blank, rows found again without a ground."""
    left: dict[str, int] = {}
    for name in outcome.holdings:
        place = places[name]
        still: set[str] = set()
        for batch in batches(raw_keys(place, outcome.keys.get(name, ()))):
            found = await connection.scalars(select(place.key).where(place.key.in_(batch)))
            still |= {str(key) for key in found}
        for key in raw_keys(place, outcome.blanked.get(name, ())):
            if not await _is_blank(connection, place, key):
                still.add(str(key))
        accounted = {*outcome.blanked.get(name, ()), *outcome.kept_keys.get(name, ())}
        still |= {str(key) for key in rows[name]} - accounted
        if still:
            left[name] = len(still)
    return Residue(left)


async def _is_blank(connection: AsyncConnection, place: Place, key: Any) -> bool:
    values = place.blanks(str(key))
    if not values:
        return True
    columns = [place.column(name) for name in values]
    row = (await connection.execute(select(*columns).where(place.key == key))).first()
    return row is None or all(plain(a) == plain(b) for a, b in zip(row, values.values(), strict=True))
