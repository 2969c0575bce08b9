"""Find in a text the words by which a value on file is told from the one that shall stand, and the fields spoken of."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from intake.corrections.lexicon import Token, likely, words

_PLAIN = r"[^\W_]+(?:['-][^\W_]+)*|-{1,2}>|=>|[^\w\s]"
_TOKEN: Final = re.compile(_PLAIN)
_TOKEN_OR_MAIL: Final = re.compile(rf"[\w.+'-]{{1,64}}@[\w-]{{1,63}}(?:\.[\w-]{{1,63}}){{0,5}}|{_PLAIN}")
_FORMS: Final = ("AS", "SA")
"""Written with capitals these are no cues: a company's legal form is not "as"."""
SHORT: Final = 6
"""Letters of words that are no compounds."""


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
        for phrase in likely(token.text):
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


@lru_cache(maxsize=20_000)
def _compound(word: str) -> str:
    """The field that a longer word ends by naming, as "jobbmailen" does; "" where none."""
    return next((name for name, ends in words().compound.items() if word.endswith(ends)), "")


def opens(word: str) -> bool:
    """Whether a cue or a field's name begins with `word`, in small letters."""
    return any(
        step.fits(Token(word, 0, 0))
        for phrase in likely(word)
        if not phrase.kind.endswith((".hint", ".here"))
        for step in phrase.steps[:1]
        if not step.letter
    )
