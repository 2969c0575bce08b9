"""Recognise what is no question about terms or privacy: attempts to steer the program, small talk, other
matters."""

import re
import tomllib
from functools import cache
from pathlib import Path

from knowledge.words import LONGEST_QUESTION


def aside(question: str) -> str | None:
    """Return "injection", "chit_chat" or "off_topic" when a question shows signs of it, else None."""
    text = question[:LONGEST_QUESTION]
    return next((kind for kind, pattern in _patterns().items() if pattern.search(text)), None)


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    content = tomllib.loads(Path(__file__).with_name("asides.toml").read_text(encoding="utf-8"))
    return {kind: re.compile("|".join(entry["patterns"]), re.IGNORECASE) for kind, entry in content.items()}
