"""`rettsvar ask --model`: the same lines in and out, with what became of the model's reply."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import structlog
from typer.testing import CliRunner, Result

from desk.cli import app
from tests.desk.fake_model import FakeModel, fake_model

LINES = [
    {"id": "a", "operator": "fjordlys", "question": "Do you sell my data?"},
    {"id": "b", "operator": "nobody", "question": "Do you sell my data?"},
    {"id": "c", "operator": "fjordlys", "question": "Hei!", "lang": "nb"},
]


@pytest.fixture
async def model(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> AsyncIterator[FakeModel]:
    """The endpoint, listening; no settings but those the test gives."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RETTSVAR_OPERATORS", "fjordlys")
    async with fake_model() as opened:
        yield opened


@pytest.fixture(autouse=True)
def log_as_before() -> Iterator[None]:
    """The command sets the log up for a process of its own."""
    yield
    structlog.reset_defaults()


async def ask(*words: str, lines: str = "") -> Result:
    """Run the command beside the endpoint."""
    return await asyncio.to_thread(lambda: CliRunner().invoke(app, ["ask", *words], input=lines))


async def test_a_batch_is_read_by_the_model(model: FakeModel, monkeypatch: pytest.MonkeyPatch) -> None:
    """One line for each, in order; `model` says what became of the reply; a bad line is told as ever."""
    monkeypatch.setenv("RETTSVAR_MODEL__URL", model.url)
    monkeypatch.setenv("RETTSVAR_MODEL__NAME", "fake")
    model.replies("No, we never sell your data.", "We never sell data.")
    result = await ask("--model", "--batch", "-", lines="\n".join(map(json.dumps, LINES)))
    a, b, c = map(json.loads, result.stdout.splitlines())
    assert result.exit_code == 1
    assert (a["id"], a["answered"], a["model"]) == ("a", True, "accepted")
    assert a["answer"].startswith("No, we never sell your data.")
    assert set(b) == {"id", "error"}
    assert (c["id"], c["answered"], c["model"]) == ("c", False, "not_asked")


async def test_without_the_option_nothing_is_sent(model: FakeModel, monkeypatch: pytest.MonkeyPatch) -> None:
    """A configured model is used by `ask` only where it is asked for, and the line is the old one."""
    monkeypatch.setenv("RETTSVAR_MODEL__URL", model.url)
    monkeypatch.setenv("RETTSVAR_MODEL__NAME", "fake")
    result = await ask("--json", "-o", "fjordlys", "Do you sell my data?")
    assert "model" not in json.loads(result.stdout)
    assert not model.asked


async def test_without_a_model_the_option_is_wrong_usage(model: FakeModel) -> None:
    """The desk says which settings are missing."""
    result = await ask("--model", "-o", "fjordlys", "Do you sell my data?")
    assert result.exit_code == 2
    assert "model.url" in result.stderr
