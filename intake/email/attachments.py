"""Name, type and limit what came along with a mail; nothing is opened, and nothing of a label is believed."""

import os
import re
import struct
import unicodedata
import zipfile
from collections.abc import Sequence
from io import BytesIO
from typing import Final

import puremagic

from intake.email.bodies import name_of
from intake.email.headers import one_line, words
from intake.email.mail import File
from intake.email.structure import Part, content

FILE_AT_MOST: Final = 20_000_000
"""Bytes of one file: what a 25 MB mail, the usual limit of mail servers, can carry in base64."""
TOTAL_AT_MOST: Final = 25_000_000
"""Bytes of a mail's files together, so that the process stays small."""
FILES_AT_MOST: Final = 50
"""Files of one mail: thirty photographs are a case, a thousand an attack."""
NAME_AT_MOST: Final = 120
"""Characters of a name; with UTF-8's three bytes it still fits a file system's 255 and a suffix."""
LISTING_AT_MOST: Final = 200
_DIRECTORY_AT_MOST: Final = 300_000

TOO_LARGE, TOO_MANY, EXECUTABLE = "too_large", "too_many", "executable"

_BAD = re.compile(r'[<>:"|?*/\\\x00-\x1f]')
_DRIVE = re.compile(r"^[A-Za-z]:(?![/\\ ])")
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(?:\.|$)", re.IGNORECASE)
_ENDING = re.compile(r"\.[\w-]{1,10}$")
_RUNS = re.compile(
    r"\.(?:exe|dll|scr|com|pif|bat|cmd|ps1|vbs|vbe|jse?|wsf|wsh|hta|msi|msp|lnk|jar|reg|cpl|iso|img|vhdx?|apk|app|sh|url)$",
    re.I,
)
_ENDINGS: Final = {
    "application/pdf": ".pdf", "image/png": ".png", "image/jpeg": ".jpg", "image/gif": ".gif", "text/plain": ".txt",
    "text/html": ".html", "message/rfc822": ".eml", "application/zip": ".zip", "image/heic": ".heic",
}  # fmt: skip
_SIGNS: Final = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"{\\rtf", "application/rtf"),
    (b"\x78\x9f\x3e\x22", "application/vnd.ms-tnef"),
    (b"MZ", "application/vnd.microsoft.portable-executable"),
    (b"\x7fELF", "application/x-elf"),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"BEGIN:VCALENDAR", "text/calendar"),
    (b"BEGIN:VCARD", "text/vcard"),
    (b"-----BEGIN PGP", "application/pgp-signature"),
)
_INSIDE: Final = (
    ("word/", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ("xl/", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ("ppt/", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
    ("META-INF/manifest.xml", "application/vnd.oasis.opendocument"),
)
_EXECUTABLE: Final = frozenset({"application/vnd.microsoft.portable-executable", "application/x-elf"})


def safe_name(name: str) -> str:
    """Return a base name that can be written to any file system and shown anywhere; "" where nothing is left.

    Folders (of Unix and Windows), control and direction characters, device names and overlong names are gone;
    the ending is kept.
    """
    text = unicodedata.normalize("NFC", one_line(words(name)))
    base = re.split(r"[/\\]", text)[-1]
    base = _BAD.sub("_", _DRIVE.sub("", base)).strip(" .~\u00a0")
    if _RESERVED.match(base):
        base = f"_{base}"
    if len(base) > NAME_AT_MOST:
        match = _ENDING.search(base)
        ending = match[0] if match else ""
        base = base[: NAME_AT_MOST - len(ending)].rstrip(" .") + ending
    while len(base.encode("utf-8", errors="replace")) > 240:
        stem, ending = os.path.splitext(base)
        base = stem[:-1] + ending if stem else base[:-1]
    return base


def told_type(data: bytes, label: str = "") -> str:
    """Return the media type that the content has. The label decides only between kinds of plain text."""
    head = data[:4096]
    for sign, media_type in _SIGNS:
        if head.startswith(sign):
            return media_type
    if head.startswith(b"PK\x03\x04") or head.startswith(b"PK\x05\x06"):
        return _zip_type(data)
    if head[4:12] in (b"ftypheic", b"ftypheix", b"ftypmif1", b"ftyphevc"):
        return "image/heic"
    if _is_text(head):
        return _text_type(head, label)
    try:
        return str(puremagic.from_string(bytes(head), mime=True)) or "application/octet-stream"
    except (puremagic.PureError, ValueError):
        return "application/octet-stream"


def _is_text(head: bytes) -> bool:
    if not head or b"\x00" in head:
        return False
    odd = sum(byte < 32 and byte not in b"\t\n\r\f\x1b" for byte in head)
    return odd * 50 <= len(head) and (_utf8(head) or sum(byte > 127 for byte in head) * 4 < len(head))


def _utf8(head: bytes) -> bool:
    try:
        head[: len(head) - 4 if len(head) > 4000 else None].decode("utf-8")
    except UnicodeDecodeError as fault:
        return fault.start > len(head) - 8
    return True


def _text_type(head: bytes, label: str) -> str:
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:400].lower()
    if start.startswith((b"<!doctype html", b"<html")) or b"<script" in start:
        return "text/html"
    if start.startswith(b"<svg") or (start.startswith(b"<?xml") and b"<svg" in start):
        return "image/svg+xml"
    if start.startswith(b"<?xml"):
        return "application/xml"
    if label == "message/rfc822" or re.match(
        rb"(?:return-path|received|from|delivered-to|message-id):", start
    ):
        return "message/rfc822"
    return label if label in ("text/csv", "application/json", "text/markdown") else "text/plain"


def listing(data: bytes) -> tuple[str, ...]:
    """Return the names within a zip archive, which is not unpacked; () where it cannot be read cheaply."""
    end = data.rfind(b"PK\x05\x06", max(len(data) - 70_000, 0))
    if end < 0 or len(data) < end + 22:
        return ()
    size = struct.unpack_from("<L", data, end + 12)[0]
    if size > _DIRECTORY_AT_MOST:
        return ()
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            names = archive.namelist()[:LISTING_AT_MOST]
    except (zipfile.BadZipFile, struct.error, ValueError, NotImplementedError, OSError, LookupError):
        return ()
    return tuple(one_line(name.encode("utf-8", "replace").decode("utf-8"))[:250] for name in names)


def _zip_type(data: bytes) -> str:
    names = listing(data)
    for inside, media_type in _INSIDE:
        if any(name.startswith(inside) for name in names):
            return media_type
    return "application/zip"


def take_files(raw: bytes, parts: Sequence[Part], referred: frozenset[str]) -> tuple[File, ...]:
    """Return the mail's files in their order; what is over a limit or would run is listed without its content.

    `referred` are the Content-IDs that the body's HTML shows: such an image is part of the text.
    """
    found: list[File] = []
    total = 0
    for part in parts:
        image = part.media_type.startswith("image/") and part.disposition != "attachment"
        if image and part.content_id and part.content_id in referred:
            continue
        file = _file(raw, part, len(found), TOTAL_AT_MOST - total)
        total += len(file.content)
        found.append(file)
    return tuple(found)


def _file(raw: bytes, part: Part, index: int, room: int) -> File:
    given = safe_name(name_of(part))
    length = part.end - part.start
    if part.encoding == "base64":
        length = length * 3 // 4  # line ends counted in: a little more than it is
    if index >= FILES_AT_MOST or length * 0.97 > min(FILE_AT_MOST, room):
        refused = TOO_MANY if index >= FILES_AT_MOST else TOO_LARGE
        return File(given or f"{index + 1}", part.media_type, b"", length, refused=refused, unnamed=not given)
    data = content(raw, part)
    media_type = told_type(data, part.media_type)
    if media_type == "message/rfc822" or part.media_type == "message/rfc822":
        media_type = "message/rfc822"
    name = given or f"{index + 1}{_ENDINGS.get(media_type, '')}"
    names = listing(data) if data.startswith(b"PK") else ()
    if media_type in _EXECUTABLE or _RUNS.search(name):
        return File(name, media_type, b"", len(data), names, EXECUTABLE, unnamed=not given)
    return File(name, media_type, data, len(data), names, unnamed=not given)
