"""What a passage speaks of, as topics: the language that questions and passages share."""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from knowledge.lexicon import IDEA, ideas_in
from knowledge.words import fold, word
from law.rights import Right

IN_HEADING: Final = 0.6
IN_TEXT: Final = 0.35
IDEA_ABOVE: Final = 0.5
IDEA_HERE: Final = 0.3


@dataclass(frozen=True, slots=True)
class Topic:
    """Something people ask about: cues that a passage speaks of it, and the right it is about."""

    id: str
    cues: re.Pattern[str]
    roots: frozenset[str]
    ideas: frozenset[str]
    right: Right | None


class Topics:
    """All topics, ready to label passages; what a question is about, `knowledge.subjects` tells."""

    def __init__(self, topics: Sequence[Topic]) -> None:
        self.topics: Mapping[str, Topic] = {topic.id: topic for topic in topics}
        self._roots = frozenset(root for topic in topics for root in topic.roots)
        self._above: dict[str, dict[str, float]] = {}

    def of_passage(self, headings: Sequence[str], text: str) -> dict[str, float]:
        """Return the topics a passage speaks of, each from 0 to 1, by cues in it and in its headings."""
        above = " | ".join(headings)
        if above not in self._above:
            self._above[above] = self._silence(above, IN_HEADING, IDEA_ABOVE)
        here = self._silence(text, IN_TEXT, IDEA_HERE)
        both = {id: silent * self._above[above].get(id, 1.0) for id, silent in here.items()}
        return {id: 1 - silent for id, silent in (self._above[above] | both).items()}

    def _silence(self, text: str, cue: float, idea: float) -> dict[str, float]:
        """Return, for the topics a text shows signs of, how little they show: 1 would be no sign."""
        ideas, folded = ideas_in(text), fold(text)
        roots = {root for root in self._roots if root in folded}
        found: dict[str, float] = {}
        for topic in self.topics.values():
            spoken = not roots.isdisjoint(topic.roots)
            silent = (1 - cue) ** len(set(topic.cues.findall(folded))) if spoken else 1.0
            silent *= (1 - idea) ** len(topic.ideas & ideas)
            if silent < 1:
                found[topic.id] = silent
        return found


@cache
def topics() -> Topics:
    """Return the topics of topics.toml."""
    content = tomllib.loads(Path(__file__).with_name("topics.toml").read_text(encoding="utf-8"))
    return Topics(
        [
            Topic(
                id=name,
                cues=re.compile(
                    "|".join(rf"\b{re.escape(root)}{rest}" for root, rest in _cues(entry["says"]))
                ),
                roots=frozenset(root for root, _ in _cues(entry["says"])),
                ideas=frozenset(IDEA + idea.strip() for idea in entry["shows"].split(",") if idea.strip()),
                right=Right(entry["right"]) if "right" in entry else None,
            )
            for name, entry in content.items()
        ]
    )


def _cues(says: str) -> Iterator[tuple[str, str]]:
    """Yield each cue as how it begins and a pattern for how it may go on; one of one word is met by its
    inflections too."""
    for cue in (c.strip() for c in fold(says).split(",")):
        if not cue:
            continue
        if " " in cue or "@" in cue or "." in cue:
            root, star, rest = cue.partition("*")
            yield root, r"\w*" * bool(star) + re.escape(rest)
        elif cue.endswith("*"):
            yield cue[:-1], r"\w*"
        else:
            stem = word(cue.replace("-", "")).nb if "-" not in cue else cue
            yield (stem if cue.startswith(stem) else cue), r"\w{0,5}\b"
