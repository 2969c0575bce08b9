"""Tells which facts of a company's profile its documents no longer bear out: clause gone, or evidence gone from it."""

from collections.abc import Iterator, Sequence

from knowledge.clauses import Clauses
from knowledge.documents import Passage
from knowledge.lint.finding import Clause, Finding
from knowledge.lint.paper import Paper
from knowledge.lint.rules import rule
from knowledge.words import fold
from operators.profile import Operator


def facts_without_ground(operator: Operator, papers: Sequence[Paper]) -> Iterator[Finding]:
    """Yield each clause that facts, recipients or processings of the profile rest on, and that does not hold
    their evidence any more; once for each clause and piece of evidence."""
    passages = [passage for paper in papers for passage in paper.document.passages]
    clauses = Clauses(passages)
    gone: set[tuple[str, str]] = set()
    for clause, evidence in _claims(operator):
        here = [passages[i] for i in clauses.within(clause)]
        for one in evidence:
            if (clause, one) not in gone and not _holds(here, one):
                gone.add((clause, one))
                yield rule("fact_unsupported").at(_clause(clause, here, papers), here[0].text if here else "")
                break


def _claims(operator: Operator) -> Iterator[tuple[str, tuple[str, ...]]]:
    yield from ((fact.clause, fact.evidence) for fact in operator.facts if fact.stated)
    yield from ((entry.clause, entry.evidence) for entry in operator.register)
    yield from ((recipient.clause, recipient.evidence) for recipient in operator.recipients)


def _clause(named: str, here: Sequence[Passage], papers: Sequence[Paper]) -> Clause:
    if here:
        return Clause(here[0].document, here[0].section, here[0].heading, here[0].anchor)
    numbered = named[:1].isdigit() and " " not in named
    return Clause(papers[0].document.title, named if numbered else "", "" if numbered else named, "")


def _holds(passages: Sequence[Passage], evidence: str) -> bool:
    words = " ".join(" ".join((*p.path, p.heading, p.text)) for p in passages)
    return _plain(evidence) in _plain(words)


def _plain(text: str) -> str:
    """Small letters and digits only, so that spacing and punctuation do not decide."""
    return "".join(letter for letter in fold(text) if letter.isalnum())
