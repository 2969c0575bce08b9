"""An erasure by hand: what the officer must say of it, and what the person is then told."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

import pytest
from sqlalchemy import select

from desk.console.erased_by_hand import read
from desk.rendering import text
from fulfilment.adapter import Action
from fulfilment.adapters.manual import ManualAdapter
from fulfilment.decisions import approve
from fulfilment.plan import Step
from fulfilment.progress import do_step, due_work, plan_case, settle_case
from fulfilment.records import StepRecord, StepState
from fulfilment.work import current_plan
from intake.case import Act, State
from intake.letters import open_letter
from intake.log import entries
from intake.records import Case, Letter
from law.rights import Right
from tests.desk.cases import acted, fresh, opened
from tests.desk.web import Web, profiles

pytestmark = pytest.mark.slow

GROUND = "G17-3B:BOKF-5Y"


@dataclass
class Hand:
    """An approved erasure whose one step waits for the officer who is signed in."""

    web: Web
    case: Case
    step: str

    async def tick(self, **values: str) -> str:
        """Send the form with these fields (`removed_invoices` is the field of that holding); the page it leads to."""
        named: dict[str, str] = {}
        for name, value in values.items():
            kind, _, holding = name.partition("_")
            named[f"{kind}-{self.step}-{holding}" if holding else f"{kind}-{self.step}"] = value
        answer = await self.web.post(f"/console/cases/{self.case.reference}/steps/{self.step}", named)
        return (
            (await self.web.get(answer.headers["location"])).text
            if answer.status_code == 303
            else answer.text
        )

    async def page(self) -> str:
        """The case's page."""
        return (await self.web.get(f"/console/cases/{self.case.reference}")).text

    async def run(self) -> None:
        """Let everything due be done."""
        desk = self.web.desk
        for _ in range(6):
            async with desk.unit_of_work() as session:
                work = await due_work(session, desk.clock())
            for one in work.plans:
                await plan_case(desk.tools, one)
            for one in work.steps:
                await do_step(desk.tools, one)
            for one in work.settles:
                await settle_case(desk.tools, one)

    async def letters(self) -> Mapping[str, str]:
        """Name -> text of the letters of the case."""
        async with self.web.desk.unit_of_work() as session:
            rows = await session.scalars(select(Letter).where(Letter.case_id == self.case.id))
            return {row.name: open_letter(self.web.desk.vault, row).text for row in rows}


@pytest.fixture
async def hand(web: Web) -> Hand:
    """Fjordlys's customer system, which only an officer can work in: customers, invoices, enquiries, newsletter."""
    system = profiles()["fjordlys"].systems[0]
    operators = {**web.desk.operators, "fjordlys": replace(web.desk.operators["fjordlys"], systems=(system,))}
    adapters = {"customer_system": ManualAdapter(system)}
    tools = replace(web.desk.tools, operators=operators, adapters=lambda _operator: adapters)
    web.desk = web.app.state.desk = replace(web.desk, operators=operators, tools=tools)
    made = await opened(web.desk, Right.ERASURE)
    await acted(web.desk, made.case, Act.CONFIRM_IDENTITY)
    hand = Hand(web, made.case, "")
    await hand.run()
    async with web.desk.unit_of_work() as session:
        plan = await current_plan(session, made.case.id)
        assert plan is not None
        case = await session.get_one(Case, made.case.id)
        await approve(session, web.desk.vault, case, plan.digest, "vera", web.clock())
    await hand.run()
    async with web.desk.unit_of_work() as session:
        step = (await session.scalars(select(StepRecord).where(StepRecord.case_id == made.case.id))).one()
    assert step.state == StepState.MANUAL
    hand.step = step.id
    await web.sign_in(await web.add_officer())
    return hand


async def test_the_form_knows_the_plans_ground(hand: Hand) -> None:
    """Each kind of data is asked about; the ground the description gives for invoices is chosen already."""
    page = await hand.page()
    for holding in ("customers", "invoices", "enquiries", "newsletter"):
        for kind in ("removed", "kept", "ground", "until"):
            assert f'name="{kind}-{hand.step}-{holding}"' in page
    assert page.count(f'<option value="{GROUND}" selected>') == 1
    assert "G12-5" not in page  # what takes two officers, or turns a request away, keeps nothing
    assert "Personen får denne teksten bare når" in page


async def test_what_stays_is_told_with_ground_and_date(hand: Hand) -> None:
    """The case ends partly answered: the letter names what went, what stays, the statute and the last day."""
    page = await hand.tick(
        note="Ryddet i systemet.",
        removed_customers="2",
        removed_invoices="3",
        kept_invoices="4",
        ground_invoices=GROUND,
        until_invoices="2031-12-31",
    )
    assert "Steget er merket som gjort" in page
    hand.web.clock.pass_on(minutes=1)
    await hand.run()
    assert (await fresh(hand.web.desk, hand.case)).state == State.PARTLY
    letter = (await hand.letters())["partial"]
    assert "Fakturaer (Kunde- og målersystemet), 4 oppføringer" in letter
    assert "bokføringsloven § 13" in letter
    assert "31. desember 2031" in letter
    assert "2 oppføringer" in letter
    assert "3 oppføringer" in letter
    assert "Nyhetsbrev" not in letter
    assert "Ryddet i systemet." not in letter
    async with hand.web.desk.unit_of_work() as session:
        entry = next(one for one in await entries(session, hand.case.id) if one.act == Act.NOTE.value)
        assert entry.detail is not None
        said = hand.web.desk.vault.open_json(
            hand.case.dossier_id, f"log_entry.detail:{entry.id}", entry.detail
        )
    assert said["kept"] == ["invoices:4:G17-3B:2031-12-31"]


