"""What our own mail server found out about the sender, read from the field it put on top (RFC 8601).

Only the topmost Authentication-Results with the id of a server of ours counts, and only above the part that came
from outside: fields are put on top of a mail, so what a sender wrote himself stands below what our server wrote.
The limit of this: a server that leaves a mail without such a field, and does not take away one that came with it
(RFC 8601 5 says it must), lets a sender write it. Name a server only when it writes the field on every mail.
"""

import re
from dataclasses import dataclass
from functools import cache
from typing import Final

import authres
import authres.arc
import authres.dmarc

from intake.email.domains import ascii_domain, domain_of, same_owner
from intake.email.head import Head

LONGEST: Final = 8192


@dataclass(frozen=True, slots=True)
class Finding:
    """One method's result and the domain it is about: of a signature, of the envelope, of From."""

    method: str
    result: str
    domain: str


def reported(head: Head, trusted: frozenset[str]) -> tuple[Finding, ...] | None:
    """What a server of ours found; None where none of them says anything that can be read."""
    ours = frozenset(one.strip().lower() for one in trusted)
    if not ours:
        return None
    crossed = False
    for name, value in head.fields:
        if name == "received":
            if crossed or not _by_ours(value, ours):
                return None
            crossed = not _from_ours(value, ours)
        elif name == "authentication-results" and _id(value) in ours:
            return findings(value)
    return None


def findings(value: str) -> tuple[Finding, ...] | None:
    """The results of a field, or of a sealed one (RFC 8617 4.1.1, whose "i=1;" is left out); None for no such field."""
    plain = re.sub(r"^\s*i\s*=\s*\d+\s*;", "", re.sub(r"\r?\n", "", value))
    if len(plain) > LONGEST:
        return None
    try:
        read = _reader().parse_value(plain.strip())
    except (authres.AuthResError, LookupError, RecursionError, ValueError):
        return None
    return tuple(_finding(one) for one in read.results)


def _finding(one: "authres.AuthenticationResult") -> Finding:
    values = {(prop.type, prop.name): str(prop.value).strip() for prop in one.properties}
    method = str(one.method).lower()
    match method:
        case "dkim":
            domain = values.get(("header", "d")) or values.get(("header", "i"), "").rpartition("@")[2]
        case "spf":
            sender = values.get(("smtp", "mailfrom")) or values.get(("smtp", "helo"), "")
            domain = domain_of(sender) if "@" in sender else sender
        case _:
            domain = values.get(("header", "from"), "").rpartition("@")[2]
    return Finding(method, str(one.result).lower(), ascii_domain(domain))


def _id(value: str) -> str:
    """The id of the server that wrote the field: its first word, comments left out."""
    plain = re.sub(r"\([^()]*\)", " ", re.sub(r"\r?\n", "", value[:1000]))
    match = re.match(r'\s*"?([^\s;"]+)', plain)
    return match[1].lower() if match else ""


def _by_ours(received: str, ours: frozenset[str]) -> bool:
    return _host(received, "by", ours)


def _from_ours(received: str, ours: frozenset[str]) -> bool:
    return not re.search(r"\bfrom\s", received) or _host(received, "from", ours)


def _host(received: str, word: str, ours: frozenset[str]) -> bool:
    """Whether the host after the word is one of ours, or of the same owner."""
    plain = re.sub(r"\([^()]*\)", " ", re.sub(r"\r?\n", "", received[:2000]))
    match = re.search(rf"(?:^|\s){word}\s+([^\s;]+)", plain, re.I)
    host = ascii_domain(match[1]) if match else ""
    return any(host == one or same_owner(host, one) for one in ours)


@cache
def _reader() -> "authres.FeatureContext":
    return authres.FeatureContext(authres.dmarc, authres.arc)
