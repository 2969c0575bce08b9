"""`terms lint`: the companies' documents, or one given file, held against the law."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from desk.commands.printing import PROBLEM, WRONG_USAGE, AsJson, fail, print_json
from desk.settings import load_settings
from desk.wiring import chosen_operators, document_folders
from knowledge.documents import Document, load_document
from knowledge.lint import Finding, lint
from knowledge.shelf import documents_there
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
    if file is not None:
        known = operators[operator] if operator else None
        rows += _rows(operator or None, _lint([file], [None], known, source))
    else:
        folders = document_folders(settings)
        for one in [operators[operator]] if operator else list(operators.values()):
            there = documents_there(one, folders)
            if not there and operator:
                raise fail(f"none of the documents of {operator} is here", PROBLEM)
            paths, titles = [path for _, path in there], [expected.title for expected, _ in there]
            rows += _rows(one.id, _lint(paths, titles, one, source) if there else ())
    if as_json:
        print_json(rows)
    else:
        for row in rows:
            typer.echo(_told(row, lang))
    if rows:
        raise typer.Exit(PROBLEM)


def _lint(
    paths: Sequence[Path], titles: Sequence[str | None], operator: Operator | None, source: str | None
) -> tuple[Finding, ...]:
    """A document saved with its page's tags in it tells of trackers by itself, so its own text is looked at too."""
    documents = [_document(path, title) for path, title in zip(paths, titles, strict=True)]
    texts = [source] if source is not None else [_text(path) for path in paths]
    return lint(documents, operator, "\n".join(texts))


def _document(path: Path, title: str | None) -> Document:
    try:
        return load_document(path, title=title)
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
