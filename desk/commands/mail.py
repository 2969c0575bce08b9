"""`mail`: the doors of mail as a process of their own; `mail parse`: what is read out of a raw mail, without a database."""

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from desk.commands.printing import PROBLEM, WRONG_USAGE, AsJson, fail, print_json
from desk.commands.running import run_parts
from intake.email.asking import asked
from intake.email.parsing import parse as parse_mail

mail_app = typer.Typer(help="Mail that comes in.", invoke_without_command=True)


@mail_app.callback()
def mail(context: typer.Context) -> None:
    """Watch the mailboxes and hold the doors for mail servers open, alone (PostgreSQL only)."""
    if context.invoked_subcommand is None:
        run_parts(("mail",))


def mail_line(file: str, raw: bytes) -> dict[str, Any]:
    """Return a mail as the command line writes it. `types` is read from the subject and the own words."""
    mail = parse_mail(raw)
    reading = asked(mail)
    robot = mail.automatic is not None
    return {
        "file": file,
        "sender": mail.sender,
        "sender_name": mail.sender_name,
        "subject": mail.subject,
        "text": mail.text,
        "automatic": robot or reading.automatic,
        "automatic_why": mail.automatic or ("text" if reading.automatic else None),
        "attachments": [one.name for one in mail.attachments if not one.unnamed],
        "types": ["none"] if robot else list(reading.types),
        "lang": reading.lang,
        "forwarded": mail.forwarded,
        "message_id": mail.message_id,
    }


@mail_app.command("parse")
def parse(
    file: Annotated[str, typer.Argument(help="A raw mail (.eml), or - for standard input.")] = "",
    batch: Annotated[Path | None, typer.Option("--batch", help="A folder of .eml files.")] = None,
    as_json: AsJson = False,
) -> None:
    """Read raw mails: who writes, their own words, what they ask for, and whether a machine wrote."""
    if batch is not None:
        if not batch.is_dir():
            raise fail(f"{batch} is not a folder", WRONG_USAGE)
        _parse_all(sorted(one for one in batch.iterdir() if one.suffix.lower() == ".eml"))
        return
    if not file:
        raise fail("mail parse needs a file, - or --batch", WRONG_USAGE)
    try:
        raw = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as fault:
        raise fail(f"{file}: {fault.strerror}", WRONG_USAGE) from None
    found = mail_line(file, raw)
    if as_json or not sys.stdout.isatty():
        print_json(found)
        return
    for key, value in found.items():
        typer.echo(f"{key}: {value}")


def _parse_all(files: list[Path]) -> None:
    """One JSON line for each file; a file that cannot be read gives {file, error} and exit code 1 at the end."""
    bad = 0
    for one in files:
        try:
            found = mail_line(one.name, one.read_bytes())
        except OSError as fault:
            bad += 1
            found = {"file": one.name, "error": fault.strerror or "cannot be read"}
        print_json(found)
    if bad:
        raise typer.Exit(PROBLEM)
