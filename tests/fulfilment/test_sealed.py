"""Plans and outcomes come out of their seal as they went in, and as older desks wrote them."""

from datetime import UTC, datetime

import pytest

from fulfilment.adapter import Action, Controller, Outcome, OutcomeKind
from fulfilment.plan import Forwarding, Plan, Step
from fulfilment.records import PlanRecord, StepRecord
from fulfilment.sealed import Done, open_done, open_plan, seal_done, seal_plan
from intake.vault import Vault
from law.rights import Right

CUSTOMERS = (Controller("Fjellkraft AS", "hoved@kraft.example.com"), Controller("Bygdekraft"))
PLAN = Plan(
    operator="fjell",
    right=Right.ACCESS,
    identifiers={"email": ("kari@example.com",)},
    steps=(Step("hosted", Action.FORWARD),),
    forwards=(Forwarding("hosted", CUSTOMERS),),
)
BARE = (
    '{"operator": "fjell", "right": "access", "identifiers": {"email": ["kari@example.com"]}, "findings": [],'
    ' "steps": [{"system": "hosted", "action": "forward", "holdings": [], "keep": []}], "left_out": [],'
    ' "forwards": [{"system": "hosted", "controllers": ["Bygdekraft"]}], "processings": [], "recipients": [],'
    ' "change": null, "remarks": [], "learnt": {}}'
)
BARE_DIGEST = "2543a433f2f09c6f0523c871988923559139c9406497bdadd0e702230847bb90"


def plan_row() -> PlanRecord:
    """A row to seal a plan for."""
    now = datetime(2026, 11, 25, tzinfo=UTC)
    return PlanRecord(id="p", case_id="c", dossier_id="d", made_at=now, digest="", content=b"")


def test_a_plan_comes_out_as_it_went_in(vault: Vault) -> None:
    """Customers with an address and without; the digest an officer approved stays the same."""
    row = plan_row()
    row.content = seal_plan(vault, row, PLAN)
    assert open_plan(vault, row) == PLAN
    assert open_plan(vault, row).digest == PLAN.digest


def test_a_plan_written_before_addresses_were_known_holds(vault: Vault) -> None:
    """Bare names are read as customers without an address, and its digest is the one it was given then."""
    row = plan_row()
    row.content = vault.seal("d", "plan.content:p", BARE)
    opened = open_plan(vault, row)
    assert opened.forwards == (Forwarding("hosted", (Controller("Bygdekraft"),)),)
    assert opened.digest == BARE_DIGEST


@pytest.mark.parametrize("controllers", [CUSTOMERS, ()])
def test_an_outcome_comes_out_as_it_went_in(vault: Vault, controllers: tuple[Controller, ...]) -> None:
    """With those whom it was forwarded to."""
    row = StepRecord(id="s", dossier_id="d")
    done = Done(Outcome(OutcomeKind.DONE, Action.FORWARD), controllers=controllers)
    row.outcome = seal_done(vault, row, done)
    assert open_done(vault, row) == done
