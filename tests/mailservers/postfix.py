"""A real Postfix: SMTP, submission with STARTTLS, SMTPS, delivery to Dovecot and to Rettsvar's own doors."""

import os
import re
import shutil
import signal
import subprocess
from pathlib import Path

from tests.mailservers.certificates import Certificates
from tests.mailservers.dovecot import DOMAIN as DOVECOT_DOMAIN
from tests.mailservers.dovecot import Dovecot
from tests.mailservers.programs import (
    PATIENCE,
    Missing,
    answers,
    give,
    keep_log,
    make_folder,
    program,
    stop,
    wait_for,
)
from tests.ports import free_port

LMTP_DOMAIN, SMTP_DOMAIN = "lmtp.example.no", "smtp.example.no"
MAIN = """
compatibility_level = 3.6
queue_directory = {folder}/spool
data_directory = {folder}/data
command_directory = /usr/sbin
daemon_directory = {daemons}
maillog_file = {folder}/postfix.log
maillog_file_prefixes = {folder}
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
smtputf8_enable = no
myhostname = mx.example.no
mydestination =
mynetworks = 127.0.0.0/8
alias_maps =
alias_database =
local_transport = error:nobody is local
default_transport = error:nothing leaves this machine
local_recipient_maps =
relay_domains = {dovecot_domain} {lmtp_domain} {smtp_domain}
transport_maps = inline:{{
  {dovecot_domain}=lmtp:[127.0.0.1]:{dovecot}
  {lmtp_domain}=lmtp:[127.0.0.1]:{lmtp_door}
  {smtp_domain}=smtp:[127.0.0.1]:{smtp_door} }}
smtpd_relay_restrictions = permit_mynetworks, permit_sasl_authenticated, reject_unauth_destination
smtpd_tls_cert_file = {certificates.certificate}
smtpd_tls_key_file = {certificates.key}
smtpd_tls_security_level = may
smtp_tls_security_level = may
lmtp_tls_security_level = may
smtpd_sasl_type = dovecot
smtpd_sasl_path = inet:127.0.0.1:{sasl}
message_size_limit = 60000000
mailbox_size_limit = 0
queue_run_delay = 300s
minimal_backoff_time = 1s
maximal_backoff_time = 2s
lmtp_destination_concurrency_failed_cohort_limit = 0
smtp_destination_concurrency_failed_cohort_limit = 0
"""
MASTER = """
127.0.0.1:{smtp} inet n - n - - smtpd
127.0.0.1:{submission} inet n - n - - smtpd
  -o smtpd_tls_security_level=encrypt -o smtpd_sasl_auth_enable=yes
  -o smtpd_client_restrictions=permit_sasl_authenticated,reject
127.0.0.1:{smtps} inet n - n - - smtpd
  -o smtpd_tls_wrappermode=yes -o smtpd_sasl_auth_enable=yes
  -o smtpd_client_restrictions=permit_sasl_authenticated,reject
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
lmtp unix - - n - - lmtp
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
showq unix n - n - - showq
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""


class Postfix:
    """One server. Mail to `lmtp.example.no` and `smtp.example.no` goes to the two ports where a test listens."""

    def __init__(self, certificates: Certificates, dovecot: Dovecot) -> None:
        self._program = program("/usr/sbin/postfix")
        daemons = program("/usr/lib/postfix/sbin", "/usr/libexec/postfix")
        if os.getuid() != 0:
            raise Missing("Postfix can only be started by root")
        self.folder = make_folder("postfix")
        self.smtp, self.submission, self.smtps, self.lmtp_door, self.smtp_door = (
            free_port() for _ in range(5)
        )
        for name in ("config", "spool", "data"):
            (self.folder / name).mkdir(mode=0o755)
        give(self.folder / "data", "postfix")
        values = {
            "folder": self.folder, "daemons": daemons, "certificates": certificates, "dovecot": dovecot.lmtp,
            "sasl": dovecot.sasl, "dovecot_domain": DOVECOT_DOMAIN, "lmtp_domain": LMTP_DOMAIN,
            "smtp_domain": SMTP_DOMAIN, "smtp": self.smtp, "submission": self.submission, "smtps": self.smtps,
            "lmtp_door": self.lmtp_door, "smtp_door": self.smtp_door,
        }  # fmt: skip
        (self.folder / "config" / "main.cf").write_text(MAIN.format(**values))
        (self.folder / "config" / "master.cf").write_text(MASTER.format(**values))
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, and wait until it answers."""
        with (self.folder / "start.log").open("ab") as log:
            self._process = subprocess.Popen(
                [str(self._program), "-c", str(self.folder / "config"), "start-fg"],
                stdout=log, stderr=log, start_new_session=True, cwd=self.folder,
            )  # fmt: skip
        wait_for(lambda: all(answers(one) for one in (self.smtp, self.submission, self.smtps)), self.said())

    def remove(self, logs: Path) -> None:
        """Stop it by its pid and remove its folder; the log is kept in `logs`."""
        self._stop()
        keep_log(self.folder / "postfix.log", logs)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _stop(self) -> None:
        """End Postfix' master, whose pid stands in its queue; the shell that was started only waits for it."""
        if self._process is None:
            return
        file = self.folder / "spool" / "pid" / "master.pid"
        master = int(file.read_text()) if file.exists() else None
        if master is not None:
            os.kill(master, signal.SIGTERM)
        try:
            self._process.wait(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            if master is not None:
                os.killpg(master, signal.SIGKILL)  # a group of its own
            stop(self._process)

    def queued(self) -> int:
        """How many mails wait in its queue."""
        listed = self._ask("postqueue", "-j")
        return len(listed.splitlines())

    def flush(self) -> None:
        """Try at once to deliver what waits."""
        self._ask("postqueue", "-f")

    def deferrals(self) -> list[str]:
        """What it wrote about mails it could not deliver yet."""
        return re.findall(r"status=deferred \((.*)\)", (self.folder / "postfix.log").read_text())

    def said(self) -> str:
        """The end of its logs, for a failing test."""
        logs = [self.folder / "start.log", self.folder / "postfix.log"]
        return "\n".join(log.read_text()[-2000:] for log in logs if log.exists())

    def _ask(self, name: str, *arguments: str) -> str:
        done = subprocess.run(
            [f"/usr/sbin/{name}", "-c", str(self.folder / "config"), *arguments],
            capture_output=True, text=True, timeout=PATIENCE, check=True,
        )  # fmt: skip
        return done.stdout
