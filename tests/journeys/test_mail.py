"""A letter in nynorsk through a real Postfix and a real Dovecot: two cases, one thread, a code, an answer to fetch."""

import email
import imaplib
import re
import smtplib
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage
from email.utils import make_msgid
from io import BytesIO
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page

from desk.demo.people import KARI
from tests.journeys.running import RunningDesk
from tests.mailservers.certificates import Certificates
from tests.mailservers.dovecot import Account, Dovecot
from tests.mailservers.fixtures import certificates, dovecot, postfix
from tests.mailservers.postfix import Postfix

__all__ = ["certificates", "dovecot", "postfix"]

pytestmark = pytest.mark.slow
LETTER = """Hei!

Eg ønskjer innsyn i alt de har lagra om meg. Når eg har fått det, vil eg at de slettar opplysningane mine.

Helsing
Kari Eksempel
"""


@dataclass(slots=True)
class Writer:
    """A person with a mail program: writes through Postfix, reads in Dovecot, keeps what she sent."""

    desk: RunningDesk
    postfix: Postfix
    dovecot: Dovecot
    account: Account
    company: str

    def write(self, text: str, subject: str, answering: EmailMessage | None = None) -> EmailMessage:
        """Write to the company, or answer a letter where its Reply-To says; a copy goes to her own mailbox."""
        mail = EmailMessage()
        mail["From"], mail["Subject"] = f"Kari Eksempel <{self.account.address}>", subject
        mail["To"] = str(answering["Reply-To"]) if answering is not None else self.company
        mail["Message-ID"] = make_msgid(domain="example.no")
        if answering is not None:
            mail["In-Reply-To"] = str(answering["Message-ID"])
            mail["References"] = f"{answering['References'] or ''} {answering['Message-ID']}".strip()
            quoted = answering.get_body(("plain",))
            assert quoted is not None
            lines = quoted.get_content().splitlines()
            text += "\nDen 26. nov. 2026 skreiv Fjordlys:\n" + "\n".join(f"> {line}" for line in lines)
        mail.set_content(text)
        with smtplib.SMTP("127.0.0.1", self.postfix.smtp, timeout=60) as client:
            client.send_message(mail)
        with self._inbox() as client:
            client.append("INBOX", "(\\Seen)", None, mail.as_bytes())
        return mail

    def letters(self) -> list[EmailMessage]:
        """What the company has written to her, oldest first."""
        found = []
        with self._inbox() as client:
            client.select("INBOX", readonly=True)
            for number in client.search(None, "ALL")[1][0].split():
                fetched = client.fetch(number.decode(), "(RFC822)")[1][0]
                assert isinstance(fetched, tuple)
                mail = email.message_from_bytes(fetched[1], policy=policy.default)
                assert isinstance(mail, EmailMessage)
                if self.account.address not in str(mail["From"]):
                    found.append(mail)
        return found

    def letter(self, number: int, containing: str) -> EmailMessage:
        """The letter with something in it, once there are so many."""

        def there() -> bool:
            return len(self.letters()) >= number and any(containing in said(one) for one in self.letters())

        self.desk.until(
            there, f"letter {number} with {containing!r}, there are {[said(o) for o in self.letters()]}", 60
        )
        return next(one for one in self.letters() if containing in said(one))

    def threads(self) -> str:
        """How a mail program threads the mailbox (RFC 5256)."""
        with self._inbox() as client:
            client.select("INBOX", readonly=True)
            return str(client.thread("REFS", "UTF-8", "ALL")[1][0].decode())

    def _inbox(self) -> imaplib.IMAP4:
        client = imaplib.IMAP4("127.0.0.1", self.dovecot.imap)
        deadline = time.monotonic() + 20
        while True:
            try:
                client.login(self.account.address, self.account.password)
                return client
            except imaplib.IMAP4.error:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)


def said(mail: EmailMessage) -> str:
    """Subject and plain text."""
    body = mail.get_body(("plain",))
    return f"{mail['Subject']}\n{body.get_content() if body is not None else ''}"


