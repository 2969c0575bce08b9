"""What a domain says about mail in its name, and whether a domain may stand for another (DMARC, RFC 7489).

authheaders is not asked for this: it cuts a domain at its first hyphen, so that a pass for "firma.no-x.com" counts
for "firma.no", and it looks at one signature only.
"""

from dataclasses import dataclass
from typing import Final

from intake.email.domains import organisation
from intake.email.lookups import Bounded

WISHES: Final = ("none", "quarantine", "reject")


@dataclass(frozen=True, slots=True)
class Policy:
    """What the domain wishes for mail that fails, and whether it wants the very same domain (adkim, aspf)."""

    wish: str
    strict_dkim: bool = False
    strict_spf: bool = False

    @property
    def enforced(self) -> bool:
        """Whether it asks that mail which does not prove itself is not let through as its own."""
        return self.wish != "none"


def policy(domain: str, lookup: Bounded) -> Policy | None:
    """The policy published for the domain, else its owner's for subdomains (6.6.3). Raises Silent."""
    own = _published(domain, lookup)
    if own is not None:
        return _read(own, own.get("p", ""))
    owner = organisation(domain)
    if owner == domain:
        return None
    theirs = _published(owner, lookup)
    return None if theirs is None else _read(theirs, theirs.get("sp", theirs.get("p", "")))


def aligned(domain: str, author: str, *, strict: bool) -> bool:
    """Whether what holds for `domain` holds for the From domain (3.1)."""
    if not domain or not author:
        return False
    return domain == author or (not strict and organisation(domain) == organisation(author))


def _published(domain: str, lookup: Bounded) -> dict[str, str] | None:
    """The tags of the one record; two records count as none."""
    records = [tags for one in lookup(f"_dmarc.{domain}", "TXT") if (tags := _tags(one)) is not None]
    return records[0] if len(records) == 1 else None


def _tags(record: str) -> dict[str, str] | None:
    """The tags of a DMARC record; None for another record. "v" must stand first (6.3)."""
    parts = [part.partition("=") for part in record.split(";") if part.strip()]
    tags = {name.strip().lower(): value.strip().lower() for name, _, value in parts}
    if not parts or parts[0][0].strip().lower() != "v" or parts[0][2].strip() != "DMARC1":
        return None
    return tags


def _read(tags: dict[str, str], wish: str) -> Policy | None:
    """The policy; one without a wish we know asks for reports only (6.6.3)."""
    if wish not in WISHES:
        if "rua" not in tags:
            return None
        wish = "none"
    return Policy(wish, tags.get("adkim") == "s", tags.get("aspf") == "s")
