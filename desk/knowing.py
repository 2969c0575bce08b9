"""What each company's documents say, read and indexed when first needed, or ahead of it in the background."""

import threading
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import MappingProxyType

from desk.log import log
from knowledge.answers import Knowledge
from knowledge.asked import asked_of
from knowledge.borne import as_borne_out
from knowledge.lint import Finding, lint
from knowledge.reviewed import Reviewed
from knowledge.shelf import Shelf, Unread, Version, read_shelf
from operators.profile import Operator

Handed = Mapping[Version, bytes]
"""The versions of a company's documents that are in force, with what each file holds."""

NOTHING: Handed = MappingProxyType({})


@dataclass(frozen=True)  # without slots: the findings are kept once they are made
class Known:
    """What one company's documents say: the index of them, the versions it is made from, what could not be read."""

    operator: Operator
    knowledge: Knowledge
    versions: frozenset[str]
    unread: tuple[Unread, ...]
    sources: tuple[str, ...]

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """Where the documents do not agree with the law, as `terms lint` says it; takes up to a second, once."""
        return linted(Shelf(self.knowledge.documents, self.unread, self.sources), self.operator)


class KnowledgeByCompany(Mapping[str, Knowledge]):
    """A mapping from company to Knowledge. Indexing six companies takes seconds; no start should wait for it.

    Safe to use from several threads: a company is indexed once. Its documents come from the folders, and from
    the versions handed in for it; `renew` hands in others, and while their index is made, the old one answers.
    A document that cannot be read is left out and logged, and the others answer.
    """

    def __init__(
        self,
        operators: Mapping[str, Operator],
        folders: Sequence[Path],
        handed_in: Mapping[str, Handed] = MappingProxyType({}),
    ) -> None:
        self._operators = operators
        self._folders = tuple(folders)
        self._handed_in = handed_in
        self._reviewed: dict[str, tuple[Reviewed, ...]] = {}
        self._made: dict[str, Known] = {}
        self._locks = {name: threading.Lock() for name in operators}

    def __getitem__(self, name: str) -> Knowledge:
        reviewed = self._reviewed.get(name, ())
        knowledge = self.known(name).knowledge
        return knowledge.with_reviewed(reviewed) if reviewed else knowledge

    def __iter__(self) -> Iterator[str]:
        return iter(self._operators)

    def __len__(self) -> int:
        return len(self._operators)

    def known(self, name: str) -> Known:
        """What answers now; the first to ask waits for it. KeyError for a company that is not served."""
        known = self._made.get(name)
        if known is not None:
            return known
        with self._locks[name]:
            if name not in self._made:
                made = self._make(name, self._handed_in.get(name, NOTHING))
                return self._made.setdefault(name, made)  # what was renewed meanwhile is newer
            return self._made[name]

    def review(self, name: str, reviewed: tuple[Reviewed, ...]) -> None:
        """Let the company be answered with these answers of its people, too; nothing is indexed."""
        self._reviewed[name] = reviewed

    def is_made(self, name: str) -> bool:
        """Whether the company can be answered from its documents without waiting."""
        return name in self._made

    def is_made_of(self, name: str, versions: Collection[Version]) -> bool:
        """Whether just these versions are in the index of the company."""
        known = self._made.get(name)
        return known is not None and known.versions == {one.id for one in versions}

    def renew(self, name: str, handed_in: Handed) -> None:
        """Index the company anew with these versions; then, not before, they answer. KeyError as for `known`."""
        self._made[name] = self._make(name, handed_in)

    def shelf(self, name: str, handed_in: Handed) -> Shelf:
        """The company's documents as they would be with these versions, without an index of them."""
        return read_shelf(self._operators[name], self._folders, handed_in)

    def _make(self, name: str, handed_in: Handed) -> Known:
        shelf = self.shelf(name, handed_in)
        for one in shelf.unread:
            log.warning("document not read", operator=name, name=one.file, why=one.why.value)
        operator = self._operators[name]
        borne = as_borne_out(operator, shelf.documents)
        knowledge = Knowledge(borne, shelf.documents, asked_of(operator))
        return Known(operator, knowledge, frozenset(one.id for one in handed_in), shelf.unread, shelf.sources)


def linted(shelf: Shelf, operator: Operator) -> tuple[Finding, ...]:
    """What `terms lint` finds in a company's documents; nothing where there are none."""
    return lint(shelf.documents, operator, "\n".join(shelf.sources)) if shelf.documents else ()
