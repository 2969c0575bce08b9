"""Holds documents against the law: every kind of fault, the gravest first."""

from collections.abc import Iterable, Iterator, Sequence

from knowledge.documents import Document
from knowledge.lint.bearing import facts_without_ground
from knowledge.lint.differs import contradictions_in
from knowledge.lint.finding import WORST_FIRST, Finding
from knowledge.lint.looks import faults_of_form
from knowledge.lint.missing import gaps_in
from knowledge.lint.paper import paper_of
from knowledge.lint.references import faults_of_reference
from knowledge.lint.says import faults_in
from knowledge.lint.trackers import untold_trackers
from operators.profile import Operator


def lint(
    documents: Document | Sequence[Document],
    operator: Operator | None = None,
    page_source: str | None = None,
) -> tuple[Finding, ...]:
    """Return what in one company's documents does not agree with the law, the gravest first, then in order.

    Documents in one language are read together: what one of them says is not missing from another. With the
    company's profile, its facts are tried against the documents too; `page_source` is the HTML of the page
    the documents are shown on. Pure: nothing is read but the rules.
    """
    papers = [paper_of(one) for one in ([documents] if isinstance(documents, Document) else documents)]
    found: list[Finding] = []
    for paper in papers:
        for faults in (faults_in, faults_of_form, contradictions_in, faults_of_reference):
            found += faults(paper)
    for lang in dict.fromkeys(paper.document.lang for paper in papers):
        found += gaps_in([paper for paper in papers if paper.document.lang == lang])
    if page_source is not None and papers:
        found += untold_trackers(page_source, papers)
    if operator is not None:
        found += facts_without_ground(operator, papers)
    return tuple(sorted(_once(found), key=lambda one: WORST_FIRST.index(one.severity)))


def _once(found: Iterable[Finding]) -> Iterator[Finding]:
    """Yield the findings without those that say the same of the same words again."""
    seen: set[tuple[object, ...]] = set()
    for one in found:
        key = (one.rule, one.clause, one.quotation)
        if key not in seen:
            seen.add(key)
            yield one
