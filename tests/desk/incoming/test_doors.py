"""The doors a mail server delivers to, with a real Postfix in front: answered when the mail is kept, not before."""

import asyncio
import smtplib
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from desk.incoming.doors import Door, opened
from desk.incoming.running import addresses
from desk.mailboxes import Listener, Mailbox
from desk.settings import BadSettings, Settings
from fulfilment.adapter import Misconfigured
from intake.email.mail import Delivery
from tests.desk.incoming.keeping import Kept, letter, lying, until
from tests.mailservers.certificates import Certificates
from tests.mailservers.dovecot import DOMAIN, Dovecot
from tests.mailservers.postfix import LMTP_DOMAIN, SMTP_DOMAIN, Postfix
from tests.mailservers.programs import free_port

pytestmark = pytest.mark.slow
NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
KNOWN = {
    f"personvern@{LMTP_DOMAIN}": "fjordlys", f"post@{LMTP_DOMAIN}": "cleverstore",
    f"personvern@{SMTP_DOMAIN}": "fjordlys",
}  # fmt: skip


@asynccontextmanager
async def door(
    kept: Kept, listener: Listener, *, lmtp: bool = True, largest: int = 1_000_000
) -> AsyncIterator[None]:
    """A door for the time of a block."""
    made = Door(kept, KNOWN, source="lmtp" if lmtp else "smtp", clock=lambda: NOW)
    async with opened(made, listener, lmtp=lmtp, largest=largest):
        yield


async def send(port: int, to: list[str], raw: bytes, sender: str = "kari@example.org") -> None:
    """Hand a mail to a server, off the event loop."""

    def work() -> None:
        with smtplib.SMTP("127.0.0.1", port, timeout=15) as client:
            client.sendmail(sender, to, raw)

    await asyncio.to_thread(work)


def tried_again(postfix: Postfix) -> bool:
    """Let it try at once what waits."""
    postfix.flush()
    return True


async def test_postfix_delivers_by_lmtp(postfix: Postfix) -> None:
    """With the envelope, which carries the plus-address; the peer is our own server and tells nothing."""
    kept = Kept()
    async with door(kept, Listener(port=postfix.lmtp_door)):
        await send(postfix.smtp, [f"personvern+rv-abc@{LMTP_DOMAIN}"], letter("over lmtp"))
        await kept.until(1)
    (delivery,) = kept.deliveries
    assert (delivery.operator, delivery.source, delivery.received_at) == ("fjordlys", "lmtp", NOW)
    assert delivery.envelope_from == "kari@example.org"
    assert delivery.envelope_to == (f"personvern+rv-abc@{LMTP_DOMAIN}",)
    assert delivery.peer_ip is None


async def test_a_mail_to_two_companies_is_one_for_each(postfix: Postfix) -> None:
    """And neither learns who else it went to."""
    seen: list[tuple[str, tuple[str, ...]]] = []

    async def take_in(delivery: Delivery) -> bool:
        seen.append((delivery.operator, delivery.envelope_to))
        return True

    made = Door(take_in, KNOWN, source="lmtp", clock=lambda: NOW)
    async with opened(made, Listener(port=postfix.lmtp_door), lmtp=True, largest=1_000_000):
        to = [f"personvern@{LMTP_DOMAIN}", f"post@{LMTP_DOMAIN}"]
        await send(postfix.smtp, to, letter("til begge"))
        await until(lambda: len(seen) == 2, "two deliveries")
    assert dict(seen) == {"fjordlys": (to[0],), "cleverstore": (to[1],)}


async def test_what_cannot_be_kept_stays_in_the_queue_of_the_mail_server(postfix: Postfix) -> None:
    """451: Postfix comes again, as it does when the desk is not there at all; then the mail is kept, once."""
    kept = Kept(refuses=lambda delivery: True)
    to = [f"personvern@{LMTP_DOMAIN}"]
    async with door(kept, Listener(port=postfix.lmtp_door)):
        await send(postfix.smtp, to, letter("senere"))
        await until(lambda: kept.attempts == 1, "the first attempt")
        await until(lambda: postfix.queued() == 1, "the mail to wait")
        kept.refuses = lambda delivery: False
        await until(lambda: tried_again(postfix) and len(kept.deliveries) == 1, "the mail to come again")
        await until(lambda: postfix.queued() == 0, "the queue to be empty")
    await send(postfix.smtp, to, letter("ingen hjemme"))
    await until(lambda: postfix.queued() == 1, "the mail to wait for the desk")
    async with door(kept, Listener(port=postfix.lmtp_door)):
        await until(lambda: tried_again(postfix) and len(kept.deliveries) == 2, "the mail to come")
    assert kept.subjects() == ["senere", "ingen hjemme"]


