"""`rettsvar terms lint`: exit codes and what is printed."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from desk.cli import app

PAPERS = Path(__file__).parent.parent / "knowledge" / "lint"
CLEAN = "Vilkår\n\n1. Levering\n\nVarene leveres på døren.\n"


@pytest.fixture
def clean(tmp_path: Path) -> Path:
    path = tmp_path / "vilkar.txt"
    path.write_text(CLEAN, "utf-8")
    return path


def run(*words: str) -> tuple[int, str]:
    """The exit code and standard output of a command."""
    done = CliRunner().invoke(app, ["terms", "lint", *words])
    return done.exit_code, done.stdout


def test_a_document_with_faults_exits_1() -> None:
    """Each finding is a JSON object with clause, quotation, law and words."""
    code, out = run("--json", str(PAPERS / "books.nn.txt"))
    rows = json.loads(out)
    assert code == 1
    assert {
        "operator",
        "severity",
        "rule",
        "law",
        "document",
        "section",
        "heading",
        "anchor",
        "quote",
        "words",
    } == set(rows[0])
    assert "account_to_others" in {row["rule"] for row in rows}


def test_a_document_without_faults_exits_0(clean: Path) -> None:
    """Nothing found is an empty list and no error."""
    assert run("--json", str(clean)) == (0, "[]\n")


def test_the_page_a_document_is_shown_on_is_looked_at(clean: Path, tmp_path: Path) -> None:
    """A tracker in the HTML given with --page is found."""
    page = tmp_path / "page.html"
    page.write_text("<script>fbq('init', '1')</script>", "utf-8")
    code, out = run("--json", "--page", str(page), str(clean))
    assert (code, [row["rule"] for row in json.loads(out)]) == (1, ["tracker_untold"])


def test_words_come_in_the_language_asked_for() -> None:
    """People read the advice in their own language."""
    _, out = run("--lang", "en", str(PAPERS / "gym.nb.txt"))
    assert "Using the rights is free." in out
    assert "5 Rettighetene dine" in out


@pytest.mark.parametrize("words", [["no-such-file.txt"], ["--operator", "nobody"], ["picture.png"]])
def test_wrong_usage_exits_2(words: list[str]) -> None:
    """A missing file, an unknown company, a file that is no text."""
    assert run(*words)[0] == 2
