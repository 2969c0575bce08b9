"""`mail deliver`: mails from files or a pipe, kept like any other; no worker is needed for that."""

import asyncio
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy.exc import SQLAlchemyError

from desk import migrate
from desk.commands.printing import WRONG_USAGE, fail
from desk.commands.upkeep import with_desk
from desk.settings import BadSettings
from desk.taking_in import Keeper
from desk.wiring import Desk
from intake.email.mail import Delivery

TRY_LATER = 75  # EX_TEMPFAIL of sysexits.h: Postfix' pipe and procmail keep the mail and come again


AT_ONCE = 50
BYTES_AT_ONCE = 4_000_000  # of the files that are read before their mails are kept together


def deliver(
    files: Annotated[
        list[str] | None, typer.Argument(help="Raw mails (.eml), or - for standard input.", show_default="-")
    ] = None,
    operator: Annotated[
        str, typer.Option("--operator", "-o", help="The company whose mailbox they came to.")
    ] = "",
    sender: Annotated[
        str | None, typer.Option("--from", help="The envelope's sender; empty is the null sender.")
    ] = None,
) -> None:
    """Keep mails. Exit code 0: kept, now or before; 75: one could not be kept, try again; 2: wrong usage."""
    named = files or ["-"]
    try:
        # one is read before anything is opened; of several it is only seen that they can be
        raws = {name: _raw(name) if len(named) == 1 else _seen(name) for name in named}
    except OSError as fault:
        raise fail(f"{fault.filename}: {fault.strerror}", WRONG_USAGE) from None

    async def run(desk: Desk) -> list[bool | BaseException]:
        if operator not in desk.operators:
            raise fail(f"--operator must be one of {', '.join(desk.operators)}", WRONG_USAGE)
        current, newest = await migrate.standing(desk.database.engine)
        if current != newest:
            if not desk.settings.embedded:
                raise fail("the database is not in the newest form: run `rettsvar migrate`", TRY_LATER)
            await migrate.upgrade(desk.database.engine)
        keeper, outcomes = Keeper(desk), list[bool | BaseException]()
        for group in _groups(named):
            mails = [
                Delivery(operator, raws[name] or _raw(name), desk.clock(), "file", envelope_from=sender)
                for name in group
            ]
            outcomes += await asyncio.gather(*(keeper(one) for one in mails), return_exceptions=True)
        return outcomes

    try:
        outcomes = with_desk(run)
    except (SQLAlchemyError, OSError, BadSettings) as fault:
        # a pipe bounces on any other code, and a bounced request is a lost one
        raise fail(
            f"not kept: {fault if isinstance(fault, BadSettings) else type(fault).__name__}", TRY_LATER
        ) from None
    except typer.Exit as ended:
        raise typer.Exit(ended.exit_code if ended.exit_code == WRONG_USAGE else TRY_LATER) from None
    for name, outcome in zip(named, outcomes, strict=True):
        where = f"{name}: " if len(named) > 1 else ""
        if isinstance(outcome, BaseException):
            typer.echo(f"{where}not kept: {type(outcome).__name__}", err=True)
        else:
            typer.echo(f"{where}{'kept' if outcome else 'kept before'}")
    if any(isinstance(outcome, BaseException) for outcome in outcomes):
        raise typer.Exit(TRY_LATER)


def _raw(name: str) -> bytes:
    raw = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    if not raw.strip():
        raise fail(f"{'the mail' if name == '-' else name} is empty", WRONG_USAGE)
    return raw


def _seen(name: str) -> bytes:
    """Nothing yet. Raises OSError where the file cannot be read."""
    if name != "-":
        with Path(name).open("rb"):
            pass
    return b""


def _groups(names: Sequence[str]) -> Iterator[list[str]]:
    """Files that are read and kept together, so that all of them are never in memory at once."""
    group: list[str] = []
    size = 0
    for name in names:
        more = 0 if name == "-" else Path(name).stat().st_size
        if group and (len(group) == AT_ONCE or size + more > BYTES_AT_ONCE):
            yield group
            group, size = [], 0
        group.append(name)
        size += more
    yield group
