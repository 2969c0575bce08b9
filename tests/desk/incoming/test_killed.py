"""kill -9 at every await between fetching a mail and telling the server that it is kept: none lost, none doubled."""

import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.desk.incoming.keeping import append, letter, lying
from tests.mailservers.certificates import Certificates
from tests.mailservers.dovecot import Account, Dovecot

pytestmark = pytest.mark.slow
MOST = 40  # awaits; more would be another program


def watch(
    folder: Path, dovecot: Dovecot, certificates: Certificates, account: Account, mail: str, at: int
) -> int:
    """One life of the process; how it ended."""
    arguments = (folder, dovecot.imaps, certificates.ca, account.address, account.password, mail, at)
    done = subprocess.run(
        [sys.executable, "-m", "tests.desk.incoming.killed", *map(str, arguments)],
        cwd=ROOT, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert done.returncode in (0, -signal.SIGKILL), done.stderr[-2000:]
    return done.returncode


def test_a_mail_outlives_a_kill_at_every_await(
    tmp_path: Path, dovecot: Dovecot, certificates: Certificates
) -> None:
    """One mail for each await, and one killed between the commit and the server's acknowledgement."""
    account = dovecot.account()
    append(dovecot, account, letter("den aller forste"))
    assert watch(tmp_path, dovecot, certificates, account, "ingen", 0) == 0
    sent = 1
    for at in (-1, *range(1, MOST)):
        subject = f"nr {at}"
        append(dovecot, account, letter(subject))
        sent += 1
        if watch(tmp_path, dovecot, certificates, account, subject, at) == 0:
            break
    assert 4 < at < MOST - 1, "the process was never killed, or always"
    assert watch(tmp_path, dovecot, certificates, account, "ingen", 0) == 0
    assert lying(dovecot, account) == 0
    assert lying(dovecot, account, "Rettsvar") == sent
    with closing(sqlite3.connect(tmp_path / "desk.sqlite")) as db:
        rows = db.execute("SELECT count(*), count(DISTINCT digest) FROM incoming_mail").fetchone()
        stray = db.execute("SELECT count(*) FROM dossier").fetchone()
    assert rows == (sent, sent)
    assert stray == (sent,)
