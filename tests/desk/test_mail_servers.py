"""Letters handed to real mail servers on loopback: encrypted or not at all, under a null sender, put off and given up."""

import base64
import ssl
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import dkim
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from pydantic import SecretStr
from sqlalchemy import select

from desk import sweep
from desk.mail import Mailer
from desk.outgoing import Mail
from desk.wiring import Desk
from fulfilment.adapter import Misconfigured
from intake.case import Act
from intake.log import entries
from intake.opening import open_case, open_dossier
from intake.records import Letter
from law.rights import Right
from tests.desk.desks import Clock
from tests.desk.mail_server import Server, mail_server
from tests.mailservers.certificates import Certificates, make_certificates

pytestmark = pytest.mark.slow

ADDRESS = "kari.eksempel@example.no"


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    """An authority and a server's certificate."""
    return make_certificates(tmp_path_factory.mktemp("certificates"))


def presenting(certificates: Certificates) -> ssl.SSLContext:
    """What the server shows."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificates.certificate, certificates.key)
    return context


def mail() -> EmailMessage:
    """Some mail."""
    made = EmailMessage(policy=SMTP.clone(cte_type="7bit"))
    made["From"] = "Fjordlys <personvern@example.no>"
    made["To"] = ADDRESS
    made["Subject"] = "Svar på søknad"
    made["Message-ID"] = "<1@example.no>"
    made.set_content("Hei, Kåre.\n.\n.. punktum\n")
    return made


def mailer(server: Server, **more: object) -> Mailer:
    """A mailer for the server."""
    return Mailer(Mail.model_validate({"host": "localhost", "port": server.port, "timeout": 5, **more}))


async def test_the_envelope_sender_is_null_unless_bounces_have_an_address() -> None:
    """A bounce of an automatic reply goes nowhere (RFC 3834 3.3), or where the settings say, by company."""
    with mail_server() as server:
        await mailer(server, security="none").send(mail())
        await mailer(server, security="none", bounces="b+{operator}@example.no").send(
            mail(), operator="fjordlys"
        )
    assert server.senders == ["<>", "b+fjordlys@example.no"]
    assert server.taken[0].get_content() == "Hei, Kåre.\r\n.\r\n.. punktum\r\n"


@pytest.mark.parametrize("security", ["tls", "starttls"])
async def test_the_line_is_encrypted(certificates: Certificates, security: str) -> None:
    """With a private authority, from the start or by STARTTLS."""
    with mail_server(**{security: presenting(certificates)}) as server:
        sending = mailer(server, security=security, ca=certificates.ca)
        await sending.check()
        await sending.send(mail())
    assert (server.encrypted, len(server.taken)) == ([True], 1)


@pytest.mark.parametrize("security", ["tls", "starttls"])
async def test_a_certificate_of_nobody_we_know_is_refused(certificates: Certificates, security: str) -> None:
    """It says why, and names no address; nothing was sent."""
    with mail_server(**{security: presenting(certificates)}) as server:
        with pytest.raises(Misconfigured, match="certificate is refused") as told:
            await mailer(server, security=security).send(mail())
        assert "@" not in told.value.why
        assert server.senders == []
        await mailer(server, security=security, ca=certificates.ca).send(mail())


async def test_a_certificate_for_another_host_is_refused(tmp_path: Path) -> None:
    """One that is trusted, and is elsewhere.example's."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([])
    now = datetime.now(UTC)
    names = x509.SubjectAlternativeName([x509.DNSName("elsewhere.example")])
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), 1)
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(names, critical=True)
        .sign(key, hashes.SHA256())
    )
    files = Certificates(tmp_path / "own.pem", tmp_path / "own.pem", tmp_path / "own.key")
    files.ca.write_bytes(certificate.public_bytes(Encoding.PEM))
    files.key.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    with mail_server(tls=presenting(files)) as server:
        with pytest.raises(Misconfigured, match="it is for another host"):
            await mailer(server, security="tls", ca=files.ca).send(mail())
        assert server.senders == []


async def test_without_starttls_nothing_is_sent_in_the_clear() -> None:
    """Somebody in between may have cut the offer out: Misconfigured, never plain."""
    with mail_server() as server:
        with pytest.raises(Misconfigured, match="STARTTLS"):
            await mailer(server, security="starttls").send(mail())
        assert server.senders == []


async def test_what_arrives_bears_a_signature_that_holds() -> None:
    """After the wire's own line ends and dots."""
    key = rsa.generate_private_key(65537, 1024)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    der = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    published = b"v=DKIM1; p=" + base64.b64encode(der)
    with mail_server() as server:
        await mailer(
            server, security="none", sender="personvern@example.no",
            dkim_domain="example.no", dkim_selector="s", dkim_key=SecretStr(pem),
        ).send(mail())  # fmt: skip
    asked = []

    def key_of(name: bytes, timeout: float = 5) -> bytes:
        asked.append(name)
        return published

    assert dkim.verify(server.raw[0], dnsfunc=key_of)
    assert asked == [b"s._domainkey.example.no."]


