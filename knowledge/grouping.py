"""Groups questions that were not answered well, by what they are about and by likeness of words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from knowledge.reviewed import likeness, main_subject
from knowledge.words import words_of

TOGETHER: Final = 0.5
"""Likeness from which two questions about the same are put together; about nothing we know, `ALONE`."""

ALONE: Final = 0.6


@dataclass(frozen=True, slots=True)
class Open:
    """One question: `text` is None where it can no longer be opened, `topics` what it is about, most first."""

    id: str
    text: str | None
    topics: tuple[str, ...]
    lang: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Group:
    """Questions that one answer may serve, the oldest first; `topic` is "" for nothing we know."""

    topic: str
    members: tuple[Open, ...]

    @property
    def last(self) -> datetime:
        """When it was asked last."""
        return self.members[-1].at


def grouped(questions: Sequence[Open]) -> tuple[Group, ...]:
    """Return the groups, biggest first, then the one asked last. A question whose text is gone is counted with the
    biggest group about the same."""
    made: list[tuple[str, list[Open]]] = []
    gone: list[Open] = []
    for one in sorted(questions, key=lambda q: (q.at, q.id)):
        if one.text is None:
            gone.append(one)
            continue
        topic, words = main_subject(one.topics), words_of(one.text)
        enough = TOGETHER if topic else ALONE
        near = [
            (likeness(words, words_of(members[0].text or "")), members)
            for about, members in made
            if about == topic
        ]
        best = max(near, key=lambda pair: pair[0], default=None)
        if best and best[0] >= enough:
            best[1].append(one)
        else:
            made.append((topic, [one]))
    for one in gone:
        topic = main_subject(one.topics)
        same = [members for about, members in made if about == topic]
        if same:
            max(same, key=len).append(one)
        else:
            made.append((topic, [one]))
    groups = [Group(topic, tuple(sorted(members, key=lambda q: (q.at, q.id)))) for topic, members in made]
    return tuple(sorted(groups, key=lambda g: (len(g.members), g.last), reverse=True))
