"""Runs every way mail comes in, until the desk stops."""

import asyncio
from collections.abc import Collection, Mapping

from desk.incoming.connection import WIRE, connect
from desk.incoming.doors import Clock, Door, Protocol, folded
from desk.incoming.imap import Watcher
from desk.incoming.pace import Pace
from desk.log import log
from desk.mailboxes import Listener, Mailbox
from desk.settings import BadSettings, Settings
from desk.wiring import utc_now
from fulfilment.adapter import Misconfigured, TryLater
from intake.email.mail import TakeIn


async def run_incoming(
    settings: Settings,
    operators: Collection[str],
    take_in: TakeIn,
    stop: asyncio.Event,
    *,
    clock: Clock = utc_now,
    pace: Pace = Pace(),
) -> None:
    """Watch the mailboxes and open the doors of the settings until `stop` is set; ends within two seconds then.

    Raises BadSettings (see `addresses`) and, where a door cannot be opened, Misconfigured; both at the start.
    `take_in` is called on this event loop, by each mailbox for several mails at the same moment.
    """
    known = addresses(settings, operators)
    protocols: tuple[tuple[Protocol, Listener], ...] = (("lmtp", settings.lmtp), ("smtp", settings.smtp))
    doors = [
        Door(protocol, listener, known, take_in, largest=settings.largest_mail, clock=clock, grace=pace.grace)
        for protocol, listener in protocols
        if listener.open
    ]
    watchers = [
        Watcher(name, mailbox, take_in, largest=settings.largest_mail, pace=pace)
        for name, mailbox in settings.mailboxes.items()
        if mailbox.host is not None
    ]
    if not doors and not watchers:
        log.info("no mail comes in: neither mailboxes nor doors are set")
    try:
        for door in doors:
            await door.open()
        for watcher in watchers:
            watcher.start()
        await stop.wait()
    finally:
        await asyncio.gather(*(one.close() for one in doors), *(one.stop() for one in watchers))


def addresses(settings: Settings, operators: Collection[str]) -> Mapping[str, str]:
    """Which folded address is which company's.

    Raises BadSettings for a mailbox of a company that is not served, and for an address that is two companies'.
    """
    found: dict[str, str] = {}
    for name, mailbox in settings.mailboxes.items():
        operator = mailbox.operator or name
        if operator not in operators:
            raise BadSettings(f"mailboxes.{name}: {operator} is not a company here; set operator")
        for address in mailbox.addresses:
            if found.setdefault(folded(address), operator) != operator:
                raise BadSettings(f"mailboxes.{name}: the address is another company's too")
    return found


async def try_mailbox(mailbox: Mailbox) -> str:
    """Log in to a mailbox and look at its folders, changing nothing: "" or what is wrong, without addresses."""

    def tried() -> str:
        try:
            connection = connect(mailbox)
        except (Misconfigured, TryLater) as fault:
            return fault.why
        try:
            for folder in mailbox.folders:
                connection.choose(folder)
        except Misconfigured as fault:
            return fault.why
        except WIRE as fault:
            return type(fault).__name__
        finally:
            connection.close()
        return ""

    return await asyncio.to_thread(tried)
