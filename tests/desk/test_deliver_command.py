"""`mail deliver`: a pipe's exit codes are kept to, since any other one makes the mail server bounce the mail."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import structlog
from typer.testing import CliRunner, Result

from desk.cli import app

MAIL = "From: kari@example.org\nSubject: Sletting\nMessage-ID: <1@example.org>\n\nSlett kontoen min.\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder of a desk that is new; the command's log ends with the test."""
    monkeypatch.setenv("RETTSVAR_DATA_DIR", str(tmp_path))
    yield tmp_path
    structlog.reset_defaults()


def deliver(*arguments: str, mail: str = MAIL) -> Result:
    """Pipe a mail into the command."""
    return CliRunner().invoke(app, ["mail", "deliver", *arguments], input=mail)


def test_a_mail_is_kept_once(folder: Path) -> None:
    """0 both times: the mail server is done with it."""
    first, second = deliver("-o", "fjordlys", "--from", "kari@example.org"), deliver("-o", "fjordlys")
    assert (first.exit_code, first.stdout.strip().splitlines()[-1]) == (0, "kept")
    assert (second.exit_code, second.stdout.strip().splitlines()[-1]) == (0, "kept before")
    with sqlite3.connect(folder / "desk.sqlite") as db:
        assert db.execute("SELECT count(*), max(source) FROM incoming_mail").fetchone() == (1, "file")
    db.close()


@pytest.mark.parametrize(
    ("arguments", "mail"), [(("-o", "ukjent"), MAIL), ((), MAIL), (("-o", "fjordlys"), " ")]
)
def test_wrong_usage_is_told(folder: Path, arguments: tuple[str, ...], mail: str) -> None:
    """2: nobody can mend that by trying again."""
    assert deliver(*arguments, mail=mail).exit_code == 2


def test_what_cannot_be_kept_now_is_tried_again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """75 while the settings or the database are broken, and 0 when they are mended."""
    monkeypatch.setenv("RETTSVAR_RAW_MAIL_DAYS", "0")
    assert deliver("-o", "fjordlys").exit_code == 75
    monkeypatch.delenv("RETTSVAR_RAW_MAIL_DAYS")
    monkeypatch.setenv(
        "RETTSVAR_DATABASE_URL", "postgresql+asyncpg://desk@127.0.0.1:1/desk"
    )  # nobody listens
    assert deliver("-o", "fjordlys").exit_code == 75
    monkeypatch.delenv("RETTSVAR_DATABASE_URL")
    assert deliver("-o", "fjordlys").exit_code == 0


def test_several_files_are_kept_together(folder: Path) -> None:
    """Each is told of by its name, the same mail under two names once; a file that is not there is wrong usage."""
    names = []
    for number, words in enumerate(("Sletting", "Innsyn", "Sletting")):
        file = folder / f"{number}.eml"
        file.write_text(MAIL.replace("Sletting", words))
        names.append(str(file))
    assert deliver("-o", "fjordlys", *names, str(folder / "ingen.eml")).exit_code == 2
    first = deliver("-o", "fjordlys", *names)
    assert first.exit_code == 0
    said = [line.removeprefix(f"{folder}/") for line in first.stdout.strip().splitlines()[-3:]]
    assert said == ["0.eml: kept", "1.eml: kept", "2.eml: kept before"]
    with closing(sqlite3.connect(folder / "desk.sqlite")) as db:
        assert db.execute("SELECT count(*) FROM incoming_mail").fetchone() == (2,)
