"""What the mail servers share: their programs, their folder, starting, and stopping within bounds."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

PATIENCE = 60.0  # seconds for a server to come up or to go


class Missing(Exception):
    """A server's programs are not on this machine, or may not be run by this user."""


def program(*places: str) -> Path:
    """The first of these paths that is there. Raises Missing."""
    for place in places:
        if Path(place).exists():
            return Path(place)
    raise Missing(f"{places[0]} was not found: run scripts/debian-packages.sh")


def make_folder(name: str) -> Path:
    """A new folder that other users may walk through; pytest's own folders are closed to them."""
    folder = Path(tempfile.mkdtemp(prefix=f"rettsvar-{name}-"))
    folder.chmod(0o755)
    return folder


def user_for(name: str) -> str:
    """The user a server runs as: `name` where the suite runs as root, else the suite's own."""
    return name if os.getuid() == 0 else pwd.getpwuid(os.getuid()).pw_name


def give(folder: Path, user: str) -> None:
    """Let a user own a folder."""
    if os.getuid() == 0:
        entry = pwd.getpwnam(user)
        os.chown(folder, entry.pw_uid, entry.pw_gid)


def answers(port: int) -> bool:
    """Whether somebody listens there."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def wait_for(what: Callable[[], bool], why: str, seconds: float = PATIENCE) -> None:
    """Look until it is so. Raises TimeoutError."""
    deadline = time.monotonic() + seconds
    while not what():
        if time.monotonic() > deadline:
            raise TimeoutError(why)
        time.sleep(0.02)


def stop(process: subprocess.Popen[bytes]) -> None:
    """Ask a server to end by its pid; after a while its whole group is killed, which is only its own."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(timeout=PATIENCE)


def keep_log(log: Path, folder: Path) -> None:
    """Copy a server's log to where the test's own files are."""
    if log.exists():
        shutil.copyfile(log, folder / log.name)


def children(pid: int, name: str) -> list[int]:
    """The processes of that name a server has started."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                words = (entry / "stat").read_text()
            except OSError:  # it has ended meanwhile
                continue
            command, _, rest = words.partition("(")[2].rpartition(")")
            if command == name and int(rest.split()[1]) == pid:
                found.append(int(entry.name))
    return found
