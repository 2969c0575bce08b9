"""Erasing one of many: whatever hangs on whom, nobody else loses anything and nothing points into the void."""

from collections.abc import Mapping
from datetime import date, timedelta
from random import Random

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from fulfilment.adapter import Person
from fulfilment.adapters.sql import SqlAdapter
from tests.fulfilment.adapter_contract import TODAY
from tests.fulfilment.shop import SHOP

PEOPLE = 6
ALL = tuple(holding.id for holding in SHOP.holdings)


async def crowd(engine: AsyncEngine, chance: Random) -> None:
    """A shop with six customers, each with a random number of everything, payments old and new."""
    rows: dict[str, list[dict[str, object]]] = {
        name: [] for name in ("account", "orders", "order_line", "payment")
    }
    for one in range(1, PEOPLE + 1):
        rows["account"].append({"id": one, "full_name": f"Person{one}", "email": f"p{one}@example.com"})
        for _ in range(chance.randrange(4)):
            order = len(rows["orders"]) + 1
            rows["orders"].append({"id": order, "account_id": one, "note": f"for Person{one}"})
            for _ in range(chance.randrange(3)):
                line = len(rows["order_line"]) + 1
                rows["order_line"].append({"id": line, "order_id": order, "engraving": f"Person{one}"})
        for _ in range(chance.randrange(4)):
            paid = date(2026, 6, 1) - timedelta(days=chance.randrange(3000))
            rows["payment"].append(
                {
                    "id": len(rows["payment"]) + 1,
                    "account_id": one,
                    "name": f"Person{one}",
                    "paid": paid.isoformat(),
                }
            )
    statements = {
        "account": "insert into account values (:id, :full_name, :email, null, null, 'argon2', 1, 0)",
        "orders": "insert into orders values (:id, :account_id, '2026-01-01', 1, :note)",
        "order_line": "insert into order_line values (:id, :order_id, 'Ring', :engraving)",
        "payment": "insert into payment values (:id, :account_id, :name, '4925111122223333', :paid)",
    }
    async with engine.begin() as connection:
        for table in ("parcel", "member", "review", "payment", "order_line", "orders", "account"):
            await connection.execute(text(f"delete from {table}"))
        for table, statement in statements.items():
            for row in rows[table]:
                await connection.execute(text(statement), row)


async def seen(adapter: SqlAdapter, one: int) -> list[tuple[str, str, Mapping[str, object]]]:
    """All that the shop shows of one of them."""
    person = Person({"email": (f"p{one}@example.com",)})
    return [(row.holding, row.key, row.values) async for row in adapter.export(person)]


@pytest.mark.parametrize("seed", range(6))
async def test_one_of_many_is_erased_alone(store: AsyncEngine, seed: int) -> None:
    """Others' rows are as before, what is left of the person is in payments under a period, pointers hold."""
    await crowd(store, Random(seed))
    adapter = SqlAdapter(SHOP, store)
    before = {one: await seen(adapter, one) for one in range(2, PEOPLE + 1)}
    person = Person({"email": ("p1@example.com",)})
    outcome = await adapter.erase(person, ALL, (), today=TODAY)
    assert (await adapter.verify(person, outcome)).clean
    assert {one: await seen(adapter, one) for one in range(2, PEOPLE + 1)} == before
    async with store.connect() as connection:
        assert (await connection.execute(text("pragma foreign_key_check"))).all() == []
        left = (
            await connection.execute(text("select id, paid_on from payment where payer_name = 'Person1'"))
        ).all()
        assert {str(row[0]) for row in left} == set(outcome.kept_keys.get("payments", ()))
        assert all(row[1] >= "2021-01-01" for row in left)  # five years after the year's end, seen from 2026
        for table, column in (("account", "full_name"), ("orders", "note"), ("order_line", "engraving")):
            found = await connection.execute(
                text(f"select count(*) from {table} where {column} like '%Person1%'")
            )
            assert found.scalar_one() == 0
