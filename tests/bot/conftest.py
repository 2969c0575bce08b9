"""A desk for conversations: Fjordlys' own documents, a database of each kind, and people who write to it."""

from collections.abc import Mapping

import pytest

from bot.hub import Hub
from intake.links import Links
from intake.unit_of_work import UnitOfWork
from intake.vault import Vault
from knowledge.answers import Knowledge
from tests.bot.people import Person, Woken
from tests.company import company
from tests.desk.web import knowledge


@pytest.fixture(scope="session")
def fjordlys() -> Mapping[str, Knowledge]:
    """What the fictional company's documents say, read when first asked and then shared by all tests."""
    return knowledge()


@pytest.fixture
def woken() -> Woken:
    """Counts how often the worker was told that there may be work."""
    return Woken()


@pytest.fixture
def hub(unit_of_work: UnitOfWork, vault: Vault, fjordlys: Mapping[str, Knowledge], woken: Woken) -> Hub:
    """All that a conversation needs."""
    operator = company()
    return Hub(
        unit_of_work=unit_of_work,
        vault=vault,
        operators={operator.id: operator},
        knowledge=fjordlys,
        links=Links("http://desk.example"),
        wake=woken,
    )


@pytest.fixture
def kari(hub: Hub) -> Person:
    """Somebody in the website chat."""
    return Person(hub, "kari")


@pytest.fixture
def stranger(hub: Hub) -> Person:
    """Somebody else in the website chat."""
    return Person(hub, "stranger")
