"""Finds what the law wants told (GDPR Art. 12-14) or agreed (Art. 28(3)) and no document of the company tells."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from knowledge.documents import Passage
from knowledge.lint.finding import Finding, Rule
from knowledge.lint.paper import Paper
from knowledge.lint.patterns import all_of, any_of
from knowledge.lint.rules import read, rule_of


@dataclass(frozen=True, slots=True)
class Item:
    """Something that must stand in a document: each of `shown` is one way (patterns that must all be met in a
    sentence, patterns that must not); it is asked for in documents of the kind `part`, and where `needs` is
    met; `place` tells which clause it would stand in."""

    rule: Rule
    part: str
    shown: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]
    needs: tuple[str, ...]
    place: tuple[str, ...]


@cache
def items() -> tuple[Item, ...]:
    """The items of missing.toml."""
    return tuple(_item(id, entry) for id, entry in read("missing.toml").items())


def gaps_in(papers: Sequence[Paper]) -> Iterator[Finding]:
    """Yield what is missing from documents in one language that belong together."""
    for item in items():
        asked = [paper for paper in papers if getattr(paper, item.part)]
        if not asked or not all_of(item.needs, "\n".join(paper.text for paper in papers)):
            continue
        if not any(_shown(item, paper) for paper in papers):
            paper, passage = _place(item, asked)
            if passage is not None:
                yield item.rule.at(paper.clause(passage), passage.text)


def _item(id: str, entry: Mapping[str, Any]) -> Item:
    shown = tuple((tuple(one["all"]), tuple(one.get("unless", ()))) for one in entry["shown"])
    return Item(
        rule=rule_of(id, entry),
        part=entry["part"],
        shown=shown,
        needs=tuple(entry.get("needs", ())),
        place=tuple(entry["place"]),
    )


def _shown(item: Item, paper: Paper) -> bool:
    for sentence in paper.sentences:
        whole = f"{sentence.above} | {sentence.text}"
        for wanted, unless in item.shown:
            if all_of(wanted, whole) and not any_of(unless, sentence.text):
                return True
    return False


def _place(item: Item, papers: Sequence[Paper]) -> tuple[Paper, Passage | None]:
    """The clause where the item would stand: by its heading, else by its text, else the document's first."""
    for one in item.place:
        for paper in papers:
            for passage in paper.document.passages:
                if any_of((one,), " | ".join((*passage.path, passage.heading))):
                    return paper, passage
    for one in item.place:
        for paper in papers:
            for passage in paper.document.passages:
                if any_of((one,), passage.text):
                    return paper, passage
    return papers[0], next(iter(papers[0].document.passages), None)
