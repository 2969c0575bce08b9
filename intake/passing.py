"""Tell whose a mail is that somebody passes on, and what is told of both."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from intake.bearing import bearer, same
from intake.quoted import passed_on
from intake.shapes import EMAIL, PERSON

Values = Mapping[str, str | list[str]]
"""Identifiers by kind, as `identifiers.identify` gives them."""

_FROM = re.compile(r"\W{0,4}(?:Fra|Frå|From|Från|Von|Od)\W{0,4}:\s*", re.IGNORECASE)
_REACHED = ("email", "phone", "address")
"""How whoever writes a note is reached; the person concerned is reached otherwise."""
_HEADS = 6
"""Lines in which the head of an earlier mail is looked for."""


def from_lines(heads: Iterable[str]) -> Iterator[str]:
    """Yield what stands after "From:" in `heads`."""
    for line in heads:
        if row := _FROM.match(line):
            yield line[row.end() :]


def named(heads: Iterable[str]) -> str:
    """Return the name after the first "From:" in `heads`, a person's or a firm's; empty where none stands there."""
    return EMAIL.sub("", next(from_lines(heads), "")).strip(" \"'<>()[]*")


def writer(heads: Iterable[str]) -> str | None:
    """Return the person's name after "From:" in `heads`; None where none, or a firm's, stands there."""
    name = named(heads)
    return bearer(name) if " " in name and re.fullmatch(PERSON, name) else None


def first_writer(title: str, quoted: str) -> str | None:
    """Return who wrote the mail that `quoted` begins with, where the subject or its head says that it is passed on."""
    heads: Sequence[str] = [line.lstrip("> ") for line in quoted.split("\n") if line.strip()][:_HEADS]
    if not (passed_on(title) or any(passed_on(line) for line in heads[:2])):
        return None
    return writer(heads)


def with_cover(
    request: Values, cover: Values, heads: Iterable[str], *, another: bool
) -> dict[str, str | list[str]]:
    """Return the identifiers of a request that was passed on with those of its `cover`, read as written for another.

    Where `another` passes it on, the first writer is the person concerned (`name`), by the `heads` where the request is
    not signed; who sends their own once more is one person.
    """
    if another:
        cover = {kind: cover[kind] for kind in cover if kind not in _REACHED}
    merged = {kind: [*_listed(request, kind), *_listed(cover, kind)] for kind in {*request, *cover}}
    own, sender = _listed(request, "name"), _listed(cover, "requester_name")
    if another:
        first = writer(heads)
        own = own or ([first] if first else [])
        merged["name"] = own + [
            name for name in _listed(cover, "name") if not any(same(name, one) for one in own)
        ]
    else:
        merged["name"] = own or sender
        merged["requester_name"] = _listed(request, "requester_name")
    found = {kind: list(dict.fromkeys(values)) for kind, values in sorted(merged.items()) if values}
    return {kind: values[0] if len(values) == 1 else values for kind, values in found.items()}


def _listed(values: Values, kind: str) -> list[str]:
    entry = values.get(kind, [])
    return [entry] if isinstance(entry, str) else list(entry)
