"""The reading measured on the shared development set, so that a change that reads worse is seen."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from intake.read_line import read_line

DEVSET = Path(__file__).resolve().parents[2].parent / "shared" / "devset"

pytestmark = pytest.mark.skipif(
    not (DEVSET / "messages.jsonl").is_file(), reason="the shared development set is absent"
)


def _lines(name: str) -> list[dict[str, Any]]:
    return [
        json.loads(line) for line in (DEVSET / name).read_text(encoding="utf-8").splitlines() if line.strip()
    ]


def test_most_messages_are_read_exactly() -> None:
    """At least 94 of 100 messages get exactly the labelled types, and hardly any idle message gets a right."""
    messages = _lines("messages.jsonl")
    read = [read_line(message) for message in messages]
    exact = sum(found["types"] == message["types"] for found, message in zip(read, messages, strict=True))
    assert exact / len(messages) >= 0.94
    idle = [(f, m) for f, m in zip(read, messages, strict=True) if m["types"] == ["none"]]
    assert sum(f["types"] not in (["none"], ["question"]) for f, _ in idle) / len(idle) <= 0.1


def test_most_identifiers_are_found() -> None:
    """At least nine of ten labelled identifiers are among the values found."""
    wanted = found = 0
    for message in _lines("messages.jsonl"):
        values = read_line(message)["identifiers"].values()
        got = {_fold(value) for entry in values for value in (entry if isinstance(entry, list) else [entry])}
        wanted += len(message["identifiers"])
        found += sum(_fold(value) in got for value in message["identifiers"].values())
    assert found / wanted >= 0.9


def test_most_corrections_are_found() -> None:
    """At least 90 of 100 corrections have the right field and new value."""
    items = _lines("rectifications.jsonl")
    changes = [read_line({"id": item["id"], "body": item["body"]})["rectification"] or {} for item in items]
    right = sum(
        change.get("field") == item["field"]
        and _fold(change.get("new_value", "")) == _fold(item["new_value"])
        for change, item in zip(changes, items, strict=True)
    )
    assert right / len(items) >= 0.9


def _fold(value: str) -> str:
    return re.sub(r"[^\w@.+]", "", value).casefold()
