"""A text in words: the cues in it, the fields it names, and where its sentences end."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from intake.corrections.cues import Cue, Mention, cues, tokens
from intake.corrections.lexicon import Token

_END: Final = re.compile(r"[.!?]+(?=[\s\"')]|$)|\n\s*\n|\n|[;]")
_SHORT: Final = re.compile(
    r"(?i:(?<![\w.@])(?:nr|tlf|mob|tel|adr|ca|bl\.a|f\.eks|kl|st|dr|hr|fr|mr|mrs|ms|jf|evt|inkl|e\.g|i\.e))$|(?<![\w.@])[A-ZÆØÅ]$"
)


@dataclass(frozen=True, slots=True)
class Spoken:
    """A text in words: its tokens, cues, mentions of fields, where its words begin and its sentences end (in
    characters)."""

    text: str
    tokens: Sequence[Token]
    cues: Sequence[Cue]
    mentions: Sequence[Mention]
    words: Sequence[int]
    ends: Sequence[int]

    def sentence(self, at: int) -> tuple[int, int]:
        """Return where the sentence begins and ends that stands around character `at`."""
        following = bisect_right(self.ends, at)
        start = self.ends[following - 1] if following else 0
        return start, self.ends[following] if following < len(self.ends) else len(self.text)

    def between(self, start: int, end: int) -> Sequence[Cue]:
        """Return the cues that stand whole between two places."""
        first = bisect_left(self.cues, start, key=lambda cue: cue.start)
        return self.cues[first : bisect_right(self.cues, end, key=lambda cue: cue.end)]

    def between_words(self, start: int, end: int) -> int:
        """Return how many words begin between two places."""
        return bisect_left(self.words, end) - bisect_left(self.words, start)

    def first(self, at: int) -> int:
        """Return where the first word at or after a place begins; the text's end where none does."""
        index = bisect_left(self.words, at)
        return self.words[index] if index < len(self.words) else len(self.text)

    def named(self) -> set[str]:
        """Return the fields that are named outright."""
        return {mention.field for mention in self.mentions if mention.kind == "field"}

    def signs(self, name: str) -> bool:
        """Whether the text tells that several things change, or that one does for good."""
        return any(one.kind == "sign" and one.field == name for one in self.mentions)


def in_words(text: str) -> Spoken:
    """Return `text` in words."""
    found = tokens(text)
    told, mentions = cues(found)
    words = tuple(token.start for token in found if token.word)
    return Spoken(text, found, told, mentions, words, tuple(_ends(text, told)))


def _ends(text: str, told: Sequence[Cue]) -> list[int]:
    """A line's end ends the sentence too, save where it is only wrapped, or announces what stands below."""
    ends: list[int] = []
    closing = {cue.end for cue in told if cue.before > -9 and cue.before}
    for found in _END.finditer(text):
        before = text[: found.start()].rstrip()
        if (
            found[0].startswith(".")
            and _SHORT.search(before[-8:])
            and not text[found.end() :].startswith("\n")
        ):
            continue
        if (
            found[0] == "."
            and before[-1:].isdigit()
            and text[found.end() : found.end() + 2].strip().islower()
        ):
            continue  # "from 1.1. it is"
        if "\n" in found[0]:
            announced = before.endswith(":") or len(before) in closing
            line = before[before.rfind("\n") + 1 :]
            following = text[found.end() : found.end() + 1]
            if announced or (found[0] == "\n" and (following.islower() or _heads(line, told, len(before)))):
                continue
        ends.append(found.end())
    return ends


def _heads(line: str, told: Sequence[Cue], end: int) -> bool:
    """ "Ny adresse" on a line of its own."""
    if len(line.split()) > 4 or line.endswith((".", ",", "!", "?")):
        return False
    return any(cue.before and end - len(line) <= cue.start < end for cue in told)
