"""`terms list` and `terms add`: the companies' documents, and new versions of them."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from desk.commands.at_hand import versions_ever
from desk.commands.printing import PROBLEM, WRONG_USAGE, AsJson, fail, print_json, print_rows
from desk.commands.upkeep import with_desk
from desk.knowing import linted
from desk.serving import PARTS, NotReady, prepare
from desk.settings import load_settings
from desk.versions import (
    COMMAND_LINE,
    LONGEST_NAME,
    Added,
    Standing,
    add,
    as_version,
    contents,
    history,
    standing_versions,
    standings,
)
from desk.wiring import Desk, chosen_operators, document_folders, utc_now
from knowledge.documents import Document, load_bytes
from knowledge.lint import Finding, Severity
from knowledge.loaders.unreadable import Unreadable
from knowledge.shelf import content_of, documents_there, expected_as, in_force
from law.calendar import oslo_day
from law.language import say
from operators.profile import ExpectedDocument, Operator

terms_app = typer.Typer(help="The companies' documents.", no_args_is_help=True)

GRAVE = (Severity.CRITICAL, Severity.HIGH)


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of a file: its version, how it stands today, and what of it the law does not bear."""

    added: Added
    standing: Standing
    grave: tuple[Finding, ...]


@terms_app.command("list")
def list_terms(as_json: AsJson = False) -> None:
    """The documents expected, whether they are here, and the versions that were handed in."""
    settings = load_settings()
    operators = chosen_operators(settings)
    folders = document_folders(settings)
    ever = versions_ever(settings, operators)
    today = oslo_day(utc_now())
    rows: list[dict[str, Any]] = []
    versions: list[dict[str, Any]] = []
    for operator in operators.values():
        there = {expected.file: path.name for expected, path in documents_there(operator, folders)}
        known = ever.get(operator.id, ())
        stand = standings(known, today)
        for one in operator.documents:
            current = next(
                (v for v in known if v.file == one.file and stand[v.id] is Standing.IN_FORCE), None
            )
            rows.append(
                {
                    "operator": operator.id,
                    "document": current.title if current else one.title,
                    "lang": one.lang,
                    "file": one.file,
                    "here": current is not None or one.file in there,
                    "read_from": current.name if current else there.get(one.file),
                    "in_force_from": current.in_force_from if current else None,
                }
            )
        versions += [
            {
                "operator": operator.id,
                "file": v.file,
                "version": v.id,
                "name": v.name,
                "title": v.title,
                "in_force_from": v.in_force_from,
                "standing": stand[v.id].value,
                "added_at": v.added_at,
                "added_by": v.added_by,
                "sha256": v.sha256,
            }
            for v in known
        ]
    if as_json:
        print_json([row | {"versions": [v for v in versions if _same(row, v)]} for row in rows])
        return
    print_rows(rows, as_json=False)
    shown = ("operator", "file", "version", "name", "in_force_from", "standing")
    print_rows([{key: one[key] for key in shown} for one in versions], as_json=False)


@terms_app.command("add")
def add_terms(
    operator: Annotated[str, typer.Argument(help="The company.")],
    path: Annotated[
        Path, typer.Argument(metavar="FILE", help="The document: .txt, .md, .html, .pdf or .docx.")
    ],
    title: Annotated[
        str | None, typer.Option(help="Its title in citations; that of the profile when not given.")
    ] = None,
    file: Annotated[
        str | None,
        typer.Option("--file", help="The name of the document it is, as the profile expects it."),
    ] = None,
    begins: Annotated[
        str | None,
        typer.Option("--from", help="The day it comes into force, YYYY-MM-DD; today when not given."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Keep a new version of a company's document; from its day on questions are answered from it."""
    settings = load_settings()
    company = chosen_operators(settings).get(operator)
    if company is None:
        raise fail(f"no company is called {operator}", WRONG_USAGE)
    expected = _expected(company, file or path.name)
    since = _day(begins)
    called = (title or expected.title).strip()[:LONGEST_NAME]
    if any(called == other.title for other in company.documents if other != expected):
        raise fail(
            f"«{called}» is another document of {operator}; citations could not tell them apart", WRONG_USAGE
        )
    document, content = _read(path, called)

    async def keep(desk: Desk) -> Kept:
        await prepare(desk, PARTS)
        async with desk.unit_of_work() as session:
            added = await add(
                session,
                operator,
                file=expected.file,
                name=path.name,
                title=called,
                content=content,
                in_force_from=since,
                by=COMMAND_LINE,
                now=desk.clock(),
            )
            standing = standings(await history(session, operator), oslo_day(desk.clock()))[added.row.id]
            others = in_force((await standing_versions(session, (operator,)))[operator], since)
            beside = [one for one in others.values() if one.file != expected.file]
            handed_in = await contents(session, beside) | {as_version(added.row): content}
        found = linted(desk.knowledge.shelf(operator, handed_in), company)
        grave = tuple(
            one for one in found if one.severity in GRAVE and one.clause.document == added.row.title
        )
        return Kept(added, standing, grave)

    try:
        kept = with_desk(keep)
    except NotReady as fault:
        raise fail(str(fault), PROBLEM) from None
    _tell(kept, len(document.passages), as_json=as_json)


def _tell(kept: Kept, passages: int, *, as_json: bool) -> None:
    row = kept.added.row
    if as_json:
        print_json(
            {
                "operator": row.operator,
                "file": row.file,
                "title": row.title,
                "version": row.id,
                "new": kept.added.new,
                "in_force_from": row.in_force_from,
                "standing": kept.standing.value,
                "passages": passages,
                "high": [
                    {
                        "severity": one.severity.value,
                        "rule": one.rule,
                        "law": one.law,
                        "section": one.clause.section,
                        "heading": one.clause.heading,
                        "quote": one.quotation,
                        "words": dict(one.words),
                    }
                    for one in kept.grave
                ],
            }
        )
        return
    said = "kept" if kept.added.new else "was here already, and its day stands"
    typer.echo(
        f"{row.title} ({row.file}) {said}: {passages} passages, in force from {row.in_force_from}"
        f" ({kept.standing.value}), version {row.id}"
    )
    for one in kept.grave:
        where = " ".join(part for part in (one.clause.section, one.clause.heading) if part)
        typer.echo(f"  {one.severity.value}  {one.law}  {where}: {say(one.words, 'nb')}")


def _same(row: dict[str, Any], version: dict[str, Any]) -> bool:
    return (row["operator"], row["file"]) == (version["operator"], version["file"])


def _expected(company: Operator, name: str) -> ExpectedDocument:
    expected = expected_as(company, name)
    if expected is None:
        names = ", ".join(one.file for one in company.documents)
        raise fail(
            f"{name} is no document that the profile of {company.id} expects: say which with --file, one of {names}",
            WRONG_USAGE,
        )
    return expected


def _day(given: str | None) -> date:
    if given is None:
        return oslo_day(utc_now())
    try:
        return date.fromisoformat(given)
    except ValueError:
        raise fail(f"--from: {given!r} is no date of the form YYYY-MM-DD", WRONG_USAGE) from None


def _read(path: Path, title: str) -> tuple[Document, bytes]:
    """The document and its bytes; what cannot be read is refused with the reason and what to do."""
    try:
        content = content_of(path)
        return load_bytes(content, path.name, title), content
    except Unreadable as fault:
        raise fail(fault.sentence("en"), PROBLEM) from None
    except OSError as fault:
        raise fail(f"{path} cannot be opened: {fault.strerror}", PROBLEM) from None
