"""Our own ways of asking, by subject: what is learnt from, and a mark by which one set is told from another."""

import hashlib
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from knowledge.subjects import LAW, OTHER
from law.language import LANGS
from law.statutory import statements

HERE: Final = Path(__file__).parent
ASKS: Final = tuple(HERE / f"asks.{lang}.toml" for lang in LANGS)
"""Ways of asking by topic, one a line."""


def all_ways() -> list[tuple[str, str]]:
    """Return every way of asking with its subject: topics, statements of the law, and what is no question for us."""
    by_law = [
        (LAW + one.id, way)
        for lang in LANGS
        for one in statements(lang)
        for way in (one.title, *one.wordings)
    ]
    phrases = tomllib.loads((HERE / "phrases.toml").read_text(encoding="utf-8"))
    other = [(OTHER, line.strip()) for lines in phrases.values() for line in lines.strip().splitlines()]
    return [*ways_of_asking(), *by_law, *other]


def ways_of_asking() -> Iterator[tuple[str, str]]:
    """Yield each topic's ways of asking, as (topic, words)."""
    for path in ASKS:
        content: Mapping[str, str] = tomllib.loads(path.read_text(encoding="utf-8"))
        for topic, lines in content.items():
            for line in lines.strip().splitlines():
                yield topic, line.strip()


def fingerprint(ways: Sequence[tuple[str, str]]) -> str:
    """Return what tells one set of ways of asking from another."""
    return hashlib.sha256("\n".join(f"{owner}\t{way}" for owner, way in ways).encode()).hexdigest()[:16]
