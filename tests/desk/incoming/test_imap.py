"""A watched mailbox on a real Dovecot: nothing is missed, nothing is put away before it is kept."""

import asyncio
import imaplib
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest

from tests.desk.incoming.shelf import Shelf, box, contents, deliver, mail, session, watching
from tests.mailservers.certificates import Certificates
from tests.mailservers.dovecot import Dovecot
from tests.mailservers.programs import wait_for

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def plain(
    certificates: Certificates, tmp_path_factory: pytest.TempPathFactory, dovecot: Dovecot
) -> Iterator[Dovecot]:
    """A server that can do only what every server can: no IDLE, no MOVE, no UIDPLUS."""
    server = Dovecot(certificates, capability="IMAP4rev1")
    try:
        server.start()
        yield server
    finally:
        server.remove(tmp_path_factory.mktemp("plain"))


@pytest.mark.parametrize("security", ["tls", "starttls", "none"])
async def test_what_lies_there_is_caught_up(
    dovecot: Dovecot, certificates: Certificates, security: str
) -> None:
    """Everything from before the start is taken, in order, with the server's arrival time, spam too; then moved."""
    account, shelf = dovecot.account(), Shelf()
    arrived = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)
    with session(dovecot, account) as line:
        for folder, words in (("INBOX", "en"), ("INBOX", "to"), ("Spamkasse", "tre")):
            line.append(folder, "", imaplib.Time2Internaldate(arrived), mail(words))
    async with watching(box(dovecot, account, certificates, security=security), shelf):
        await shelf.until(lambda: len(shelf.taken) == 3)
    assert {(one.source, one.operator, one.received_at) for one in shelf.taken} == {
        ("imap", "fjordlys", arrived)
    }
    assert [one.raw for one in shelf.taken] == [mail("tre"), mail("en"), mail("to")]
    assert [one.junk for one in shelf.taken] == [True, False, False]
    assert contents(dovecot, account) == {"Rettsvar": ["tre", "en", "to"]}


async def test_new_mail_is_told_of_at_once(dovecot: Dovecot, certificates: Certificates) -> None:
    """IDLE: each of ten mails is taken within two seconds, though nobody would look for ten minutes."""
    account, shelf = dovecot.account(), Shelf()
    async with watching(box(dovecot, account, certificates), shelf):
        for number in range(10):
            await asyncio.to_thread(wait_for, lambda: dovecot.idles(account), "nobody waits for news")
            deliver(dovecot, account, mail(f"nr {number}"))
            await shelf.until(lambda wanted=number + 1: len(shelf.taken) == wanted, seconds=2)  # type: ignore[misc]


async def test_a_burst_is_taken_whole(dovecot: Dovecot, certificates: Certificates) -> None:
    """200 mails that come while others are being taken: none is lost between looking and waiting."""
    account, shelf = dovecot.account(), Shelf()
    words = [f"nr {number}" for number in range(200)]
    async with watching(box(dovecot, account, certificates), shelf):
        await asyncio.to_thread(deliver, dovecot, account, *(mail(one) for one in words))
        await shelf.until(lambda: len(shelf.taken) == 200, seconds=20)
    assert sorted(shelf.subjects) == sorted(words)
    assert len(contents(dovecot, account)["Rettsvar"]) == 200


async def test_a_server_that_can_little(plain: Dovecot, certificates: Certificates) -> None:
    """Without IDLE it is looked for; without MOVE it is copied; what somebody else deleted is not swept out."""
    account, shelf = plain.account(), Shelf()
    deliver(plain, account, mail("andres"))
    with session(plain, account) as line:
        line.select()
        line.store("1", "+FLAGS", "\\Deleted")
    async with watching(box(plain, account, certificates, look_seconds=0.2), shelf):
        deliver(plain, account, mail("ny"))
        await shelf.until(lambda: len(shelf.taken) == 1)
        deliver(plain, account, mail("nyere"))
        await shelf.until(lambda: len(shelf.taken) == 2)
    found = contents(plain, account)
    assert "andres" in found["INBOX"]
    assert (shelf.subjects, found["Rettsvar"], shelf.asked) == (["ny", "nyere"], ["ny", "nyere"], 2)


