"""Runs all that mail comes in by, until told to stop."""

import asyncio
import contextlib
from collections.abc import Callable, Collection
from datetime import datetime

from desk.incoming.doors import Door, opened
from desk.incoming.imap import Watcher
from desk.incoming.pace import Pace
from desk.settings import BadSettings, Settings
from intake.email.mail import TakeIn


def addresses(settings: Settings, operators: Collection[str]) -> dict[str, str]:
    """The companies by the addresses people write to, in lower case.

    Raises BadSettings for a mailbox of a company that is not served, and for an address of two.
    """
    found: dict[str, str] = {}
    for name, box in settings.mailboxes.items():
        operator = box.operator or name
        if operator not in operators:
            raise BadSettings(f"mailboxes.{name}: {operator} is not a company that is served")
        for address in box.addresses:
            if found.setdefault(address.casefold(), operator) != operator:
                raise BadSettings(f"mailboxes.{name}: {address} is another company's too")
    return found


async def run_incoming(
    settings: Settings,
    operators: Collection[str],
    take_in: TakeIn,
    stop: asyncio.Event,
    *,
    clock: Callable[[], datetime],
    pace: Pace = Pace(),
) -> None:
    """Watch the mailboxes and hold the doors open until `stop` is set. Raises BadSettings and Misconfigured."""
    known = addresses(settings, operators)
    async with contextlib.AsyncExitStack() as stack:
        for listener, lmtp in ((settings.lmtp, True), (settings.smtp, False)):
            if listener.open:
                door = Door(take_in, known, source="lmtp" if lmtp else "smtp", clock=clock)
                await stack.enter_async_context(
                    opened(door, listener, lmtp=lmtp, largest=settings.largest_mail)
                )
        for name, box in settings.mailboxes.items():
            if box.host is not None:
                watcher = Watcher(name, box, take_in, largest=settings.largest_mail, pace=pace)
                watcher.start()
                stack.push_async_callback(watcher.stop)
        await stop.wait()
