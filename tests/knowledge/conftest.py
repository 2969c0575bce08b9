"""Companies and what they know, read once for all tests of this package."""

from pathlib import Path

import pytest

from knowledge.answers import Knowledge
from knowledge.shelf import load_knowledge
from operators.profile import Operator, load_all, operators_root

SEEDS = Path(__file__).resolve().parents[3] / "shared" / "seeds"


@pytest.fixture(scope="session")
def operators() -> dict[str, Operator]:
    """Every company of the house."""
    return load_all(operators_root())


@pytest.fixture(scope="session")
def fjordlys(operators: dict[str, Operator]) -> Knowledge:
    """Our own invented company, with its documents in three languages."""
    return load_knowledge(operators["fjordlys"], [])


@pytest.fixture(scope="session")
def real(operators: dict[str, Operator]) -> dict[str, Knowledge]:
    """The five companies with the documents they publish; skipped where those are not at hand."""
    if not SEEDS.is_dir():
        pytest.skip("the companies' own documents lie outside the repository and are not here")
    return {
        id: load_knowledge(operator, [SEEDS]) for id, operator in operators.items() if not operator.fictional
    }
