"""The small desk that the tests of verification act through."""

import pytest

from intake.unit_of_work import UnitOfWork
from intake.vault import Vault
from tests.verification.acting import Desk


@pytest.fixture
def desk(unit_of_work: UnitOfWork, vault: Vault) -> Desk:
    """Units of work and a vault, with a few handles."""
    return Desk(unit_of_work, vault)
