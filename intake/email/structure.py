"""Take a mail apart into its parts, by offsets into the bytes: nothing is copied, nothing is believed."""

import re
from binascii import Error, a2b_base64, a2b_qp, a2b_uu
from dataclasses import dataclass, field
from typing import Final

from intake.email.headers import Headers, take_headers
from intake.email.parameters import parameters

PARTS_AT_MOST: Final = 1_000
"""Parts that are told apart; what follows belongs to the last. Real mails have under a hundred."""
DEPTH_AT_MOST: Final = 200
DELIMITERS_AT_MOST: Final = 200_000
"""Lines beginning with two hyphens that are looked at, so that a mail of such lines takes no time."""

_BOUNDARY_AT_MOST: Final = 300
_LOOKS_DELIMITED = re.compile(
    rb"(?:\A|\n)--([^\r\n]{1,200}?)[ \t]*\r?\n(?:content-[a-z-]{1,40}[ \t]*:)", re.I
)
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/=\s]")


@dataclass(slots=True)
class Part:
    """One part: its headers, where its body lies in the mail, and the parts inside.

    `media_type` and `parameters` are its label; "multipart/..." only where it really has parts.
    """

    headers: Headers
    start: int
    end: int
    media_type: str
    parameters: dict[str, str]
    disposition: str
    disposition_parameters: dict[str, str]
    children: list["Part"] = field(default_factory=list)

    @property
    def encoding(self) -> str:
        """The transfer encoding's name."""
        return self.headers.first("content-transfer-encoding").split(";")[0].strip().strip("\"'").lower()

    @property
    def content_id(self) -> str:
        """Content-ID without brackets."""
        return self.headers.first("content-id").strip("<> ")


@dataclass(slots=True)
class _Open:
    part: Part
    boundary: bytes
    inside: Part | None = None  # the part that is being read


def take_apart(raw: bytes, start: int = 0, end: int | None = None, *, whole_mail: bool = True) -> Part:
    """Return the mail between the offsets as a tree of parts. Linear in its size; never raises.

    An inner mail (message/rfc822) is a leaf: take it apart by itself where it is wanted.
    """
    end = len(raw) if end is None else end
    headers, body = take_headers(raw, start, end, whole_mail=whole_mail)
    root = _part(headers, body, end, "text/plain")
    boundary = _boundary(raw, root)
    if not boundary:
        return root
    _split(raw, root, boundary, end)
    for leaf in [one for one in leaves(root) if one.media_type.startswith("multipart/")]:
        if seen := _seen_boundary(raw, leaf):
            _split(raw, leaf, seen, leaf.end)
        if not leaf.children:
            leaf.media_type = "text/plain"
    return root


def leaves(root: Part) -> list[Part]:
    """The parts that hold content, in their order."""
    found: list[Part] = []
    waiting = [root]
    while waiting:
        part = waiting.pop()
        if part.children:
            waiting.extend(reversed(part.children))
        else:
            found.append(part)
    return found


def _part(headers: Headers, start: int, end: int, default: str) -> Part:
    media_type, given = parameters(headers.first("content-type"))
    disposition, about = parameters(headers.first("content-disposition"))
    if not re.fullmatch(r"[\w.+-]{1,100}/[\w.+-]{1,150}", media_type):
        media_type = default
    return Part(headers, start, end, media_type, given, disposition, about)


def _boundary(raw: bytes, part: Part) -> bytes:
    """The declared boundary; for a mail that is delimited but does not say so, the one that it uses."""
    if part.media_type.startswith("multipart/"):
        declared = part.parameters.get("boundary", "").strip().encode("utf-8", errors="replace")
        return declared[:_BOUNDARY_AT_MOST] or _seen_boundary(raw, part)
    if not part.headers.has("content-type"):
        return _seen_boundary(raw, part)
    return b""


def _seen_boundary(raw: bytes, part: Part) -> bytes:
    match = _LOOKS_DELIMITED.search(raw, max(part.start - 1, 0), min(part.end, part.start + 20_000))
    return match[1] if match else b""


