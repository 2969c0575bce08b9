"""Questions put to companies, with what would answer them: what the weights are set by (see `knowledge.calibrate`)."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from knowledge.asides import aside
from knowledge.asked import SILENT, Asked, silent_facts
from knowledge.clauses import Clauses, plain
from knowledge.confidence import FIGURES, Spoken, figures
from knowledge.documents import Passage
from knowledge.learn_asked import HELD_BACK, ways_of, write
from knowledge.notes import notes_of, spoken_of, told_by
from knowledge.question import Query
from knowledge.search import Search
from knowledge.shelf import load_shelf
from knowledge.views import Weights
from operators.profile import Operator

MOST = 3


@dataclass(frozen=True, slots=True)
class Put:
    """A question put to one company: whether anything answers it, and the passages that do where that is known."""

    company: str
    search: Search
    query: Query
    words: str
    spoken: Spoken
    answerable: bool
    answers: frozenset[int] = frozenset()

    def figures(self, ranking: Weights) -> list[float]:
        """Return what confidence is reckoned from."""
        found = self.search.find(self.query, MOST, ranking)
        values = figures(self.search, self.query, found, self.spoken, is_aside=aside(self.words) is not None)
        return [values[name] for name in FIGURES]

    def worth(self, ranking: Weights) -> float:
        """Return 1 where a right passage is found first, less where it is found later."""
        found = self.search.find(self.query, MOST, ranking)
        right = (rank for rank, one in enumerate(found) if self.search.place(one.passage) in self.answers)
        return next((1 / (1 + rank) ** 1.5 for rank in right), 0.0)


@dataclass(slots=True)
class Company:
    """One company as questions are put to it, with its facts or as if it had none."""

    operator: Operator
    passages: tuple[Passage, ...]
    clauses: Clauses = field(init=False)

    def __post_init__(self) -> None:
        self.clauses = Clauses(self.passages)

    def search(self, asked: Asked | None = None, *, bare: bool = False) -> Search:
        """Return its passages ready to be searched."""
        return Search(self.passages, () if bare else notes_of(self.operator, self.clauses), asked=asked)

    def stating(self, fact: str) -> frozenset[int]:
        """Return the passages that state a fact; none where it says that the documents are silent."""
        told = (one for one in told_by(self.operator) if one.stated and one.id == fact)
        return frozenset(place for one in told for place in self.clauses.stating(one.clause, one.evidence))


def companies(operators: Mapping[str, Operator], terms: Path) -> list[Company]:
    """Return the companies with the documents that are there."""
    return [
        Company(one, tuple(p for document in load_shelf(one, [terms]) for p in document.passages))
        for one in operators.values()
    ]


def asked_ways(company: Company, scratch: Path) -> Iterator[Put]:
    """Put the company's own ways of asking to it, one in so many, with what was learnt from the others."""
    ways = ways_of(company.operator)
    if not ways:
        return
    trial = scratch / f"{company.operator.id}.npz"
    write(company.operator, [way for i, way in enumerate(ways) if i % HELD_BACK], trial)
    yield from _put(
        company, company.search(asked=Asked(trial, silent_facts(company.operator))), ways[::HELD_BACK]
    )


def unheard_ways(company: Company) -> Iterator[Put]:
    """Put them to it as if nothing had been learnt about it, every other one as if it had no facts either."""
    ways = ways_of(company.operator)[::HELD_BACK]
    yield from _put(company, company.search(), ways[::2])
    yield from _put(company, company.search(bare=True), ways[1::2], bare=True)


def _put(
    company: Company, search: Search, ways: Sequence[tuple[str, str]], *, bare: bool = False
) -> Iterator[Put]:
    told = Spoken() if bare else spoken_of(told_by(company.operator))
    for name, words in ways:
        answers = frozenset[int]()
        if not name.startswith(SILENT):
            answers = company.stating(name)
        yield Put(company.operator.id, search, search.query(words), words, told, bool(answers), answers)


def labelled(company: Company, path: Path, asked: Asked | None) -> Iterator[Put]:
    """Put labelled questions (JSON lines: operator, question, answerable, gold quotes) to their company."""
    search, told = company.search(asked=asked), spoken_of(told_by(company.operator))
    for line in filter(None, path.read_text(encoding="utf-8").splitlines()):
        item = json.loads(line)
        if item["operator"] == company.operator.id:
            quotes = [plain(gold["quote"]) for gold in item["gold"]]
            answers = frozenset(
                i for i, one in enumerate(company.passages) if any(q in plain(one.text) for q in quotes)
            )
            query = search.query(item["question"])
            yield Put(item["operator"], search, query, item["question"], told, item["answerable"], answers)
