"""kill -9 at every point between a mail found and a mail put away: none is lost, none is doubled."""

import asyncio
import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.desk.incoming.dying import POINTS, Store
from tests.desk.incoming.shelf import box, contents, deliver, mail, subject, watching
from tests.mailservers.certificates import Certificates
from tests.mailservers.dovecot import Dovecot
from tests.mailservers.programs import PATIENCE, wait_for

pytestmark = pytest.mark.slow

WORDS = ["en", "to", "tre"]
KEPT_BEFORE = {
    "listed": 0, "fetched": 0, "asked": 1, "written": 1, "committed": 2, "moving": 3, "copied": 3, "moved": 3,
}  # fmt: skip


@pytest.fixture(scope="module")
def plain(
    certificates: Certificates,
    tmp_path_factory: pytest.TempPathFactory,
    dovecot: Dovecot,
) -> Iterator[Dovecot]:
    """A server without MOVE: a mail is copied, then deleted."""
    server = Dovecot(certificates, capability="IMAP4rev1 IDLE UIDPLUS")
    try:
        server.start()
        yield server
    finally:
        server.remove(tmp_path_factory.mktemp("plain"))


@pytest.mark.parametrize("point", POINTS)
async def test_a_killed_desk_loses_and_doubles_nothing(
    dovecot: Dovecot,
    plain: Dovecot,
    certificates: Certificates,
    tmp_path: Path,
    point: str,
) -> None:
    """A real process is killed there, and another goes on where it was."""
    server = plain if point == "copied" else dovecot
    account, file = server.account(), tmp_path / "kept.sqlite"
    deliver(server, account, *(mail(one) for one in WORDS))
    settings = box(server, account, certificates)
    given = settings.model_dump(mode="json") | {"password": account.password}
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.desk.incoming.dying", point, json.dumps(given), str(file)], cwd=ROOT
    )
    try:
        assert await asyncio.to_thread(process.wait, PATIENCE) == -signal.SIGKILL
    finally:
        process.kill()
        process.wait(PATIENCE)
    store = Store(file)
    before = {subject(one) for one in store.kept()}
    assert before == set(WORDS[: KEPT_BEFORE[point]])
    async with watching(settings, store):
        await asyncio.to_thread(
            wait_for, lambda: "INBOX" not in contents(server, account), "mail stays in the inbox"
        )
    assert sorted(subject(one) for one in store.kept()) == sorted(WORDS)
    away = contents(server, account)["Rettsvar"]
    # where a server cannot move, a kill between copying and deleting leaves a second copy, which nobody reads
    assert sorted(away) == sorted(WORDS + (["to"] if point == "copied" else []))
