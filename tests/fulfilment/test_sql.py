"""The SQL adapter: the contract, and what each right does to tables, on SQLite and PostgreSQL."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from fulfilment.adapter import (
    Change,
    Controller,
    KeepRule,
    Misconfigured,
    NeedsOfficer,
    OutcomeKind,
    Person,
    TryLater,
)
from fulfilment.adapters.sql import SqlAdapter
from operators.systems import Holding
from tests.fulfilment.adapter_contract import TODAY, AdapterContract
from tests.fulfilment.shop import ACCOUNTS, HOSTED, KARI, OLA, ORDERS, REVIEWS, SHOP, holding, table

ALL = ("accounts", "orders", "lines", "payments", "reviews")
KARIS = Person({"email": (KARI,)})
OLAS = Person({"email": (OLA,)})


@pytest.fixture
def adapter(shop: AsyncEngine) -> SqlAdapter:
    """The shop's adapter."""
    return SqlAdapter(SHOP, shop)


@pytest.fixture
def near(store: AsyncEngine) -> SqlAdapter:
    """The shop's adapter on SQLite alone, where the database makes no difference."""
    return SqlAdapter(SHOP, store)


class TestSql(AdapterContract):
    """The contract."""

    person = KARIS
    other = Person({"email": (OLA,)})
    name = "Kari Nordmann"
    other_name = "Ola"
    holdings = ALL

    @pytest.fixture
    def adapter(self, shop: AsyncEngine) -> SqlAdapter:
        """The shop's adapter."""
        return SqlAdapter(SHOP, shop)


async def test_a_person_is_found_through_parents(near: SqlAdapter) -> None:
    """Rows without an identifier of their own are found through two levels of references."""
    found = {one.holding: one.keys for one in (await near.find(KARIS)).found}
    assert found == {
        "accounts": ("1",),
        "orders": ("10", "11"),
        "lines": ("100", "101"),
        "payments": ("1000", "1001"),
        "reviews": ("5",),
    }


@pytest.mark.parametrize("spelt", ["91122333", "+4791122333", "0047 911 22 333", "911-22-333"])
async def test_a_phone_number_is_found_however_spelt(adapter: SqlAdapter, spelt: str) -> None:
    """Country code and blanks make no difference on either side."""
    assert (await adapter.find(Person({"phone": (spelt,)}))).found[0].keys == ("1",)


async def test_a_customer_number_finds_a_number_column(adapter: SqlAdapter) -> None:
    """A number typed by a person meets an integer column; letters meet none and harm nothing."""
    assert (await adapter.find(Person({"customer_number": ("2", "A-1")}))).found[0].keys == ("2",)


async def test_nobody_is_found_by_name(near: SqlAdapter) -> None:
    """A name is shared by many and never leads to rows, even where the description has a column for it."""
    assert (await near.find(Person({"name": ("Kari Nordmann",)}))).total == 0


async def test_learnt_identifiers_are_told_apart_from_proven_ones(near: SqlAdapter) -> None:
    """The officer sees the telephone number met on the way, not the address that was proven."""
    learnt = (await near.find(KARIS)).learnt
    assert learnt["phone"] == ("+47 911 22 333",)
    assert "email" not in learnt


async def test_an_export_hides_secrets_and_masks_cards(adapter: SqlAdapter) -> None:
    """The password hash is left out and only the last four digits of a card are shown."""
    records = {(one.holding, one.key): one.values async for one in adapter.export(KARIS)}
    assert "argon2" not in str(records)
    assert records["payments", "1000"]["card_number"] == "••••••••••••3333"
    assert records["orders", "10"]["ordered_on"] == "2026-03-01"


async def test_an_undeclared_secret_is_left_out_too(near: SqlAdapter, store: AsyncEngine) -> None:
    """A column whose name says it is a secret is not shown where the description forgot it."""
    careless = SqlAdapter(replace(SHOP, holdings=(replace(ACCOUNTS, secret=()),)), store)
    assert "argon2" not in str([one async for one in careless.export(KARIS)])


