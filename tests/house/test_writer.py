"""One writer: a case's state and its log are written in intake/log.py and nowhere else."""

import ast

from tests.house.test_floors import modules, name


def test_only_the_log_writes_a_case_state() -> None:
    """No other module assigns `.state` on something called a case, or `.closed_at`, `.log_length`."""
    writers: set[str] = set()
    for path in modules():
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            targets = (
                node.targets
                if isinstance(node, ast.Assign)
                else [node.target]
                if isinstance(node, ast.AugAssign)
                else []
            )
            for target in targets:
                if not isinstance(target, ast.Attribute):
                    continue
                owner = target.value.id if isinstance(target.value, ast.Name) else ""
                if target.attr in {"closed_at", "log_length"} or (target.attr == "state" and owner == "case"):
                    writers.add(name(path))
    assert writers == {"intake/log.py"}


def test_only_the_log_makes_log_entries() -> None:
    """LogEntry(...) is called in one place, and no module updates or deletes cases by a statement."""
    makers: set[str] = set()
    for path in modules():
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            called = node.func.id if isinstance(node.func, ast.Name) else ""
            first = node.args[0].id if node.args and isinstance(node.args[0], ast.Name) else ""
            if called == "LogEntry" or (called in {"update", "delete"} and first in {"Case", "LogEntry"}):
                makers.add(name(path))
    assert makers == {"intake/log.py"}
