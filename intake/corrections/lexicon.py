"""The phrase file of corrections, ready to be met in the words of a text."""

import tomllib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, Final, NamedTuple

from intake.phrases import FOLDER

_LISTS: Final = (
    "stop",
    "article",
    "talk",
    "never",
    "firm",
    "titled",
    "filler",
    "spelled",
    "subject",
    "ours",
    "wed",
    "polite",
    "theirs",
    "joins",
    "adjective",
    "place",
)
FIELD_KINDS: Final = ("field", "hint", "here")


class Token(NamedTuple):
    """A word or a sign, in small letters, and where it stands; `plain` where it was written so.

    One is made for every word, so that it is the cheapest kind of value.
    """

    text: str
    start: int
    end: int
    plain: bool = True

    @property
    def word(self) -> bool:
        """Whether it is a word and no sign."""
        return self.text[0].isalnum()


@dataclass(frozen=True, slots=True)
class Step:
    """One word of a phrase: one of several, of open end, a letter, or any."""

    words: frozenset[str]
    begins: tuple[str, ...]
    letter: bool
    needed: bool
    any: bool = False

    def fits(self, token: Token) -> bool:
        """Whether `token` may stand there."""
        word = token.text
        return (
            (self.any and token.plain and "@" not in token.text)
            or word in self.words
            or (self.letter and len(word) == 1 and word.isalpha())
            or (bool(self.begins) and word.startswith(self.begins))
        )


@dataclass(frozen=True, slots=True)
class Phrase:
    """An entry of the file, of the class `kind`."""

    kind: str
    steps: tuple[Step, ...]
    second: frozenset[str] | None
    """One of these must follow the first word; None where anything may."""
    plain: bool
    """Every step is needed, so that it has one length."""

    def ends(self, tokens: Sequence[Token], at: int) -> int:
        """Return where the phrase ends that begins at token `at`: the furthest it reaches, or -1."""
        if self.plain:
            if at + len(self.steps) > len(tokens):
                return -1
            for step in self.steps:
                if not step.fits(tokens[at]):
                    return -1
                at += 1
            return at
        states = {at}
        for step in self.steps:
            reached = {s + 1 for s in states if s < len(tokens) and step.fits(tokens[s])}
            states = reached if step.needed else reached | states
            if not states:
                return -1
        return max(states)


@dataclass(frozen=True, slots=True)
class Words:
    """What the phrase file says, ready to be met: phrases by their first word, or by its first three letters where that
    is open at its end."""

    phrases: Mapping[str, tuple[Phrase, ...]]
    open: Mapping[str, tuple[Phrase, ...]]
    weights: Mapping[str, tuple[float, float]]
    compound: Mapping[str, tuple[str, ...]]
    spelling: Mapping[str, str]
    stop: frozenset[str]
    article: frozenset[str]
    talk: frozenset[str]
    never: frozenset[str]
    firm: frozenset[str]
    titled: frozenset[str]
    filler: frozenset[str]
    spelled: frozenset[str]
    subject: frozenset[str]
    ours: frozenset[str]
    wed: frozenset[str]
    polite: frozenset[str]
    theirs: frozenset[str]
    joins: frozenset[str]
    adjective: frozenset[str]
    place: frozenset[str]


@lru_cache(maxsize=20_000)
def likely(word: str) -> tuple[Phrase, ...]:
    """Return the phrases that may begin with `word`, in small letters."""
    known, token = words(), Token(word, 0, 0)
    begun = known.open.get(word[:3], ())
    return (*known.phrases.get(word, ()), *(phrase for phrase in begun if _begins(phrase.steps, token)))


def _begins(steps: Sequence[Step], token: Token) -> bool:
    """Whether a phrase can begin with `token`: with one of its steps up to the first that is needed."""
    for step in steps:
        if step.any or step.fits(token):
            return True
        if step.needed:
            return False
    return False


@cache
def words() -> Words:
    """Return the phrase file, read once."""
    content: dict[str, Any] = tomllib.loads((FOLDER / "rectification.toml").read_text(encoding="utf-8"))
    plain, fields, compound = content.pop("words"), content.pop("field"), content.pop("compound")
    spelling: dict[str, str] = content.pop("spelling")
    found: dict[str, list[Phrase]] = defaultdict(list)
    begun: dict[str, list[Phrase]] = defaultdict(list)

    def add(kind: str, entries: Sequence[str]) -> None:
        for entry in entries:
            steps = tuple(step for source in entry.split() for step in _steps(source))
            phrase = Phrase(kind, steps, _second(steps), all(step.needed for step in steps))
            first = steps[: next((at for at, step in enumerate(steps) if step.needed), len(steps)) + 1]
            for word in {word for step in first for word in step.words}:
                found[word].append(phrase)
            for word in {word[:3] for step in first for word in step.begins}:
                begun[word].append(phrase)

    for kind, told in content.items():
        for entries in told.values():
            if isinstance(entries, list):
                add(kind, entries)
    for name, told in fields.items():
        for kind in FIELD_KINDS:
            add(f"{name}.{kind}", told.get(kind, ()))
    add("below.field", plain["below"])
    add("several.sign", plain["several"])
    add("lasting.sign", plain["lasting"])
    return Words(
        {key: tuple(phrases) for key, phrases in found.items()},
        {key: tuple(phrases) for key, phrases in begun.items()},
        {kind: (float(told["before"]), float(told["after"])) for kind, told in content.items()},
        {name: tuple(ends) for name, ends in compound.items()},
        {word: meant for meant, ways in spelling.items() for word in ways.split()},
        *(frozenset(plain[name].split()) for name in _LISTS),
    )


def _second(steps: Sequence[Step]) -> frozenset[str] | None:
    """The words of which one must stand second; None where the first may be missing, or anything may follow it."""
    if not steps[0].needed:
        return None
    found: set[str] = set()
    for step in steps[1:]:
        if step.any or step.letter or step.begins:
            return None
        found |= step.words
        if step.needed:
            return frozenset(found)
    return None


def _steps(source: str) -> tuple[Step, ...]:
    if source == "~":
        return (Step(frozenset(), (), letter=False, needed=False, any=True),) * 2
    names = source.removesuffix("?").split("/") if len(source) > 1 else [source]
    return (
        Step(
            frozenset(name for name in names if not name.endswith("*") and name != "#"),
            tuple(name[:-1] for name in names if name.endswith("*")),
            letter="#" in names,
            needed=not source.endswith("?") or len(source) == 1,
        ),
    )
