"""Find the words of a body that its sender wrote now, or, where he only passes a request on, those of the request."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from intake.email.addresses import addresses
from intake.email.html_walk import Line
from intake.forwarding import PassedOn, request_passed_on
from intake.passing import from_lines
from intake.quoted import OwnText, part_lines, passed_on
from intake.reading import asks

LINES_AT_MOST: Final = 8_000

_UNSEEN = re.compile("[\xad\u200b-\u200f\u2028-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
_ARMOUR = re.compile(r"-----(BEGIN|END) PGP [A-Z ]{3,40}-----")
_ANSWER = re.compile(r"\s*(?:re|sv|vs|aw|ang|svar|antw|odp)\s?(?:\[\d+\])?:", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Own:
    """The own words, the signature below them, and everything that is seen; whether the words are another's."""

    text: str
    signed: str
    whole: str
    forwarded: bool = False
    forwarded_from: str = ""
    passed: PassedOn | None = None
    """The request as it stands in the text, where it was not attached."""


def own_words(lines: Sequence[Line], subject: str = "") -> Own:
    """Return what the sender wrote now.

    Where nothing is left of a mail by the marks of quotes and signatures, although something stands there that no
    program marks as quoted, that is what he wrote: a request must not be lost for a line that looks like a mark.
    """
    shown = _without_armour(
        [Line(_UNSEEN.sub("", line.text), line.depth, line.signature) for line in lines[:LINES_AT_MOST]]
    )
    whole = _joined(_row(line) for line in shown)
    rows = [_row(line) for line in shown if not line.signature]
    parts = part_lines(rows)
    signature = _joined(line.text for line in shown if line.signature and not line.depth)
    found = Own(parts.said, _joined((parts.signed, signature)), whole)
    if passed := passed_in(rows, subject, parts):
        return Own(passed.said, found.signed, whole, True, _sender(passed), passed)
    if found.text or passed_on(subject):
        return found
    if not parts.quoted and (parts.signed or signature):
        return Own(_joined((parts.signed, signature)), "", whole)
    if not _ANSWER.match(subject):
        return Own(_joined(row for row in rows if not row.startswith(">")), "", whole)
    return found


def passed_in(rows: Sequence[str], subject: str, parts: OwnText | None = None) -> PassedOn | None:
    """Return the request that a mail's lines only pass on, which `parts` are the parts of; None where its sender asks."""
    return request_passed_on(rows, parts or part_lines(rows), subject, asks)


def _sender(passed: PassedOn) -> str:
    return next((one for row in from_lines(passed.heads) for _, one in addresses(row)), "")


def _row(line: Line) -> str:
    return "> " * line.depth + line.text


def _joined(rows: object) -> str:
    text = "\n".join(row for row in rows if isinstance(row, str))  # type: ignore[attr-defined]
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def _without_armour(lines: list[Line]) -> list[Line]:
    """Leave out what PGP sets around and below a signed text (RFC 9580, 7): its headers and the signature."""
    if not any(line.text.startswith("-----BEGIN PGP SIGNED") for line in lines):
        return lines
    out: list[Line] = []
    skipping = ""
    for line in lines:
        if match := _ARMOUR.match(line.text):
            skipping = (
                "" if match[1] == "END" else "headers" if "SIGNED MESSAGE" in line.text else "signature"
            )
        elif skipping == "headers":
            skipping = "" if not line.text.strip() else skipping
        elif not skipping:
            out.append(Line(line.text.removeprefix("- "), line.depth, line.signature))
    return out
