"""`mail deliver`: a mail from a file or a pipe, kept like any other; no worker is needed for that."""

import sys
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


def deliver(
    file: Annotated[str, typer.Argument(help="A raw mail (.eml), or - for standard input.")] = "-",
    operator: Annotated[
        str, typer.Option("--operator", "-o", help="The company whose mailbox it came to.")
    ] = "",
    sender: Annotated[
        str | None, typer.Option("--from", help="The envelope's sender; empty is the null sender.")
    ] = None,
) -> None:
    """Keep one mail. Exit code 0: kept, now or before; 75: it could not be kept, try again; 2: wrong usage."""
    try:
        raw = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as fault:
        raise fail(f"{file}: {fault.strerror}", WRONG_USAGE) from None

    async def run(desk: Desk) -> bool:
        if operator not in desk.operators:
            raise fail(f"--operator must be one of {', '.join(desk.operators)}", WRONG_USAGE)
        current, newest = await migrate.standing(desk.database.engine)
        if current != newest:
            if not desk.settings.embedded:
                raise fail("the database is not in the newest form: run `rettsvar migrate`", TRY_LATER)
            await migrate.upgrade(desk.database.engine)
        delivery = Delivery(operator, raw, desk.clock(), "file", envelope_from=sender)
        return await Keeper(desk)(delivery)

    if not raw.strip():
        raise fail("the mail is empty", WRONG_USAGE)
    try:
        kept = with_desk(run)
    except (SQLAlchemyError, OSError, BadSettings) as fault:
        # a pipe bounces on any other code, and a bounced request is a lost one
        raise fail(
            f"not kept: {fault if isinstance(fault, BadSettings) else type(fault).__name__}", TRY_LATER
        ) from None
    except typer.Exit as ended:
        raise typer.Exit(ended.exit_code if ended.exit_code == WRONG_USAGE else TRY_LATER) from None
    typer.echo("kept" if kept else "kept before")
