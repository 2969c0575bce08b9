"""Choose what of a mail is its body and what came along, and turn the body into lines."""

import re
from dataclasses import dataclass, field
from typing import Final

from intake.email import charsets
from intake.email.html_text import read_html
from intake.email.html_walk import Line
from intake.email.structure import Part, content, leaves

TEXT_AT_MOST: Final = 1_000_000
"""Bytes of one body that are read: 300 pages."""
BODIES_AT_MOST: Final = 50

_STUB = re.compile(
    r"\s*(?:this (?:e-?mail|message|is an?) .{0,40}html|your (?:e-?mail|mail) (?:client|program|reader)"
    r"|(?:to view|view) this (?:e-?mail|message)|please (?:view|enable) .{0,30}html"
    r"|(?:denne|dette) (?:e-posten|meldingen|meldinga) .{0,40}html|e-post(?:leseren|programmet) (?:din|ditt) )",
    re.IGNORECASE,
)
_QUOTE = re.compile(r"(?:> ?)+")
_MARKUP = re.compile(r"<[^<>]{0,500}>")
_CALENDAR_LINE = re.compile(r"^(?:SUMMARY|DESCRIPTION|COMMENT)(?:;[^:\n]{0,200})?:(.*)$", re.MULTILINE)


@dataclass(slots=True)
class Body:
    """One stretch of the body: the same in plain text and in HTML, or one of them."""

    plain: Part | None = None
    html: Part | None = None
    other: Part | None = None


@dataclass(slots=True)
class Contents:
    """The body's stretches in their order, and every other part that somebody may want."""

    bodies: list[Body] = field(default_factory=list)
    files: list[Part] = field(default_factory=list)
    report: list[Part] = field(default_factory=list)  # what a bounce or receipt says to programs


def name_of(part: Part) -> str:
    """The name the sender gave a part, as he wrote it; "" where he gave none."""
    return part.disposition_parameters.get("filename", "") or part.parameters.get("name", "")


def sort_parts(root: Part) -> Contents:
    """Tell body and files apart, without recursion."""
    found = Contents()
    waiting: list[tuple[Part, Body | None, bool]] = [(root, None, False)]
    while waiting:
        part, alternative, report = waiting.pop()
        if part.children:
            if part.media_type == "multipart/alternative" and alternative is None:
                alternative = Body()
                found.bodies.append(alternative)
            reports = part.media_type == "multipart/report"
            below = [
                (child, alternative, report or (reports and bool(at)))
                for at, child in enumerate(part.children)
            ]
            waiting.extend(reversed(below))
        elif report:
            found.report.append(part)
        else:
            _sort_leaf(part, alternative, found)
    found.bodies = [one for one in found.bodies if one.plain or one.html or one.other]
    if not found.bodies:
        _any_text(root, found)
    return found


def _sort_leaf(part: Part, alternative: Body | None, found: Contents) -> None:
    kind = {"text/plain": "plain", "text/html": "html", "application/xhtml+xml": "html"}.get(part.media_type)
    if part.media_type in ("text/enriched", "text/richtext", "text/calendar", "text/x-amp-html"):
        kind = "other"
    named = alternative is None and bool(found.bodies) and bool(name_of(part))
    attached = part.disposition == "attachment" or named
    if kind is None or attached:
        found.files.append(part)
    elif alternative is not None and getattr(alternative, kind) is None:
        setattr(alternative, kind, part)
    elif len(found.bodies) < BODIES_AT_MOST:
        body = Body()
        setattr(body, kind, part)
        found.bodies.append(body)
    else:
        found.files.append(part)


def _any_text(root: Part, found: Contents) -> None:
    """A mail whose only text is marked as an attachment without a name: that is what was said."""
    for part in found.files:
        if part.media_type in ("text/plain", "text/html") and not name_of(part):
            found.files.remove(part)
            found.bodies.append(Body(plain=part) if part.media_type == "text/plain" else Body(html=part))
            return
    if leaves(root) == [root] and root.media_type.startswith("text/") and root not in found.files:
        found.bodies.append(Body(plain=root))


