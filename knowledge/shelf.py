"""Fetch a company's documents: from the folders they may lie in, or the versions of them that were handed in."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path, PurePath

from knowledge.answers import Knowledge
from knowledge.asked import asked_of
from knowledge.documents import Document, load_bytes, load_document
from knowledge.loaders.choosing import ENDINGS, MOST_BYTES, FileKind, recognise
from knowledge.loaders.unreadable import Unreadable, Why
from law.language import as_lang
from operators.profile import ExpectedDocument, Operator

_TEXTUAL = (FileKind.TEXT, FileKind.MARKDOWN, FileKind.HTML)


@dataclass(frozen=True, slots=True)
class Version:
    """One version of an expected document that was handed in; its content is handed on beside it.

    `file` is the name the profile expects the document under, `name` the file's own, whose ending tells its
    kind beside its content. It counts from the day `in_force_from` on.
    """

    id: str
    file: str
    name: str
    title: str
    in_force_from: date
    added_at: datetime


@dataclass(frozen=True, slots=True)
class Unread:
    """An expected document, `file` in the profile, that is there but cannot be read: its file's name, and why."""

    file: str
    name: str
    why: Why


@dataclass(frozen=True, slots=True)
class Shelf:
    """A company's documents as far as they could be read, those that could not, and the sources with tags in them."""

    documents: tuple[Document, ...]
    unread: tuple[Unread, ...]
    sources: tuple[str, ...]


def in_force(versions: Iterable[Version], day: date) -> dict[str, Version]:
    """The version of each document that counts on a day: the newest that has begun, of one day the one added last."""
    begun = (one for one in versions if one.in_force_from <= day)
    return {one.file: one for one in sorted(begun, key=lambda one: (one.in_force_from, one.added_at))}


def expected_as(operator: Operator, name: str) -> ExpectedDocument | None:
    """The expected document that a file of this name is, whatever kind of file it is: «vilkar.pdf» for «vilkar.txt»."""
    named = (one for one in operator.documents if name in (one.file, *_other_names(one.file)))
    return next(named, None)


def documents_there(operator: Operator, folders: Sequence[Path]) -> tuple[tuple[ExpectedDocument, Path], ...]:
    """Those of the company's expected documents whose file is there, in the order of its profile.

    `folders` are searched in order, then the company's own folder of terms; a missing folder or document is
    passed over, since the desk then answers from the register. A document that is not there under its name
    may be there as another kind of file: «vilkar.pdf» for «vilkar.txt».
    """
    found = ((expected, _there(operator, expected, folders)) for expected in operator.documents)
    return tuple((expected, path) for expected, path in found if path is not None)


def load_shelf(operator: Operator, folders: Sequence[Path]) -> tuple[Document, ...]:
    """The company's documents that are there, read. OSError and Unreadable from a file are raised."""
    return tuple(
        load_document(path, title=expected.title) for expected, path in documents_there(operator, folders)
    )


def load_knowledge(operator: Operator, folders: Sequence[Path]) -> Knowledge:
    """What the company's documents that are there say, and what was learnt about it; raises as `load_shelf`."""
    return Knowledge(operator, load_shelf(operator, folders), asked_of(operator))


def read_shelf(
    operator: Operator, folders: Sequence[Path], handed_in: Mapping[Version, bytes] | None = None
) -> Shelf:
    """The company's documents, each from its version of `handed_in` (those in force), else from its file.

    What cannot be read stands among the unread and hinders nothing else. A version that cannot be read any
    more does not bring the file back: that would be an older text.
    """
    versions = {one.file: (one, content) for one, content in (handed_in or {}).items()}
    documents: list[Document] = []
    unread: list[Unread] = []
    sources: list[str] = []
    for expected in operator.documents:
        name = expected.file
        try:
            if expected.file in versions:
                version, content = versions[expected.file]
                name = version.name
                document = read_version(version, content)
            else:
                path = _there(operator, expected, folders)
                if path is None:
                    continue
                name = path.name
                content = content_of(path)
                document = load_bytes(content, name, expected.title)
            # a short text's language is easily mistaken; the profile knows it
            documents.append(replace(document, file=expected.file, lang=as_lang(expected.lang)))
            if recognise(content, name) in _TEXTUAL:
                sources.append(content.decode("utf-8", "replace"))
        except Unreadable as fault:
            unread.append(Unread(expected.file, name, fault.why))
        except OSError:
            unread.append(Unread(expected.file, name, Why.UNOPENED))
    return Shelf(tuple(documents), tuple(unread), tuple(sources))


def read_version(version: Version, content: bytes) -> Document:
    """The document a version holds; every passage of it knows from when on it counts. Raises Unreadable."""
    since = version.in_force_from
    document = load_bytes(content, version.name, version.title)
    passages = tuple(replace(one, in_force_from=since) for one in document.passages)
    return replace(document, passages=passages, in_force_from=since)


def content_of(path: Path) -> bytes:
    """What a file holds. Raises Unreadable for one too large to be looked at, and OSError."""
    if path.stat().st_size > MOST_BYTES:
        raise Unreadable(path.name, Why.TOO_LARGE)
    return path.read_bytes()


def _there(operator: Operator, expected: ExpectedDocument, folders: Sequence[Path]) -> Path | None:
    own = operator.terms_folder
    places = [*folders, *([own] if own else [])]
    return next((path for path in _paths(expected.file, places) if path.is_file()), None)


def _paths(file: str, folders: Sequence[Path]) -> Iterator[Path]:
    """Yield where a document may lie: by its own name in every folder, then with another known ending."""
    yield from (folder / file for folder in folders)
    yield from (folder / other for folder in folders for other in _other_names(file))


def _other_names(file: str) -> tuple[str, ...]:
    stem = PurePath(file).stem if PurePath(file).suffix.casefold() in ENDINGS else file
    return tuple(f"{stem}{ending}" for ending in ENDINGS)
