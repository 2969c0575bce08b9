"""Fetch a company's documents from the folders they may lie in."""

from collections.abc import Sequence
from pathlib import Path

from knowledge.documents import Document, load_document
from operators.profile import Operator


def load_shelf(operator: Operator, folders: Sequence[Path]) -> tuple[Document, ...]:
    """Return those of the company's documents that are there, in the order of its profile.

    `folders` are searched in order, then the company's own folder of terms; a missing folder or document is
    passed over, since the desk then answers from the register. OSError and ValueError from a file that is
    there are raised.
    """
    own = operator.terms_folder
    places = [*folders, *([own] if own else [])]
    found: list[Document] = []
    for expected in operator.documents:
        path = next((p for p in (folder / expected.file for folder in places) if p.is_file()), None)
        if path is not None:
            found.append(load_document(path, title=expected.title))
    return tuple(found)
