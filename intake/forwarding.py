"""Find the request that a mail only passes on, and who wrote it: the words below, where those above ask for nothing."""

import re
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from intake.bearing import is_given
from intake.firms import is_firm
from intake.hearing import hear
from intake.passing import from_lines, named
from intake.people import SELF, people
from intake.phrases import FOLDER
from intake.quoted import OwnText, earlier_mail, part_lines, passed_on
from intake.shapes import EMAIL

COVER_AT_MOST: Final = 200
"""Characters of a covering note that by its words alone passes a mail on."""

_WORD = re.compile(r"[^\W\d_]+")
_ANSWER = re.compile(r"\s*(?:re|sv|aw|ang|svar|antw|odp)\s?(?:\[\d+\])?:", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PassedOn:
    """A mail that is passed on, in its parts, and the lines that tell who wrote it."""

    request: OwnText
    heads: tuple[str, ...]
    note: OwnText
    """What stands above it, of whoever passes it on."""

    @property
    def said(self) -> str:
        """What its writer says; the signature where nothing else stands there."""
        return self.request.said or self.request.own

    def by_another(self, signed: str) -> bool:
        """Whether who passes it on, by the name `signed`, is another than the writer.

        They are one where the first names are the same, or one is the other's initial, and the last ones too, as far as
        both are told; a program may set the last name first.
        """
        sender = _words(_turned(signed))
        writers = [_words(_turned(named(self.heads))), _words(self.request.signed)]
        if not sender or not any(writers):
            return False
        return not any(_one_person(sender, writer) for writer in writers if writer)

    def by_a_firm(self) -> bool:
        """Whether no person wrote it: by the name in its head, where it speaks of nobody in the first person."""
        name = named(self.heads)
        heard = hear(self.said, learnt=False).whole.sentences
        if any(SELF in people(sentence) for sentence in heard):
            return False
        return bool(name) and (
            is_firm(name) or (" " not in name and not name.islower() and not is_given(name))
        )

    def sender(self) -> str:
        """Return the address it was sent from, as it was written; empty where none stands there."""
        return next((found[0] for line in from_lines(self.heads) for found in EMAIL.finditer(line)), "")


def request_passed_on(
    rows: Sequence[str], parts: OwnText, subject: str, asks: Callable[[str], bool]
) -> PassedOn | None:
    """Return the request passed on in `rows`, which `parts` are the parts of; None where the sender `asks` himself.

    Below a covering note the mail must ask for something, so that a newsletter sent on with a question asks nothing.
    """
    place = earlier_mail(rows)
    if place is None:
        return None
    start, begin = place
    marked = passed_on(subject) or passed_on(rows[start].lstrip("> ")) or passed_on(_above(rows, start))
    if not (marked or (_covers(parts.said) and not _ANSWER.match(subject))):
        return None
    left = _said_in_notes("cover").sub(" ", parts.said)  # "see below" by itself is no wish to see anything
    left = _said_in_notes("pointing").sub(" ", left)
    if any(letter.isalpha() for letter in left) and (
        _said_in_notes("nothing_to_do").search(left) or asks(left)
    ):
        return None
    found = PassedOn(
        part_lines([_outdented(row) for row in rows[begin:]]),
        tuple(row.lstrip("> ") for row in rows[start:begin]),
        parts,
    )
    if not found.said or (parts.said and not asks(found.said)):
        return None
    if parts.said and not _covers(parts.said) and found.by_a_firm():
        return None  # a question above a newsletter that tells of people's rights
    return found


def _turned(name: str) -> str:
    """ "Nes, Kari" as "Kari Nes"."""
    last, comma, first = name.partition(",")
    return f"{first} {last}" if comma else name


def _words(text: str) -> list[str]:
    return [word.casefold() for word in _WORD.findall(text)]


def _one_person(sender: Sequence[str], writer: Sequence[str]) -> bool:
    """Whether a sender's name, in words, is in what a writer is called: the first name or its initial, and a last."""
    first, other = sender[0], writer[0]
    initial = 1 in (len(first), len(other)) and first[0] == other[0]
    last = len(sender) == 1 or len(writer) == 1 or not set(sender[1:]).isdisjoint(writer)
    return (first in writer or initial) and last


def _covers(said: str) -> bool:
    return len(said) <= COVER_AT_MOST and _said_in_notes("cover").search(said) is not None


def _above(rows: Sequence[str], index: int) -> str:
    return next((row.lstrip("> ") for row in reversed(rows[max(index - 3, 0) : index]) if row.strip()), "")


def _outdented(row: str) -> str:
    """One level of quotation less: the whole of a mail passed on stands in one."""
    return row[1:].removeprefix(" ") if row.startswith(">") else row


@cache
def _said_in_notes(name: str) -> re.Pattern[str]:
    """What of that `name` in `mail.toml` is said above a mail that is passed on."""
    words = tomllib.loads((FOLDER / "mail.toml").read_text(encoding="utf-8"))[name]
    return re.compile("(?:" + "|".join(words) + ")", re.IGNORECASE)
