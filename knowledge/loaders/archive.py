"""Open a DOCX file as the archive of XML parts it is, never unpacking more than a document can need."""

import io
import zipfile
import zlib
from typing import Any, Final

from lxml import etree

from knowledge.loaders.unreadable import Unreadable, Why

MOST_UNPACKED: Final = 40_000_000
"""Bytes of all XML parts together; the longest terms we know of come to less than two million."""

MAIN: Final = "word/document.xml"
Node = Any
"""An element of lxml's tree, which has no types of its own."""

W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
STRICT: Final = b"http://purl.oclc.org/ooxml/wordprocessingml/main"


class Archive:
    """The parts of one DOCX file. Pictures and fonts in it are never unpacked."""

    def __init__(self, content: bytes, file: str) -> None:
        self._file = file
        self._left = MOST_UNPACKED
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(content))
        except (zipfile.BadZipFile, NotImplementedError) as error:
            raise Unreadable(file, Why.DAMAGED) from error

    def part(self, name: str) -> Node | None:
        """Return the root of an XML part, None where the file has none of that name.

        Raises Unreadable where it is damaged or locked, or unpacks to more than is left of `MOST_UNPACKED`.
        """
        try:
            with self._zip.open(name) as packed:
                # What the archive says of its sizes may be a lie: only what comes out is counted.
                content = packed.read(self._left + 1)
        except KeyError:
            return None
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError) as error:
            raise Unreadable(self._file, Why.DAMAGED) from error
        except RuntimeError as error:
            # zipfile's way of asking for a password
            raise Unreadable(self._file, Why.ENCRYPTED) from error
        self._left -= len(content)
        if self._left < 0:
            raise Unreadable(self._file, Why.TOO_LARGE)
        return self._parsed(content)

    def _parsed(self, content: bytes) -> Node:
        """Return the tree of a part. No part of a DOCX has a document type, so none is let in, nor entities."""
        if b"<!DOCTYPE" in content[:4096] or content.startswith((b"\xff\xfe", b"\xfe\xff")):
            raise Unreadable(self._file, Why.DAMAGED)
        content = content.replace(STRICT, W.strip("{}").encode())
        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
        )
        try:
            return etree.fromstring(content, parser=parser)
        except etree.XMLSyntaxError as error:
            raise Unreadable(self._file, Why.DAMAGED) from error


def value(node: Node | None, path: str, name: str = "val") -> str | None:
    """Return an attribute of the element at `path` («pPr/outlineLvl») below a node, None where it is not
    there."""
    for step in path.split("/"):
        node = node.find(W + step) if node is not None else None
    if node is None:
        return None
    said: str | None = node.get(W + name)
    return said


def is_on(node: Node | None, path: str) -> bool | None:
    """Return whether a switch («rPr/b») is on; None where it is not there at all."""
    for step in path.split("/"):
        node = node.find(W + step) if node is not None else None
    return None if node is None else node.get(W + "val") not in ("0", "false", "off", "none")


def whole(said: str | None, otherwise: int = 0) -> int:
    """Return the number an attribute says; `otherwise` where it says none."""
    return int(said) if said and said.isdecimal() and len(said) < 6 else otherwise
