"""Domains of addresses: in the spelling of the wire, and which of them belong to one owner."""

import importlib.resources
from functools import cache
from typing import Final

from publicsuffix2 import PublicSuffixList

LONGEST: Final = 253


def ascii_domain(domain: str) -> str:
    """The domain as name servers know it, in small letters; "" where it is none."""
    plain = domain.strip().strip(".").lower()
    if not plain.isascii():
        try:
            plain = ".".join(_label(one) for one in plain.split("."))
        except UnicodeError:
            return ""
    labels = plain.split(".")
    if len(plain) > LONGEST or not all(0 < len(one) < 64 and _speakable(one) for one in labels):
        return ""
    return plain


def shown_domain(domain: str) -> str:
    """The domain as people see it: "xn--..." labels in their own letters, where they can be read."""
    return ".".join(_read(one) for one in domain.split("."))


def domain_of(address: str) -> str:
    """The domain of an address in the spelling of the wire; "" where there is none."""
    local, at, domain = address.rpartition("@")
    return ascii_domain(domain) if local and at else ""


def organisation(domain: str) -> str:
    """The domain its owner registered, by the public suffix list (RFC 7489 3.2): "mail.firma.no" -> "firma.no".

    A domain that is a public suffix itself stands for itself alone.
    """
    found: str | None = _suffixes().get_sld(domain)
    return found or domain


def registrable(name: str) -> bool:
    """Whether it ends in a public suffix that exists, with something before it."""
    suffix: str | None = _suffixes().get_tld(name, strict=True)
    return suffix is not None and name != suffix


def same_owner(one: str, other: str) -> bool:
    """Whether two domains belong to one owner."""
    return bool(one) and bool(other) and organisation(one) == organisation(other)


@cache
def _suffixes() -> PublicSuffixList:
    """The public suffix list that comes with authheaders; read once, for it takes a fifth of a second."""
    text = (importlib.resources.files("authheaders") / "public_suffix_list.txt").read_text("utf-8")
    return PublicSuffixList(text.splitlines())


def _label(label: str) -> str:
    return label if label.isascii() else label.encode("idna").decode("ascii")


def _read(label: str) -> str:
    if not label.startswith("xn--"):
        return label
    try:
        return label.encode("ascii").decode("idna")
    except UnicodeError:
        return label


def _speakable(label: str) -> bool:
    return all(sign.isalnum() or sign in "-_" for sign in label)