def _split(raw: bytes, root: Part, boundary: bytes, end: int) -> None:
    """Walk the delimiter lines once, with the open multiparts as a stack; an outer delimiter closes the inner."""
    stack = [_Open(root, boundary)]
    places = {boundary: 0}
    count = 0
    at = root.start if raw.startswith(b"--", root.start) else _next(raw, root.start, end)
    for _ in range(DELIMITERS_AT_MOST):
        if at < 0 or not stack or count >= PARTS_AT_MOST:
            break
        stop = raw.find(b"\n", at, end)
        stop = end if stop < 0 else stop
        line = raw[at + 2 : min(stop, at + 2 + _BOUNDARY_AT_MOST + 4)].rstrip()
        opens = line in places
        if opens or (line.endswith(b"--") and line[:-2] in places):
            level = places[line if opens else line[:-2]]
            _close(raw, stack, places, level, at)
            here = stack[level]
            if opens:
                count += 1
                here.inside = _open(raw, here, min(stop + 1, end), end, stack, places)
                stop = here.inside.start - 1 if here.inside.start > stop else stop
            else:
                places.pop(here.boundary, None)
                stack.pop()
        at = _next(raw, max(stop - 1, at + 2), end)
    for one in stack:
        if one.inside is not None:
            one.inside.end = end


def _next(raw: bytes, at: int, end: int) -> int:
    found = raw.find(b"\n--", max(at, 0), end)
    return found + 1 if found >= 0 else -1


def _close(raw: bytes, stack: list[_Open], places: dict[bytes, int], level: int, at: int) -> None:
    """End what is open below `level`, and its own part; the line break before a delimiter belongs to it."""
    stop = at - 1 if at > 0 and raw[at - 1 : at] == b"\n" else at
    stop = stop - 1 if stop > 0 and raw[stop - 1 : stop] == b"\r" else stop
    while len(stack) > level + 1:
        gone = stack.pop()
        places.pop(gone.boundary, None)
        if gone.inside is not None:
            gone.inside.end = max(stop, gone.inside.start)
    if stack[level].inside is not None:
        inside = stack[level].inside
        assert inside is not None
        inside.end = max(stop, inside.start)
        stack[level].inside = None


def _open(raw: bytes, here: _Open, at: int, end: int, stack: list[_Open], places: dict[bytes, int]) -> Part:
    headers, body = take_headers(raw, at, end)
    digest = here.part.media_type == "multipart/digest"
    part = _part(headers, body, end, "message/rfc822" if digest else "text/plain")
    here.part.children.append(part)
    if part.media_type.startswith("multipart/") and len(stack) < DEPTH_AT_MOST:
        inner = _boundary(raw, part)
        if inner and inner not in places:
            places[inner] = len(stack)
            stack.append(_Open(part, inner))
    return part


def content(raw: bytes, part: Part, at_most: int | None = None) -> bytes:
    """Return the part's body without its transfer encoding; of a very long one no more than `at_most` bytes are
    decoded. Broken encodings give what can be read. Never raises."""
    end = part.end if at_most is None else min(part.end, part.start + 2 * at_most)
    view = memoryview(raw)[part.start : end]
    encoding = part.encoding
    if encoding == "base64":
        return _base64(view)
    if encoding == "quoted-printable":
        return a2b_qp(view)
    if encoding in ("x-uuencode", "uuencode", "x-uue"):
        return _uuencoded(bytes(view))
    return bytes(view)


def _base64(view: memoryview) -> bytes:
    sample = bytes(view[:4000])
    strange = len(_NOT_BASE64.findall(sample)) + len(re.findall(rb"\w [a-z]", sample))
    if strange > 3 and strange * 20 > len(sample):
        return bytes(view)  # plain text under a false label
    try:
        return a2b_base64(view)
    except Error:  # cut off, or not a multiple of four: everything up to there
        letters = re.sub(rb"[^A-Za-z0-9+/]", b"", bytes(view))
        return a2b_base64(letters[: len(letters) // 4 * 4] + _rest(letters))


def _rest(letters: bytes) -> bytes:
    left = letters[len(letters) // 4 * 4 :]
    return left + b"=" * (4 - len(left)) if len(left) > 1 else b""


def _uuencoded(data: bytes) -> bytes:
    out: list[bytes] = []
    for line in data.splitlines()[:500_000]:
        if line.startswith((b"begin ", b"end")) or not line.strip():
            continue
        try:
            out.append(a2b_uu(line))
        except Error:  # trailing garbage, as some encoders write
            length = (((line[0] - 32) & 63) * 4 + 5) // 3
            out.append(_uu_line(line[: length + 1]))
    return b"".join(out)


def _uu_line(line: bytes) -> bytes:
    try:
        return a2b_uu(line)
    except Error:
        return b""
