"""Sets up the log: key-value lines from an allow-list of keys, so that personal data has no way in."""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

ALLOWED = frozenset(
    [
        "event",
        "level",
        "timestamp",
        "operator",
        "case",
        "reference",
        "right",
        "state",
        "act",
        "step",
        "system",
        "action",
        "attempt",
        "letter",
        "name",
        "kind",
        "channel",
        "status",
        "path",
        "method",
        "port",
        "url",
        "seconds",
        "count",
        "node",
        "why",
        "error",
        "position",
        "plan",
        "purpose",
        "verdict",
        "size",
        "folder",
        "revision",
        "signal",
        "logger",
        "workflow",
        "exc_type",
    ]
)


class KeyNotAllowed(Exception):
    """A log line carries a key that is not on the allow-list."""


def only_allowed(_logger: Any, _method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Refuse a line with an unknown key: what may be logged is decided here, not at the call."""
    strangers = set(line) - ALLOWED
    if strangers:
        raise KeyNotAllowed(", ".join(sorted(strangers)))
    return line


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
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(levelname)s %(name)s %(message)s")


log: structlog.typing.FilteringBoundLogger = structlog.get_logger()
