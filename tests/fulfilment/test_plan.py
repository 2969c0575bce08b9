"""The plan: what each right does with what was found; pure."""

from dataclasses import replace
from datetime import date

import pytest

from fulfilment.adapter import Action, Change, Controller, Found, KeepRule, Match
from fulfilment.plan import DESK, Forwarding, LeftOut, Plan, Remark, Step, decider, make_plan
from intake.particulars import Scope
from law.rights import Right
from tests.fulfilment.shop import HOSTED, KARI, PAPER, SHOP, company

TODAY = date(2026, 11, 25)
KARIS = {"email": (KARI,)}
SHOP_MATCH = Match(
    found=(
        Found("accounts", 1, ("1",)),
        Found("orders", 2, ("10", "11")),
        Found("lines", 2, ("100", "101")),
        Found("payments", 2, ("1000", "1001"), (("1000", "2031-12-31"), ("1001", "2024-12-31"))),
        Found("reviews", 1, ("5",)),
    ),
    learnt={"phone": ("911 22 333",)},
)
FJELLKRAFT = Controller("Fjellkraft AS", "hoved@kraft.example.com")
NOTHING = Match(found=(Found("accounts", 0),))
UNKNOWN = Match(unknown=True)


def plan(right: Right, change: Change | None = None, **matches: Match) -> Plan:
    """The plan of a company with a shop, a paper archive and a hosted portal, as far as matches are given."""
    operator = company(SHOP, PAPER, HOSTED)
    return make_plan(operator, right, matches or {"shop": SHOP_MATCH}, KARIS, today=TODAY, change=change)


def test_erasure_names_what_is_kept_and_until_when() -> None:
    """Of two payments the one inside its period is kept, by ground, period and last day."""
    assert plan(Right.ERASURE).kept == (("shop", KeepRule("payments", "G17-3B", "BOKF-5Y", "2031-12-31", 1)),)


def test_a_period_that_has_passed_keeps_nothing() -> None:
    """In 2032 no payment of 2026 has a ground any more."""
    later = make_plan(company(SHOP), Right.ERASURE, {"shop": SHOP_MATCH}, KARIS, today=date(2032, 1, 1))
    assert later.kept == ()
    assert "payments" in later.steps[0].holdings


def test_a_kept_row_without_a_date_goes_to_an_officer() -> None:
    """Nobody can say until when: the rule is open-ended and the plan is not released by itself."""
    undated = Match(found=(Found("payments", 1, ("1",), (("1", None),)),))
    made = plan(Right.ERASURE, shop=undated)
    assert made.kept[0][1].until is None
    assert Remark.KEPT_UNDATED in made.remarks
    assert decider(made, company(SHOP, officer=())) == "officer"


def test_access_lists_the_processing_that_applies() -> None:
    """Only processings of holdings that hold something, and only their recipients, concern the person."""
    made = plan(Right.ACCESS)
    assert made.processings == ("account", "invoicing", "reviews")
    assert made.recipients == ("carrier", "bank")
    assert made.steps == (
        Step("shop", Action.EXPORT, ("accounts", "orders", "lines", "payments", "reviews")),
    )


def test_portability_takes_only_what_was_given_on_consent_or_contract() -> None:
    """What was not provided, or rests on another basis, is left out with the condition's code."""
    news = replace(SHOP.holdings[4], id="news", processing="reviews", provided=True)
    system = replace(SHOP, holdings=(*SHOP.holdings, news))
    match = replace(SHOP_MATCH, found=(*SHOP_MATCH.found, Found("news", 1)))
    made = make_plan(company(system), Right.PORTABILITY, {"shop": match}, KARIS, today=TODAY)
    assert made.steps[0].holdings == ("accounts", "orders")
    assert LeftOut("shop", "lines", "G20-3") in made.left_out
    assert LeftOut("shop", "news", "G20-1") in made.left_out


def test_rectification_goes_where_the_field_stands() -> None:
    """An address stands in the account alone."""
    made = plan(Right.RECTIFICATION, Change("address", "Nygata 1"))
    assert made.steps == (Step("shop", Action.RECTIFY, ("accounts",)),)


@pytest.mark.parametrize(
    ("right", "change", "remark"),
    [
        (Right.RECTIFICATION, None, Remark.CHANGE_UNCLEAR),
        (Right.RECTIFICATION, Change("company", "Fjell AS"), Remark.FIELD_NOWHERE),
        (Right.COMPLAINT, None, Remark.BY_HAND),
        (Right.AUTOMATED_DECISION, None, Remark.BY_HAND),
    ],
)
def test_what_no_program_can_do_is_an_officers_answer(
    right: Right, change: Change | None, remark: Remark
) -> None:
    """The plan is one step by hand, says why, and waits for an officer whatever the release rule."""
    made = plan(right, change)
    assert made.steps == (Step(DESK, Action.ANSWER),)
    assert remark in made.remarks
    assert decider(made, company(SHOP, officer=())) == "officer"


