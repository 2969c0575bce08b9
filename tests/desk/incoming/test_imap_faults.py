"""A watched mailbox when things go wrong: servers that go away, passwords, certificates, a desk that cannot keep."""

import asyncio
from collections.abc import Iterator

import pytest
from pydantic import SecretStr

from desk.incoming.pace import Pace
from desk.incoming.running import try_mailbox
from fulfilment.adapter import Misconfigured, TryLater
from intake.email.mail import Delivery
from tests.desk.incoming.proxy import breaking_line, silent_server
from tests.desk.incoming.shelf import (
    QUICK,
    Attempts,
    Shelf,
    box,
    contents,
    deliver,
    mail,
    session,
    subject,
    watching,
)
from tests.mailservers.certificates import Certificates
from tests.mailservers.dovecot import Dovecot
from tests.mailservers.programs import wait_for

pytestmark = pytest.mark.slow


@pytest.fixture
def own(
    certificates: Certificates, tmp_path_factory: pytest.TempPathFactory, dovecot: Dovecot
) -> Iterator[Dovecot]:
    """A server of the test's own, to be stopped; not yet started."""
    server = Dovecot(certificates)
    try:
        yield server
    finally:
        server.remove(tmp_path_factory.mktemp("own"))


async def test_a_certificate_of_a_stranger_is_refused(dovecot: Dovecot, certificates: Certificates) -> None:
    """No word goes to a server that is not the one it says; with the right CA the same mailbox is read."""
    account, shelf, attempts = dovecot.account(), Shelf(), Attempts()
    deliver(dovecot, account, mail("en"))
    for security in ("tls", "starttls"):
        unknown = box(dovecot, account, certificates, ca=None, security=security)
        async with watching(unknown, shelf, attempts=attempts):
            fault = await attempts.failed()
        assert isinstance(fault, Misconfigured)
        assert "certificate" in fault.why
        assert await try_mailbox(unknown) == fault.why
    assert shelf.asked == 0
    async with watching(box(dovecot, account, certificates), shelf):
        await shelf.until(lambda: len(shelf.taken) == 1)


async def test_tls_is_never_given_up(dovecot: Dovecot, certificates: Certificates) -> None:
    """A plain port is not talked to when TLS is wanted, whether it answers in the clear or not."""
    account = dovecot.account()
    wrong = box(dovecot, account, certificates, security="tls", port=dovecot.imap)
    assert "no TLS" in await try_mailbox(wrong)


async def test_a_wrong_password_is_told_and_tried_again(dovecot: Dovecot, certificates: Certificates) -> None:
    """The log-in is refused until somebody sets the password right, without a restart of the desk."""
    account, shelf, attempts = dovecot.account(), Shelf(), Attempts()
    deliver(dovecot, account, mail("en"))
    settings = box(dovecot, account, certificates, password=SecretStr("et helt annet passord, æøå"))
    async with watching(settings, shelf, attempts=attempts):
        fault = await attempts.failed()
        dovecot.change(account, password="et helt annet passord, æøå")
        await shelf.until(lambda: len(shelf.taken) == 1)
    assert isinstance(fault, Misconfigured)
    assert account.address not in fault.why


async def test_a_server_that_is_down_is_waited_for(own: Dovecot, certificates: Certificates) -> None:
    """Down at the start, and away later: what came meanwhile is caught up each time."""
    account, shelf, attempts = own.account(), Shelf(), Attempts()
    async with watching(box(own, account, certificates), shelf, attempts=attempts):
        assert isinstance(await attempts.failed(), TryLater)
        await asyncio.to_thread(own.start)
        deliver(own, account, mail("en"))
        await shelf.until(lambda: len(shelf.taken) == 1)
        own.kill_sessions()  # else Dovecot lets them linger for ten seconds
        await asyncio.to_thread(own.stop)
        await attempts.failed()
        await asyncio.to_thread(own.start)
        deliver(own, account, mail("to"))
        await shelf.until(lambda: len(shelf.taken) == 2)
    assert shelf.subjects == ["en", "to"]


async def test_a_session_killed_while_waiting_is_begun_anew(
    dovecot: Dovecot, certificates: Certificates
) -> None:
    """kill -9 of the server's process in the middle of IDLE: the next mail is taken all the same."""
    account, shelf = dovecot.account(), Shelf()
    async with watching(box(dovecot, account, certificates), shelf):
        for number in range(3):
            deliver(dovecot, account, mail(f"nr {number}"))
            await shelf.until(lambda wanted=number + 1: len(shelf.taken) == wanted)  # type: ignore[misc]
            await asyncio.to_thread(wait_for, lambda: dovecot.idles(account), "nobody waits for news")
            assert dovecot.kill_sessions() > 0
    assert shelf.subjects == ["nr 0", "nr 1", "nr 2"]
    assert shelf.asked == 3


async def test_a_line_that_breaks_in_a_mail(dovecot: Dovecot, certificates: Certificates) -> None:
    """Half a mail is no mail: it is fetched again, and taken once, whole."""
    account, shelf = dovecot.account(), Shelf()
    whole = mail("lang", ("x" * 70 + "\r\n") * 15_000)
    deliver(dovecot, account, whole)
    async with breaking_line(dovecot.imap, 500_000) as proxy:
        async with watching(box(dovecot, account, certificates, security="none", port=proxy.port), shelf):
            await shelf.until(lambda: len(shelf.taken) == 1)
        assert proxy.broken == 1
    assert shelf.asked == 1
    assert shelf.taken[0].raw.endswith(whole)


