"""Tricks an officer should see: a name, a domain or a reply address that would have the mail taken for another's."""

import re
import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from rapidfuzz.distance import OSA

from intake.email.domains import ascii_domain, domain_of, organisation, registrable, same_owner, shown_domain
from operators.profile import Operator

LEAST: Final = 5  # letters of a name before one letter more or less is a likeness
SCRIPTS: Final = frozenset({"LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE"})  # they share shapes
LONGEST: Final = 1000  # characters of a name that are looked at

_ADDRESS: Final = re.compile(r"[^\s<>()\[\]\",;:@]+@[^\s<>()\[\]\",;:@]+")
_DOMAIN: Final = re.compile(r"(?<![\w@.-])(?:[\w-]{1,63}\.){1,5}[a-z]{2,24}(?![\w@-])", re.I)


class Trick(StrEnum):
    """What to look at, by catalogue key."""

    NAME_HOLDS_ADDRESS = "name_holds_address"  # "post@dnb.no" <x@example.com>
    NAME_HOLDS_DOMAIN = "name_holds_domain"  # "dnb.no" <x@example.com>
    NAME_IS_OURS = "name_is_ours"  # the company's own name, from elsewhere
    LOOK_ALIKE = "look_alike"  # a domain made to look like the company's
    MIXED_SCRIPT = "mixed_script"  # letters of two scripts in one word
    HIDDEN_SIGNS = "hidden_signs"  # signs that are not seen, or turn the text around
    REPLY_ELSEWHERE = "reply_elsewhere"  # answers would go to another domain
    SEVERAL_FROM = "several_from"  # more than one author


@dataclass(frozen=True, slots=True)
class Ours:
    """The company's own names and domains, which others are compared with."""

    names: tuple[str, ...] = ()
    domains: frozenset[str] = frozenset()

    @classmethod
    def of(cls, operator: Operator, *addresses: str) -> "Ours":
        """A company's, from its profile and further addresses, such as its mailboxes'."""
        contacts = [one for one in (operator.contact, operator.dpo) if one is not None]
        found = {domain_of(one.email) for one in contacts if one.email}
        found |= {domain_of(one) for one in addresses}
        found.add(ascii_domain((urlsplit(operator.privacy_url or "").hostname or "").removeprefix("www.")))
        return cls((operator.name, operator.legal_name), frozenset(found - {""}))


def tricks(*, sender: str, name: str, reply_to: Sequence[str], ours: Ours) -> tuple[Trick, ...]:
    """What is found in the sender's address and name, in the order of `Trick`."""
    domain = domain_of(sender)
    name = name[:LONGEST]
    plain = unicodedata.normalize("NFKC", name)
    owned = any(same_owner(domain, one) for one in ours.domains)
    held = {address.strip(".").lower() for address in _ADDRESS.findall(plain)}
    told = {
        found
        for one in _DOMAIN.findall(_ADDRESS.sub(" ", plain))
        if (found := ascii_domain(one)) and registrable(found)
    }
    seen = {
        Trick.NAME_HOLDS_ADDRESS: bool(held - {sender.lower()}),
        Trick.NAME_HOLDS_DOMAIN: any(not same_owner(one, domain) for one in told),
        Trick.NAME_IS_OURS: not owned and any(_names(plain, one) for one in ours.names),
        Trick.LOOK_ALIKE: not owned and any(looks_like(domain, one) for one in ours.domains),
        Trick.MIXED_SCRIPT: mixed(plain) or mixed(shown_domain(domain)),
        Trick.HIDDEN_SIGNS: any(unicodedata.category(sign) in ("Cf", "Cc") for sign in name),
        Trick.REPLY_ELSEWHERE: any(
            not same_owner(domain_of(one), domain) for one in reply_to if domain_of(one)
        ),
    }
    return tuple(trick for trick, found in seen.items() if found)


def looks_like(domain: str, own: str) -> bool:
    """Whether a domain of another owner would be taken for the company's: same or nearly the same name, or around it."""
    if not domain or not own:
        return False
    theirs, mine = _label(domain), _label(own)
    if theirs == mine:
        return True
    if len(mine) < LEAST:
        return False
    parts = re.split(r"[-.]", skeleton(shown_domain(domain)))
    return mine in parts or OSA.distance(theirs, mine, score_cutoff=1) <= 1


def skeleton(text: str) -> str:
    """The text with each sign as the Latin letter it looks like (after UTS 39, with what is seen in practice)."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    bare = "".join(sign for sign in unicodedata.normalize("NFD", plain) if unicodedata.category(sign) != "Mn")
    table = _shapes()
    return "".join(table["signs"].get(sign, sign) for sign in _joined(bare, table["pairs"]))


def mixed(text: str) -> bool:
    """Whether one word has letters of two scripts whose letters look alike."""
    return any(len(_scripts(word) & SCRIPTS) > 1 for word in re.findall(r"\w+", text))


def _scripts(word: str) -> set[str]:
    return {unicodedata.name(sign, "").partition(" ")[0] for sign in word if sign.isalpha()}


def _label(domain: str) -> str:
    """The name that was registered, as it looks, without its ending."""
    return skeleton(shown_domain(organisation(domain)).partition(".")[0])


def _names(name: str, own: str) -> bool:
    """Whether a name holds the company's, as it looks."""

    def words(text: str) -> str:
        return " " + " ".join(re.findall(r"\w+", skeleton(text))) + " "

    return len(own) >= LEAST and words(own) in words(name)


def _joined(text: str, pairs: Mapping[str, str]) -> str:
    for pair, sign in pairs.items():
        text = text.replace(pair, sign)
    return text


@cache
def _shapes() -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads(Path(__file__).with_name("shapes.toml").read_text("utf-8"))
