"""`rettsvar terms add` and `terms list`: what is kept, what is refused, and that `ask` answers from it."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import structlog
from typer.testing import CliRunner, Result

from desk.cli import app
from desk.wiring import utc_now
from law.calendar import oslo_day
from operators.profile import operators_root

TERMS = operators_root() / "fjordlys" / "terms"
GRAVE = "# Vilkår\n\n## 1. Sletting\n\nSletting koster 500 kroner og må bestilles i brev.\n"


@pytest.fixture(autouse=True)
def a_place_of_its_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """No settings but these; the log as it was before."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RETTSVAR_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("RETTSVAR_OPERATORS", "fjordlys")
    yield
    structlog.reset_defaults()


def run(*words: str) -> Result:
    """A command, as typed."""
    return CliRunner().invoke(app, list(words))


def handed_in(path: Path, *words: str) -> dict[str, object]:
    """What `terms add` says about a file it keeps."""
    result = run("terms", "add", "fjordlys", str(path), "--json", *words)
    assert result.exit_code == 0, result.output
    found: dict[str, object] = json.loads(result.stdout)
    return found


def listed(file: str) -> dict[str, object]:
    """A document's line in `terms list`."""
    rows = json.loads(run("terms", "list", "--json").stdout)
    found: dict[str, object] = next(one for one in rows if one["file"] == file)
    return found


@pytest.mark.slow
def test_a_new_version_is_kept_listed_and_answers(tmp_path: Path) -> None:
    """A sentence that only the new version holds is quoted, with the day it counts from; the same bytes are one."""
    new = tmp_path / "personvern.nb.md"
    new.write_text((TERMS / new.name).read_text("utf-8").replace("24 måneder", "36 måneder"), "utf-8")
    today = oslo_day(utc_now())
    kept = handed_in(new)
    assert (kept["new"], kept["standing"], kept["in_force_from"]) == (True, "in_force", today.isoformat())
    assert isinstance(kept["passages"], int)
    assert kept["passages"] > 10
    again = handed_in(new, "--from", "2030-01-01")
    assert (again["new"], again["version"], again["in_force_from"]) == (
        False,
        kept["version"],
        kept["in_force_from"],
    )
    row = listed(new.name)
    assert (row["read_from"], row["in_force_from"]) == (new.name, today.isoformat())
    answer = json.loads(
        run("ask", "-o", "fjordlys", "--json", "Hvor lenge lagres meldinger til kundeservice?").stdout
    )
    [cited, *_] = answer["citations"]
    assert "36 måneder" in cited["quote"]
    assert "24" not in answer["answer"]
    assert cited["in_force_from"] == today.isoformat()


@pytest.mark.slow
def test_a_coming_version_waits(tmp_path: Path) -> None:
    """It is listed as coming, and the file goes on answering."""
    coming = oslo_day(utc_now()) + timedelta(days=7)
    new = tmp_path / "ny.html"
    new.write_text("<html><h1>Vilkår</h1><p>Strøm koster 1 krone.</p></html>", "utf-8")
    kept = handed_in(new, "--file", "vilkar.nb.md", "--from", coming.isoformat(), "--title", "Nye vilkår")
    assert (kept["standing"], kept["title"]) == ("coming", "Nye vilkår")
    row = listed("vilkar.nb.md")
    assert (row["read_from"], row["in_force_from"]) == ("vilkar.nb.md", None)
    versions = row["versions"]
    assert isinstance(versions, list)
    assert [(one["name"], one["standing"]) for one in versions] == [("ny.html", "coming")]