def test_objection_reaches_marketing_alone() -> None:
    """The flag's holding is acted on, nothing is erased."""
    assert plan(Right.OBJECTION).steps == (Step("shop", Action.OBJECT, ("accounts",)),)


def test_a_system_nobody_can_ask_becomes_a_task() -> None:
    """The paper archive is unknown, so that an officer must look, though the shop holds nothing."""
    made = plan(Right.ACCESS, shop=NOTHING, archive=UNKNOWN)
    assert made.steps == (Step("archive", Action.EXPORT, ("letters",)),)
    assert Remark.NOTHING_FOUND not in made.remarks


def test_nothing_found_has_no_steps() -> None:
    """With every system asked and empty there is nothing to do but say so."""
    made = plan(Right.ACCESS, shop=NOTHING)
    assert made.steps == ()
    assert made.remarks == (Remark.NOTHING_FOUND,)


def test_nothing_is_said_to_be_found_where_nothing_could_be_looked_up() -> None:
    """An officer has seen who asks, and no address is proven: the answer is the officer's."""
    made = make_plan(company(SHOP), Right.ACCESS, {"shop": NOTHING}, {}, today=TODAY)
    assert made.steps == (Step(DESK, Action.ANSWER),)
    assert made.remarks == (Remark.BY_HAND,)
    assert decider(made, company(SHOP)) == "officer"


@pytest.mark.parametrize("right", [Right.ACCESS, Right.ERASURE, Right.RECTIFICATION])
def test_a_customers_data_are_never_touched(right: Right) -> None:
    """Where we only process for others, the one step is to pass the request on to the customer."""
    match = Match(found=(Found("members", 1, ("7",)),), controllers=(FJELLKRAFT,))
    made = plan(right, Change("email", "k@example.net"), hosted=match)
    assert made.steps == (Step("hosted", Action.FORWARD),)
    assert made.forwards == (Forwarding("hosted", (FJELLKRAFT,)),)
    assert made.findings == ()
    assert decider(made, company(HOSTED)) == "auto"


def test_erasure_waits_for_an_officer_and_access_does_not() -> None:
    """The company's release rule decides where nothing needs a judgement."""
    operator = company(SHOP)
    assert decider(plan(Right.ERASURE), operator) == "officer"
    assert decider(plan(Right.ACCESS), operator) == "auto"


def test_somebody_asking_for_another_waits_for_an_officer() -> None:
    """An authority is looked at by a human (EDPB 01/2022 para. 80)."""
    made = make_plan(company(SHOP), Right.ACCESS, {"shop": SHOP_MATCH}, KARIS, today=TODAY, on_behalf=True)
    assert decider(made, company(SHOP)) == "officer"


@pytest.mark.parametrize(
    ("right", "scope", "remark", "by"),
    [
        (Right.ERASURE, Scope.ITEM, Remark.ONE_ITEM, "officer"),
        (Right.ERASURE, Scope.EVERYTHING, None, "auto"),
        (Right.ERASURE, None, None, "auto"),
        (Right.OBJECTION, Scope.MARKETING, None, "auto"),
        (Right.OBJECTION, Scope.EVERYTHING, Remark.BEYOND_MARKETING, "officer"),
        (Right.OBJECTION, None, Remark.BEYOND_MARKETING, "officer"),
        (Right.ACCESS, Scope.ITEM, None, "auto"),
    ],
)
def test_an_officer_looks_at_what_is_narrower_or_wider_than_the_plan(
    right: Right, scope: Scope | None, remark: Remark | None, by: str
) -> None:
    """Whatever the company lets run by itself (Art. 17(1), 21(1))."""
    operator = company(SHOP)
    operator = replace(operator, release=replace(operator.release, by={right: "auto"}))
    found = replace(SHOP_MATCH, found=SHOP_MATCH.found[:3])
    made = make_plan(operator, right, {"shop": found}, KARIS, today=TODAY, scope=scope)
    assert made.remarks == (() if remark is None else (remark,))
    assert decider(made, operator) == by


def test_the_digest_pins_the_plan() -> None:
    """The same findings give the same digest; one row more gives another."""
    more = replace(SHOP_MATCH, found=(*SHOP_MATCH.found[:-1], Found("reviews", 2, ("5", "9"))))
    assert plan(Right.ERASURE).digest == plan(Right.ERASURE).digest
    assert plan(Right.ERASURE).digest != plan(Right.ERASURE, shop=more).digest
