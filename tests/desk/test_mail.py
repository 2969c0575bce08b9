"""Mail that leaves: how it is written, how it is signed, and when it may go. Servers are met in test_mail_servers."""

import base64
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dkim
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from pydantic import SecretStr, ValidationError

from desk.leaving import Leave, Sent, may_leave
from desk.mail import Mailer, Thread, compose
from desk.outgoing import Mail
from desk.signing import signer
from fulfilment.adapter import Misconfigured
from intake.letters import OpenLetter
from intake.records import Letter
from tests.company import company

WRITTEN = datetime(2026, 11, 26, 8, tzinfo=UTC)


def letter() -> Letter:
    """A letter that may be mailed."""
    return Letter(id="1" * 32, lang="nb", message_id="<rettsvar.1@example.no>", written_at=WRITTEN)


def opened(subject: str = "Svar i sak FJL-2026-0001", text: str = "Hei, Kåre.\n" + "ø" * 1200) -> OpenLetter:
    """Its words: with letters that are not ASCII, and a long line."""
    return OpenLetter(subject, text, f"<p>{text}</p>", "kare@example.com")


def pem(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> str:
    """A key as openssl writes it today."""
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


@pytest.fixture(scope="module")
def key() -> rsa.RSAPrivateKey:
    """A short key, quickly made."""
    return rsa.generate_private_key(65537, 1024)


def signing(given: str) -> Mail:
    """Settings that sign with a key."""
    return Mail(
        sender="personvern@example.no", dkim_domain="example.no", dkim_selector="s", dkim_key=SecretStr(given)
    )


def record(key: rsa.RSAPrivateKey) -> bytes:
    """The key as it is published."""
    der = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return b"v=DKIM1; p=" + base64.b64encode(der)


def test_a_letter_is_ascii_on_the_wire() -> None:
    """No server has to recode it, which would break its signature; read, it is what was written."""
    mail = compose(letter(), opened(), company(), "personvern@example.no")
    raw = mail.as_bytes()
    assert raw.isascii()
    assert max(len(line) for line in raw.split(b"\r\n")) <= 998
    body = mail.get_body(("plain",))
    assert body is not None
    assert body.get_content().startswith("Hei, Kåre.")


def test_a_letter_stands_in_its_thread() -> None:
    """In-Reply-To, References, where answers go, and the case in the subject, once."""
    thread = Thread("b@x.no", ("a@x.no",), "personvern+FJL-2026-0001.t@example.no", "[FJL-2026-0001]")
    mail = compose(letter(), opened("Vi har fått den"), company(), "personvern@example.no", thread=thread)
    assert (mail["In-Reply-To"], mail["References"]) == ("<b@x.no>", "<a@x.no> <b@x.no>")
    assert mail["Reply-To"] == "personvern+FJL-2026-0001.t@example.no"
    assert mail["Subject"] == "Vi har fått den [FJL-2026-0001]"
    again = compose(letter(), opened(), company(), "personvern@example.no", thread=thread)
    assert again["Subject"] == "Svar i sak FJL-2026-0001"


def test_a_long_thread_keeps_its_first_and_its_last_ten() -> None:
    """A thread of a thousand mails makes no head of a thousand lines; what is no Message-ID is left out."""
    thread = Thread("last@x.no", tuple(f"{number}@x.no" for number in range(1000)))
    mail = compose(letter(), opened(), company(), "personvern@example.no", thread=thread)
    ids = str(mail["References"]).split()
    assert (len(ids), ids[0], ids[1], ids[-1]) == (11, "<0@x.no>", "<991@x.no>", "<last@x.no>")
    bad = Thread("a b\r\nBcc: x@y.no", ("", "<>", "ø@x.no", "ok@x.no"))
    mail = compose(letter(), opened(), company(), "personvern@example.no", thread=bad)
    assert (mail["In-Reply-To"], mail["Bcc"], mail["References"]) == (None, None, "<ok@x.no>")


def test_a_signed_letter_verifies(key: rsa.RSAPrivateKey, tmp_path: Path) -> None:
    """With the key in a file or given outright; another Subject, or a second one on top, breaks it."""
    file = tmp_path / "dkim.pem"
    file.write_text(pem(key))
    raw = compose(letter(), opened(), company(), "personvern@example.no").as_bytes()
    for given in (str(file), pem(key)):
        made = signer(signing(given))
        assert made is not None
        mail = made.signed(raw)

        def holds(one: bytes) -> bool:
            return bool(dkim.verify(one, dnsfunc=lambda name, timeout=5: record(key)))

        assert holds(mail)
        assert not holds(mail.replace(b"Subject: Svar", b"Subject: Snar"))
        assert not holds(b"Subject: Noe annet\r\n" + mail)
        assert not holds(b"Reply-To: x@evil.example\r\n" + mail)


@pytest.mark.parametrize(
    "given", ["nowhere.pem", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----"]
)
def test_a_key_that_cannot_be_used_is_told_at_the_start(given: str, key: rsa.RSAPrivateKey) -> None:
    """Not at the first letter; a good one starts."""
    with pytest.raises(Misconfigured, match="dkim_key") as told:
        Mailer(signing(given))
    assert "BEGIN" not in told.value.why
    Mailer(signing(pem(key)))


def test_a_key_of_another_kind_is_told_at_the_start() -> None:
    """An elliptic curve is no DKIM key."""
    with pytest.raises(Misconfigured, match="RSA"):
        Mailer(signing(pem(ec.generate_private_key(ec.SECP256R1()))))


def test_an_authority_that_cannot_be_read_is_told_at_the_start(tmp_path: Path) -> None:
    """A missing file, and one that holds no certificate."""
    with pytest.raises(Misconfigured, match=r"mail\.ca"):
        Mailer(Mail(host="localhost", ca=tmp_path / "missing.pem"))
    (tmp_path / "ca.pem").write_text("nothing\n")
    with pytest.raises(Misconfigured, match=r"mail\.ca"):
        Mailer(Mail(host="localhost", ca=tmp_path / "ca.pem"))


@pytest.mark.parametrize(
    "wrong",
    [
        {"host": "mail.example.no", "security": "none"},
        {"host": "10.0.0.5", "security": "none"},
        {"bounces": "nobody"},
        {"bounces": "b+{letter}@example.no"},
        {"dkim_domain": "example.no"},
        {"sender": "a@example.no", "dkim_domain": "other.no", "dkim_selector": "s", "dkim_key": "k"},
        {"patience_days": 1},
    ],
)
def test_settings_that_would_do_harm_are_refused(wrong: dict[str, object]) -> None:
    """Letters in the clear to another machine, half a signature, giving up within a day."""
    with pytest.raises(ValidationError):
        Mail.model_validate(wrong)


def test_the_clear_line_is_for_this_machine_or_said_outright() -> None:
    """Loopback needs no leave."""
    for host in ("localhost", "127.0.0.1", "127.1.2.3", "::1"):
        assert not Mail(host=host, security="none").in_the_clear
    assert Mail(host="mail.example.no", security="none", insecure=True).in_the_clear


def test_a_second_acknowledgement_is_kept_and_an_answer_never_is() -> None:
    """The first said it; another letter of the case leaves."""
    before = Sent(1, WRITTEN, acknowledged=True)
    assert may_leave("acknowledgement", before, a_day=20) == (Leave.KEPT, None)
    assert may_leave("answer", before, a_day=20) == (Leave.NOW, None)


@pytest.mark.parametrize("name", ["code", "answer", "acknowledgement"])
def test_over_the_cap_a_letter_waits_for_the_day_to_pass(name: str) -> None:
    """Until the first of the day is a day old; one below the cap leaves."""
    over, under = Sent(20, WRITTEN, acknowledged=False), Sent(19, WRITTEN, acknowledged=False)
    assert may_leave(name, over, a_day=20) == (Leave.LATER, WRITTEN + timedelta(hours=24))
    assert may_leave(name, under, a_day=20) == (Leave.NOW, None)
