"""Read the phrase files: word classes in each language, and the rules that combine them into what a message asks.

A class is a list of words and short phrases, separated by commas; `*` is the rest of a word. A rule is a line of
terms joined by ` & `, each of which must hold:

    {erase} ~4 {mine}        one after the other, with at most four words between (none without `~`)
    {person} & {records}     both, in any order, in one sentence
    !{newsletter}            not in the sentence          @{account}, !@{account}   (not) anywhere in the message
    ^{erase}$                the sentence begins or ends here
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).with_name("phrases")

_PIECE = re.compile(r"~(\d+)|\{(\w+)\}|(\^)|(\$)|([^\s{}~^$]+)")


@dataclass(frozen=True, slots=True)
class Step:
    """A class to be met, at most `gap` words after the step before."""

    name: str
    gap: int


@dataclass(frozen=True, slots=True)
class Term:
    """Steps that must (or, where `absent`, must not) follow each other in a sentence or, where `afar`, anywhere."""

    steps: tuple[Step, ...]
    first: bool
    last: bool
    absent: bool
    afar: bool


@dataclass(frozen=True, slots=True)
class Rule:
    """A line of the rule file: what it speaks for, how much, and whether it stands where a negation precedes it."""

    speaks_for: str
    weight: float
    firm: bool
    terms: tuple[Term, ...]
    source: str


@dataclass(frozen=True, slots=True)
class Phrases:
    """Everything the phrase files say, ready to be matched."""

    classes: Mapping[str, re.Pattern[str]]
    rules: Mapping[str, tuple[Rule, ...]]
    """By what they speak for: a type of message, `behalf`, or a mood of a sentence (`mood_general`, ...)."""
    spelling: tuple[str, ...]
    """Long words that people misspell."""
    known: re.Pattern[str]
    """The words of all classes, which are therefore not slips of others."""


@cache
def load() -> Phrases:
    """Return the phrases of all languages together, so that a wrongly guessed language costs nothing."""
    lists: dict[str, list[str]] = {}
    for path in sorted(FOLDER.glob("words.*.toml")):
        for name, value in tomllib.loads(path.read_text(encoding="utf-8")).items():
            lists.setdefault(name, []).extend(e for part in re.split(r"[,\n]", value) if (e := part.strip()))
    spelling = tuple(dict.fromkeys(lists.pop("spelling", [])))
    single = [entry for entries in lists.values() for entry in entries if re.fullmatch(r"[^\W\d_]+\*?", entry)]
    classes = {name: _class(_flat(name, lists)) for name in lists}
    rules: dict[str, tuple[Rule, ...]] = {}
    for name, group in tomllib.loads((FOLDER / "rules.toml").read_text(encoding="utf-8")).items():
        rules[name] = tuple(_rule(name, manner, line, classes) for manner, lines in group.items() for line in lines)
    return Phrases(classes, rules, spelling, _class(single))


def _flat(name: str, lists: Mapping[str, list[str]]) -> list[str]:
    """A class may take in another by naming it in braces."""
    flat: list[str] = []
    for entry in lists[name]:
        included = re.fullmatch(r"\{(\w+)\}", entry)
        flat += _flat(included[1], lists) if included else [entry]
    return flat


def _class(entries: list[str]) -> re.Pattern[str]:
    """Longest first, so that the longer of two phrases is the one that is found."""
    ordered = sorted(dict.fromkeys(entries), key=len, reverse=True)
    body = "|".join(re.sub(r"\s+", r"\\W{1,3}", entry.replace("*", r"\w*")) for entry in ordered)
    return re.compile(rf"(?<!\w)(?:{body})(?!\w)")


def _rule(name: str, manner: str, line: str, classes: dict[str, re.Pattern[str]]) -> Rule:
    terms = tuple(_term(part.strip(), classes) for part in line.split(" & "))
    return Rule(name, 1.0 if manner.endswith("hint") else 2.0, manner.startswith("firm"), terms, line)


def _term(text: str, classes: dict[str, re.Pattern[str]]) -> Term:
    body = text.lstrip("!@")
    flags = text[: len(text) - len(body)]
    steps: list[Step] = []
    gap, first, last = 0, False, False
    for distance, name, begins, ends, literal in _PIECE.findall(body):
        if distance:
            gap = int(distance)
        elif begins:
            first = True
        elif ends:
            last = True
        else:
            if literal:
                name = f"={literal}"
                classes.setdefault(name, _class([literal]))
            elif name not in classes:
                raise KeyError(f"rules.toml: no class {name!r} ({text})")
            steps.append(Step(name, gap))
            gap = 0
    return Term(tuple(steps), first, last, "!" in flags, "@" in flags)
