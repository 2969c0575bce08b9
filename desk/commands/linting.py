"""`terms lint`: the companies' documents, or one given file, held against the law."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from desk.commands.at_hand import versions_in_force
from desk.commands.printing import PROBLEM, WRONG_USAGE, AsJson, fail, print_json
from desk.knowing import linted
from desk.settings import load_settings
from desk.wiring import chosen_operators, document_folders
from knowledge.documents import Document, load_document
from knowledge.lint import Finding, lint
from knowledge.loaders.unreadable import Unreadable
from knowledge.shelf import read_shelf
from law.language import say
from operators.profile import Operator


def lint_terms(
    file: Annotated[
        Path | None, typer.Argument(metavar="FILE", help="A text or markdown document to look at instead.")
    ] = None,
    operator: Annotated[
        str,
        typer.Option("--operator", "-o", help="One company; its facts are tried against the document too."),
    ] = "",
    page: Annotated[
        Path | None, typer.Option(help="The HTML source of the page the document is shown on.")
    ] = None,
    lang: Annotated[Literal["nb", "nn", "en"], typer.Option(help="The language of the advice.")] = "nb",
    as_json: AsJson = False,
) -> None:
    """Say where the documents do not agree with the law, with clause, article and what to do."""
    settings = load_settings()
    operators = chosen_operators(settings)
    if operator and operator not in operators:
        raise fail(f"no company is called {operator}; known are {', '.join(operators)}", WRONG_USAGE)
    source = None if page is None else _text(page)
    rows: list[dict[str, Any]] = []
    failed: typer.Exit | None = None
    if file is not None:
        known = operators[operator] if operator else None
        rows += _rows(operator or None, _lint(file, known, source))
    else:
        folders = document_folders(settings)
        chosen = [operators[operator]] if operator else list(operators.values())
        handed_in = versions_in_force(settings, [one.id for one in chosen])
        for one in chosen:
            shelf = read_shelf(one, folders, handed_in.get(one.id))
            for unread in shelf.unread:
                failed = fail(Unreadable(unread.name, unread.why).sentence(lang), PROBLEM)
            if operator and not shelf.documents:
                raise failed or fail(f"none of the documents of {operator} is here", PROBLEM)
            if source is not None:
                shelf = replace(shelf, sources=(source,))
            rows += _rows(one.id, linted(shelf, one))
    if as_json:
        print_json(rows)
    else:
        for row in rows:
            typer.echo(_told(row, lang))
    if rows or failed:
        raise typer.Exit(PROBLEM)


def _lint(path: Path, operator: Operator | None, source: str | None) -> tuple[Finding, ...]:
    """A document saved with its page's tags in it tells of trackers by itself, so its own text is looked at too."""
    return lint([_document(path)], operator, source if source is not None else _text(path))


def _document(path: Path) -> Document:
    try:
        return load_document(path)
    except (OSError, ValueError) as fault:
        raise fail(f"{path} cannot be read as a document: {fault}", WRONG_USAGE) from None


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError as fault:
        raise fail(f"{path} cannot be read: {fault.strerror}", WRONG_USAGE) from None


def _rows(operator: str | None, found: Sequence[Finding]) -> list[dict[str, Any]]:
    return [
        {
            "operator": operator,
            "severity": one.severity.value,
            "rule": one.rule,
            "law": one.law,
            "document": one.clause.document,
            "section": one.clause.section,
            "heading": one.clause.heading,
            "anchor": one.clause.anchor,
            "quote": one.quotation,
            "words": dict(one.words),
        }
        for one in found
    ]


def _told(row: dict[str, Any], lang: str) -> str:
    where = " ".join(part for part in (row["section"], row["heading"]) if part)
    quote = " ".join(row["quote"].split())
    return (
        f"{row['severity']}  {row['rule']}  {row['law']}\n"
        f"  {row['operator'] or '–'}: {row['document']}, {where}\n"
        + (f"  «{quote}»\n" if quote else "")
        + f"  {say(row['words'], lang)}\n"
    )
