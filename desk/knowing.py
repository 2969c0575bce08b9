"""What each company's documents say, read and indexed when first needed, or ahead of it in the background."""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from knowledge.answers import Knowledge
from knowledge.shelf import load_knowledge
from operators.profile import Operator


class KnowledgeByCompany(Mapping[str, Knowledge]):
    """A mapping from company to Knowledge. Indexing six companies takes seconds; no start should wait for it.

    Safe to use from several threads: a company is indexed once.
    """

    def __init__(self, operators: Mapping[str, Operator], folders: Sequence[Path]) -> None:
        self._operators = operators
        self._folders = tuple(folders)
        self._made: dict[str, Knowledge] = {}
        self._locks = {name: threading.Lock() for name in operators}

    def __getitem__(self, name: str) -> Knowledge:
        with self._locks[name]:
            if name not in self._made:
                operator = self._operators[name]
                self._made[name] = load_knowledge(operator, self._folders)
            return self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._operators)

    def __len__(self) -> int:
        return len(self._operators)

    def warm(self, stopped: Callable[[], bool]) -> None:
        """Index every company that nobody has asked about yet; look between two whether to stop."""
        for name in self:
            if stopped():
                return
            self[name]
