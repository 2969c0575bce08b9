"""Prints what a command found: a table for people, JSON for programs."""

import json
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

FINE, PROBLEM, WRONG_USAGE = 0, 1, 2

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]


def print_json(value: Any) -> None:
    """One JSON value, Norwegian letters kept."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, default=str) + "\n")


def print_rows(rows: Sequence[Mapping[str, Any]], *, as_json: bool) -> None:
    """Rows with the same keys, as a table or a JSON list."""
    if as_json:
        print_json(list(rows))
        return
    if not rows:
        return
    table = Table(*rows[0].keys(), box=None, header_style="bold")
    for row in rows:
        table.add_row(*("" if value is None else str(value) for value in row.values()))
    Console(soft_wrap=True).print(table)


def fail(words: str, code: int = PROBLEM) -> typer.Exit:
    """Say on standard error what is wrong; raise what this returns."""
    sys.stderr.write(words.rstrip() + "\n")
    return typer.Exit(code)


def run_batch(file: Path, answer: Callable[[Mapping[str, Any]], dict[str, Any]]) -> None:
    """JSON lines in, one JSON line out for each, in order; a bad line gives {id, error} and exit code 1."""
    bad = 0
    for number, line in enumerate(_lines(file), start=1):
        name: Any = f"line {number}"
        try:
            item = json.loads(line)
            if not isinstance(item, dict):
                raise TypeError("a line must hold a JSON object")
            name = item.get("id", name)
            result = answer(item)
        except (ValueError, TypeError, KeyError) as fault:
            bad += 1
            words = f"missing: {fault.args[0]}" if isinstance(fault, KeyError) else str(fault)
            result = {"id": name, "error": words}
        print_json(result)
    if bad:
        raise typer.Exit(PROBLEM)


def _lines(file: Path) -> Iterable[str]:
    if str(file) == "-":
        yield from (line for line in sys.stdin if line.strip())
        return
    if not file.is_file():
        raise fail(f"{file} is not a file", WRONG_USAGE)
    with file.open(encoding="utf-8") as opened:
        yield from (line for line in opened if line.strip())
