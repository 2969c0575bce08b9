"""Fetch a company's documents from the folders they may lie in."""

from collections.abc import Iterator, Sequence
from pathlib import Path, PurePath

from knowledge.answers import Knowledge
from knowledge.asked import asked_of
from knowledge.documents import Document, load_document
from knowledge.loaders.choosing import ENDINGS
from operators.profile import ExpectedDocument, Operator


def documents_there(operator: Operator, folders: Sequence[Path]) -> tuple[tuple[ExpectedDocument, Path], ...]:
    """Those of the company's expected documents whose file is there, in the order of its profile.

    `folders` are searched in order, then the company's own folder of terms; a missing folder or document is
    passed over, since the desk then answers from the register. A document that is not there under its name
    may be there as another kind of file: «vilkar.pdf» for «vilkar.txt».
    """
    own = operator.terms_folder
    places = [*folders, *([own] if own else [])]
    found = []
    for expected in operator.documents:
        path = next((p for p in _paths(expected.file, places) if p.is_file()), None)
        if path is not None:
            found.append((expected, path))
    return tuple(found)


def load_shelf(operator: Operator, folders: Sequence[Path]) -> tuple[Document, ...]:
    """The company's documents that are there, read. OSError and Unreadable from a file are raised."""
    return tuple(
        load_document(path, title=expected.title) for expected, path in documents_there(operator, folders)
    )


def load_knowledge(operator: Operator, folders: Sequence[Path]) -> Knowledge:
    """What the company's documents that are there say, and what was learnt about it; raises as `load_shelf`."""
    return Knowledge(operator, load_shelf(operator, folders), asked_of(operator))


def _paths(file: str, folders: Sequence[Path]) -> Iterator[Path]:
    """Yield where a document may lie: by its own name in every folder, then with another known ending."""
    yield from (folder / file for folder in folders)
    stem = PurePath(file).stem if PurePath(file).suffix.casefold() in ENDINGS else file
    yield from (folder / f"{stem}{ending}" for folder in folders for ending in ENDINGS)
