"""kill -9 at every await between fetching mails and telling the server that they are kept: none lost, none doubled."""

import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from desk.keys import FileKeys, master_from
from intake.vault import Vault
from tests.conftest import ROOT
from tests.desk.incoming.keeping import append, letter, lying
from tests.mailservers.certificates import Certificates
from tests.mailservers.dovecot import Account, Dovecot

pytestmark = pytest.mark.slow
MOST = 45  # awaits: more than one group of mails has


class Lives:
    """Processes that watch one mailbox for one desk, each until it is killed or has nothing left to do."""

    def __init__(self, folder: Path, dovecot: Dovecot, certificates: Certificates, account: Account) -> None:
        arguments = (folder, dovecot.imaps, certificates.ca, account.address, account.password)
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.desk.incoming.killed", *map(str, arguments)],
            cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def live(self, at: int) -> int:
        """One life; how it ended."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{at}\n")
        self._process.stdin.flush()
        while not (said := self._process.stdout.readline().strip()).lstrip("-").isdecimal():
            assert self._process.poll() is None, "the process ended"
        assert int(said) in (0, -signal.SIGKILL), said
        return int(said)

    def end(self) -> None:
        """No more."""
        self._process.communicate(timeout=10)


@pytest.fixture
def account(dovecot: Dovecot) -> Account:
    """The company's mailbox."""
    return dovecot.account()


@pytest.fixture
def lives(tmp_path: Path, dovecot: Dovecot, certificates: Certificates, account: Account) -> Iterator[Lives]:
    """The lives of one desk."""
    made = Lives(tmp_path, dovecot, certificates, account)
    yield made
    made.end()


@pytest.mark.parametrize("together", [1, 3])
def test_mails_outlive_a_kill_at_every_await(
    tmp_path: Path, dovecot: Dovecot, account: Account, lives: Lives, together: int
) -> None:
    """One mail or several for each await, and for a kill between the commit and the server's acknowledgement; those of
    a killed life come together with the next life's. What was committed can be opened: its key is on the disk."""
    append(dovecot, account, letter("den aller forste"))
    assert lives.live(0) == 0
    sent, kills = 1, 0
    for at in (-1, *range(1, MOST)):
        for number in range(together):
            append(dovecot, account, letter(f"nr {at} {number}"))
        sent += together
        if lives.live(at) == 0:
            break
        kills += 1
    assert kills > 15, "the process was hardly ever killed"
    assert lives.live(0) == 0
    assert lying(dovecot, account) == 0
    assert lying(dovecot, account, "Rettsvar") == sent
    with closing(sqlite3.connect(tmp_path / "desk.sqlite")) as db:
        rows = db.execute("SELECT count(*), count(DISTINCT digest) FROM incoming_mail").fetchone()
        (stray,) = db.execute("SELECT count(*) FROM dossier").fetchone()
        mails = db.execute("SELECT id, dossier_id, raw FROM incoming_mail").fetchall()
    assert (rows, stray) == ((sent, sent), sent)
    vault = Vault(FileKeys(tmp_path / "keys", master_from(tmp_path / "keys")[0]))
    opened = [vault.open_text(dossier, f"incoming_mail.raw:{id}", raw) for id, dossier, raw in mails]
    assert len({one.split("Subject: ")[1].splitlines()[0] for one in opened}) == sent