async def test_erasure_keeps_what_bookkeeping_demands(adapter: SqlAdapter, shop: AsyncEngine) -> None:
    """This year's payment stays until five years after the year's end; one from 2019 goes."""
    outcome = await adapter.erase(KARIS, ALL, (), today=TODAY)
    assert outcome.kept == (KeepRule("payments", "G17-3B", "BOKF-5Y", "2031-12-31", 1),)
    assert outcome.removed == {"accounts": 1, "orders": 2, "lines": 2, "payments": 1, "reviews": 1}
    assert [row["id"] for row in await table(shop, "payment")] == [1000, 2000]


@pytest.mark.parametrize(("today", "stays"), [(date(2031, 12, 31), True), (date(2032, 1, 1), False)])
async def test_the_last_day_of_a_period_counts(
    near: SqlAdapter, store: AsyncEngine, today: date, stays: bool
) -> None:
    """A kept row stays through the last day of its period and goes on the day after."""
    await near.erase(KARIS, ALL, (), today=today)
    assert (1000 in [row["id"] for row in await table(store, "payment")]) is stays


async def test_a_row_that_must_remain_is_blanked(adapter: SqlAdapter, shop: AsyncEngine) -> None:
    """The account a kept payment points to loses everything about the person, but stays as an anchor."""
    outcome = await adapter.erase(KARIS, ALL, (), today=TODAY)
    account = (await table(shop, "account"))[0]
    assert outcome.blanked["accounts"] == ("1",)
    assert account == {
        "id": 1, "full_name": "erased-1", "email": "erased-1", "phone": None, "address": None,
        "password_hash": "erased-1", "wants_news": 0, "frozen": 0,
    }  # fmt: skip


async def test_a_pointer_that_can_be_emptied_lets_the_row_go(shop: AsyncEngine) -> None:
    """Where the kept row's reference may be empty, the account is deleted and the reference emptied."""
    async with shop.begin() as connection:
        await connection.execute(text("insert into parcel values (1, 1), (2, 2)"))
        await connection.execute(text("delete from payment"))
    parcels = holding("parcels", table="parcel", parent=("accounts", "account_id"))
    system = replace(SHOP, holdings=(*SHOP.holdings, parcels))
    outcome = await SqlAdapter(system, shop).erase(KARIS, ALL, (), today=TODAY)
    assert await table(shop, "parcel") == [{"id": 1, "account_id": None}, {"id": 2, "account_id": 2}]
    assert outcome.keys["accounts"] == ("1",)


async def test_an_anonymous_row_is_not_found_by_an_address(store: AsyncEngine) -> None:
    """An identifier that the description forgot to write over goes all the same."""
    reviews = replace(REVIEWS, anonymise={"author": "Slettet"})
    adapter = SqlAdapter(replace(SHOP, holdings=(reviews,)), store)
    outcome = await adapter.erase(KARIS, ("reviews",), (), today=TODAY)
    assert (await table(store, "review"))[0] == {
        "id": 5, "author": "Slettet", "author_email": None, "stars": 4,
    }  # fmt: skip
    assert (await adapter.find(KARIS)).total == 0
    assert (await adapter.verify(KARIS, outcome)).clean


async def test_an_officers_ground_keeps_a_holding(near: SqlAdapter, store: AsyncEngine) -> None:
    """A rule for a holding that is otherwise erased keeps its rows, with the rule's ground and date."""
    claim = KeepRule("orders", "G17-3E", None, "2027-06-30", 2)
    outcome = await near.erase(KARIS, ALL, (claim,), today=TODAY)
    assert claim in outcome.kept
    assert [row["id"] for row in await table(store, "orders")] == [10, 11, 20]
    assert (await near.verify(KARIS, outcome)).clean


async def test_residue_is_seen(near: SqlAdapter, store: AsyncEngine) -> None:
    """A row that comes back after the erasure is residue, by its key and by the identifier."""
    outcome = await near.erase(KARIS, ALL, (), today=TODAY)
    async with store.begin() as connection:
        await connection.execute(text("insert into orders values (11, 2, '2026-01-01', 1.00, null)"))
        await connection.execute(text("insert into review values (9, 'K', 'KARI@example.com', 1)"))
    assert (await near.verify(KARIS, outcome)).left == {"orders": 1, "reviews": 1}
    async with store.begin() as connection:
        await connection.execute(text("delete from orders where id = 11"))
    again = await near.erase(KARIS, ALL, (), today=TODAY)
    assert (await near.verify(KARIS, again)).clean


