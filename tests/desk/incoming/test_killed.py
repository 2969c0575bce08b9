"""kill -9 at every await between fetching a mail and telling the server that it is kept: none lost, none doubled."""

import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.desk.incoming.keeping import append, letter, lying
from tests.mailservers.certificates import Certificates
from tests.mailservers.dovecot import Account, Dovecot

pytestmark = pytest.mark.slow
MOST = 40  # awaits; more would be another program


class Lives:
    """Processes that watch one mailbox for one desk, each until it is killed or has nothing left to do."""

    def __init__(self, folder: Path, dovecot: Dovecot, certificates: Certificates, account: Account) -> None:
        arguments = (folder, dovecot.imaps, certificates.ca, account.address, account.password)
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.desk.incoming.killed", *map(str, arguments)],
            cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def live(self, mail: str, at: int) -> int:
        """One life; how it ended."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{at} {mail}\n")
        self._process.stdin.flush()
        while not (said := self._process.stdout.readline().strip()).lstrip("-").isdecimal():
            assert self._process.poll() is None, "the process ended"
        assert int(said) in (0, -signal.SIGKILL), said
        return int(said)

    def end(self) -> None:
        """No more."""
        self._process.communicate(timeout=60)


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


def test_a_mail_outlives_a_kill_at_every_await(
    tmp_path: Path, dovecot: Dovecot, account: Account, lives: Lives
) -> None:
    """One mail for each await, and one killed between the commit and the server's acknowledgement."""
    append(dovecot, account, letter("den aller forste"))
    assert lives.live("ingen", 0) == 0
    sent = 1
    for at in (-1, *range(1, MOST)):
        subject = f"nr {at}"
        append(dovecot, account, letter(subject))
        sent += 1
        if lives.live(subject, at) == 0:
            break
    assert 4 < at < MOST - 1, "the process was never killed, or always"
    assert lives.live("ingen", 0) == 0
    assert lying(dovecot, account) == 0
    assert lying(dovecot, account, "Rettsvar") == sent
    with closing(sqlite3.connect(tmp_path / "desk.sqlite")) as db:
        rows = db.execute("SELECT count(*), count(DISTINCT digest) FROM incoming_mail").fetchone()
        stray = db.execute("SELECT count(*) FROM dossier").fetchone()
    assert rows == (sent, sent)
    assert stray == (sent,)
