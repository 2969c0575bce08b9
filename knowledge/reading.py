"""A company's documents as they are read in one language, and which of our sentences about them to say."""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from knowledge.asked import Asked
from knowledge.clauses import Clauses
from knowledge.documents import Document, Passage
from knowledge.kinds import is_missing, kinds_given
from knowledge.notes import Told, notes_of
from knowledge.question import Query
from knowledge.search import BESIDE, Search
from knowledge.views import Weights
from operators.profile import Operator

AT_THE_BEST: Final = 0.4
"""What a sentence of the register gains that is about the passage quoted first; about the second, half of
it."""

TOLD_ENOUGH: Final = 0.75
"""Likeness of question and sentence, with that gain, from which the sentence is said."""

TOLD_ALONE: Final = 0.6
"""What a sentence must be worth to be said where no document stands behind it."""

ABOUT: Final = 0.6
"""What a sentence gains that is about just what is asked; one that names the topic among others, `BESIDE` of it."""

AFTER: Final = 1.6
"""What it gains by being, for sure, what people are after who ask like this."""

GIVES: Final = 0.5
"""What it gains by giving the kind of answer asked for (a time, a name), and loses by giving none."""


class Reading:
    """The documents of a company in one language, or all of them, ready to be searched, and where the sentences of its
    register stand in them."""

    def __init__(
        self,
        operator: Operator,
        told: Sequence[Told],
        documents: Sequence[Document],
        asked: Asked | None,
        weights: Weights | None,
    ) -> None:
        passages = tuple(passage for document in documents for passage in document.passages)
        clauses = Clauses(passages)
        self.search = Search(passages, notes_of(operator, clauses), asked=asked, weights=weights)
        self._told = tuple((one, frozenset(clauses.stating(one.clause, one.evidence))) for one in told)

    def sentence(
        self, query: Query, likeness: Mapping[str, float], quoted: Sequence[Passage], *, stated: bool = True
    ) -> Told | None:
        """Return the register's sentence that fits the question and, when given, the quoted passages best.

        `likeness` is that of the question to each sentence, by id; with `stated` false, the sentence is one that says
        that the documents are silent.
        """
        wanted = {self.search.place(passage): rank for rank, passage in enumerate(quoted)}
        best: tuple[float, Told] | None = None
        for told, at in self._told:
            ranks = [wanted[i] for i in at if i in wanted]
            if told.stated is not stated or (quoted and not ranks):
                continue
            value = worth(told, likeness, query) + (AT_THE_BEST / (1 + min(ranks)) if ranks else 0.0)
            if value >= (TOLD_ENOUGH if quoted else TOLD_ALONE) and (best is None or value > best[0]):
                best = (value, told)
        return best[1] if best else None

    def told_of(self, passage: Passage) -> Iterator[Told]:
        """Yield the sentences of the register that a passage bears out."""
        place = self.search.place(passage)
        yield from (told for told, at in self._told if place in at)


def worth(told: Told, likeness: Mapping[str, float], query: Query) -> float:
    """Return how well a sentence of the register fits a question: by its words, its topics, what people are after who
    ask like this, and the kind of answer it gives."""
    about = max(
        query.topics.get(topic, 0.0) * (BESIDE if rank else 1.0) for rank, topic in enumerate(told.topics)
    )
    gives = kinds_given(told.words["nb"])
    kind = GIVES * (bool(query.kinds & gives) - is_missing(query.kinds, gives))
    after = AFTER * math.sqrt(query.facts.get(told.id, 0.0))
    return likeness.get(told.id, 0.0) + ABOUT * about + after + kind
