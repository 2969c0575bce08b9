"""Tell what kind of file a document lies in, by what it holds and by its name, and have it read."""

import io
import re
import zipfile
from enum import StrEnum
from pathlib import PurePath
from typing import Final

from knowledge.loaders.docx import outline_of_docx
from knowledge.loaders.html import outline_of_html
from knowledge.loaders.pdf import outline_of_pdf
from knowledge.loaders.unreadable import Unreadable, Why
from knowledge.outline import Outline

MOST_BYTES: Final = 20_000_000
"""Bytes of the largest file that is looked at."""

MOST_BYTES_OF_TEXT: Final = 5_000_000
"""Bytes of the largest text or HTML; a company's longest terms are below a tenth of it."""


MOST_CHARACTERS: Final = 1_000_000
"""Characters of the longest text, out of whatever file; some four hundred pages."""


class FileKind(StrEnum):
    """The kinds of file that can be read."""

    TEXT = "text"
    MARKDOWN = "markdown"
    HTML = "html"
    PDF = "pdf"
    DOCX = "docx"


ENDINGS: Final = {
    ".md": FileKind.MARKDOWN,
    ".markdown": FileKind.MARKDOWN,
    ".txt": FileKind.TEXT,
    ".text": FileKind.TEXT,
    ".docx": FileKind.DOCX,
    ".html": FileKind.HTML,
    ".htm": FileKind.HTML,
    ".xhtml": FileKind.HTML,
    ".pdf": FileKind.PDF,
}
"""Endings of names by kind, the ones that are easiest to read right first."""


def recognise(content: bytes, file: str) -> FileKind:
    """Return the kind of a file; without a known ending its content decides.

    Raises Unreadable where it is too large, empty, of no kind we read, or not what its name says.
    """
    ending = PurePath(file).suffix.casefold()
    named = ENDINGS.get(ending)
    found = _by_content(content, file)
    textual = found in (FileKind.TEXT, FileKind.MARKDOWN, FileKind.HTML)
    if len(content) > (MOST_BYTES_OF_TEXT if textual else MOST_BYTES):
        raise Unreadable(file, Why.TOO_LARGE)
    if not content.strip():
        raise Unreadable(file, Why.EMPTY)
    if named is None:
        # A dot in a name without an ending is no ending: «Vilkår 2.1».
        if re.fullmatch(r"\.[a-z]{2,5}", ending):
            raise Unreadable(file, Why.UNKNOWN_KIND)
        return found
    if found is FileKind.TEXT:
        if named is FileKind.HTML and not re.search(rb"<[a-zA-Z]", content.replace(b"\0", b"")):
            raise Unreadable(file, Why.MISNAMED)
        if named in (FileKind.TEXT, FileKind.MARKDOWN, FileKind.HTML):
            return named
    if found is not named:
        raise Unreadable(file, Why.MISNAMED)
    return named


def outline_of(content: bytes, file: str, kind: FileKind) -> Outline:
    """Return the outline of an HTML, PDF or DOCX file; raises Unreadable."""
    readers = {
        FileKind.HTML: outline_of_html,
        FileKind.PDF: outline_of_pdf,
        FileKind.DOCX: outline_of_docx,
    }
    outline = readers[kind](content, file)
    if sum(len(part.text) for part in outline.parts) > MOST_CHARACTERS:
        raise Unreadable(file, Why.TOO_LONG)
    return outline


def decoded(content: bytes, file: str) -> str:
    """Return the text of a plain file: UTF-8 or UTF-16 as it says, else Windows' Western European."""
    encoding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        try:
            text = content.decode("cp1252")
        except UnicodeDecodeError as error:
            raise Unreadable(file, Why.DAMAGED) from error
    if len(text) > MOST_CHARACTERS:
        raise Unreadable(file, Why.TOO_LONG)
    return text


def _by_content(content: bytes, file: str) -> FileKind:
    start = content[:2048]
    if b"%PDF-" in start[:1024]:
        return FileKind.PDF
    if start.startswith(b"PK\x03\x04"):
        return _zipped(content, file)
    if start.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        # An OLE container: a DOCX with a password is one, and so is a .doc.
        locked = "EncryptedPackage".encode("utf-16-le") in content
        raise Unreadable(file, Why.ENCRYPTED if locked else Why.UNKNOWN_KIND)
    if b"\0" in start and start[:2] not in (b"\xff\xfe", b"\xfe\xff"):
        named = ENDINGS.get(PurePath(file).suffix.casefold())
        raise Unreadable(file, Why.DAMAGED if named in (FileKind.PDF, FileKind.DOCX) else Why.UNKNOWN_KIND)
    opening = re.sub(rb"^(?:\xef\xbb\xbf|\s|<\?.*?\?>|<!--.*?-->)+", b"", start, flags=re.DOTALL)
    if re.match(rb"<!doctype\s+html|<html\b", opening, re.IGNORECASE):
        return FileKind.HTML
    return FileKind.TEXT


def _zipped(content: bytes, file: str) -> FileKind:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, NotImplementedError) as error:
        raise Unreadable(file, Why.DAMAGED) from error
    if "word/document.xml" not in names and not any(n.startswith("word/") for n in names):
        raise Unreadable(file, Why.UNKNOWN_KIND)
    return FileKind.DOCX
