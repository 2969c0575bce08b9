"""Which kind of answer a question wants (a time, a sum, a number to call), and which a passage gives."""

import re
import tomllib
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from knowledge.words import Word, fold, word


def kinds_asked(words: Sequence[Word]) -> frozenset[str]:
    """Return the kinds of answer that the words of a question ask for."""
    texts = [w.text for w in words]
    stems = [w.nb for w in words]
    found: set[str] = set()
    for kind, (phrases, wild, _) in _kinds().items():
        if any(wild.fullmatch(text) for text in texts) or any(_within(p, texts, stems) for p in phrases):
            found.add(kind)
    return frozenset(found)


def kinds_given(text: str) -> frozenset[str]:
    """Return the kinds of answer that a passage gives."""
    return frozenset(kind for kind, (_, _, pattern) in _kinds().items() if pattern.search(text))


def _within(phrase: tuple[Word, ...], texts: Sequence[str], stems: Sequence[str]) -> bool:
    n = len(phrase)
    return any(
        all(texts[i + k] == part.text or stems[i + k] == part.nb for k, part in enumerate(phrase))
        for i in range(len(texts) - n + 1)
    )


@cache
def _kinds() -> dict[str, tuple[tuple[tuple[Word, ...], ...], re.Pattern[str], re.Pattern[str]]]:
    content = tomllib.loads(Path(__file__).with_name("kinds.toml").read_text(encoding="utf-8"))
    kinds: dict[str, tuple[tuple[tuple[Word, ...], ...], re.Pattern[str], re.Pattern[str]]] = {}
    for kind, entry in content.items():
        wordings = [fold(wording.strip()).replace("-", "") for wording in entry["asked"].split(",")]
        phrases = tuple(tuple(word(p) for p in wording.split()) for wording in wordings if "*" not in wording)
        wild = [re.escape(wording).replace(r"\*", ".*") for wording in wordings if "*" in wording]
        flags = re.MULTILINE if kind in ("person", "address") else re.MULTILINE | re.IGNORECASE
        kinds[kind] = (phrases, re.compile("|".join(wild) or r"(?!)"), re.compile(entry["found"], flags))
    return kinds
