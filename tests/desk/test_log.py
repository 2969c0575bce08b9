"""The log: an allow-list of keys, and nothing of what libraries or exceptions say."""

import logging
import sys

import pytest
import structlog

from desk.log import FromLibraries, KeyNotAllowed, only_allowed, set_up_log


def test_an_unknown_key_is_refused() -> None:
    """`text=` has no way into the log; a known key has."""
    with pytest.raises(KeyNotAllowed, match="text"):
        only_allowed(None, "info", {"event": "x", "text": "Hei, jeg heter Kari"})
    assert only_allowed(None, "info", {"event": "x", "case": "FJL-2026-0001"})["case"] == "FJL-2026-0001"


def test_a_librarys_exception_is_named_and_not_quoted(capsys: pytest.CaptureFixture[str]) -> None:
    """The line says which exception and where, and not a word of its text or of the message."""
    set_up_log("info")
    handler = FromLibraries()
    try:
        raise ValueError("kari@example.no is not known")
    except ValueError:
        record = logging.getLogger("lib").makeRecord(
            "lib", logging.ERROR, __file__, 1, "failed for %s", ("kari@example.no",), None
        )
        record.exc_info = sys.exc_info()
    handler.emit(record)
    written = capsys.readouterr().err
    assert "ValueError" in written
    assert "test_log.py:" in written
    assert "kari" not in written
    structlog.reset_defaults()
