"""One invented database in the making: its rows, from chance that comes out the same twice."""

import tomllib
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import TypeVar

from desk.demo.people import CUSTOMERS, EXPIRED_YEARS, KEPT_YEARS, Person, crowd

Value = str | int | None
T = TypeVar("T")


class Invention:
    """Collects rows for one database. `today` is the day the demo was made; all dates lie on or before it."""

    def __init__(self, company: str, today: date) -> None:
        self.company = company
        self.today = today
        self.texts = _texts(company)
        self.rows: dict[str, list[dict[str, Value]]] = {}
        self._chance = Random(f"rows:{company}")  # noqa: S311 -- repeatable on purpose, secures nothing

    def people(self, count: int, seed: str = "", planted: Sequence[Person] = CUSTOMERS) -> tuple[Person, ...]:
        """The planted people and then a crowd, `count` in all."""
        return (*planted, *crowd(seed or self.company, count - len(planted)))

    def add(self, table: str, **values: Value) -> int:
        """Add a row and return its `id`: the one given, else the next number of the table."""
        rows = self.rows.setdefault(table, [])
        given = values.get("id")
        number = given if isinstance(given, int) else len(rows) + 1
        rows.append({**values, "id": values.get("id", number)})
        return number

    def one(self, options: Sequence[T]) -> T:
        return self._chance.choice(options)

    def text(self, kind: str) -> str:
        """One of the invented texts of that kind."""
        return self.one(self.texts[kind])

    def number(self, low: int, high: int) -> int:
        return self._chance.randint(low, high)

    def happens(self, percent: int) -> bool:
        return self._chance.randrange(100) < percent

    def day(self, most: int, least: int = 0) -> str:
        """A day between `most` and `least` days ago, as an ISO date."""
        return (self.today - timedelta(days=self.number(least, most))).isoformat()

    def moment(self, most: int, least: int = 1) -> str:
        """A moment between `most` and `least` days ago, "YYYY-MM-DD HH:MM:SS" in UTC."""
        day = self.today - timedelta(days=self.number(least, most))
        clock = time(self.number(6, 22), self.number(0, 59), self.number(0, 59))
        return datetime.combine(day, clock).isoformat(" ")

    def bookkeeping_days(self) -> tuple[str, ...]:
        """Days for invoices in each of KEPT_YEARS and EXPIRED_YEARS, newest first."""
        years = (self.today.year - back for back in (*KEPT_YEARS, *EXPIRED_YEARS))
        return tuple(date(year, 1, 1).isoformat() for year in years)

    def invoice_days(self, person: Person, planted: Person) -> tuple[str, ...]:
        """When `person` was invoiced: all bookkeeping days for the `planted` one, some days for others."""
        if person is planted:
            return self.bookkeeping_days()
        return tuple(self.day(3000) for _ in range(self.number(1, 3)))

    def address(self) -> str:
        """An internet address from the ranges reserved for documentation (RFC 5737, RFC 3849)."""
        if self.happens(20):
            return f"2001:db8::{self.number(1, 0xFFFF):x}"
        return f"{self.one(('192.0.2', '198.51.100', '203.0.113'))}.{self.number(1, 254)}"

    def card(self) -> str:
        """Sixteen digits beginning with zeros, which no card's number does."""
        return f"0000 0000 {self.number(0, 9999):04} {self.number(0, 9999):04}"

    def account(self) -> str:
        """Eleven digits beginning with 0000, which no Norwegian bank's accounts do."""
        return f"0000 {self.number(0, 99):02} {self.number(0, 99999):05}"

    def hexes(self, digits: int) -> str:
        return f"{self._chance.getrandbits(digits * 4):0{digits}x}"

    def password_hash(self) -> str:
        """Looks like a password hash and is the hash of nothing."""
        return f"$argon2id$v=19$m=65536,t=3,p=4${self.hexes(22)}${self.hexes(43)}"


@cache
def _texts(company: str) -> Mapping[str, list[str]]:
    path = Path(__file__).parent / "texts" / f"{company}.toml"
    return {kind: list(lines) for kind, lines in tomllib.loads(path.read_text(encoding="utf-8")).items()}
