"""Choose which passages an answer quotes, and where in them; which slice of a text that is, `knowledge.quoting` tells."""

from collections.abc import Mapping, Sequence
from typing import Final

from knowledge.clauses import evidence_at, is_in, is_within
from knowledge.documents import Passage
from knowledge.notes import Told
from knowledge.question import Query
from knowledge.quoting import quotation
from knowledge.reading import Reading
from knowledge.replies import Citation
from knowledge.search import Found, Search
from operators.profile import Conflict

MOST_CITATIONS: Final = 3
NEAR_THE_BEST: Final = 0.75
"""Share of the best score from which another passage is quoted too; of the same section, `BESIDE_THE_BEST`."""

BESIDE_THE_BEST: Final = 0.68

ALSO_ASKED: Final = 0.05
"""Share of the best passage's probability of stating what is asked for from which another is quoted too."""

HARDLY: Final = 0.01
"""A probability below this is none."""

DOUBTFUL: Final = 0.3
"""A probability of the best passage below which the next two are quoted too, whatever they have."""

AND_ALSO: Final = 0.25
"""Share of the likeliest fact's probability from which what bears another fact out is quoted too, where it stands in
the same long passage."""

EVIDENCE: Final = 4.0
"""What a word that bears the register's sentence out counts for in choosing what to quote; a telling word of the
question counts for about as much."""


def near_the_best(found: Sequence[Found]) -> list[Found]:
    """Return what is quoted of the passages found, best first: the best, and those that state what is asked for nearly
    as probably, score nearly as well, or continue it."""
    best, *others = found
    return [best, *(one for one in others if _is_near(one, best))]


def sides(search: Search, query: Query, conflict: Conflict) -> list[Found]:
    """Return the best passage of each of the clauses that contradict each other, all of them to be quoted."""
    clauses = (conflict.clause, *conflict.against)
    each = [[p for p in search.passages if is_in(one, p)] for one in clauses]
    found = [f for side in each if side for f in search.find(query, 1, among=side)]
    return sorted(found, key=lambda f: -f.score)[:MOST_CITATIONS]


def citations(
    operator: str, reading: Reading, query: Query, near: Sequence[Found], likeness: Mapping[str, float]
) -> tuple[Citation, ...]:
    """Return what is quoted: each passage where it bears out the sentence that fits best, and a long one again where
    it bears out another that is asked for nearly as probably; after the first the likeliest."""
    cited: list[tuple[float, Citation]] = []
    likeliest = max(query.facts.values(), default=0.0)
    for found in near:
        told = reading.sentence(query, likeness, [found.passage])
        cited.append((found.asked, cite(operator, reading.search, query, found, told)))
        for other in reading.told_of(found.passage):
            p = query.facts.get(other.id, 0.0)
            if other is not told and p >= max(AND_ALSO * likeliest, HARDLY):
                again = cite(operator, reading.search, query, found, other)
                seen = [one.quote for _, one in cited]
                if again.quote not in seen and not any(is_within(other.evidence, quote) for quote in seen):
                    cited.append((p, again))
    rest = sorted(cited[1:], key=lambda one: -one[0])
    return tuple(citation for _, citation in (cited[0], *rest))[:MOST_CITATIONS]


def cite(operator: str, search: Search, query: Query, found: Found, told: Told | None = None) -> Citation:
    """Quote a passage where it answers to the question, and bears a sentence of the register out, where one is given."""
    passage = found.passage
    sentences, marks = search.sentences(passage), search.marks(query, passage)
    best = found.best
    stands = evidence_at(told.evidence, passage.text) if told else ()
    if stands:
        marks = (*marks, *((at, EVIDENCE) for at in stands))
        best = max(sentences, key=lambda s: (sum(s[0] <= at < s[1] for at in stands), s == best, -s[0]))
    return _citation(operator, passage, quotation(passage.text, sentences, best, marks))


def cite_from_the_start(operator: str, search: Search, passage: Passage) -> Citation:
    """Quote a passage that shares no word with the question, from its first sentence."""
    sentences = search.sentences(passage)
    return _citation(operator, passage, quotation(passage.text, sentences, sentences[0], ()))


def _is_near(found: Found, best: Found) -> bool:
    if found.asked >= max(ALSO_ASKED * best.asked, HARDLY) or 0 < best.asked < DOUBTFUL:
        return True
    a, b = found.passage, best.passage
    together = (a.document, a.section, a.path) == (b.document, b.section, b.path)
    return found.score >= (BESIDE_THE_BEST if together else NEAR_THE_BEST) * best.score


def _citation(operator: str, passage: Passage, quote: str) -> Citation:
    return Citation(
        operator=operator,
        document=passage.document,
        section=passage.section,
        heading=passage.heading,
        quote=quote,
        anchor=passage.anchor,
        in_force_from=passage.in_force_from,
    )