@pytest.fixture(scope="module")
def writer(
    tmp_path_factory: pytest.TempPathFactory, certificates: Certificates, dovecot: Dovecot, postfix: Postfix
) -> Iterator[Writer]:
    """Kari, whom the company's systems know, and a desk that watches the company's mailbox and writes by Postfix."""
    company, kari = dovecot.account(), dovecot.account()
    folder = tmp_path_factory.mktemp("mail")
    settings = folder / "rettsvar.toml"
    settings.write_text(
        f"""
operators = ["fjordlys"]
[mail]
host = "localhost"
port = {postfix.submission}
security = "starttls"
ca = "{certificates.ca}"
username = "{company.address}"
password = "{company.password}"
sender = "{company.address}"
[mailboxes.fjordlys]
address = "{company.address}"
host = "localhost"
port = {dovecot.imaps}
ca = "{certificates.ca}"
password = "{company.password}"
"""
    )
    desk = RunningDesk(folder, {"RETTSVAR_CONFIG": str(settings)})
    try:
        desk.start()
        with desk.system("fjordlys") as db:
            db.execute("UPDATE customer SET email = ? WHERE email = ?", [kari.address, KARI.email])
            db.commit()
        yield Writer(desk, postfix, dovecot, kari, company.address)
    finally:
        desk.stop()


def test_a_letter_in_nynorsk_is_answered_in_one_thread(
    writer: Writer, context: BrowserContext, tmp_path: Path
) -> None:
    """From the first letter to the package, with nothing but a mail program and one link."""
    asked = writer.write(LETTER, "Opplysningane mine")
    received = writer.letter(1, "Vi har fått førespurnad")
    assert str(received["In-Reply-To"]) == str(asked["Message-ID"])
    assert str(received["Auto-Submitted"]) == "auto-replied"
    assert str(received["Return-Path"]) in ("<>", "None")
    assert "+rv-" in str(received["Reply-To"])
    references = re.findall(r"FJL-\d{4}-\d{4}", said(received))
    assert len(set(references)) == 2
    with writer.desk.rows() as db:
        rows = db.execute(
            'SELECT "right", received_at, lang, channel FROM "case" ORDER BY "right"'
        ).fetchall()
    assert [(row[0], row[2], row[3]) for row in rows] == [
        ("access", "nn", "email"),
        ("erasure", "nn", "email"),
    ]
    assert rows[0][1] == rows[1][1]

    code = re.search(r"(?<!\d)\d{6}(?!\d)", said(received))
    assert code is not None
    writer.write(
        f"Her er koden: {code[0]}\n\nHelsing Kari\n", f"Re: {received['Subject']}", answering=received
    )
    writer.letter(2, "stadfesta")
    answer = writer.letter(3, "Svaret ditt er klart")
    fetched = fetch(writer, context.new_page(), answer, tmp_path)
    assert any(name.endswith(".json") or name.endswith(".html") for name in fetched)
    threads = writer.threads()
    assert threads.count("(") == threads.count(")")
    assert top_level(threads) == 1, threads


def fetch(writer: Writer, page: Page, answer: EmailMessage, folder: Path) -> list[str]:
    """Open the answer's link, prove the address anew by the code that comes, and download; the files' names."""
    link = re.search(r"https?://\S+/s/[\w-]+", said(answer))
    assert link is not None
    page.goto(link[0])
    before = len(writer.letters())
    page.get_by_role("button", name=re.compile("Send kode til")).click()
    sent = writer.letter(before + 1, "Koden din")
    code = re.search(r"(?<!\d)\d{6}(?!\d)", said(sent))
    assert code is not None
    page.locator("#download-code").fill(code[0])
    page.locator("#download-code").press("Enter")
    with page.expect_download() as waiting:
        page.get_by_role("button", name=re.compile("Last ned")).click()
    waiting.value.save_as(folder / "package.zip")
    with zipfile.ZipFile(BytesIO((folder / "package.zip").read_bytes())) as opened:
        return opened.namelist()


def top_level(threads: str) -> int:
    """How many threads there are: brackets that stand in no other."""
    depth = count = 0
    for sign in threads:
        depth += (sign == "(") - (sign == ")")
        count += sign == "(" and depth == 1
    return count
