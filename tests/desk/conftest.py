"""The clock, the browser that tests of pages ask for, and a desk with a mail server before it."""

from collections.abc import AsyncIterator, Iterator
from datetime import datetime
from pathlib import Path

import pytest

from desk.wiring import Desk
from tests.desk.desks import Clock, make_desk
from tests.desk.mail_server import Server, mail_server
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


@pytest.fixture
def server() -> Iterator[Server]:
    """A mail server in the clear, on loopback."""
    with mail_server() as running:
        yield running


@pytest.fixture
async def desk(tmp_path: Path, clock: Clock, server: Server) -> AsyncIterator[Desk]:
    """A desk whose letters go to the server."""
    made = await make_desk(tmp_path, clock, mail_port=server.port, systems=False, operators=("fjordlys",))
    yield made
    await made.close()
