"""`operator` and `system`: the companies and their systems."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import Annotated, Any

import typer

from desk.commands.printing import WRONG_USAGE, AsJson, fail, print_json, print_rows
from desk.settings import load_settings
from desk.systems import NoAddress, adapters_of
from desk.wiring import chosen_operators
from fulfilment.adapter import Adapter, Misconfigured, NeedsOfficer, Person, TryLater
from operators.profile import Operator

operator_app = typer.Typer(help="The companies this desk serves.", no_args_is_help=True)
system_app = typer.Typer(help="The companies' systems, through their adapters.", no_args_is_help=True)


@operator_app.command("list")
def list_operators(as_json: AsJson = False) -> None:
    """The companies, their case prefixes and how much is described."""
    rows = [
        {
            "id": one.id,
            "name": one.name,
            "prefix": one.prefix,
            "roles": " + ".join(sorted(role.value for role in one.acts_as)),
            "purposes": len(one.register),
            "systems": len(one.systems),
            "facts": len(one.facts),
            "conflicts": len(one.conflicts),
        }
        for one in chosen_operators(load_settings()).values()
    ]
    print_rows(rows, as_json=as_json)


@operator_app.command("show")
def show_operator(name: str, as_json: AsJson = False) -> None:
    """One company: who it is, its register and its systems."""
    operator = _operator(name)
    if as_json:
        print_json(asdict(operator))
        return
    typer.echo(
        f"{operator.name} ({operator.legal_name}), {operator.prefix}, {operator.org_number or 'no number stated'}"
    )
    typer.echo(operator.roles["nb"])
    rows = [
        {
            "purpose": one.purpose["nb"],
            "role": one.role.value,
            "basis": one.basis or "–",
            "retention": one.retention["nb"],
            "clause": one.clause,
        }
        for one in operator.register
    ]
    print_rows(rows, as_json=False)
    print_rows(
        [{"system": one.id, "adapter": one.adapter, "role": one.role.value} for one in operator.systems],
        as_json=False,
    )


@system_app.command("check")
def check_systems(name: str, as_json: AsJson = False) -> None:
    """Whether each system of a company can be reached and is as described."""

    async def look(adapter: Adapter) -> dict[str, Any]:
        try:
            await adapter.check()
        except (Misconfigured, NeedsOfficer, TryLater) as fault:
            return {"fine": False, "why": fault.why}
        return {"fine": True, "why": ""}

    rows = _each(name, look)
    print_rows(rows, as_json=as_json)
    if not all(row["fine"] for row in rows):
        raise typer.Exit(1)


@system_app.command("discover")
def discover_systems(name: str, as_json: AsJson = False) -> None:
    """What each system itself says it holds."""

    async def look(adapter: Adapter) -> dict[str, Any]:
        catalogue = await adapter.discover()
        return {"tables": {table: list(columns) for table, columns in catalogue.tables.items()}}

    print_rows(_each(name, look), as_json=as_json)


@system_app.command("find")
def find_in_systems(
    name: str,
    email: Annotated[str | None, typer.Option(help="The e-mail address to look under.")] = None,
    phone: Annotated[str | None, typer.Option(help="The telephone number to look under.")] = None,
    as_json: AsJson = False,
) -> None:
    """How many rows each system holds under an identifier; changes nothing."""
    identifiers = {kind: (value,) for kind, value in (("email", email), ("phone", phone)) if value}
    if not identifiers:
        raise fail("find needs --email or --phone", WRONG_USAGE)

    async def look(adapter: Adapter) -> dict[str, Any]:
        match = await adapter.find(Person(identifiers))
        return {"found": {one.holding: one.count for one in match.found}}

    print_rows(_each(name, look), as_json=as_json)


def _operator(name: str) -> Operator:
    operators = chosen_operators(load_settings())
    if name not in operators:
        raise fail(f"no company is called {name}; known are {', '.join(operators)}", WRONG_USAGE)
    return operators[name]


def _each(name: str, look: Callable[[Adapter], Awaitable[dict[str, Any]]]) -> list[dict[str, Any]]:
    """Ask every system of a company the same."""
    settings = load_settings()
    operator = _operator(name)
    urls = {key: secret.get_secret_value() for key, secret in settings.systems.items()}

    async def ask_all() -> list[dict[str, Any]]:
        engines: dict[str, Any] = {}
        try:
            adapters = adapters_of(operator, urls, engines)
        except NoAddress as fault:
            raise fail(str(fault)) from None
        try:
            return [{"system": key, **await look(adapter)} for key, adapter in adapters.items()]
        finally:
            for engine in engines.values():
                await engine.dispose()

    return asyncio.run(ask_all())
