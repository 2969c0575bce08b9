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
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).with_name("phrases")

SURE: Final = 3
"""Letters by which phrases are found."""

_WORD = re.compile(r"\w+")
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
    needs: frozenset[str]
    """Classes a sentence must hold for the rule to be met at all."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A phrase, or a word with an open end, as it stands in one or more classes."""

    source: str
    classes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Phrases:
    """Everything the phrase files say, ready to be matched."""

    words: Mapping[str, tuple[str, ...]]
    """Whole words and the classes they are in."""
    entries: Mapping[str, tuple[Entry, ...]]
    """Other phrases by the letters they surely begin with, at most `SURE`."""
    rules: Mapping[str, tuple[Rule, ...]]
    """By what they speak for: a type of message, `behalf`, or a mood of a sentence (`mood_general`, ...)."""
    spelling: tuple[str, ...]
    """Long words that people misspell."""

    def met(self, text: str) -> Iterator[tuple[str, int, int]]:
        """The classes met in `text`, each with the longest stretch it has at that place: name, start, end."""
        for word in _WORD.finditer(text):
            best = dict.fromkeys(self.words.get(word[0], ()), word.end())
            for length in range(SURE + 1):
                if length > len(word[0]):
                    break
                for entry in self.entries.get(word[0][:length], ()):
                    found = _compiled(entry.source).match(text, word.start())
                    if found:
                        for name in entry.classes:
                            best[name] = max(best.get(name, 0), found.end())
            for name, end in best.items():
                yield name, word.start(), end

    def known(self, word: str) -> bool:
        """Whether `word` is in a class by itself, and so no slip of another."""
        return word in self.words or any(
            _compiled(entry.source).fullmatch(word)
            for length in range(1, SURE + 1)
            for entry in self.entries.get(word[:length], ())
            if " " not in entry.source
        )


@cache
def load() -> Phrases:
    """Return the phrases of all languages together, so that a wrongly guessed language costs nothing."""
    lists: dict[str, list[str]] = {}
    for path in sorted(FOLDER.glob("words.*.toml")):
        for name, value in tomllib.loads(path.read_text(encoding="utf-8")).items():
            lists.setdefault(name, []).extend(e for part in re.split(r"[,\n]", value) if (e := part.strip()))
    spelling = tuple(dict.fromkeys(lists.pop("spelling", [])))
    names = set(lists)
    classes: dict[str, set[str]] = {}
    for name in lists:
        for entry in _flat(name, lists):
            classes.setdefault(entry, set()).add(name)
    rules: dict[str, tuple[Rule, ...]] = {}
    for path in sorted(FOLDER.glob("rules*.toml")):
        for name, group in tomllib.loads(path.read_text(encoding="utf-8")).items():
            rules[name] = rules.get(name, ()) + tuple(
                _rule(name, manner, line, names) for manner, lines in group.items() for line in lines
            )
    words: dict[str, tuple[str, ...]] = {}
    entries: dict[str, list[Entry]] = {}
    for source, within in classes.items():
        if source.isalnum():
            words[source] = tuple(sorted(within))
            continue
        for beginning in _beginnings(source):
            entries.setdefault(beginning, []).append(Entry(source, tuple(sorted(within))))
    return Phrases(words, {key: tuple(value) for key, value in entries.items()}, rules, spelling)


def _beginnings(source: str) -> set[str]:
    """The letters a phrase surely begins with; a group in front gives several, anything cleverer gives none."""
    group = re.match(r"\(([^()?]+)\)(?![?*])(.*)", source)
    starts = group[1].split("|") if group else [source]
    found: set[str] = set()
    for start in starts:
        literal = re.match(r"\w*", start)
        letters = literal[0] if literal else ""
        if start[len(letters) : len(letters) + 1] in ("?", "{"):
            letters = letters[:-1]
        found.add(letters[:SURE])
    return {""} if "" in found else found


@cache
def _compiled(source: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\s+", r"\\W{1,3}", re.sub(r"(?<!\\w)\*", r"\\w*", source)) + r"(?!\w)")


def _flat(name: str, lists: Mapping[str, list[str]]) -> list[str]:
    """A class may take in another by naming it in braces."""
    flat: list[str] = []
    for entry in lists[name]:
        included = re.fullmatch(r"\{(\w+)\}", entry)
        flat += _flat(included[1], lists) if included else [entry]
    return flat


def _rule(name: str, manner: str, line: str, classes: set[str]) -> Rule:
    terms = tuple(_term(part.strip(), classes) for part in line.split(" & "))
    needs = frozenset(step.name for term in terms if not (term.absent or term.afar) for step in term.steps)
    return Rule(name, 1.0 if manner.endswith("hint") else 2.0, manner.startswith("firm"), terms, line, needs)


def _term(text: str, classes: set[str]) -> Term:
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
            if name not in classes:
                raise KeyError(f"rules: no class {name or literal!r} in {text!r}")
            steps.append(Step(name, gap))
            gap = 0
    return Term(tuple(steps), first, last, "!" in flags, "@" in flags)
