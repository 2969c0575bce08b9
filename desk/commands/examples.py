"""`examples`: what officers have said that messages asked for, to learn the reading from."""

import typer

from desk.commands.printing import print_json
from desk.commands.upkeep import with_desk
from desk.labels import Labelled
from desk.labels import examples as labelled
from desk.wiring import Desk


def examples() -> None:
    """Print the officers' corrections as JSON lines (text, types, lang), masked; they are the company's own."""

    async def run(desk: Desk) -> list[Labelled]:
        async with desk.unit_of_work() as session:
            return await labelled(session, desk.vault, list(desk.operators))

    found = with_desk(run)
    for one in found:
        print_json({"text": one.text, "types": list(one.types), "lang": one.lang})
    if not found:
        typer.echo("no corrections", err=True)
