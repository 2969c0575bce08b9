"""A watched mailbox, on a real Dovecot: nothing is lost, nothing is taken twice, whatever breaks in between."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from pydantic import SecretStr

from desk.incoming.imap import Watcher
from desk.incoming.pace import Pace
from desk.mailboxes import Mailbox
from tests.desk.incoming.keeping import Kept, append, letter, lying, until
from tests.mailservers.certificates import Certificates, make_certificates
from tests.mailservers.dovecot import Account, Dovecot

pytestmark = pytest.mark.slow
QUICK = Pace(first=0.2, longest=0.5, slow=0.3)


def mailbox(dovecot: Dovecot, account: Account, certificates: Certificates, **other: object) -> Mailbox:
    """The settings of a mailbox, encrypted unless told otherwise."""
    values: dict[str, object] = {
        "address": account.address, "host": "localhost", "port": dovecot.imaps, "ca": certificates.ca,
        "password": SecretStr(account.password), "look_seconds": 30,
    }  # fmt: skip
    return Mailbox.model_validate(values | other)


@asynccontextmanager
async def watched(box: Mailbox, kept: Kept, *, largest: int = 10_000_000) -> AsyncIterator[Watcher]:
    """A watcher for the time of a block; it must stop in time."""
    watcher = Watcher("fjordlys", box, kept, largest=largest, pace=QUICK)
    watcher.start()
    try:
        yield watcher
    finally:
        began = asyncio.get_running_loop().time()
        await watcher.stop()
        assert asyncio.get_running_loop().time() - began < 2.5


async def test_what_lay_there_is_taken_in_order_and_put_away(
    dovecot: Dovecot, certificates: Certificates
) -> None:
    """Catching up at the start: oldest first, then moved to our folder; INTERNALDATE is the time of receipt."""
    account, kept = dovecot.account(), Kept()
    for number in range(5):
        append(dovecot, account, letter(f"gammel {number}"))
    async with watched(mailbox(dovecot, account, certificates), kept):
        await kept.until(5)
        await until(lambda: lying(dovecot, account, "Rettsvar") == 5, "five to be moved")
    assert kept.subjects() == [f"gammel {number}" for number in range(5)]
    assert lying(dovecot, account) == 0
    assert all(one.received_at.tzinfo is not None for one in kept.deliveries)


@pytest.mark.parametrize("security", ["tls", "starttls", "none"])
async def test_a_new_mail_is_told_at_once(
    dovecot: Dovecot, certificates: Certificates, security: str
) -> None:
    """IDLE: under two seconds, over each kind of line."""
    account, kept = dovecot.account(), Kept()
    port = dovecot.imaps if security == "tls" else dovecot.imap
    async with watched(mailbox(dovecot, account, certificates, security=security, port=port), kept):
        append(dovecot, account, letter("den første"))
        await kept.until(1)
        await until(lambda: lying(dovecot, account) == 0, "it to be put away")
        await asyncio.sleep(0.3)
        append(dovecot, account, letter("den andre"))
        assert await kept.until(2) < 2


async def test_the_spam_folder_counts(dovecot: Dovecot, certificates: Certificates) -> None:
    """A request in it reached the company too; the delivery says where it lay."""
    account, kept = dovecot.account(), Kept()
    append(dovecot, account, letter("i søppelet"), "Spamkasse")
    async with watched(mailbox(dovecot, account, certificates), kept):
        await kept.until(1)
    assert kept.deliveries[0].junk


async def test_a_mail_that_cannot_be_kept_stays_and_the_others_go_on(
    dovecot: Dovecot, certificates: Certificates
) -> None:
    """It is tried again until it can be; meanwhile the next ones are taken."""
    account = dovecot.account()
    kept = Kept(refuses=lambda delivery: b"Subject: gift" in delivery.raw)
    for subject in ("en", "gift", "to"):
        append(dovecot, account, letter(subject))
    async with watched(mailbox(dovecot, account, certificates), kept):
        await kept.until(2)
        assert lying(dovecot, account) >= 1
        kept.refuses = lambda delivery: False
        await kept.until(3)
    assert kept.subjects() == ["en", "to", "gift"]


async def test_a_connection_that_is_cut_while_waiting_is_made_anew(
    dovecot: Dovecot, certificates: Certificates
) -> None:
    """The server's process is killed during IDLE; what comes afterwards is taken."""
    account, kept = dovecot.account(), Kept()
    async with watched(mailbox(dovecot, account, certificates), kept):
        append(dovecot, account, letter("før"))
        await kept.until(1)
        assert dovecot.kill_sessions() >= 1
        append(dovecot, account, letter("etter"))
        await kept.until(2)
    assert lying(dovecot, account) == 0


