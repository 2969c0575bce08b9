"""`ask`, `read` and `due`: what the desk makes of a question, a message and a date; no database needed."""

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Annotated, Any

import typer

from desk.commands.at_hand import versions_in_force
from desk.commands.printing import WRONG_USAGE, AsJson, fail, print_json, run_batch
from desk.log import set_up_log
from desk.model import model_reader
from desk.settings import Model, load_settings
from desk.wiring import chosen_operators, know
from intake.read_line import read_line
from knowledge.answers import Knowledge
from knowledge.ask_line import SecondReader, ask_line
from law.due_line import due_line

Batch = Annotated[Path | None, typer.Option("--batch", help="A file of JSON lines, or - for standard input.")]


def ask(
    question: Annotated[str, typer.Argument(help="The question.")] = "",
    operator: Annotated[str, typer.Option("--operator", "-o", help="The company asked.")] = "",
    lang: Annotated[
        str | None, typer.Option(help="nb, nn or en; told from the question when not given.")
    ] = None,
    model: Annotated[
        bool, typer.Option("--model", help="Let the configured language model read too.")
    ] = False,
    batch: Batch = None,
    as_json: AsJson = False,
) -> None:
    """Answer a question out of a company's documents or register, with citations."""
    settings = load_settings()
    set_up_log("warning")
    operators = chosen_operators(settings)
    knowledge = know(settings, operators, versions_in_force(settings, operators))
    if batch is None and (not question or operator not in knowledge):
        raise fail(f"ask needs a question and --operator, one of {', '.join(knowledge)}", WRONG_USAGE)
    with _second_reader(settings.model, knowledge) if model else nullcontext() as read:
        if batch is not None:
            run_batch(batch, lambda item: ask_line(knowledge, item, read))
            return
        item: dict[str, Any] = {"id": "1", "operator": operator, "question": question}
        found = ask_line(knowledge, item | ({"lang": lang} if lang else {}), read)
    if as_json:
        print_json(found)
        return
    typer.echo(found["answer"])
    for cited in found["citations"]:
        where = " ".join(part for part in (cited["section"], cited["heading"]) if part)
        typer.echo(f"\n  «{cited['quote']}»\n  {cited['document']}, {where}")


@contextmanager
def _second_reader(settings: Model, knowledge: Mapping[str, Knowledge]) -> Iterator[SecondReader]:
    """The configured model, one question after the other, on one event loop."""
    reader = model_reader(settings, knowledge)
    if reader is None:
        raise fail("--model needs a language model in the settings (model.url and model.name)", WRONG_USAGE)
    with asyncio.Runner() as runner:
        try:
            yield lambda operator, question, lang: runner.run(reader.read(operator, question, lang))
        finally:
            runner.run(reader.close())


def read(
    body: Annotated[str, typer.Argument(help="The message.")] = "",
    subject: Annotated[str | None, typer.Option(help="Its subject, for e-mail.")] = None,
    channel: Annotated[str, typer.Option(help="chat or email.")] = "chat",
    batch: Batch = None,
    as_json: AsJson = False,
) -> None:
    """Say what a message asks for, in which language and about whom."""
    if batch is not None:
        run_batch(batch, read_line)
        return
    if not body:
        raise fail("read needs a message or --batch", WRONG_USAGE)
    found = read_line({"id": "1", "body": body, "subject": subject, "channel": channel})
    if as_json:
        print_json(found)
        return
    for key, value in found.items():
        if key != "id":
            typer.echo(f"{key}: {value}")


def due(
    received: Annotated[str, typer.Argument(help="When the request arrived, ISO 8601 with offset.")] = "",
    lang: Annotated[str, typer.Option(help="The language of the derivation.")] = "nb",
    batch: Batch = None,
    as_json: AsJson = False,
) -> None:
    """Compute the statutory deadline and show how (GDPR Art. 12(3))."""
    if batch is not None:
        run_batch(batch, due_line)
        return
    if not received:
        raise fail("due needs a time or --batch", WRONG_USAGE)
    try:
        found = due_line({"id": "1", "received": received, "lang": lang})
    except ValueError as fault:
        raise fail(str(fault), WRONG_USAGE) from None
    if as_json:
        print_json(found)
        return
    typer.echo(f"due {found['due_date']}, work to {found['conservative_date']}")
    for sentence in found["why"]:
        typer.echo(f"  {sentence}")