async def asked(desk: Desk) -> str:
    """The id of a new case, whose acknowledgement is queued for the address."""
    async with desk.unit_of_work() as session:
        dossier = await open_dossier(session, "fjordlys", desk.clock())
        opened = await open_case(
            session, desk.vault, desk.operators["fjordlys"], dossier_id=dossier.id, conversation_id=None,
            right=Right.ACCESS, channel="form", lang="nb", received_at=desk.clock(), now=desk.clock(),
            wish="Hva har dere om meg?", address=ADDRESS, links=desk.links,
        )  # fmt: skip
        return opened.case.id


async def run(desk: Desk) -> None:
    """One sweep's letters."""
    for start in await sweep.due(desk):
        if start.kind == "letter":
            await sweep.send_letter(desk, start.row)


async def letters(desk: Desk) -> list[Letter]:
    """All letters, the oldest first."""
    async with desk.unit_of_work() as session:
        return list(await session.scalars(select(Letter).order_by(Letter.written_at, Letter.id)))


async def test_a_greylisted_letter_comes_again_after_five_minutes(
    desk: Desk, server: Server, clock: Clock
) -> None:
    """Not at once, which greylisting punishes, and not in hours: a code is waited for."""
    await asked(desk)
    server.answers[ADDRESS] = "451 greylisted, come again"
    await run(desk)
    server.answers.clear()
    clock.pass_on(minutes=4)
    await run(desk)
    assert server.taken == []
    clock.pass_on(minutes=2)
    await run(desk)
    (row,) = await letters(desk)
    assert (row.state, row.fault, len(server.taken)) == ("sent", None, 1)


async def test_a_letter_put_off_for_days_is_given_up_aloud(desk: Desk, server: Server, clock: Clock) -> None:
    """Tried for five days, then failed and logged, so that an officer sees it; sent again, it has new patience."""
    case = await asked(desk)
    server.answers[ADDRESS] = "452 mailbox full"
    tries = 0
    for _ in range(60):
        await run(desk)
        (row,) = await letters(desk)
        if row.state == "failed":
            break
        tries += 1
        clock.now = row.not_before
    (row,) = await letters(desk)
    assert (row.state, row.fault) == ("failed", "recipient deferred (452)")
    assert row.deferred_at is not None
    assert 5 <= (clock.now - row.deferred_at).days < 6
    assert tries > 20
    async with desk.unit_of_work() as session:
        assert (await entries(session, case))[-1].act == Act.LETTER_REFUSED


async def test_our_own_servers_absence_gives_no_letter_up(desk: Desk, server: Server, clock: Clock) -> None:
    """A refused sender is ours to mend: after ten days of it the letter is queued, says why, and then leaves."""
    await asked(desk)
    server.no_sender = "550 not you"
    for _ in range(12):
        await run(desk)
        clock.pass_on(days=1)
    (row,) = await letters(desk)
    assert (row.state, row.fault) == ("queued", "the mail server refuses us (550)")
    server.no_sender = None
    await run(desk)
    assert (await letters(desk))[0].state == "sent"


async def test_an_address_gets_so_many_letters_a_day_and_the_rest_later(
    desk: Desk, server: Server, clock: Clock
) -> None:
    """The cap and one: the last waits until the first is a day old, is not lost, and counts by address alone."""
    cap = desk.settings.mail.a_day
    for _ in range(cap + 1):
        await asked(desk)
        clock.pass_on(minutes=1)
        await run(desk)
    held = [row for row in await letters(desk) if row.state == "queued"]
    assert (len(server.taken), [row.fault for row in held]) == (cap, ["cap of the day"])
    clock.pass_on(hours=24)
    await run(desk)
    assert len(server.taken) == cap + 1


async def test_a_second_acknowledgement_of_a_case_stays_here(
    desk: Desk, server: Server, clock: Clock
) -> None:
    """It can be read on the status page; the first was sent."""
    await asked(desk)
    await run(desk)
    (first,) = await letters(desk)
    async with desk.unit_of_work() as session:
        columns = {one.key: getattr(first, one.key) for one in Letter.__table__.columns}
        session.add(Letter(**columns | {"id": "f" * 32, "state": "queued", "sent_at": None}))
    await run(desk)
    assert sorted(row.state for row in await letters(desk)) == ["kept", "sent"]
    assert len(server.taken) == 1
