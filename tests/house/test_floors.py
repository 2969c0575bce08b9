"""The house's floors: who may import whom, and which libraries stay out of the pure parts."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

MAY_IMPORT = {
    "law": set(),
    "operators": {"law"},
    "knowledge": {"operators", "law"},
    "intake": {"operators", "law"},
    "verification": {"intake", "operators", "law"},
    "fulfilment": {"intake", "operators", "law"},
    "bot": {"knowledge", "intake", "verification", "operators", "law"},
    "desk": {"bot", "fulfilment", "verification", "knowledge", "intake", "operators", "law"},
}

KEPT_OUT = {
    "sqlalchemy": (
        "law", "operators", "knowledge", "intake/case.py", "verification/ladder.py", "verification/matching.py",
        "fulfilment/plan.py",
    ),
    "aiogram": ("law", "operators", "knowledge", "intake", "verification", "fulfilment"),
    "fastapi": ("law", "operators", "knowledge", "intake", "verification", "fulfilment"),
    "dbos": ("law", "operators", "knowledge", "intake", "verification", "fulfilment", "bot"),
    "aiosmtplib": ("law", "operators", "knowledge", "intake", "verification", "fulfilment", "bot"),
}  # fmt: skip

ONLY_IN = {
    "aiogram": {"bot/telegram.py"},
    "dbos": {"desk/worker.py"},
    "aiosmtplib": {"desk/mail.py"},
}


def modules() -> Iterator[Path]:
    for package in MAY_IMPORT:
        yield from sorted((ROOT / package).rglob("*.py"))


@cache
def imports(path: Path) -> frozenset[str]:
    """The dotted names a module imports, also inside functions."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return frozenset(found)


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_a_package_imports_only_from_the_floors_below(package: str) -> None:
    """No arrow but those of the table."""
    wrong = {
        f"{name(path)} -> {found}"
        for path in modules()
        if path.relative_to(ROOT).parts[0] == package
        for found in imports(path)
        if (top := found.split(".")[0]) in MAY_IMPORT and top != package and top not in MAY_IMPORT[package]
    }
    assert not wrong


def test_nobody_imports_the_tests() -> None:
    """Product code never reaches into tests/."""
    assert not [name(path) for path in modules() if any(i.split(".")[0] == "tests" for i in imports(path))]


def test_only_the_demo_command_imports_the_demo() -> None:
    """The demo is an overlay: product code runs without it."""
    wrong = [
        name(path)
        for path in modules()
        if not name(path).startswith("desk/demo/")
        and any(i.startswith("desk.demo") for i in imports(path))
        and name(path) != "desk/commands/running.py"
    ]
    assert not wrong


@pytest.mark.parametrize("library", KEPT_OUT)
def test_pure_parts_stay_pure(library: str) -> None:
    """Libraries of the edge stay out of the floors that decide."""
    wrong = [
        name(path)
        for path in modules()
        if any(name(path) == part or name(path).startswith(part + "/") for part in KEPT_OUT[library])
        and any(i.split(".")[0] == library for i in imports(path))
    ]
    if library == "aiogram":
        wrong = [one for one in wrong if one != "bot/telegram.py"]
    assert not wrong


@pytest.mark.parametrize("library", ONLY_IN)
def test_a_library_with_one_home_stays_there(library: str) -> None:
    """aiogram, DBOS and aiosmtplib are each known to one module."""
    homes = {name(path) for path in modules() if any(i.split(".")[0] == library for i in imports(path))}
    assert homes == ONLY_IN[library]
