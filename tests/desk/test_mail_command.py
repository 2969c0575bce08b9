"""`mail parse` as other programs use it."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from desk.cli import app
from tests.intake.email.mails import attached, mail, mixed

KEYS = [
    *("file", "sender", "sender_name", "subject", "text", "automatic", "automatic_why"),
    *("attachments", "types", "lang", "forwarded", "message_id"),
]


def test_a_folder_gives_a_line_for_each_mail_in_order(tmp_path: Path) -> None:
    """One JSON object a line; what is no mail is left alone; a file that cannot be read does not stop the others."""
    (tmp_path / "b.eml").write_bytes(mail("Jeg vil ha innsyn i opplysningene mine.", "Innsyn"))
    (tmp_path / "a.eml").mkdir()
    (tmp_path / "c.EML").write_bytes(mail("Borte", "Autosvar: x", auto_submitted="auto-replied"))
    (tmp_path / "d.txt").write_bytes(b"x")
    done = CliRunner().invoke(app, ["mail", "parse", "--batch", str(tmp_path)])
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.exit_code == 1
    assert [one["file"] for one in lines] == ["a.eml", "b.eml", "c.EML"]
    assert set(lines[0]) == {"file", "error"}
    assert list(lines[1]) == KEYS
    assert (lines[1]["types"], lines[1]["automatic"]) == (["access"], False)
    assert (lines[2]["types"], lines[2]["automatic_why"]) == (["none"], "auto_reply")


def test_one_mail_is_read_from_a_file_or_standard_input(tmp_path: Path) -> None:
    """The same line either way, and 0."""
    raw = mixed("Slett kontoen min.", attached(b"%PDF-1.4", "../a.pdf"), subject="Sletting")
    (tmp_path / "x.eml").write_bytes(raw)
    by_file = CliRunner().invoke(app, ["mail", "parse", str(tmp_path / "x.eml"), "--json"])
    by_input = CliRunner().invoke(app, ["mail", "parse", "-", "--json"], input=raw)
    assert by_file.exit_code == by_input.exit_code == 0
    found = json.loads(by_input.stdout)
    assert json.loads(by_file.stdout) | {"file": "-"} == found
    assert (found["attachments"], found["types"], found["sender"]) == (
        ["a.pdf"],
        ["erasure"],
        "kari@example.no",
    )


@pytest.mark.parametrize("arguments", [[], ["ikke-her.eml"], ["--batch", "ikke-her"]])
def test_nothing_to_read_is_wrong_usage(arguments: list[str]) -> None:
    """A missing file or folder is said, with 2."""
    assert CliRunner().invoke(app, ["mail", "parse", *arguments]).exit_code == 2
