"""A company's documents as the console shows them: what counts now, what comes, what was, and what to mend."""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from desk.knowing import KnowledgeByCompany, Known, linted
from desk.records import DocumentVersion
from desk.versions import Standing, standings
from knowledge.documents import Document
from knowledge.lint import Finding, Severity
from knowledge.loaders.unreadable import Unreadable
from knowledge.shelf import Version, read_version
from law.language import Lang
from operators.profile import ExpectedDocument, Operator

TONES: Final[Mapping[Severity, str]] = {
    Severity.CRITICAL: "danger",
    Severity.HIGH: "danger",
    Severity.MEDIUM: "warning",
    Severity.LOW: "info",
}
KEPT: Final = 24  # previews


@dataclass(frozen=True, slots=True)
class Paper:
    """One expected document: its text in force (None: not here, or not readable), and its versions.

    `current` is the version that text comes from; without one it is the file in the folder. `fault` says in
    the officer's language why it cannot be read.
    """

    expected: ExpectedDocument
    document: Document | None
    current: DocumentVersion | None
    coming: tuple[DocumentVersion, ...]
    former: tuple[DocumentVersion, ...]
    fault: str | None
    findings: tuple[Finding, ...]

    @property
    def title(self) -> str:
        """What the document is called in citations now."""
        return self.document.title if self.document else self.expected.title


def papers(
    operator: Operator, known: Known, rows: tuple[DocumentVersion, ...], day: date, lang: Lang
) -> tuple[Paper, ...]:
    """Every document the company's profile expects; `rows` are all its versions, the newest first."""
    stand = standings(rows, day)
    read = {one.file: one for one in known.knowledge.documents}
    faults = {one.file: Unreadable(one.name, one.why).sentence(lang) for one in known.unread}

    def paper(expected: ExpectedDocument) -> Paper:
        own = [row for row in rows if row.file == expected.file]
        document = read.get(expected.file)
        return Paper(
            expected=expected,
            document=document,
            current=next((row for row in own if stand[row.id] is Standing.IN_FORCE), None),
            coming=tuple(row for row in reversed(own) if stand[row.id] is Standing.COMING),
            former=tuple(row for row in own if stand[row.id] in (Standing.OLDER, Standing.RETIRED)),
            fault=faults.get(expected.file),
            findings=tuple(f for f in known.findings if document and f.clause.document == document.title),
        )

    return tuple(paper(one) for one in operator.documents)


@dataclass(frozen=True, slots=True)
class Preview:
    """A version as it is read: its text, or why it cannot be, and what in it does not agree with the law."""

    document: Document | None
    fault: Unreadable | None
    findings: tuple[Finding, ...]


class Previews:
    """Reads versions for their pages; the last few are kept, since neither version nor law changes meanwhile."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, frozenset[str]], Preview] = OrderedDict()

    def of(
        self,
        knowledge: KnowledgeByCompany,
        operator: Operator,
        version: Version,
        handed_in: Mapping[Version, bytes],
        *,
        lint: bool,
    ) -> Preview:
        """The version, read beside the others of `handed_in`; up to a second of work, to be done in a thread."""
        key = (version.id, frozenset(one.id for one in handed_in) if lint else frozenset())
        if key not in self._kept:
            self._kept[key] = _preview(knowledge, operator, version, handed_in, lint=lint)
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return self._kept[key]


def _preview(
    knowledge: KnowledgeByCompany,
    operator: Operator,
    version: Version,
    handed_in: Mapping[Version, bytes],
    *,
    lint: bool,
) -> Preview:
    try:
        document = read_version(version, handed_in[version])
    except Unreadable as fault:
        return Preview(None, fault, ())
    found = linted(knowledge.shelf(operator.id, handed_in), operator) if lint else ()
    return Preview(document, None, tuple(one for one in found if one.clause.document == document.title))
