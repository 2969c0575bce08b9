"""Which kind of answer a question wants (a time, a sum, a number to call), and which a passage gives."""

import re
import tomllib
from collections.abc import Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

from knowledge.words import Word, fold, word

LOOSE: Final = frozenset(("person", "list"))


def kinds_asked(words: Sequence[Word]) -> frozenset[str]:
    """Return the kinds of answer that the words of a question ask for."""
    texts = " ".join(w.text for w in words)
    stems = " ".join(w.nb for w in words)
    return frozenset(
        kind
        for kind, (by_text, by_stem, _) in _kinds().items()
        if by_text.search(texts) or by_stem.search(stems)
    )


@lru_cache(maxsize=20_000)
def kinds_given(text: str) -> frozenset[str]:
    """Return the kinds of answer that a passage gives."""
    return frozenset(kind for kind, (_, _, pattern) in _kinds().items() if pattern.search(text))


def given_at(kinds: frozenset[str], text: str) -> tuple[tuple[int, str], ...]:
    """Return where in a passage answers of these kinds begin, each with its kind."""
    return tuple((m.start(), kind) for kind in sorted(kinds) for m in _kinds()[kind][2].finditer(text))


def is_missing(asked: frozenset[str], given: frozenset[str]) -> bool:
    """Whether a kind of answer is asked for that is not given, of those that have a form one can tell by.

    Who does something and which things there are can be said in any form.
    """
    wanted = asked - LOOSE
    return bool(wanted) and not wanted & given


@cache
def _kinds() -> dict[str, tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]]:
    """Return for each kind what asks for it, by words and by their stems, and what gives it."""
    content = tomllib.loads(Path(__file__).with_name("kinds.toml").read_text(encoding="utf-8"))
    kinds: dict[str, tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]] = {}
    for kind, entry in content.items():
        asked = [fold(wording.strip()).replace("-", "") for wording in entry["asked"].split(",")]
        stemmed = [" ".join(word(part).nb for part in one.split()) for one in asked if "*" not in one]
        flags = re.MULTILINE if kind in ("person", "address") else re.MULTILINE | re.IGNORECASE
        kinds[kind] = (_any_of(asked), _any_of(stemmed), re.compile(entry["found"], flags))
    return kinds


def _any_of(wordings: Sequence[str]) -> re.Pattern[str]:
    patterns = "|".join(re.escape(wording).replace(r"\*", r"\S*") for wording in wordings)
    return re.compile(rf"(?<!\S)(?:{patterns})(?!\S)")
