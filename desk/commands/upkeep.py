"""`config`, `officer`, `migrate`, `check`, `doctor` and `audit`: keeping the desk in order."""

import asyncio
import secrets
import sys
from collections.abc import Awaitable, Callable
from typing import Annotated, Any, TypeVar

import typer
from sqlalchemy import select

from desk import migrate as migrations
from desk.commands.printing import WRONG_USAGE, AsJson, fail, print_json, print_rows
from desk.console.officers import OfficerRefused
from desk.console.officers import add_officer as add
from desk.incoming.running import try_mailbox
from desk.keys import KeysUnusable
from desk.log import set_up_log
from desk.settings import Settings, load_settings, shown
from desk.versions import contents, standing_versions
from desk.wiring import Desk, build, chosen_operators, document_folders
from fulfilment.adapter import Misconfigured, NeedsOfficer, TryLater
from intake.log import BrokenLog, entries, verify_chain
from intake.records import Case
from knowledge.loaders.unreadable import Unreadable
from knowledge.shelf import Unread, in_force, read_shelf
from law.calendar import oslo_day
from operators.profile import check as check_profile

config_app = typer.Typer(help="The settings.", no_args_is_help=True)
officer_app = typer.Typer(help="The privacy officers.", no_args_is_help=True)
audit_app = typer.Typer(help="Proof of what was done.", no_args_is_help=True)

T = TypeVar("T")


@config_app.command("show")
def show_config(as_json: AsJson = False) -> None:
    """The settings in force, secrets masked."""
    values = shown(load_settings())
    if as_json:
        print_json(values)
        return
    for key, value in _flat(values):
        typer.echo(f"{key} = {value}")


@officer_app.command("add")
def add_officer(
    email: str,
    name: Annotated[str, typer.Option(help="The officer's name.")],
    operators: Annotated[str, typer.Option(help="The companies, with commas between; * for all.")] = "*",
    as_json: AsJson = False,
) -> None:
    """Add a privacy officer. The password is read from standard input, or made and printed once."""
    given = "" if sys.stdin.isatty() else sys.stdin.readline().strip()
    password = given or secrets.token_urlsafe(12)

    async def run(desk: Desk) -> str:
        served = list(desk.operators) if operators == "*" else operators.replace(",", " ").split()
        strangers = sorted(set(served) - set(desk.operators))
        if strangers:
            raise OfficerRefused(f"not a company here: {', '.join(strangers)}")
        async with desk.unit_of_work() as session:
            return await add(
                session,
                desk.vault,
                email=email,
                name=name,
                password=password,
                operators=served,
                now=desk.clock(),
            )

    try:
        uri = with_desk(run)
    except OfficerRefused as fault:
        raise fail(str(fault), WRONG_USAGE) from None
    result = {"email": email, "password": None if given else password, "totp": uri}
    if as_json:
        print_json(result)
        return
    if not given:
        typer.echo(f"password: {password}")
    typer.echo(f"authenticator: {uri}")


@audit_app.command("verify")
def verify_audit(as_json: AsJson = False) -> None:
    """Check every case's log: nothing missing, nothing changed."""

    async def run(desk: Desk) -> list[dict[str, Any]]:
        rows = []
        async with desk.unit_of_work() as session:
            for case in await session.scalars(select(Case).order_by(Case.reference)):
                try:
                    verify_chain(case, await entries(session, case.id))
                    rows.append({"reference": case.reference, "fine": True, "why": ""})
                except BrokenLog as fault:
                    rows.append({"reference": case.reference, "fine": False, "why": fault.why})
        return rows

    rows = with_desk(run)
    bad = [row for row in rows if not row["fine"]]
    if as_json:
        print_json({"cases": len(rows), "broken": bad})
    else:
        typer.echo(f"{len(rows)} cases, {len(bad)} broken")
        print_rows(bad, as_json=False)
    if bad:
        raise typer.Exit(1)


def migrate(as_json: AsJson = False) -> None:
    """Bring the database to the newest form."""

    async def run(desk: Desk) -> dict[str, Any]:
        before, _ = await migrations.standing(desk.database.engine)
        await migrations.upgrade(desk.database.engine)
        current, _ = await migrations.standing(desk.database.engine)
        return {"before": before, "now": current}

    done = with_desk(run)
    if as_json:
        print_json(done)
    else:
        typer.echo(f"database at {done['now']} (was {done['before'] or 'empty'})")


