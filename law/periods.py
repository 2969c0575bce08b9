"""How long the law lets or makes a company keep something, and until which day that is."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Literal

from law.deadlines import after_year_end, promise_due
from law.language import Words, as_words, catalogue


class UnknownPeriod(KeyError):
    """No period has this code."""


@dataclass(frozen=True, slots=True)
class Period:
    """One retention period.

    `months` count from the end of the accounting year (`counted_from` "year_end") or from the day itself
    ("day"). `document_class` is the class of bokføringsloven § 13, None elsewhere. `at_least`: an authority
    may order more, so the day found is the earliest. `ground` is the refusal ground it serves. `label` names
    it for the officer, `rule` says it to the person in one sentence, `statute` cites it.
    """

    code: str
    statute: str
    ground: str
    label: Words
    rule: Words
    months: int
    counted_from: Literal["year_end", "day"]
    document_class: Literal["primary", "secondary"] | None
    at_least: bool


@cache
def periods() -> tuple[Period, ...]:
    """All periods, in the order of periods.toml."""
    return tuple(_period(row) for row in catalogue("periods.toml")["period"])


def period(code: str) -> Period:
    """The period with this code, such as "BOKF-5Y". UnknownPeriod otherwise."""
    for found in periods():
        if found.code == code:
            return found
    raise UnknownPeriod(code)


def kept_until(code: str, day: date, year_end: str = "12-31") -> date:
    """The last day something may be kept; it is to be erased from the next.

    `day` is the date of the document, or of the event a period counts from (a closed case). `year_end` is the
    company's end of accounting year as MM-DD. UnknownPeriod, or ValueError for another `year_end`.
    """
    found = period(code)
    if found.counted_from == "year_end":
        return after_year_end(day, found.months, year_end)
    return promise_due(day, months=found.months)


def _period(row: dict[str, object]) -> Period:
    months, start, kind = row["months"], row["counted_from"], row.get("document_class")
    if not isinstance(months, int) or start not in {"year_end", "day"}:
        raise ValueError(f"periods.toml: {row['code']}: months or counted_from is wrong")
    if kind not in {None, "primary", "secondary"}:
        raise ValueError(f"periods.toml: {row['code']}: document_class is wrong")
    return Period(
        code=str(row["code"]),
        statute=str(row["statute"]),
        ground=str(row["ground"]),
        label=as_words(row["label"]),
        rule=as_words(row["rule"]),
        months=months,
        counted_from=start,
        document_class=kind,
        at_least=row.get("at_least") is True,
    )
