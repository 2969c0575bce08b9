"""The queue: what stands first, what is hidden, who sees what, and what it costs."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event

from desk.console.queue import PAGE, Row, Wanted, arrange, load, tone
from intake.case import Act, State
from intake.log import officer
from law.deadlines import days_left, due, oslo_day
from law.rights import Right, card
from tests.desk.cases import acted, opened, planned
from tests.desk.web import Web

pytestmark = pytest.mark.slow

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)


def row(
    number: int, *, ago: int, state: State = State.AWAITING_DECISION, right: Right = Right.ERASURE
) -> Row:
    """A case received so many days ago."""
    received = NOW - timedelta(days=ago)
    deadline = due(received)
    return Row(
        id=str(number),
        reference=f"FJL-2026-{number:04d}",
        operator="fjordlys",
        card=card(right),
        channel="form",
        state=state,
        received_at=received,
        deadline=deadline,
        left=days_left(deadline, oslo_day(NOW)),
        tone=tone(deadline, oslo_day(NOW)),
    )


def references(rows: tuple[Row, ...]) -> list[int]:
    """The cases' numbers in order."""
    return [int(one.id) for one in rows]


def test_the_case_due_first_stands_on_top() -> None:
    """Whatever order they come in; what is over the limit is above all."""
    queue = arrange([row(1, ago=2), row(2, ago=40), row(3, ago=20)], Wanted())
    assert references(queue.rows) == [2, 3, 1]
    assert (queue.over, queue.rows[0].left < 0) == (1, True)


@pytest.mark.parametrize(
    ("ago", "expected"), [(0, "neutral"), (20, "neutral"), (26, "danger"), (40, "danger")]
)
def test_a_case_turns_red_in_the_last_quarter(ago: int, expected: str) -> None:
    """And stays red when it is over."""
    assert row(1, ago=ago).tone == expected


def test_who_has_not_proven_an_address_is_hidden_and_counted() -> None:
    """One filter away; the count says how many, and how many of them are close to their dates."""
    rows = [row(1, ago=1), row(2, ago=2, state=State.IDENTIFYING), row(3, ago=28, state=State.RECEIVED)]
    hiding = arrange(rows, Wanted())
    assert (references(hiding.rows), hiding.hidden, hiding.hidden_urgent) == ([1], 2, 1)
    assert references(arrange(rows, Wanted(unverified=True)).rows) == [3, 2, 1]


def test_a_right_that_needs_no_proof_is_never_hidden() -> None:
    """A complaint waits for nobody's code."""
    assert arrange([row(1, ago=1, state=State.RECEIVED, right=Right.COMPLAINT)], Wanted()).total == 1


def test_a_long_queue_is_cut_into_pages() -> None:
    """Every case stands on exactly one page; a page number beyond the end shows the last one."""
    rows = [row(number, ago=1) for number in range(PAGE * 2 + 1)]
    pages = [references(arrange(rows, Wanted(page=page)).rows) for page in (1, 2, 3)]
    assert [len(page) for page in pages] == [PAGE, PAGE, 1]
    assert sorted(number for page in pages for number in page) == list(range(PAGE * 2 + 1))
    assert references(arrange(rows, Wanted(page=9)).rows) == pages[2]


async def test_an_extension_moves_a_case_down(web: Web) -> None:
    """The clock's events are read off the log, set-based."""
    first, second = await planned(web.desk), await planned(web.desk)
    async with web.desk.unit_of_work() as session:
        before = await load(session, {"fjordlys"}, Wanted(), web.clock())
    await acted(web.desk, first.case, Act.EXTEND, actor=officer("0" * 32))
    async with web.desk.unit_of_work() as session:
        after = await load(session, {"fjordlys"}, Wanted(), web.clock())
    assert [one.reference for one in before.rows] == [first.case.reference, second.case.reference]
    assert [one.reference for one in after.rows] == [second.case.reference, first.case.reference]
    assert after.rows[1].deadline.extended


async def test_what_waits_for_an_officer_is_shown_though_unproven(web: Web) -> None:
    """Nobody falls through: who writes for another, who is not found, who asked for a human."""
    agent = await opened(web.desk, on_behalf=True)
    lost, human, silent = [await opened(web.desk) for _ in range(3)]
    await acted(web.desk, lost.case, Act.ASK_IDENTITY, Act.NOTHING_FOUND)
    await acted(web.desk, human.case, Act.HAND_OVER)
    async with web.desk.unit_of_work() as session:
        queue = await load(session, {"fjordlys"}, Wanted(), web.clock())
    assert {one.reference for one in queue.rows} == {x.case.reference for x in (agent, lost, human)}
    assert silent.case.reference not in {one.reference for one in queue.rows}


async def test_the_filters_narrow_and_say_when_nothing_is_left(web: Web) -> None:
    """By company, right, state and reference; no result says how to reset."""
    erasure = await planned(web.desk)
    access = await planned(web.desk, Right.ACCESS)
    await web.sign_in(await web.add_officer())
    assert erasure.case.reference in (await web.get("/console?right=erasure")).text
    assert access.case.reference not in (await web.get("/console?right=erasure")).text
    found = (await web.get(f"/console?q={access.case.reference[-4:]}")).text
    assert access.case.reference in found
    assert erasure.case.reference not in found
    assert "Ingen henvendelser passer" in (await web.get("/console?state=refused")).text
    assert "Ingen henvendelser passer" in (await web.get("/console?q=%25")).text


async def test_an_officer_sees_only_their_companies(web: Web) -> None:
    """Not in the queue, not by asking for the company, not by the case's address."""
    own, other = await planned(web.desk), await planned(web.desk, operator="cleverstore")
    await web.sign_in(await web.add_officer(operators=("fjordlys",)))
    for path in ("/console", "/console?operator=cleverstore"):
        page = (await web.get(path)).text
        assert own.case.reference in page
        assert other.case.reference not in page
    assert (await web.get(f"/console/cases/{own.case.reference}")).status_code == 200
    refused, unknown = [
        await web.get(f"/console/cases/{reference}") for reference in (other.case.reference, "CLV-2026-9999")
    ]
    assert (refused.status_code, refused.text) == (404, unknown.text)


async def test_the_queue_asks_the_database_the_same_number_of_times_however_long_it_is(web: Web) -> None:
    """What ten thousand cases cost must not be ten thousand questions."""
    counts: list[int] = []
    asked = 0

    def count(*_: object) -> None:
        nonlocal asked
        asked += 1

    event.listen(web.desk.database.engine.sync_engine, "before_cursor_execute", count)
    for more in (1, 5):
        for _ in range(more):
            await acted(web.desk, (await planned(web.desk)).case, Act.EXTEND, actor=officer("0" * 32))
        asked = 0
        async with web.desk.unit_of_work() as session:
            await load(session, {"fjordlys"}, Wanted(), web.clock())
        counts.append(asked)
    assert counts[0] == counts[1]