def check(
    deploy: Annotated[bool, typer.Option("--deploy", help="Also what only matters in production.")] = False,
    as_json: AsJson = False,
) -> None:
    """Look through the settings and the companies' descriptions without touching anything."""
    settings = load_settings()
    rows: list[dict[str, Any]] = [
        {"code": one.code, "where": f"{operator.id}: {one.where}", "words": one.words}
        for operator in chosen_operators(settings).values()
        for one in check_profile(operator)
    ]
    folders = document_folders(settings)
    rows += [
        {"code": "documents.E001", "where": f"{operator.id}: {one.file}", "words": _why(one)}
        for operator in chosen_operators(settings).values()
        for one in read_shelf(operator, folders).unread
    ]
    if deploy:
        rows += _deploy_problems(settings)
    print_rows(rows, as_json=as_json)
    if rows:
        raise typer.Exit(1)
    if not as_json:
        typer.echo("nothing to remark")


def doctor(as_json: AsJson = False) -> None:
    """Try what the desk depends on: database, keys, systems, mail."""

    async def run(desk: Desk) -> list[dict[str, Any]]:
        current, newest = await migrations.standing(desk.database.engine)
        rows = [
            {"part": "database", "fine": current == newest, "why": "" if current == newest else "run migrate"}
        ]
        rows.append(await _mail(desk))
        for name, mailbox in desk.settings.mailboxes.items():
            if mailbox.host is not None:
                why = await try_mailbox(mailbox)
                rows.append({"part": f"mailbox/{name}", "fine": not why, "why": why})
        if desk.model is not None:
            trouble = await desk.model.check()
            rows.append({"part": "model", "fine": trouble is None, "why": trouble or ""})
        if current == newest:
            rows += await _documents(desk)
        for operator in desk.operators.values():
            for name, adapter in desk.tools.adapters(operator.id).items():
                why = ""
                try:
                    await adapter.check()
                except (Misconfigured, NeedsOfficer, TryLater) as fault:
                    why = fault.why
                rows.append({"part": f"{operator.id}/{name}", "fine": not why, "why": why})
        return rows

    rows = with_desk(run)
    print_rows(rows, as_json=as_json)
    if not all(row["fine"] for row in rows):
        raise typer.Exit(1)


async def _mail(desk: Desk) -> dict[str, Any]:
    """Whether the mail server is there, is whom it says, and lets us in."""
    why = ""
    try:
        await desk.mailer.check()
    except (Misconfigured, TryLater) as fault:
        why = fault.why
    return {"part": "mail", "fine": not why, "why": why}


async def _documents(desk: Desk) -> list[dict[str, Any]]:
    """Whether each company's documents can be read, those of the folders and the versions in force."""
    rows = []
    for name in desk.operators:
        async with desk.unit_of_work() as session:
            versions = in_force((await standing_versions(session, (name,)))[name], oslo_day(desk.clock()))
            handed_in = await contents(session, versions.values())
        shelf = await asyncio.to_thread(desk.knowledge.shelf, name, handed_in)
        rows.append(
            {
                "part": f"{name}/documents",
                "fine": not shelf.unread,
                "why": " ".join(_why(one) for one in shelf.unread),
            }
        )
    return rows


def _why(one: Unread) -> str:
    return Unreadable(one.name, one.why).sentence("en")


def _deploy_problems(settings: Settings) -> list[dict[str, str]]:
    problems: dict[str, tuple[str, str, bool]] = {
        "deploy.E001": (
            "base_url",
            "people must reach the desk over https",
            not settings.base_url.startswith("https://"),
        ),
        "deploy.E002": ("mail.host", "letters cannot leave", settings.mail.host is None),
        "deploy.W001": ("mail.security", "mail leaves unencrypted", settings.mail.in_the_clear),
        "deploy.W002": ("model.url", "questions leave this machine unencrypted", settings.model.in_the_clear),
    }
    return [{"code": c, "where": w, "words": text} for c, (w, text, wrong) in problems.items() if wrong]


def with_desk(run: Callable[[Desk], Awaitable[T]]) -> T:
    """What `run` makes of a desk of the settings, which is closed afterwards. Exits where the keys are unusable."""

    set_up_log("warning")

    async def opened() -> T:
        desk = build(load_settings())
        try:
            return await run(desk)
        finally:
            await desk.close()

    try:
        return asyncio.run(opened())
    except KeysUnusable as fault:
        raise fail(str(fault), WRONG_USAGE) from None


def _flat(values: dict[str, Any], before: str = "") -> list[tuple[str, Any]]:
    rows: list[tuple[str, Any]] = []
    for key, value in values.items():
        rows += (
            _flat(value, f"{before}{key}.") if isinstance(value, dict) and value else [(before + key, value)]
        )
    return rows
