"""How people ask what a company's documents answer, and what they ask that the documents are silent on: asked.toml."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from law.language import LANGS
from operators.table import Table

FILE: Final = "asked.toml"


@dataclass(frozen=True, slots=True)
class Silence:
    """Something people ask about that the documents do not say, and ways of asking it, in any language."""

    about: str
    ways: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """Ways of asking by the fact that answers them, as (fact, words), and the silences."""

    facts: tuple[tuple[str, str], ...]
    silences: tuple[Silence, ...]


def read_asked(folder: Path, facts: Collection[str]) -> Asked:
    """Read a company's asked.toml; a company without one has nothing to learn from.

    `facts` are the ids of its facts. Raises ProfileError for a fact that is none of them, for whatever is unknown
    or of the wrong kind, and for words that are asked twice.
    """
    path = folder / FILE
    if not path.is_file():
        return Asked((), ())
    top = Table.of(path)
    told: list[tuple[str, str]] = []
    by_fact = top.maybe_sub("fact")
    for id in () if by_fact is None else by_fact.values:
        assert by_fact is not None
        if id not in facts:
            raise by_fact.wrong(id, "is no fact of facts.toml")
        row = by_fact.sub(id)
        told.extend((id, words) for words in _ways(row))
        row.done()
    silences = []
    for row in top.rows("silent"):
        silences.append(Silence(row.text("about"), tuple(_ways(row))))
        row.done()
    top.done()
    _each_once(top, [*(words for _, words in told), *(words for one in silences for words in one.ways)])
    return Asked(tuple(told), tuple(silences))


def _ways(row: Table) -> Iterator[str]:
    for lang in LANGS:
        yield from row.texts(lang)


def _each_once(top: Table, ways: Collection[str]) -> None:
    seen: set[str] = set()
    for words in ways:
        folded = words.casefold().strip(" ?.!")
        if folded in seen:
            raise top.wrong("", f"asked twice: {words!r}")
        seen.add(folded)