async def test_a_mail_that_cannot_be_kept_stops_no_other(
    dovecot: Dovecot, certificates: Certificates
) -> None:
    """It stays unread where it is while the others are taken, and is taken when it can be."""
    account, shelf = dovecot.account(), Shelf(lambda one: subject(one.raw) == "gift")
    deliver(dovecot, account, mail("en"), mail("gift"), mail("to"), mail("tre"))
    async with watching(box(dovecot, account, certificates), shelf, pace=Pace(first=60)):
        await shelf.until(lambda: len(shelf.taken) == 3)
    assert contents(dovecot, account) == {"INBOX": ["gift"], "Rettsvar": ["en", "to", "tre"]}
    with session(dovecot, account) as line:
        line.select()
        assert line.search(None, "UNSEEN")[1] == [b"1"]
    async with watching(box(dovecot, account, certificates), shelf):
        await shelf.until(lambda: shelf.asked >= 6)
        shelf.refuse = lambda _: False
        await shelf.until(lambda: len(shelf.taken) == 4)
    assert contents(dovecot, account) == {"Rettsvar": ["en", "to", "tre", "gift"]}


async def test_a_desk_that_can_keep_nothing_does_not_fetch_everything(
    dovecot: Dovecot,
    certificates: Certificates,
) -> None:
    """After three in a row it rests; when it can again, every mail is taken once."""
    account, shelf = dovecot.account(), Shelf(lambda _: True)
    words = [f"nr {number}" for number in range(20)]
    deliver(dovecot, account, *(mail(one) for one in words))
    async with watching(box(dovecot, account, certificates), shelf, pace=Pace(first=30)):
        await shelf.until(lambda: shelf.asked == 3)
        left = await asyncio.to_thread(contents, dovecot, account)  # time enough to ask for more
        assert (shelf.asked, len(left["INBOX"])) == (3, 20)
    async with watching(box(dovecot, account, certificates), shelf):
        await shelf.until(lambda: shelf.asked >= 8)
        shelf.refuse = lambda _: False
        await shelf.until(lambda: len(shelf.taken) == 20)
    assert sorted(shelf.subjects) == sorted(words)
    assert sorted(contents(dovecot, account)["Rettsvar"]) == sorted(words)


async def test_a_mail_that_is_taken_away_meanwhile(dovecot: Dovecot, certificates: Certificates) -> None:
    """Somebody deletes the first mail, and one not fetched yet, while the first is being kept: nobody stumbles, and
    what was in our hands is kept."""
    account = dovecot.account()

    def away(one: Delivery) -> bool:
        if subject(one.raw) == "en":
            with session(dovecot, account) as line:
                line.select()
                line.store("1,4", "+FLAGS", "\\Deleted")
                line.expunge()
        return False

    shelf = Shelf(away)
    deliver(dovecot, account, mail("en"), mail("to"), mail("tre"), mail("fire"))
    async with watching(box(dovecot, account, certificates), shelf):
        await shelf.until(lambda: len(shelf.taken) == 3)
    assert shelf.subjects == ["en", "to", "tre"]
    assert contents(dovecot, account) == {"Rettsvar": ["to", "tre"]}


async def test_numbers_counted_anew_are_new_mails(dovecot: Dovecot, certificates: Certificates) -> None:
    """UIDVALIDITY: what was put off under a number says nothing of the mail that has the number now."""
    account, shelf = dovecot.account(), Shelf(lambda one: subject(one.raw) == "gift")
    settings = box(dovecot, account, certificates, folders=("Post", "INBOX"), junk=(), look_seconds=0.2)
    with session(dovecot, account) as line:
        line.create("Post")
        line.append("Post", "", "", mail("gift"))
        async with watching(settings, shelf, pace=Pace(first=60)):
            await shelf.until(lambda: shelf.asked == 1)
            deliver(dovecot, account, mail("innboks"))
            await shelf.until(lambda: len(shelf.taken) == 1)
            line.rename("Post", "Borte")
            line.create("Post")
            line.append("Post", "", "", mail("ny"))
            await shelf.until(lambda: len(shelf.taken) == 2)
    assert shelf.subjects == ["innboks", "ny"]


async def test_stopping_while_a_mail_hangs(dovecot: Dovecot, certificates: Certificates) -> None:
    """What hangs in the keeping is let go within two seconds, not put away, and taken at the next start."""
    account, shelf = dovecot.account(), Shelf()
    deliver(dovecot, account, mail("en"))
    begun = asyncio.Event()

    async def hangs(_: Delivery) -> bool:
        begun.set()
        return await asyncio.Event().wait()

    async with watching(box(dovecot, account, certificates), hangs):
        await begun.wait()
    assert contents(dovecot, account) == {"INBOX": ["en"]}
    async with watching(box(dovecot, account, certificates), shelf):
        await shelf.until(lambda: len(shelf.taken) == 1)


async def test_stopping_while_a_server_says_nothing(dovecot: Dovecot, certificates: Certificates) -> None:
    """A server that takes the connection and is silent holds nobody up for more than two seconds."""
    account, shelf, attempts = dovecot.account(), Shelf(), Attempts()
    async with silent_server() as port:
        settings = box(dovecot, account, certificates, security="none", port=port, timeout=0.3)
        async with watching(settings, shelf, attempts=attempts):
            assert isinstance(await attempts.failed(), TryLater)
        async with watching(settings.model_copy(update={"timeout": 4}), shelf, pace=QUICK):
            pass
