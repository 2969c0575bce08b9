"""Mail through a real Postfix: to the doors, and by Dovecot to a watched mailbox; what cannot be kept stays queued."""

import asyncio
import smtplib
from datetime import datetime

import pytest

from desk.incoming.running import run_incoming
from desk.mailboxes import Listener
from desk.settings import BadSettings, Settings
from tests.desk.incoming.shelf import Shelf, box, contents, mail, trusting, watching
from tests.mailservers.certificates import Certificates
from tests.mailservers.dovecot import Dovecot
from tests.mailservers.postfix import Postfix
from tests.mailservers.programs import wait_for

pytestmark = pytest.mark.slow

BY_LMTP, BY_SMTP = "personvern@lmtp.example.no", "personvern@smtp.example.no"


class Desk:
    """Everything mail comes in by, run as `rettsvar mail` runs it."""

    def __init__(self, settings: Settings, shelf: Shelf, now: datetime) -> None:
        self._stop = asyncio.Event()
        self._task = asyncio.create_task(
            run_incoming(settings, ("fjordlys",), shelf, self._stop, clock=lambda: now)
        )

    async def __aenter__(self) -> "Desk":
        return self

    async def __aexit__(self, *_: object) -> None:
        self._stop.set()
        await asyncio.wait_for(self._task, 2)


def settings(postfix: Postfix, certificates: Certificates) -> Settings:
    """Both doors, where this Postfix delivers."""
    return Settings.model_validate(
        {
            "mailboxes": {"fjordlys": {"address": BY_LMTP, "also": [BY_SMTP]}},
            "lmtp": Listener(port=postfix.lmtp_door),
            "smtp": Listener(
                port=postfix.smtp_door, certificate=certificates.certificate, key=certificates.key
            ),
        }
    )


def hand(postfix: Postfix, to: str, *mails: bytes) -> None:
    """Give mails to Postfix."""
    with smtplib.SMTP("127.0.0.1", postfix.smtp) as line:
        for one in mails:
            line.sendmail("kari@dovecot.example.no", [to], one)


async def empty(postfix: Postfix) -> None:
    """Wait until nothing is queued."""
    await asyncio.to_thread(wait_for, lambda: postfix.queued() == 0, "mail stays queued")


async def drained(postfix: Postfix) -> None:
    """Have what is queued tried again and again, as Postfix does by itself in minutes, until nothing is."""

    def tried() -> bool:
        postfix.flush()
        return postfix.queued() == 0

    await asyncio.to_thread(wait_for, tried, "mail stays queued", 30.0)


@pytest.mark.parametrize(("to", "source"), [(BY_LMTP, "lmtp"), (BY_SMTP, "smtp")])
async def test_postfix_delivers_to_a_door(
    postfix: Postfix,
    certificates: Certificates,
    now: datetime,
    to: str,
    source: str,
) -> None:
    """By LMTP, and by SMTP with STARTTLS; the same mail twice is two mails to Postfix and is taken as it comes."""
    shelf = Shelf()
    async with Desk(settings(postfix, certificates), shelf, now):
        await asyncio.to_thread(hand, postfix, to.replace("@", "+sak@"), mail("en"))
        await shelf.until(lambda: len(shelf.taken) == 1)
        await empty(postfix)
    one = shelf.taken[0]
    assert (one.source, one.envelope_from, one.received_at) == (source, "kari@dovecot.example.no", now)
    assert one.envelope_to == (to.replace("@", "+sak@"),)
    assert (one.peer_ip, one.helo) == (None, None)
    assert one.raw.endswith(mail("en").split(b"\r\n\r\n")[1])


