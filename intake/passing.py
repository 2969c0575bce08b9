"""Tell whose a mail is that somebody passes on: its first writer, as the head above it names them."""

import re
from collections.abc import Iterable, Sequence

from intake.bearing import bearer
from intake.quoted import passed_on
from intake.shapes import EMAIL, PERSON

_FROM = re.compile(r"\W{0,4}(?:Fra|Frå|From|Från|Von|Od)\W{0,4}:\s*", re.IGNORECASE)
_HEADS = 6
"""Lines in which the head of an earlier mail is looked for."""


def writer(heads: Iterable[str]) -> str | None:
    """Return the person's name after "From:" in `heads`; None where none, or a firm's, stands there."""
    for line in heads:
        if row := _FROM.match(line):
            name = EMAIL.sub("", line[row.end() :]).strip(" \"'<>()[]*")
            return bearer(name) if " " in name and re.fullmatch(PERSON, name) else None
    return None


def first_writer(title: str, quoted: str) -> str | None:
    """Return who wrote the mail that `quoted` begins with, where the subject or its head says that it is passed on."""
    heads: Sequence[str] = [line.lstrip("> ") for line in quoted.split("\n") if line.strip()][:_HEADS]
    if not (passed_on(title) or any(passed_on(line) for line in heads[:2])):
        return None
    return writer(heads)
