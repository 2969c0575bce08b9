"""The development set's sixty raw mails, read by the command as another program would have them read."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

import pytest
from typer.testing import CliRunner

from desk.cli import app

TYPES_AT_LEAST: Final = 57
"""Of sixty; the reading itself is measured elsewhere."""


def flat(text: str) -> str:
    """Whitespace collapsed, as the labels are compared."""
    return " ".join(text.split())


@cache
def read_all(folder: Path) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """What is expected of each file, and what the command says of it; once for all tests."""
    done = CliRunner().invoke(app, ["mail", "parse", "--batch", str(folder)])
    assert done.exit_code == 0
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert [one["file"] for one in found] == sorted(one["file"] for one in found)
    return json.loads((folder / "expected.json").read_text("utf-8")), {one["file"]: one for one in found}


@pytest.fixture
def specimens(shared: Path) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """Expected and found, by file."""
    folder = shared / "devset" / "emails"
    if not folder.is_dir():
        pytest.skip("the development set has no mails here")
    return read_all(folder)


def faults(expected: Mapping[str, Any], found: Mapping[str, Any]) -> list[str]:
    """What is wrong with one mail, `types` apart."""
    wrong = [key for key in ("sender", "subject", "automatic", "attachments") if expected[key] != found[key]]
    text = flat(found["text"])
    wrong += [f"missing: {one}" for one in expected["text_contains"] if flat(one) not in text]
    return wrong + [f"there: {one}" for one in expected["text_not_contains"] if flat(one) in text]


def test_every_field_of_every_mail_is_right(specimens: tuple[Mapping[str, Any], Mapping[str, Any]]) -> None:
    """Sender, subject, own words, automatic and attachments: sixty of sixty."""
    expected, found = specimens
    assert len(expected) == 60
    assert {name: wrong for name, one in expected.items() if (wrong := faults(one, found[name]))} == {}


def test_what_the_mails_ask_for_is_read(specimens: tuple[Mapping[str, Any], Mapping[str, Any]]) -> None:
    """The types come from the same reading as every channel's; few may differ."""
    expected, found = specimens
    wrong = [name for name, one in expected.items() if one["types"] != found[name]["types"]]
    assert len(expected) - len(wrong) >= TYPES_AT_LEAST, wrong