async def test_rectify_changes_every_place(adapter: SqlAdapter, shop: AsyncEngine) -> None:
    """The old address is replaced in each holding that has it, case apart; another's value is not touched."""
    change = Change("email", "kari@example.net", KARI)
    outcome = await adapter.rectify(KARIS, change)
    assert [(one.holding, one.new) for one in outcome.changed] == [
        ("accounts", "kari@example.net"),
        ("reviews", "kari@example.net"),
    ]
    assert [row["email"] for row in await table(shop, "account")] == ["kari@example.net", OLA]
    assert (await adapter.verify(KARIS, outcome)).clean


async def test_rectify_again_says_the_same(near: SqlAdapter) -> None:
    """A repeated attempt, when the old address finds nothing any more, recognises the rows it had changed."""
    change = Change("email", "kari@example.net", KARI)
    first = await near.rectify(KARIS, change)
    known = {one.holding: (one.key,) for one in first.changed}
    again = await near.rectify(replace(KARIS, known=known), change)
    assert [(one.holding, one.key, one.new) for one in again.changed] == [
        (one.holding, one.key, one.new) for one in first.changed
    ]


async def test_a_known_row_is_never_changed_by_its_key(near: SqlAdapter, store: AsyncEngine) -> None:
    """Row 2 is another person's by now: knowing its key from a plan does not lead to it."""
    known = replace(KARIS, known={"accounts": ("2",)})
    await near.rectify(known, Change("name", "Kari Dahl"))
    assert [row["full_name"] for row in await table(store, "account")] == ["Kari Dahl", "Ola Hansen"]


async def test_an_old_value_that_stands_nowhere_is_no_match(near: SqlAdapter, store: AsyncEngine) -> None:
    """A person who is mistaken about what stands goes to an officer, and nothing is changed."""
    outcome = await near.rectify(KARIS, Change("address", "Nygata 3", "Gamlegata 9"))
    assert outcome.kind is OutcomeKind.NO_MATCH
    assert (await table(store, "account"))[0]["address"] == "Storgata 1, Oslo"


async def test_an_address_in_use_by_another_needs_an_officer(adapter: SqlAdapter, shop: AsyncEngine) -> None:
    """A unique column refuses; nothing is half done, and the fault holds no address."""
    with pytest.raises(NeedsOfficer) as fault:
        await adapter.rectify(KARIS, Change("email", OLA, KARI))
    assert OLA not in str(fault.value.why)
    assert (await table(shop, "review"))[0]["author_email"] == KARI
    assert (await adapter.rectify(KARIS, Change("email", "k@example.net", KARI))).kind is OutcomeKind.DONE


async def test_a_value_too_long_needs_an_officer(shop: AsyncEngine, adapter: SqlAdapter) -> None:
    """PostgreSQL refuses what does not fit the column; SQLite takes it. Nobody waits for it in vain."""
    change = Change("address", "x" * 300)
    if shop.dialect.name == "sqlite":
        assert (await adapter.rectify(KARIS, change)).kind is OutcomeKind.DONE
        return
    with pytest.raises(NeedsOfficer):
        await adapter.rectify(KARIS, change)


async def test_a_table_dropped_meanwhile_is_misconfigured(near: SqlAdapter, store: AsyncEngine) -> None:
    """The first failure is taken for a passing one; then the tables are looked at again and named."""
    await near.find(KARIS)
    async with store.begin() as connection:
        await connection.execute(text("drop table review"))
    with pytest.raises(TryLater):
        await near.find(KARIS)
    with pytest.raises(Misconfigured, match="review"):
        await near.find(KARIS)


async def test_restrict_sets_and_lifts_the_flag(adapter: SqlAdapter, shop: AsyncEngine) -> None:
    """The account is frozen with what hangs on it; reviews hang on nothing, so that part is an officer's."""
    outcome = await adapter.restrict(KARIS, True)
    assert outcome.kind is OutcomeKind.PARTIAL
    assert [row["frozen"] for row in await table(shop, "account")] == [1, 0]
    assert (await adapter.verify(KARIS, outcome)).clean
    await adapter.restrict(KARIS, False)
    assert not (await adapter.verify(KARIS, outcome)).clean


