"""Fetch a company's documents from the folders they may lie in."""

from collections.abc import Sequence
from pathlib import Path

from knowledge.documents import Document, load_document
from operators.profile import ExpectedDocument, Operator


def documents_there(operator: Operator, folders: Sequence[Path]) -> tuple[tuple[ExpectedDocument, Path], ...]:
    """Those of the company's expected documents whose file is there, in the order of its profile.

    `folders` are searched in order, then the company's own folder of terms; a missing folder or document is
    passed over, since the desk then answers from the register.
    """
    own = operator.terms_folder
    places = [*folders, *([own] if own else [])]
    found = []
    for expected in operator.documents:
        path = next((p for p in (folder / expected.file for folder in places) if p.is_file()), None)
        if path is not None:
            found.append((expected, path))
    return tuple(found)


def load_shelf(operator: Operator, folders: Sequence[Path]) -> tuple[Document, ...]:
    """The company's documents that are there, read. OSError and ValueError from a file are raised."""
    return tuple(
        load_document(path, title=expected.title) for expected, path in documents_there(operator, folders)
    )
