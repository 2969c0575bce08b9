"""Find in a text the words by which a value on file is told from the one that shall stand, and the fields spoken of."""

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from intake.phrases import FOLDER

_PLAIN = r"[^\W_]+(?:['-][^\W_]+)*|-{1,2}>|=>|[^\w\s]"
_TOKEN: Final = re.compile(_PLAIN)
_TOKEN_OR_MAIL: Final = re.compile(rf"[\w.+'-]{{1,64}}@[\w-]{{1,63}}(?:\.[\w-]{{1,63}}){{0,5}}|{_PLAIN}")
_FORMS: Final = ("AS", "SA")
"""Written with capitals these are no cues: a company's legal form is not "as"."""
SHORT: Final = 6
"""Letters of words that are no compounds."""
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
)
FIELD_KINDS: Final = ("field", "hint", "here")


@dataclass(frozen=True, slots=True)
class Token:
    """A word or a sign, in small letters, and where it stands; `plain` where it was written so."""

    text: str
    start: int
    end: int
    plain: bool = True

    @property
    def word(self) -> bool:
        """Whether it is a word and no sign."""
        return self.text[0].isalnum()


@dataclass(frozen=True, slots=True)
class Cue:
    """Words in a row: characters `start` to `end`, tokens `first` up to `last`.

    `before` weighs for the value that follows, `after` for the one that precedes: above zero new, below zero old.
    `kinds` are the classes of the phrase file that hold the words.
    """

    start: int
    end: int
    first: int
    last: int
    before: float
    after: float
    kinds: frozenset[str]


@dataclass(frozen=True, slots=True)
class Mention:
    """A word that names a field (`field`), makes it likely (`hint`), or stands right before its value (`here`); a `sign`
    is no field, but tells that something changes for good (`lasting`), or that several things do (`several`)."""

    field: str
    kind: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Step:
    words: frozenset[str]
    begins: tuple[str, ...]
    letter: bool
    needed: bool
    any: bool = False

    def fits(self, token: Token) -> bool:
        word = token.text
        return (
            (self.any and token.plain)
            or word in self.words
            or (self.letter and len(word) == 1 and word.isalpha())
            or (bool(self.begins) and word.startswith(self.begins))
        )


@dataclass(frozen=True, slots=True)
class _Phrase:
    kind: str
    steps: tuple[_Step, ...]
    second: frozenset[str] | None
    """One of these must follow the first word; None where anything may."""

    def ends(self, tokens: Sequence[Token], at: int) -> int:
        """Return where the phrase ends that begins at token `at`: the furthest it reaches, or -1."""
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

    phrases: Mapping[str, tuple[_Phrase, ...]]
    open: Mapping[str, tuple[_Phrase, ...]]
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


def tokens(text: str) -> list[Token]:
    """Return the words and signs of `text`, in order.

    An e-mail address is one word, one of dialect or of text messages is the one it stands for, and what only fills in
    ("jo", "visst", "lol") is left out.
    """
    known = words()
    found: list[Token] = []
    before = ""
    for met in (_TOKEN_OR_MAIL if "@" in text else _TOKEN).finditer(text):
        word = met[0] if met[0] in _FORMS else met[0].casefold()
        if word in known.filler:
            continue
        if len(word) > 1 or before not in known.spelled:  # "with a u" is no "you"
            word = known.spelling.get(word, word)
        if word == "e" and before in known.subject:
            word = "er"
        found.append(Token(word, *met.span(), met[0].islower()))
        before = word
    return found


def cues(found: Sequence[Token]) -> tuple[list[Cue], list[Mention]]:
    """Return the cues among the tokens, the longest at each place, and every mention of a field."""
    weights = words().weights
    told: list[Cue] = []
    mentions: list[Mention] = []
    free = 0
    for at, token in enumerate(found):
        longest: dict[str, int] = {}
        if len(token.text) > SHORT and (name := _compound(token.text)):
            mentions.append(Mention(name, "field", token.start, token.end))
        following = found[at + 1].text if at + 1 < len(found) else ""
        for phrase in _likely(token.text):
            if phrase.second is not None and following not in phrase.second:
                continue
            end = phrase.ends(found, at)
            if end <= at:
                continue
            if phrase.kind == "new_near" and end < len(found) and _talks(found[end]):
                continue  # "I have moved" is not "I have 415 22 343"
            if phrase.kind in weights:
                longest[phrase.kind] = max(end, longest.get(phrase.kind, 0))
            else:
                name, kind = phrase.kind.split(".")
                mentions.append(Mention(name, kind, token.start, found[end - 1].end))
        if not longest or at < free:
            continue
        end = max(longest.values())
        kinds = [kind for kind, reach in longest.items() if reach == end]
        before = max((weights[kind][0] for kind in kinds), key=abs)
        after = max((weights[kind][1] for kind in kinds), key=abs)
        if "inverted" in kinds:
            after = abs(after)
        told.append(Cue(token.start, found[end - 1].end, at, end, before, after, frozenset(kinds)))
        free = end
    inside = {found[at].start for cue in told for at in range(cue.first + 1, cue.last)}
    return told, [one for one in mentions if one.field != "city" or one.start not in inside]


def _talks(token: Token) -> bool:
    return token.plain and token.text.isalpha()


def _compound(word: str) -> str:
    """The field that a longer word ends by naming, as "jobbmailen" does; "" where none."""
    return next((name for name, ends in words().compound.items() if word.endswith(ends)), "")


def opens(word: str) -> bool:
    """Whether a cue or a field's name begins with `word`, in small letters."""
    return any(
        step.fits(Token(word, 0, 0))
        for phrase in _likely(word)
        if not phrase.kind.endswith((".hint", ".here"))
        for step in phrase.steps[:1]
        if not step.letter
    )


def _likely(word: str) -> Iterator[_Phrase]:
    known = words()
    yield from known.phrases.get(word, ())
    yield from known.open.get(word[:3], ())


@cache
def words() -> Words:
    """Return the phrase file, read once."""
    content: dict[str, Any] = tomllib.loads((FOLDER / "rectification.toml").read_text(encoding="utf-8"))
    plain, fields, compound = content.pop("words"), content.pop("field"), content.pop("compound")
    spelling: dict[str, str] = content.pop("spelling")
    found: dict[str, list[_Phrase]] = defaultdict(list)
    begun: dict[str, list[_Phrase]] = defaultdict(list)

    def add(kind: str, entries: Sequence[str]) -> None:
        for entry in entries:
            steps = tuple(step for source in entry.split() for step in _steps(source))
            phrase = _Phrase(kind, steps, _second(steps))
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


def _second(steps: Sequence[_Step]) -> frozenset[str] | None:
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


def _steps(source: str) -> tuple[_Step, ...]:
    if source == "~":
        return (_Step(frozenset(), (), letter=False, needed=False, any=True),) * 2
    names = source.removesuffix("?").split("/") if len(source) > 1 else [source]
    return (
        _Step(
            frozenset(name for name in names if not name.endswith("*") and name != "#"),
            tuple(name[:-1] for name in names if name.endswith("*")),
            letter="#" in names,
            needed=not source.endswith("?") or len(source) == 1,
        ),
    )