async def test_what_cannot_be_kept_stays_queued(
    postfix: Postfix,
    certificates: Certificates,
    now: datetime,
) -> None:
    """451 once, as a greylist or a full disk says it: Postfix keeps the mail, comes again, and it is taken once."""
    shelf = Shelf(lambda _: True)
    async with Desk(settings(postfix, certificates), shelf, now):
        await asyncio.to_thread(hand, postfix, BY_LMTP, mail("en"))
        await shelf.until(lambda: shelf.asked == 1)
        await asyncio.to_thread(
            wait_for, lambda: any("451" in one for one in postfix.deferrals()), "not deferred"
        )
        assert postfix.queued() == 1
        shelf.refuse = lambda _: False
        await drained(postfix)
    assert (shelf.asked, len(shelf.taken)) == (2, 1)


async def test_a_desk_that_is_down_misses_nothing(
    postfix: Postfix,
    certificates: Certificates,
    now: datetime,
) -> None:
    """While the door is shut mail waits at Postfix; 200 mails and one of ten megabytes come through once it opens."""
    shelf = Shelf()
    words = [f"nr {number}" for number in range(200)]
    large = mail("stor", ("z" * 70 + "\r\n") * 145_000)
    await asyncio.to_thread(hand, postfix, BY_LMTP, large, *(mail(one) for one in words))
    async with Desk(settings(postfix, certificates), shelf, now):
        await drained(postfix)
    assert sorted(shelf.subjects) == sorted([*words, "stor"])
    assert max(len(one.raw) for one in shelf.taken) > 10_000_000


async def test_from_postfix_by_dovecot_to_a_watched_mailbox(
    postfix: Postfix,
    dovecot: Dovecot,
    certificates: Certificates,
) -> None:
    """The whole way a customer's mail goes, handed in with STARTTLS and with TLS by somebody who logged in."""
    account, shelf = dovecot.account(), Shelf()

    def send() -> None:
        context = trusting(certificates)
        with smtplib.SMTP("localhost", postfix.submission) as line:
            line.starttls(context=context)
            line.login(account.address, account.password)
            line.sendmail(account.address, [account.address], mail("en"))
        with smtplib.SMTP_SSL("localhost", postfix.smtps, context=context) as line:
            line.login(account.address, account.password)
            line.sendmail(account.address, [account.address], mail("to"))

    async with watching(box(dovecot, account, certificates), shelf):
        await asyncio.to_thread(send)
        await shelf.until(lambda: len(shelf.taken) == 2)
    assert sorted(shelf.subjects) == ["en", "to"]


async def test_a_full_mailbox_holds_mail_up_and_loses_none(
    postfix: Postfix,
    dovecot: Dovecot,
    certificates: Certificates,
) -> None:
    """452 from Dovecot: the mail waits at Postfix; there is room once what lay there is taken and deleted."""
    account, shelf = dovecot.account(small=True), Shelf()
    big = "y" * 70 + "\r\n"
    await asyncio.to_thread(hand, postfix, account.address, mail("en", big * 200))
    await empty(postfix)
    await asyncio.to_thread(hand, postfix, account.address, mail("to", big * 200))
    await asyncio.to_thread(
        wait_for, lambda: any("Quota" in one for one in postfix.deferrals()), "not deferred"
    )
    async with watching(box(dovecot, account, certificates, after="delete"), shelf):
        await shelf.until(lambda: len(shelf.taken) == 1)
        await asyncio.to_thread(wait_for, lambda: not contents(dovecot, account), "the mailbox stays full")
        await drained(postfix)
        await shelf.until(lambda: len(shelf.taken) == 2)
    assert shelf.subjects == ["en", "to"]


async def test_a_mailbox_of_nobody_is_no_quiet_mistake(now: datetime) -> None:
    """A company that is not served, or an address of two companies, ends the start with its name."""
    for mailboxes, why in (
        ({"fjordlyss": {"address": "a@example.no"}}, "fjordlyss"),
        (
            {
                "fjordlys": {"address": "a@example.no"},
                "x": {"operator": "easystep", "address": "A+b@example.no"},
            },
            "x",
        ),
    ):
        given = Settings.model_validate({"mailboxes": mailboxes})
        with pytest.raises(BadSettings, match=rf"mailboxes\.{why}:"):
            await run_incoming(given, ("fjordlys", "easystep"), Shelf(), asyncio.Event(), clock=lambda: now)