@dataclass(frozen=True, slots=True)
class Shown:
    """What a body shows: its lines, and the cleaned HTML where it has any."""

    lines: tuple[Line, ...]
    html: str


def show(raw: bytes, contents: Contents, *, unescape_from: bool = False) -> Shown:
    """Return the body's lines. Plain text goes before HTML, unless it is empty or only says that HTML is needed."""
    lines: list[Line] = []
    shown: list[str] = []
    for body in contents.bodies:
        here = _plain(raw, body.plain, unescape_from) if body.plain is not None else []
        if body.html is not None:
            seen = read_html(_text(raw, body.html))
            shown.append(seen.shown)
            if _stub(here, seen.lines):
                here = list(seen.lines)
        if not _said(here) and body.other is not None:
            here = _other(raw, body.other)
        if lines and here:
            lines.append(Line(""))
        lines += here
    return Shown(tuple(lines), "\n<hr>\n".join(one for one in shown if one))


def _said(lines: list[Line]) -> str:
    return " ".join(line.text for line in lines[:200] if line.text.strip())


def _stub(plain: list[Line], html: tuple[Line, ...]) -> bool:
    said = _said(plain)
    return not said or (len(said) < 400 and bool(_STUB.match(said)) and len(_said(list(html))) > len(said))


def _text(raw: bytes, part: Part) -> str:
    data = content(raw, part, TEXT_AT_MOST)[:TEXT_AT_MOST]
    label = part.parameters.get("charset", "")
    if not label and part.media_type == "text/html":
        named = re.search(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?([\w-]{1,40})", data[:2000], re.IGNORECASE)
        label = named[1].decode("ascii", errors="replace") if named else ""
    return charsets.decode(data, label)


def _plain(raw: bytes, part: Part, unescape_from: bool) -> list[Line]:
    text = _text(raw, part)
    if unescape_from:
        text = re.sub(r"(?m)^>(>*From )", r"\1", text)
    head = text[:300].lstrip().lower()
    if head.startswith(("<!doctype html", "<html")) or ("<body" in head and "</" in text):
        return list(read_html(text).lines)  # HTML under the wrong label
    rows = text.split("\n")
    if part.parameters.get("format", "").lower() == "flowed":
        rows = _unflowed(rows, part.parameters.get("delsp", "").lower() == "yes")
    return [_line(row) for row in rows]


def _line(row: str) -> Line:
    row = row.replace("\xa0", " ").rstrip()
    match = _QUOTE.match(row)
    return Line(row[match.end() :], match[0].count(">")) if match else Line(row)


def _unflowed(rows: list[str], delete_space: bool) -> list[str]:
    """Join the lines that a program broke (RFC 3676); a signature's delimiter is never joined."""
    out: list[str] = []
    pieces: list[str] = []
    open_depth = -1
    for row in rows:
        text = row.lstrip(">")
        depth = len(row) - len(text)
        text = text.removeprefix(" ")
        if open_depth >= 0 and (depth != open_depth or text == "-- "):
            out.append("".join(pieces))
            pieces, open_depth = [], -1
        if open_depth < 0:
            pieces = ["> " * depth]
        flows = text.endswith(" ") and text != "-- "
        pieces.append(text[:-1] if flows and delete_space else text)
        open_depth = depth if flows else -1
        if not flows:
            out.append("".join(pieces))
    if open_depth >= 0:
        out.append("".join(pieces))
    return out


def _other(raw: bytes, part: Part) -> list[Line]:
    text = _text(raw, part)
    if part.media_type == "text/calendar":
        unfolded = text.replace("\n ", "").replace("\n\t", "")
        said = [one.replace("\\n", "\n").replace("\\,", ",") for one in _CALENDAR_LINE.findall(unfolded)[:20]]
        return [Line(row) for one in said for row in one.split("\n")]
    return [Line(row) for row in _MARKUP.sub("", text).split("\n")]
