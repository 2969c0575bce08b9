"""Where in the documents a clause stands that the company's profile names, and what in it bears the profile out."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from knowledge.documents import Passage
from knowledge.words import fold

BETWEEN: Final = re.compile(r"[^\w@%]+")


class Clauses:
    """The passages of a company's documents, found by clause."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        self._passages = passages
        self._within: dict[str, tuple[int, ...]] = {}

    def within(self, clause: str) -> tuple[int, ...]:
        """Return the passages that stand in a clause, named by section number or, without numbers, by heading."""
        if clause not in self._within:
            self._within[clause] = tuple(i for i, one in enumerate(self._passages) if is_in(clause, one))
        return self._within[clause]

    def holding(self, clause: str, evidence: Sequence[str]) -> tuple[int, ...]:
        """Return those passages of a clause that hold most of the evidence; none where none holds any."""
        here = self.within(clause)
        counts = {i: sum(_holds(self._passages[i], e) for e in evidence) for i in here}
        most = max(counts.values(), default=0)
        return tuple(i for i in here if counts[i] == most) if most else ()

    def stating(self, clause: str, evidence: Sequence[str]) -> tuple[int, ...]:
        """Return the passages a sentence of the profile is about: those of its clause that hold its evidence.

        Where none of them holds any, all of the clause: the figures then stand in a part of it we cannot tell.
        """
        return self.holding(clause, evidence) or self.within(clause)


def is_in(clause: str, passage: Passage) -> bool:
    """Whether a passage stands in a clause of a document; the first words of a long heading name it too."""
    if passage.section:
        return passage.section == clause.strip()
    wanted = plain(clause)
    headings = (plain(h) for h in (*passage.path, passage.heading, passage.document))
    return bool(wanted) and any(h == wanted or h.startswith(f"{wanted} ") for h in headings)


def evidence_at(evidence: Sequence[str], text: str) -> tuple[int, ...]:
    """Return where in a text the evidence of a sentence stands, each piece where it stands first."""
    found = (_as_pattern(piece).search(text) for piece in evidence)
    return tuple(match.start() for match in found if match)


def is_within(evidence: Sequence[str], text: str) -> bool:
    """Whether a text holds all the evidence of a sentence; no evidence is in every text."""
    return len(evidence_at(evidence, text)) == len(evidence)


def _holds(passage: Passage, evidence: str) -> bool:
    return plain(evidence) in plain(passage.text)


@lru_cache(maxsize=20_000)
def plain(text: str) -> str:
    """Return the words of a text in small letters, one space between: what two texts are compared by."""
    return BETWEEN.sub(" ", fold(text)).strip()


@lru_cache(maxsize=20_000)
def _as_pattern(piece: str) -> re.Pattern[str]:
    """Return what finds the words of a piece of evidence, whatever stands between them."""
    return re.compile(
        rf"{BETWEEN.pattern}".join(map(re.escape, BETWEEN.sub(" ", piece).split())), re.IGNORECASE
    )
