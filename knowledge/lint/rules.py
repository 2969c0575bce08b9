"""The linter's rules as they stand in faults/*.toml, read and checked once."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

from knowledge.lint.finding import Rule
from knowledge.lint.patterns import pattern
from law.language import as_words
from operators.register import Severity

Part = Literal["", "notice", "agreement"]

PARTS: Final[Mapping[str, Part]] = {"": "", "notice": "notice", "agreement": "agreement"}

WHEN: Final = (
    "all", "unless", "under", "case", "needs", "needs_beside", "needs_elsewhere", "unless_beside", "unless_anywhere",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class When:
    """One way to break a rule, as patterns; what is empty asks nothing.

    In the sentence: `all` and `case` (which minds capital letters) must each be met, none of `unless`. `under`:
    one is met in the headings or the words that lead in. `needs_beside`, `unless_beside`: the whole clause;
    `needs`, `unless_anywhere`: the whole document; `needs_elsewhere`: another clause.
    """

    all: tuple[str, ...]
    unless: tuple[str, ...]
    under: tuple[str, ...]
    case: tuple[str, ...]
    needs: tuple[str, ...]
    needs_beside: tuple[str, ...]
    needs_elsewhere: tuple[str, ...]
    unless_beside: tuple[str, ...]
    unless_anywhere: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """A rule about something a document says: `part` is the kind of document it holds in, `once` reports
    the first place only."""

    rule: Rule
    part: Part
    once: bool
    whens: tuple[When, ...]


@cache
def said() -> tuple[Said, ...]:
    """The rules about what a sentence says. ValueError for an unknown key, KeyError for an unknown word."""
    return tuple(
        Said(rule_of(id, entry), PARTS[entry.get("part", "")], entry.get("once", False), whens)
        for id, entry in _entries().items()
        if (whens := tuple(_when(id, one) for one in entry.get("when", ())))
    )


@cache
def rule(id: str) -> Rule:
    """The rule with that id. KeyError when there is none."""
    return rule_of(id, _entries()[id])


def rule_of(id: str, entry: Mapping[str, Any]) -> Rule:
    """A rule from its table. ValueError where a language or a severity is missing."""
    return Rule(id, entry["law"], Severity(entry["severity"]), as_words(entry["words"]))


def read(name: str) -> Mapping[str, Any]:
    """The contents of a TOML file beside this module."""
    return tomllib.loads((Path(__file__).parent / name).read_text(encoding="utf-8"))


@cache
def _entries() -> Mapping[str, Mapping[str, Any]]:
    found: dict[str, Mapping[str, Any]] = {}
    for path in sorted((Path(__file__).parent / "faults").glob("*.toml")):
        for id, entry in read(f"faults/{path.name}").items():
            if id in found:
                raise ValueError(f"{path.name}: the rule {id} stands twice")
            unknown = set(entry) - {"law", "severity", "words", "part", "once", "when"}
            if unknown:
                raise ValueError(f"{path.name}: {id}: unknown {', '.join(sorted(unknown))}")
            found[id] = entry
    return found


def _when(id: str, entry: Mapping[str, Any]) -> When:
    unknown = set(entry) - set(WHEN)
    if unknown or not entry.get("all"):
        raise ValueError(f"{id}: a `when` needs `all` and knows no {', '.join(sorted(unknown)) or 'other'}")
    for key in WHEN:
        for words in entry.get(key, ()):
            pattern(words)
    return When(*(tuple(entry.get(key, ())) for key in WHEN))
