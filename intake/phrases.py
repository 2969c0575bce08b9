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
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

from intake.wording import Following, anything, compiled, last, one_of, steps

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


Possible = tuple[tuple[str, ...], tuple[Following, ...], str | None]
"""Classes that a word may begin to meet, the words that must follow it for that, and the phrase that must then stand
there; None where the words are all of it."""


@dataclass(frozen=True, slots=True)
class Begun:
    """What may begin with a word: whatever follows, and, by the word that must follow, the rest."""

    loose: tuple[Possible, ...]
    following: Mapping[str, Sequence[Possible]]


@dataclass(frozen=True, slots=True, eq=False)
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
    ordered: tuple[Rule, ...]
    by_need: Mapping[str, tuple[int, ...]]
    """Where in `ordered` the rules stand, each under the one class it needs that fewest others do; "" needs none."""

    def met(self, text: str) -> Iterator[tuple[str, int, int]]:
        """The classes met in `text`, each with the longest stretch it has at that place: name, start, end."""
        spans = [word.span() for word in _WORD.finditer(text)]
        words = [text[start:end] for start, end in spans]
        anywhere = _anywhere(self)
        for at, (start, stop) in enumerate(spans):
            best: dict[str, int] = {}
            whatever = anywhere.match(text, start) is not None
            begun = _possible(self, words[at], whatever)
            going_on = begun.following.get(words[at + 1], ()) if at + 1 < len(words) else ()
            for classes, following, source in (*begun.loose, *going_on):
                end = last(text, words, spans, at, following) if following else stop
                if not end:
                    continue
                if source is not None:
                    found = compiled(source).match(text, start)
                    if found is None:
                        continue
                    end = found.end()
                for name in classes:
                    if best.get(name, 0) < end:
                        best[name] = end
            for name, end in best.items():
                yield name, start, end

    def open_to(self, classes: Collection[str]) -> dict[str, tuple[Rule, ...]]:
        """The rules that a sentence with these classes can meet at all, by what they speak for, in their order."""
        found = [
            at
            for name in (*classes, "")
            for at in self.by_need.get(name, ())
            if self.ordered[at].needs.issubset(classes)
        ]
        rules: dict[str, tuple[Rule, ...]] = {}
        for at in sorted(found):
            rule = self.ordered[at]
            rules[rule.speaks_for] = (*rules.get(rule.speaks_for, ()), rule)
        return rules

    def known(self, word: str) -> bool:
        """Whether `word` is in a class by itself, and so no slip of another."""
        return word in self.words or any(
            compiled(entry.source).fullmatch(word)
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
    ordered = tuple(rule for group in rules.values() for rule in group)
    by_need = _by_need(ordered)
    return Phrases(
        words, {key: tuple(value) for key, value in entries.items()}, rules, spelling, ordered, by_need
    )


def _by_need(rules: Sequence[Rule]) -> dict[str, tuple[int, ...]]:
    common = Counter(name for rule in rules for name in rule.needs)
    found: dict[str, tuple[int, ...]] = {}
    for at, rule in enumerate(rules):
        rarest = min(rule.needs, key=lambda name: (common[name], name), default="")
        found[rarest] = (*found.get(rarest, ()), at)
    return found


@cache
def _anywhere(phrases: Phrases) -> re.Pattern[str]:
    """What is met where one of the few phrases is that any word may begin with; they would be tried at every word."""
    sources = (entry.source for entry in phrases.entries.get("", ()))
    return one_of(source for source in sources if steps(source)[0][0].tells is anything)


@lru_cache(maxsize=20_000)
def _possible(phrases: Phrases, word: str, whatever: bool) -> Begun:
    """What may begin with `word`; with `whatever`, also what any word may begin with."""
    loose: list[Possible] = [(phrases.words[word], (), None)] if word in phrases.words else []
    following: dict[str, list[Possible]] = {}
    for length in range(min(SURE, len(word)) + 1):
        for entry in phrases.entries.get(word[:length], ()):
            first, *more = steps(entry.source)[0]
            if not first.tells(word) or not (whatever or length or first.tells is not anything):
                continue
            possible = (entry.classes, tuple(more), steps(entry.source)[1])
            for next_ in more[0].words if more else ():
                following.setdefault(next_, []).append(possible)
            if not (more and more[0].words):
                loose.append(possible)
    return Begun(tuple(loose), following)


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
