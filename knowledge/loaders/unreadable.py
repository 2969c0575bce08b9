"""Why a file cannot be read as a document, as a code for programs and a sentence for people."""

import tomllib
from enum import StrEnum
from functools import cache
from pathlib import Path

from law.language import Lang


class Why(StrEnum):
    """What is the matter with a file; each has a sentence in `unreadable.<lang>.toml`."""

    EMPTY = "empty"
    DAMAGED = "damaged"
    ENCRYPTED = "encrypted"
    SCANNED = "scanned"
    TOO_LARGE = "too_large"
    TOO_LONG = "too_long"
    MISNAMED = "misnamed"
    UNKNOWN_KIND = "unknown_kind"
    UNOPENED = "unopened"


class Unreadable(ValueError):
    """A file cannot be read as a document. Its text as an error is for the log: the file's name and the code."""

    def __init__(self, file: str, why: Why) -> None:
        super().__init__(f"{file}: {why.value}")
        self.file = file
        self.why = why

    def sentence(self, lang: Lang) -> str:
        """Return what is the matter and what to do about it, for whoever handed the file in."""
        return _catalogue(lang)[self.why].replace("{file}", self.file)


@cache
def _catalogue(lang: Lang) -> dict[str, str]:
    return tomllib.loads(Path(__file__).with_name(f"unreadable.{lang}.toml").read_text(encoding="utf-8"))