async def test_a_server_that_is_down_is_waited_for(certificates: Certificates, tmp_path: Path) -> None:
    """The desk starts before its server does, and outlives its restart."""
    server = Dovecot(certificates)
    account, kept = server.account(), Kept()
    try:
        async with watched(mailbox(server, account, certificates), kept):
            await asyncio.sleep(0.5)
            server.start()
            append(server, account, letter("endelig"))
            await kept.until(1)
            server.stop()
            await asyncio.sleep(0.3)
            server.start()
            append(server, account, letter("igjen"))
            await kept.until(2)
    finally:
        server.remove(tmp_path)


async def test_a_strange_certificate_is_refused(
    dovecot: Dovecot, certificates: Certificates, tmp_path: Path
) -> None:
    """Nothing is fetched over a line that may be somebody else's."""
    other = make_certificates(tmp_path)
    account, kept = dovecot.account(), Kept()
    append(dovecot, account, letter("hemmelig"))
    async with watched(mailbox(dovecot, account, certificates, ca=other.ca), kept):
        await asyncio.sleep(1)
    assert kept.attempts == 0


async def test_a_wrong_password_is_tried_again_later(dovecot: Dovecot, certificates: Certificates) -> None:
    """Mended at the server, the watcher goes on by itself."""
    account, kept = dovecot.account(password="gammelt"), Kept()
    append(dovecot, account, letter("vent"))
    dovecot.change(account, password="nytt")
    await asyncio.sleep(1.2)
    async with watched(mailbox(dovecot, account, certificates), kept):
        await asyncio.sleep(0.6)
        assert kept.attempts == 0
        dovecot.change(account, password="gammelt")
        await kept.until(1)


async def test_a_large_mail_is_kept_by_its_beginning_and_stays_whole(
    dovecot: Dovecot, certificates: Certificates
) -> None:
    """Over the limit: what asks for something stands at the beginning, and nothing is thrown away."""
    account, kept = dovecot.account(), Kept()
    append(dovecot, account, letter("stor", text="Slett meg.\n" + "x" * 300_000))
    async with watched(mailbox(dovecot, account, certificates), kept, largest=100_000):
        await kept.until(1)
        await until(lambda: lying(dovecot, account, "Rettsvar/too large") == 1, "the whole to be put apart")
    assert len(kept.deliveries[0].raw) <= 100_000


async def test_two_hundred_in_a_burst(dovecot: Dovecot, certificates: Certificates) -> None:
    """All of them, once each."""
    account, kept = dovecot.account(), Kept()
    for number in range(200):
        append(dovecot, account, letter(f"nr {number}"))
    async with watched(mailbox(dovecot, account, certificates), kept):
        await kept.until(200)
    assert len(set(kept.subjects())) == 200


async def test_the_same_mail_in_two_folders_is_one(dovecot: Dovecot, certificates: Certificates) -> None:
    """Both copies are put away."""
    account, kept = dovecot.account(), Kept()
    append(dovecot, account, letter("to steder"))
    append(dovecot, account, letter("to steder"), "Spamkasse")
    async with watched(mailbox(dovecot, account, certificates), kept):
        await until(lambda: lying(dovecot, account, "Rettsvar") == 2, "both to be put away")
    assert len(kept.deliveries) == 1