async def test_objection_stops_marketing(adapter: SqlAdapter, shop: AsyncEngine) -> None:
    """The person's flag goes to 0, nobody else's does."""
    outcome = await adapter.object(KARIS)
    assert outcome.kind is OutcomeKind.DONE
    assert [row["wants_news"] for row in await table(shop, "account")] == [0, 1]


async def test_a_processors_system_names_the_controllers(shop: AsyncEngine) -> None:
    """The customer whose data it is comes with the match, and the main contact's address where there is one."""
    adapter = SqlAdapter(HOSTED, shop)
    assert (await adapter.find(KARIS)).controllers == (Controller("Fjellkraft AS"),)
    assert (await adapter.find(OLAS)).controllers == (Controller("Dalstrøm AS", "hoved@dal.example.com"),)


async def test_a_customer_is_one_with_an_address_if_any_row_has_it(shop: AsyncEngine) -> None:
    """Old rows without the address, or with blanks, do not make a second customer of it."""
    async with shop.begin() as connection:
        for id, address in ((9, "' '"), (10, "'hoved@kraft.example.com'")):
            values = f"({id}, 'kari@example.com', 'Fjellkraft AS', {address})"
            await connection.execute(text(f"insert into member values {values}"))
    found = await SqlAdapter(HOSTED, shop).find(KARIS)
    assert found.controllers == (Controller("Fjellkraft AS", "hoved@kraft.example.com"),)


async def test_customers_in_a_table_of_their_own_are_reached_through_a_view(shop: AsyncEngine) -> None:
    """A view can stand for the table, since nothing is changed in a processor's system."""
    async with shop.begin() as connection:
        joined = "select m.id, m.email, o.company, o.company_email from member m join member o on o.id = 8"
        await connection.execute(text(f"create view seen_member as {joined}"))
    holdings = (replace(HOSTED.holdings[0], table="seen_member"),)
    adapter = SqlAdapter(replace(HOSTED, holdings=holdings), shop)
    try:
        await adapter.check()
        found = await adapter.find(KARIS)
    finally:
        async with shop.begin() as connection:
            await connection.execute(text("drop view seen_member"))
    assert found.controllers == (Controller("Dalstrøm AS", "hoved@dal.example.com"),)


@pytest.mark.parametrize(
    "wrong",
    [replace(ORDERS, table="ordrer"), replace(ORDERS, personal=("notat",))],
    ids=["table", "column"],
)
async def test_a_wrong_description_is_misconfigured(shop: AsyncEngine, wrong: Holding) -> None:
    """A table or column that is not there is named for the engineer; the right description then passes."""
    system = replace(SHOP, holdings=(ACCOUNTS, wrong))
    with pytest.raises(Misconfigured, match="orders"):
        await SqlAdapter(system, shop).check()
    await SqlAdapter(SHOP, shop).check()


async def test_a_database_that_is_down_is_tried_later() -> None:
    """No connection is a reason to wait, not to give up."""
    engine = create_async_engine("postgresql+asyncpg://nobody@127.0.0.1:1/none")
    with pytest.raises(TryLater):
        await SqlAdapter(SHOP, engine).find(KARIS)
    await engine.dispose()


async def test_discover_points_at_what_the_description_forgot(adapter: SqlAdapter) -> None:
    """A table that refers to a described one, or holds an identifying column, is reported."""
    catalogue = await adapter.discover()
    assert catalogue.undescribed == ("member", "parcel")
    assert catalogue.tables["parcel"] == ("id", "account_id")


async def test_many_rows_are_handled_in_batches(shop: AsyncEngine) -> None:
    """Twelve hundred orders, more than a batch, are found, exported and erased."""
    async with shop.begin() as connection:
        values = ", ".join(f"({n}, 1, '2026-01-01', 1.00, null)" for n in range(3000, 4200))
        await connection.execute(text(f"insert into orders values {values}"))
    adapter = SqlAdapter(SHOP, shop)
    assert sum([1 async for one in adapter.export(KARIS) if one.holding == "orders"]) == 1202
    outcome = await adapter.erase(KARIS, ALL, (), today=TODAY)
    assert outcome.removed["orders"] == 1202
    assert (await adapter.verify(KARIS, outcome)).clean