async def test_when_nothing_stays_the_answer_is_whole(hand: Hand) -> None:
    """A ground that was chosen beforehand keeps nothing by itself."""
    await hand.tick(note="Alt er borte.", removed_customers="1", ground_invoices=GROUND)
    hand.web.clock.pass_on(minutes=1)
    await hand.run()
    assert (await fresh(hand.web.desk, hand.case)).state == State.ANSWERED
    assert "Fakturaer" not in (await hand.letters())["answer"]


async def test_what_stays_without_a_last_day_is_told_so(hand: Hand) -> None:
    """A legal claim has no period of its own; the letter says when it goes all the same."""
    await hand.tick(note="Sak i forliksrådet.", kept_enquiries="1", ground_enquiries="G17-3E")
    hand.web.clock.pass_on(minutes=1)
    await hand.run()
    letter = (await hand.letters())["partial"]
    assert "Vi sletter dette når grunnen ikke lenger gjelder" in letter
    assert "Kunder og målerverdier" not in letter


@pytest.mark.parametrize(
    ("given", "field", "told"),
    [
        ({}, "removed_customers", "Skriv hvor mange som er slettet eller beholdt"),
        ({"removed_customers": "0"}, "removed_customers", "Skriv hvor mange som er slettet eller beholdt"),
        (
            {"removed_customers": "noen"},
            "removed_customers",
            "Skriv antallet for «Kunder og målerverdier» med tall",
        ),
        ({"removed_customers": "-1"}, "removed_customers", "med tall"),
        ({"removed_customers": "²"}, "removed_customers", "med tall"),
        ({"kept_invoices": "1"}, "ground_invoices", "Velg hvorfor det som er beholdt av «Fakturaer»"),
        ({"kept_invoices": "1", "ground_invoices": "G12-5A"}, "ground_invoices", "Velg hvorfor"),
        ({"kept_invoices": "1", "ground_invoices": "G17-3B"}, "ground_invoices", "Velg hvorfor"),
        ({"kept_invoices": "1", "ground_invoices": GROUND}, "until_invoices", "til og med hvilken dag"),
        (
            {"kept_invoices": "1", "ground_invoices": GROUND, "until_invoices": "31.12.2030"},
            "until_invoices",
            "Skriv datoen for «Fakturaer»",
        ),
        (
            {"kept_invoices": "1", "ground_invoices": GROUND, "until_invoices": "2025-12-31"},
            "until_invoices",
            "er passert",
        ),
        (
            {"kept_invoices": "1", "ground_invoices": GROUND, "until_invoices": "2032-01-01"},
            "until_invoices",
            "lengst til og med 31. desember 2031",
        ),
        ({"removed_customers": "1", "until_invoices": "2030-12-31"}, "kept_invoices", "eller ta bort datoen"),
    ],
)
def test_what_does_not_add_up_is_named_at_its_field(given: dict[str, str], field: str, told: str) -> None:
    """One error, at the field that has to be mended, in words that name the kind of data."""
    operator = profiles()["fjordlys"]
    step = Step("customer_system", Action.ERASE, ("customers", "invoices", "enquiries", "newsletter"))
    form = {name.replace("_", "-s1-"): value for name, value in given.items()}
    _, errors = read(operator, step, "s1", form, partial(text, "nb"), "nb", date(2026, 11, 25))
    assert [id for id, _ in errors] == [field.replace("_", "-s1-")]
    assert told in errors[0][1]


async def test_errors_stand_at_their_fields_and_nothing_is_ticked_off(hand: Hand) -> None:
    """In the summary, with a link, and at the field; what was written is still there."""
    page = await hand.tick(note="Gjort.", kept_invoices="17", ground_invoices=GROUND)
    assert page.count("til og med hvilken dag «Fakturaer»") == 2
    assert f'id="until-{hand.step}-invoices-feil"' in page
    assert f'href="#until-{hand.step}-invoices"' in page
    assert "Gjort." in page
    assert 'value="17"' in page
    async with hand.web.desk.unit_of_work() as session:
        assert (await session.get_one(StepRecord, hand.step)).state == StepState.MANUAL


async def test_nothing_and_a_number_contradict_each_other(hand: Hand) -> None:
    """The officer chooses one."""
    page = await hand.tick(note="Gjort.", nothing="1", removed_customers="1")
    assert page.count("Velg det ene") == 2
    assert f'id="nothing-{hand.step}-feil"' in page


async def test_all_errors_come_at_once(hand: Hand) -> None:
    """The missing note beside a wrong number."""
    page = await hand.tick(note=" ", removed_customers="x", kept_invoices="y")
    assert page.count('class="ds-validation-message"') == 3


async def test_a_system_that_had_nothing_needs_no_numbers(hand: Hand) -> None:
    """The tick alone will do, and the person hears that nothing was found."""
    assert "Steget er merket som gjort" in await hand.tick(note="Fant ingenting.", nothing="1")
    hand.web.clock.pass_on(minutes=1)
    await hand.run()
    assert "nothing_found" in await hand.letters()
