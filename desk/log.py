"""Sets up the log: key-value lines from an allow-list of keys, so that personal data has no way in."""

import logging
import sys
import traceback
from collections.abc import MutableMapping
from types import TracebackType
from typing import Any

import structlog

ALLOWED = frozenset(
    " ".join(
        (
            "event level timestamp at logger exc_type error why",
            "operator case reference right state act step system action attempt letter name kind channel plan purpose",
            "status path method port url seconds count node position verdict size folder revision signal workflow",
        )
    ).split(" ")
)
FRAMES = 4  # of a library's traceback: where it happened, without what it said


class KeyNotAllowed(Exception):
    """A log line carries a key that is not on the allow-list."""


def only_allowed(_logger: Any, _method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Refuse a line with an unknown key: what may be logged is decided here, not at the call."""
    strangers = set(line) - ALLOWED
    if strangers:
        raise KeyNotAllowed(", ".join(sorted(strangers)))
    return line


class FromLibraries(logging.Handler):
    """What libraries warn about, as one of our lines: who warned, which exception, where in the code.

    Their message and the exception's text are left out: either may quote what a person wrote.
    """

    def emit(self, record: logging.LogRecord) -> None:
        """Write the line."""
        kind, _, trace = record.exc_info or (None, None, None)
        log.error(
            "library",
            logger=record.name,
            exc_type=kind.__name__ if kind else "",
            at=places(trace) or f"{record.filename}:{record.lineno}",
        )


def places(trace: TracebackType | None) -> str:
    """Where in the code it happened, the innermost place first; nothing of what was said there."""
    frames = traceback.extract_tb(trace)[-FRAMES:] if trace else []
    return " < ".join(f"{one.filename.rsplit('/', 1)[-1]}:{one.lineno}" for one in reversed(frames))


def set_up_log(level: str) -> None:
    """Key-value lines on standard error; libraries speak from warning upwards."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            only_allowed,
            structlog.processors.LogfmtRenderer(key_order=["timestamp", "level", "event"]),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),  # whatever that is at the time
        cache_logger_on_first_use=False,
    )
    logging.basicConfig(level=logging.WARNING, handlers=[FromLibraries()])


log: structlog.typing.FilteringBoundLogger = structlog.get_logger()
