"""A desk running as people run it: `rettsvar demo` in a process of its own, with a folder of its own."""

import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from tests.conftest import ROOT, SHARED
from tests.ports import free_port

PATIENCE = 120.0  # seconds for anything to come about, on a machine that has much else to do


class RunningDesk:
    """One demo desk. Stopped by its pid; killed and started again by the tests of crashes."""

    def __init__(self, folder: Path, extra: Mapping[str, str] | None = None) -> None:
        self.folder = folder
        self.port = free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        self._extra = dict(extra or {})
        self._process: subprocess.Popen[bytes] | None = None
        self._used_code = ""
        self.log = folder / "desk.log"

    @property
    def pid(self) -> int:
        """The process."""
        assert self._process is not None
        return self._process.pid

    def start(self) -> float:
        """Start it and wait until it is ready; the seconds that took."""
        environment = {key: value for key, value in os.environ.items() if not key.startswith("RETTSVAR_")}
        environment |= {
            "RETTSVAR_DATA_DIR": str(self.folder / "data"),
            "RETTSVAR_PORT": str(self.port),
            "RETTSVAR_BASE_URL": self.base,
            "RETTSVAR_SWEEP_SECONDS": "0.3",
            "RETTSVAR_CHAT_MESSAGES": "1000",
            **self._extra,
        }
        if (SHARED / "seeds").is_dir():
            environment.setdefault("RETTSVAR_TERMS_PATH", str(SHARED / "seeds"))
        began = time.monotonic()
        with self.log.open("ab") as output:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "desk.cli", "demo"],
                cwd=ROOT,
                env=environment,
                stdout=output,
                stderr=output,
            )
        self.until(self._ready, "the desk to be ready")
        return time.monotonic() - began

    def _ready(self) -> bool:
        assert self._process is not None
        if self._process.poll() is not None:
            raise AssertionError("the desk stopped:\n" + self.log.read_text()[-3000:])
        try:
            with urlopen(f"{self.base}/readyz", timeout=10) as answer:
                return bool(answer.status == 200)
        except (URLError, OSError):
            return False

    def kill(self) -> None:
        """kill -9."""
        assert self._process is not None
        self._process.send_signal(signal.SIGKILL)
        self._process.wait(timeout=PATIENCE)

    def stop(self) -> None:
        """Ask it to stop, and wait."""
        if self._process is None or self._process.poll() is not None:
            return
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(timeout=PATIENCE)
            raise AssertionError("the desk did not stop within 20 seconds when asked") from None

    def until(self, holds: Callable[[], bool], what: str, patience: float = PATIENCE) -> None:
        """Wait until something holds."""
        deadline = time.monotonic() + patience
        while not holds():
            if time.monotonic() > deadline:
                raise AssertionError(f"waited {patience} s for {what}:\n" + self.log.read_text()[-3000:])
            time.sleep(0.1)

    def mails(self, to: str) -> list[EmailMessage]:
        """The mails sent to an address, oldest first."""
        found = []
        folder = self.folder / "data" / "demo" / "mail"
        for path in sorted(folder.glob("*.eml"), key=lambda one: (one.stat().st_mtime_ns, one.name)):
            mail = message_from_bytes(path.read_bytes(), policy=policy.default)
            assert isinstance(mail, EmailMessage)
            if to in str(mail["To"]):
                found.append(mail)
        return found

    def mail(self, to: str, containing: str, *, after: int = 0) -> str:
        """The text of the first mail to an address, after some, that contains something; waits for it."""
        found: list[str] = []

        def there() -> bool:
            found[:] = [text for text in map(text_of, self.mails(to)[after:]) if containing in text]
            return bool(found)

        self.until(there, f"a mail to {to} with {containing!r}")
        return found[0]

    def code(self, to: str, *, after: int = 0) -> str:
        """The newest code sent to an address, as a person reads it in the mailbox."""
        found: list[str] = []

        def there() -> bool:
            texts = [text_of(mail) for mail in self.mails(to)[after:]]
            found[:] = [match[1] for text in texts if (match := re.search(r"(?<!\d)(\d{6})(?!\d)", text))]
            return bool(found)

        self.until(there, f"a code to {to}")
        return found[-1]

    @contextmanager
    def system(self, name: str) -> Iterator[sqlite3.Connection]:
        """A company's own database, opened directly."""
        with closing(
            sqlite3.connect(self.folder / "data" / "demo" / "systems" / f"{name}.sqlite", timeout=60)
        ) as db:
            yield db

    @contextmanager
    def rows(self) -> Iterator[sqlite3.Connection]:
        """The desk's own database, read directly."""
        with closing(sqlite3.connect(self.folder / "data" / "desk.sqlite", timeout=60)) as db:
            yield db

    def officer_code(self) -> str:
        """The one-time code of the demo's officer, read where the desk says on start-up that it is.

        Every code lets somebody in once, so a second sign-in within the same half minute waits for the next one.
        """
        address = re.findall(r"one-time code\s+(\S+)", self.log.read_text())[-1]
        read: list[str] = []

        def fresh() -> bool:
            with urlopen(address, timeout=60) as answer:
                read[:] = [str(answer.read().decode())]
            return read[0] != self._used_code

        self.until(fresh, "a one-time code that is not used")
        self._used_code = read[0]
        return self._used_code


def text_of(mail: EmailMessage) -> str:
    """The subject and plain text of a mail."""
    body = mail.get_body(("plain",))
    return f"{mail['Subject']}\n{body.get_content() if body else ''}"
