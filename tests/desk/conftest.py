"""The clock and the browser that tests of pages ask for."""

from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

import pytest

from tests.desk.desks import Clock
from tests.desk.web import Web, open_web


@pytest.fixture
def clock(now: datetime) -> Clock:
    """The desk's time."""
    return Clock(now)


@pytest.fixture
async def web(tmp_path: Path, clock: Clock, sqlite_with_tables: Path) -> AsyncIterator[Web]:
    """A desk with a browser in front of it."""
    async with open_web(tmp_path, clock, sqlite_with_tables) as opened:
        yield opened
