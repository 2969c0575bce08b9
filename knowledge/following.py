"""A question that goes on from the one before («og fakturaene?») keeps its subject."""

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Final

from knowledge.words import fold, words_of

MOST_WORDS: Final = 7
"""Words of a question that can lean on the one before; a longer one stands by itself."""


def in_full(question: str, before: str | None) -> str:
    """Return a question with the one before in front, where it goes on from that; else as it is."""
    if before is None or not _leans(question):
        return question
    return f"{before}\n{question}"


def _leans(question: str) -> bool:
    text = " ".join(fold(question).split())
    return len(words_of(text)) <= MOST_WORDS and bool(_openings().match(text))


@cache
def _openings() -> re.Pattern[str]:
    content = tomllib.loads(Path(__file__).with_name("following.toml").read_text(encoding="utf-8"))
    words = [re.escape(one) for lines in content.values() for one in lines]
    return re.compile(rf"\W*(?:{'|'.join(sorted(words, key=len, reverse=True))})\b")
