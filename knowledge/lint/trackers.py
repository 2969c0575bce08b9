"""Finds code from third parties in a page's own HTML that the documents on it do not name (ekomloven § 3-15)."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from knowledge.documents import Passage
from knowledge.lint.finding import LONGEST_QUOTE, Finding
from knowledge.lint.paper import Paper
from knowledge.lint.patterns import pattern
from knowledge.lint.rules import read, rule

BEFORE: Final = 120
"""Characters of the source that are quoted before what gives a tracker away, back to its tag."""


@dataclass(frozen=True, slots=True)
class Tracker:
    """A third party's code: how it shows in a page's source, the names it goes by, whether it follows people."""

    id: str
    source: re.Pattern[str]
    named: str
    tracks: bool


@cache
def trackers() -> tuple[Tracker, ...]:
    """The trackers of trackers.toml."""
    return tuple(
        Tracker(id, re.compile("|".join(entry["source"])), entry["named"], entry["tracks"])
        for id, entry in read("trackers.toml").items()
    )


def untold_trackers(page_source: str, papers: Sequence[Paper]) -> Iterator[Finding]:
    """Yield each tracker that is in the source and named in none of the documents.

    It is reported where the documents speak of cookies, else at their beginning; the quotation is from the
    source.
    """
    place = _place(papers)
    if place is None:
        return
    paper, passage = place
    for tracker in trackers():
        hit = tracker.source.search(page_source)
        if hit and not any(pattern(tracker.named).search(_plain(one)) for one in papers):
            start = page_source.rfind("<", max(0, hit.start() - BEFORE), hit.start())
            start = hit.start() if start < 0 else start
            end = page_source.find(">", hit.end(), start + LONGEST_QUOTE)
            quote = page_source[start : end + 1 if end > 0 else min(start + LONGEST_QUOTE, len(page_source))]
            yield rule("tracker_untold" if tracker.tracks else "embedded_untold").at(
                paper.clause(passage), quote
            )


def _plain(paper: Paper) -> str:
    """The document's words without tags and addresses: to link to somebody is not to name them."""
    titles = " | ".join(h for p in paper.document.passages for h in p.path)
    return re.sub(r"<[^>]+>|https?://\S+", " ", f"{titles}\n{paper.text}")


def _place(papers: Sequence[Paper]) -> tuple[Paper, Passage] | None:
    for where in ("{cookies}", ""):
        for paper in papers:
            for passage in paper.document.passages:
                if not where or pattern(where).search(" | ".join((*passage.path, passage.heading))):
                    return paper, passage
    return None
