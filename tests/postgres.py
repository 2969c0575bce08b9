"""A PostgreSQL of the suite's own: a throwaway cluster on loopback, stopped by its pid."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

from tests.ports import free_port


class Missing(Exception):
    """PostgreSQL's server programs are not on this machine."""


def binaries() -> Path:
    """The folder of initdb and postgres. Raises Missing."""
    for version in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True):
        if (version / "initdb").exists():
            return version
    raise Missing("PostgreSQL's initdb was not found: install the package postgresql")


class Cluster:
    """One cluster in a temporary folder; root hands it to the postgres user, who alone may run it."""

    def __init__(self) -> None:
        self._bin = binaries()
        self._folder = Path(tempfile.mkdtemp(prefix="rettsvar-pg-"))
        self._process: subprocess.Popen[bytes] | None = None
        self.port = free_port()
        self._user = "postgres" if os.getuid() == 0 else pwd.getpwuid(os.getuid()).pw_name
        if os.getuid() == 0:
            entry = pwd.getpwnam("postgres")
            os.chown(self._folder, entry.pw_uid, entry.pw_gid)

    def start(self) -> None:
        """Make the cluster and wait until it answers, at most 60 seconds."""
        data = self._folder / "data"
        self._run("initdb", "-D", str(data), "-U", "rettsvar", "--auth=trust", "-E", "UTF8", "--no-sync")
        self._process = self._spawn(
            "postgres", "-D", str(data), "-p", str(self.port), "-h", "127.0.0.1",
            "-k", str(self._folder), "-c", "fsync=off", "-c", "max_connections=60",
        )  # fmt: skip
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            ready = self._run("pg_isready", "-h", "127.0.0.1", "-p", str(self.port), check=False)
            if ready == 0:
                return
            time.sleep(0.05)
        raise TimeoutError("PostgreSQL did not start within 60 seconds")

    def create(self, name: str) -> str:
        """A new, empty database; its URL."""
        self.sql(f'CREATE DATABASE "{name}"')
        return f"postgresql+asyncpg://rettsvar@127.0.0.1:{self.port}/{name}"

    def sql(self, statement: str) -> None:
        """Run one statement as the cluster's owner."""
        self._run("psql", "-h", "127.0.0.1", "-p", str(self.port), "-U", "rettsvar", "-d", "postgres",
                  "-q", "-c", statement)  # fmt: skip

    def stop(self) -> None:
        """Stop the server by its pid and remove its folder."""
        if self._process is not None:
            self._process.send_signal(signal.SIGQUIT)  # nothing in it is worth a checkpoint
            self._process.wait(timeout=60)
        shutil.rmtree(self._folder, ignore_errors=True)

    def _spawn(self, program: str, *arguments: str) -> subprocess.Popen[bytes]:
        log = (self._folder / f"{program}.log").open("ab")
        with log:
            command = [str(self._bin / program), *arguments]
            if os.getuid() != 0:
                return subprocess.Popen(command, stdout=log, stderr=log, cwd=self._folder)
            group = pwd.getpwnam("postgres").pw_gid
            return subprocess.Popen(
                command,
                stdout=log,
                stderr=log,
                cwd=self._folder,
                user="postgres",
                group=group,
                extra_groups=[],
            )

    def _run(self, program: str, *arguments: str, check: bool = True) -> int:
        code = self._spawn(program, *arguments).wait(timeout=60)
        if check and code != 0:
            raise RuntimeError(f"{program}: " + (self._folder / f"{program}.log").read_text()[-500:])
        return code