async def test_postfix_delivers_by_smtp_and_the_peer_is_known(postfix: Postfix) -> None:
    """For a desk that is an MX: SPF needs the address of who delivers."""
    kept = Kept()
    async with door(kept, Listener(port=postfix.smtp_door), lmtp=False):
        await send(postfix.smtp, [f"personvern@{SMTP_DOMAIN}"], letter("over smtp"))
        await kept.until(1)
    assert (kept.deliveries[0].peer_ip, kept.deliveries[0].helo) == ("127.0.0.1", "mx.example.no")


async def test_a_full_mailbox_keeps_mail_in_the_queue_until_there_is_room(
    postfix: Postfix, dovecot: Dovecot
) -> None:
    """The company's own mailbox is full: its server says so, and nothing is lost meanwhile."""
    account = dovecot.account(quota=1_000)
    await send(postfix.smtp, [account.address], letter("plass", text="x" * 5_000))
    await until(lambda: postfix.queued() == 1, "the mail to wait")
    dovecot.change(account, quota=1_000_000)
    await until(lambda: tried_again(postfix) and lying(dovecot, account) == 1, "the mail to arrive")
    assert account.address.endswith(DOMAIN)


async def test_nothing_is_passed_on_and_too_much_is_refused() -> None:
    """Unknown recipients, mails over the limit, and a connection too many."""
    port, kept = free_port(), Kept()
    async with door(kept, Listener(port=port, connections=1), lmtp=False, largest=2_000):
        with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
            await send(port, ["noen@example.com"], letter("videre"))
        assert refused.value.recipients["noen@example.com"][0] == 550
        with pytest.raises((smtplib.SMTPDataError, smtplib.SMTPSenderRefused)) as large:
            await send(port, [f"personvern@{SMTP_DOMAIN}"], letter("stor", text="x" * 5_000))
        assert large.value.smtp_code == 552
        await send(port, [f"personvern@{SMTP_DOMAIN}"], letter("passe"))
    assert kept.subjects() == ["passe"]


async def test_starttls_where_a_certificate_is_set(certificates: Certificates) -> None:
    """The line is encrypted, and the mail kept."""
    port, kept = free_port(), Kept()
    listener = Listener(port=port, certificate=certificates.certificate, key=certificates.key)

    def work() -> None:
        with smtplib.SMTP("localhost", port, timeout=15) as client:
            client.starttls(context=ssl.create_default_context(cafile=certificates.ca))
            client.sendmail("kari@example.org", [f"personvern@{SMTP_DOMAIN}"], letter("kryptert"))

    async with door(kept, listener, lmtp=False):
        await asyncio.to_thread(work)
    assert kept.subjects() == ["kryptert"]


async def test_a_taken_port_is_told(tmp_path: Path) -> None:
    """At the start, in a sentence."""
    port = free_port()
    async with door(Kept(), Listener(port=port)):
        with pytest.raises(Misconfigured, match="cannot listen"):
            async with door(Kept(), Listener(port=port)):
                pass


def test_a_mailbox_belongs_to_one_company_that_is_served() -> None:
    """What cannot be is said before anything is listened on."""
    both = {"fjordlys": Mailbox(address="a@example.no"), "cleverstore": Mailbox(address="A@example.no")}
    with pytest.raises(BadSettings, match="another company"):
        addresses(Settings(mailboxes=both), {"fjordlys", "cleverstore"})
    with pytest.raises(BadSettings, match="not a company"):
        addresses(Settings(mailboxes={"ukjent": Mailbox(address="a@example.no")}), {"fjordlys"})
