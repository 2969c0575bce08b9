"""A real Dovecot: IMAP plain, with STARTTLS and with TLS, LMTP, and log-ins for Postfix."""

import os
import shutil
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.mailservers.certificates import Certificates
from tests.mailservers.programs import (
    answers,
    children,
    give,
    keep_log,
    make_folder,
    program,
    stop,
    user_for,
    wait_for,
)
from tests.ports import free_port

DOMAIN = "dovecot.example.no"
SMALL = 20_000  # bytes
CONFIG = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/dovecot.log
protocols = imap lmtp
listen = 127.0.0.1
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
mail_uid = {user}
mail_gid = {group}
first_valid_uid = 1
first_valid_gid = 1
ssl = yes
ssl_cert = <{certificates.certificate}
ssl_key = <{certificates.key}
disable_plaintext_auth = no
auth_mechanisms = plain login {mechanisms}
auth_failure_delay = 0
verbose_proctitle = yes
auth_username_chars =
mail_location = maildir:~/Maildir
mail_plugins = quota
recipient_delimiter = +
quota_full_tempfail = yes
maildir_very_dirty_syncs = no
mail_max_userip_connections = 100
{extra}
plugin {{
  quota = maildir:all
}}
passdb {{
  driver = passwd-file
  args = scheme=PLAIN username_format=%u {folder}/users
}}
userdb {{
  driver = passwd-file
  args = username_format=%u {folder}/users
  default_fields = uid={user} gid={group} home={folder}/homes/%u
}}
namespace inbox {{
  inbox = yes
  separator = /
  mailbox Spamkasse {{
    auto = create
    special_use = \\Junk
  }}
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = {imaps}
    ssl = yes
  }}
}}
service lmtp {{
  user = {user}
  inet_listener lmtp {{
    port = {lmtp}
  }}
}}
service auth {{
  inet_listener {{
    port = {sasl}
  }}
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  chroot =
}}
"""


TOKENS = """
passdb {{
  driver = oauth2
  mechanisms = xoauth2
  args = {folder}/oauth2.conf
}}
"""
INTROSPECTION = """
introspection_mode = post
introspection_url = {url}/introspect
username_attribute = username
active_attribute = active
active_value = true
"""


@dataclass(frozen=True, slots=True)
class Account:
    """One user of it; the address is the user name."""

    address: str
    password: str


class Dovecot:
    """One server. `capability` is what it says it can, instead of all it can; `folder` is its own; `identity` the URL
    of a server whose tokens it takes beside passwords."""

    def __init__(
        self, certificates: Certificates, *, capability: str | None = None, identity: str | None = None
    ) -> None:
        self._program = program("/usr/sbin/dovecot")
        program("/usr/lib/dovecot/imap"), program("/usr/lib/dovecot/lmtp")
        self.folder = make_folder("dovecot")
        self.imap, self.imaps, self.lmtp, self.sasl = (free_port() for _ in range(4))
        self._free = [Account(f"u{number}@{DOMAIN}", "passord") for number in range(100)]
        self._small = [Account(f"small{number}@{DOMAIN}", "passord") for number in range(10)]
        self._users: dict[str, tuple[str, int | None]] = {
            **{one.address: (one.password, None) for one in self._free},
            **{one.address: (one.password, SMALL) for one in self._small},
        }
        self._process: subprocess.Popen[bytes] | None = None
        self.user = user_for("nobody")
        group = "nogroup" if os.getuid() == 0 else str(os.getgid())
        for name in ("run", "state", "homes"):
            (self.folder / name).mkdir()
            give(self.folder / name, self.user)
        give(self.folder, self.user)
        extra = f"imap_capability = {capability}" if capability else ""
        if identity is not None:
            extra += TOKENS.format(folder=self.folder)
            (self.folder / "oauth2.conf").write_text(INTROSPECTION.format(url=identity))
        (self.folder / "dovecot.conf").write_text(
            CONFIG.format(
                folder=self.folder, user=self.user, group=group, certificates=certificates, imap=self.imap,
                imaps=self.imaps, lmtp=self.lmtp, sasl=self.sasl, extra=extra, mechanisms="xoauth2" if identity else "",
            )
        )  # fmt: skip
        self._write_users()

    def start(self) -> None:
        """Start it, and wait until it answers."""
        with (self.folder / "start.log").open("ab") as log:
            self._process = subprocess.Popen(
                [str(self._program), "-F", "-c", str(self.folder / "dovecot.conf")],
                stdout=log, stderr=log, start_new_session=True, cwd=self.folder,
                user=self.user if os.getuid() == 0 else None, extra_groups=[] if os.getuid() == 0 else None,
                group="nogroup" if os.getuid() == 0 else None,
            )  # fmt: skip
        wait_for(lambda: answers(self.imap) and answers(self.lmtp), self.said())

    def stop(self) -> None:
        """Stop it by its pid; its log and the mails stay."""
        if self._process is not None:
            stop(self._process)
            self._process = None
            pid = self.folder / "run" / "master.pid"
            wait_for(lambda: not pid.exists(), "Dovecot's pid file stays")

    def remove(self, logs: Path) -> None:
        """Stop it and remove its folder; the log is kept in `logs`."""
        self.stop()
        keep_log(self.folder / "dovecot.log", logs)
        shutil.rmtree(self.folder, ignore_errors=True)

    def account(self, *, small: bool = False) -> Account:
        """A user with an empty mailbox whom nobody else uses; a small one is full after 20 kB.

        They are all there from the start: Dovecot looks at its list of users once a second only.
        """
        return (self._small if small else self._free).pop()

    def change(self, account: Account, *, password: str | None = None, quota: int | None = None) -> None:
        """Give a user another password, or another quota; Dovecot sees it within a second."""
        self._users[account.address] = (password or account.password, quota)
        self._write_users()

    def idles(self, account: Account) -> bool:
        """Whether a session of that user waits for news: its process' title says so."""
        assert self._process is not None
        titles = [Path(f"/proc/{pid}/cmdline").read_bytes() for pid in children(self._process.pid, "imap")]
        return any(account.address.encode() in title and b"IDLE" in title for title in titles)

    def kill_sessions(self) -> int:
        """Kill the processes that serve IMAP sessions, as a crash would; how many there were."""
        assert self._process is not None
        found = children(self._process.pid, "imap")
        for pid in found:
            os.kill(pid, signal.SIGKILL)
        return len(found)

    def said(self) -> str:
        """The end of its log, for a failing test."""
        log = self.folder / "dovecot.log"
        return log.read_text()[-2000:] if log.exists() else "Dovecot did not answer, and wrote no log"

    def _write_users(self) -> None:
        lines = [
            f"{name}:{password}::::::" + ("" if quota is None else f"userdb_quota_rule=*:bytes={quota}")
            for name, (password, quota) in self._users.items()
        ]
        new = self.folder / "users.new"
        new.write_text("\n".join(lines) + "\n")
        new.replace(self.folder / "users")