async def test_a_mail_that_somebody_has_read_is_taken_too(
    dovecot: Dovecot, certificates: Certificates
) -> None:
    """after = "seen" goes by a mark of our own: read by a person it still counts, marked by us it does not again."""
    account, shelf = dovecot.account(), Shelf()
    deliver(dovecot, account, mail("lest"))
    with session(dovecot, account) as line:
        line.select()
        line.store("1", "+FLAGS", "\\Seen")
    for _ in range(2):
        async with watching(box(dovecot, account, certificates, after="seen"), shelf):
            deliver(dovecot, account, mail(f"ulest {len(shelf.taken)}"))
            await shelf.until(lambda wanted=shelf.asked + 1: shelf.asked >= wanted)  # type: ignore[misc]
            await shelf.until(lambda: len(shelf.taken) >= 2)
    async with watching(box(dovecot, account, certificates, after="seen"), shelf):
        await shelf.until(lambda: len(shelf.taken) == 3)
    assert sorted(shelf.subjects) == ["lest", "ulest 0", "ulest 2"]
    assert shelf.asked == 3
    with session(dovecot, account) as line:
        line.select()
        assert line.search(None, "UNSEEN")[1] == [b""]


async def test_a_kept_mail_may_be_deleted(dovecot: Dovecot, certificates: Certificates) -> None:
    """after = "delete" leaves nothing, nor does it touch what others deleted."""
    account, shelf = dovecot.account(), Shelf()
    deliver(dovecot, account, mail("andres"), mail("vår"))
    with session(dovecot, account) as line:
        line.select()
        line.store("1", "+FLAGS", "\\Deleted")
    async with watching(box(dovecot, account, certificates, after="delete"), shelf):
        await shelf.until(lambda: len(shelf.taken) == 1)
    assert contents(dovecot, account) == {"INBOX": ["andres"]}


async def test_old_mail_may_be_left_alone(dovecot: Dovecot, certificates: Certificates) -> None:
    """`since`: a mailbox with years of mail does not become years of cases."""
    account, shelf = dovecot.account(), Shelf()
    with session(dovecot, account) as line:
        for day, words in ((9, "før"), (10, "samme dag")):
            when = imaplib.Time2Internaldate(datetime(2026, 11, day, 12, tzinfo=UTC))
            line.append("INBOX", "", when, mail(words))
    async with watching(box(dovecot, account, certificates, since=date(2026, 11, 10)), shelf):
        await shelf.until(lambda: len(shelf.taken) == 1)
    assert contents(dovecot, account) == {"INBOX": ["før"], "Rettsvar": ["samme dag"]}


async def test_the_same_mail_in_two_folders_is_one(dovecot: Dovecot, certificates: Certificates) -> None:
    """A copy is known again, and put away too."""
    account, shelf = dovecot.account(), Shelf()
    with session(dovecot, account) as line:
        for folder in ("INBOX", "Spamkasse"):
            line.append(folder, "", "", mail("en"))
    async with watching(box(dovecot, account, certificates), shelf):
        await shelf.until(lambda: shelf.asked == 2)
    assert contents(dovecot, account) == {"Rettsvar": ["en", "en"]}
    assert len(shelf.taken) == 1


async def test_a_mail_too_large_is_cut_and_stays_whole_apart(
    dovecot: Dovecot, certificates: Certificates
) -> None:
    """Its beginning is kept, so that the request in it counts; the whole lies in a folder of its own."""
    account, shelf = dovecot.account(), Shelf()
    deliver(dovecot, account, mail("stor", "x" * 70 + "\r\n" + ("y" * 70 + "\r\n") * 100), mail("liten"))
    async with watching(box(dovecot, account, certificates), shelf, largest=2000):
        await shelf.until(lambda: len(shelf.taken) == 2)
    assert len(shelf.taken[0].raw) == 2000
    assert contents(dovecot, account) == {"Rettsvar/too large": ["stor"], "Rettsvar": ["liten"]}


async def test_ten_megabytes(dovecot: Dovecot, certificates: Certificates) -> None:
    """A large mail comes byte for byte."""
    account, shelf = dovecot.account(), Shelf()
    large = mail("stor", ("z" * 70 + "\r\n") * 145_000)
    assert len(large) > 10_000_000
    async with watching(box(dovecot, account, certificates), shelf):
        await asyncio.to_thread(deliver, dovecot, account, large)
        await shelf.until(lambda: len(shelf.taken) == 1)
    assert shelf.taken[0].raw.endswith(large)