@pytest.mark.slow
def test_what_the_law_does_not_bear_is_told_at_once(tmp_path: Path) -> None:
    """Grave findings stand beside the version; it is kept all the same, since it is the company's text."""
    new = tmp_path / "vilkar.nb.md"
    new.write_text(GRAVE, "utf-8")
    high = handed_in(new)["high"]
    assert isinstance(high, list)
    assert {"severity", "rule", "law", "section", "heading", "quote", "words"} == set(high[0])
    assert {one["severity"] for one in high} <= {"CRITICAL", "HIGH"}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("vilkar.nb.md", b"", "vilkar.nb.md is empty"),
        ("vilkar.nb.pdf", b"%PDF-1.7 kaputt", "is damaged"),
        ("vilkar.nb.pdf", b"Bare tekst.", "another kind of file than its name says"),
        ("vilkar.nb.txt", b"a " * 12_500_000, "too large"),
    ],
)
def test_what_cannot_be_read_is_refused(name: str, content: bytes, said: str, tmp_path: Path) -> None:
    """A sentence on standard error, exit code 1, and nothing is kept."""
    (tmp_path / name).write_bytes(content)
    refused = run("terms", "add", "fjordlys", str(tmp_path / name), "--json")
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert said in refused.stderr
    assert listed("vilkar.nb.md")["versions"] == []


@pytest.mark.parametrize(
    "words",
    [
        ("nobody", "vilkar.nb.md"),
        ("fjordlys", "README.md"),
        ("fjordlys", "vilkar.nb.md", "--from", "tomorrow"),
        ("fjordlys", "vilkar.nb.md", "--title", "Privacy notice of Fjordlys"),
    ],
)
def test_wrong_usage_exits_2(words: tuple[str, ...], tmp_path: Path) -> None:
    """An unknown company or document, no date, and a title that is another document's."""
    for name in ("vilkar.nb.md", "README.md"):
        (tmp_path / name).write_text(GRAVE, "utf-8")
    assert run("terms", "add", *words).exit_code == 2


@pytest.mark.slow
def test_ask_and_list_need_no_database(tmp_path: Path) -> None:
    """None is made by asking; the documents in the folders are there."""
    assert listed("vilkar.nb.md")["here"] is True
    assert run("ask", "-o", "fjordlys", "Selger dere opplysningene mine?").exit_code == 0
    assert not (tmp_path / "data").exists()


@pytest.mark.slow
def test_a_database_that_cannot_be_read_is_told_of(tmp_path: Path) -> None:
    """The answer comes from the folders, and standard error says so."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "desk.sqlite").write_bytes(b"")
    asked = run("ask", "-o", "fjordlys", "--json", "Selger dere opplysningene mine?")
    assert (asked.exit_code, json.loads(asked.stdout)["id"]) == (0, "1")
    assert "only the documents in the folders are known" in asked.stderr


@pytest.mark.slow
def test_check_names_a_document_that_cannot_be_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """With its reason; once a good file is there, nothing is said about it."""
    (tmp_path / "terms").mkdir()
    monkeypatch.setenv("RETTSVAR_TERMS_PATH", str(tmp_path / "terms"))
    (tmp_path / "terms" / "vilkar.nb.md").write_bytes(b"")
    bad = [one for one in json.loads(run("check", "--json").stdout) if one["code"] == "documents.E001"]
    assert [(one["where"], "is empty" in one["words"]) for one in bad] == [("fjordlys: vilkar.nb.md", True)]
    (tmp_path / "terms" / "vilkar.nb.md").write_text(GRAVE, "utf-8")
    assert "documents.E001" not in run("check", "--json").stdout


@pytest.mark.slow
def test_lint_and_doctor_look_at_the_version_in_force(tmp_path: Path) -> None:
    """What the linter quotes stands in the new version; doctor has a line for the documents of each company."""
    (tmp_path / "vilkar.nb.md").write_text(GRAVE, "utf-8")
    handed_in(tmp_path / "vilkar.nb.md")
    found = json.loads(run("terms", "lint", "-o", "fjordlys", "--json").stdout)
    assert any("500 kroner" in one["quote"] for one in found)
    parts = {one["part"]: one["fine"] for one in json.loads(run("doctor", "--json").stdout)}
    assert parts["fjordlys/documents"] is True
