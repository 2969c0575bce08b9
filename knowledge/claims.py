"""Hold a sentence against quotations: every figure, unit, date, address and name in it must stand in them."""

import re
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import Final

from knowledge.claim_words import content, day, negations, number_words, units, weak_numbers
from knowledge.words import fold, word


class Unfounded(StrEnum):
    """What a sentence claims that its quotations do not."""

    FIGURE = "figure"
    UNIT = "unit"
    DATE = "date"
    ADDRESS = "address"
    NAME = "name"
    NEGATION = "negation"


_TOPS: Final = (
    "no|com|net|org|eu|io|dk|se|uk|de|info|biz|app|dev|ai|me|co|ru|cn|example|shop|online|site|top|xyz|link"
)
_TOKEN: Final = re.compile(
    r"(?P<address>[\w.+'-]+@[\w-]+(?:\.[\w-]+)*|https?://\S+|www\.\S+"
    rf"|[^\W\d_][\w-]*(?:\.[\w-]+)*\.(?:{_TOPS})(?![\w-])(?:/\S*)?)"
    r"|(?P<number>(?<!\d)\d{1,3}(?:[ \u00a0\u202f.]\d{3})+(?!\d)(?:,\d+)?|\d+(?:[.,:]\d+)*)"
    r"|(?P<word>[^\W\d_]+(?:['’-][^\W\d_]+)*['’]?|[%€$£]|,-)",
    re.IGNORECASE,
)
_GROUPED: Final = re.compile(r"\d{1,3}(?:[ \u00a0\u202f.]\d{3})+(?:,\d+)?")
_GROUPED_IN_ENGLISH: Final = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_BESIDE: Final = re.compile(r"[ \u00a0-]?")
_BEGINS: Final = re.compile(r"(?:^|[.!?:]\s)\W*$")


@dataclass(frozen=True, slots=True)
class _Token:
    """A number (by its value), an address, or a word, and where it stands."""

    kind: str
    text: str
    start: int
    end: int
    first: bool


@dataclass(frozen=True, slots=True)
class _Claims:
    """What one text says in figures and names. A run is numbers side by side, as in a telephone number."""

    runs: tuple[tuple[str, ...], ...]
    measured: tuple[tuple[str, str | None], ...]
    units: frozenset[str]
    days: frozenset[str]
    addresses: frozenset[str]
    words: frozenset[str]
    names: tuple[tuple[str, bool], ...]
    pairs: frozenset[tuple[str, str]]
    negated: bool


def unfounded(
    sentence: str, quotes: Sequence[str], *, around: Sequence[str], own: str, known: Iterable[str]
) -> Unfounded | None:
    """Return what in `sentence` is claimed by none of `quotes`, or None.

    `around` are the sentences that the quotations stand in, where a «not» may be that was not quoted. `own` is
    the company's name, which may be said; `known` are texts whose words may begin a sentence with a capital
    letter without being names. A figure must have the same unit too, number words count as figures, and two
    parts of a name stand side by side. Where all of `around` negates, or none does, so must the sentence.
    """
    said, there = _claims(sentence), [_claims(quote) for quote in quotes]
    if not all(any(_within(run, other) for c in there for other in c.runs) for run in said.runs):
        return Unfounded.FIGURE
    if not all(_has_unit(value, unit, there) for value, unit in said.measured if unit):
        return Unfounded.UNIT
    if not said.days <= frozenset().union(*(c.days for c in there)):
        return Unfounded.DATE
    if not said.addresses <= frozenset().union(*(c.addresses for c in there)):
        return Unfounded.ADDRESS
    if not _named(said, there, own, known):
        return Unfounded.NAME
    if all(_claims(text).negated != said.negated for text in around):
        return Unfounded.NEGATION
    return None


def _claims(text: str) -> _Claims:
    text = re.sub(r"\s+", " ", text)
    tokens = _tokens(text)
    numbers = [i for i, t in enumerate(tokens) if t.kind == "number"]
    words = [t for t in tokens if t.kind == "word"]
    measures = {i: unit for i in numbers if (unit := _unit_of(tokens, i))}
    negating = negations(text)
    capitals = [t for t in words if t.text != t.text.lower() and not day(t.text)]
    return _Claims(
        runs=_runs(text, [tokens[i] for i in numbers]),
        measured=tuple((tokens[i].text, measures.get(i)) for i in numbers),
        units=frozenset(u for t in words if (u := units().get(t.text.casefold()))),
        days=frozenset(_days(tokens)),
        addresses=frozenset(t.text for t in tokens if t.kind == "address"),
        words=frozenset(form for t in words for form in _spellings(t.text)),
        names=tuple((t.text, t.first) for t in capitals),
        pairs=frozenset((_bare(a.text), _bare(b.text)) for a, b in _side_by_side(text, capitals)),
        negated=any(t.text.casefold() in negating or t.text.casefold().endswith("n't") for t in words),
    )


def _tokens(text: str) -> list[_Token]:
    values, weak = number_words(), weak_numbers(text)
    found: list[_Token] = []
    matches = list(_TOKEN.finditer(text))
    for i, match in enumerate(matches):
        kind, said = match.lastgroup or "", match[0]
        if kind == "number":
            said = _value(said)
        elif kind == "address":
            said = said.casefold().rstrip(".,;:!?)»”\"'")
        elif said.casefold() in values:
            after = matches[i + 1][0].casefold() if i + 1 < len(matches) else ""
            if said.casefold() not in weak or after in units():
                kind, said = "number", values[said.casefold()]
        first = bool(_BEGINS.search(text[: match.start()]))
        found.append(_Token(kind, said, match.start(), match.end(), first))
    return found


def _value(number: str) -> str:
    """Return a number in one spelling: no thousands' marks, a point before decimals, no idle noughts."""
    if _GROUPED.fullmatch(number):
        number = re.sub(r"[ \u00a0\u202f.]", "", number)
    elif _GROUPED_IN_ENGLISH.fullmatch(number):
        number = number.replace(",", "")
    parts = re.split(r"([.,:])", number)
    number = "".join(re.sub(r"^0(?=\d$)", "", p) if p.isdigit() and len(parts) != 3 else p for p in parts)
    return re.sub(r"\.00$", "", number.replace(",", "."))


def _runs(text: str, numbers: Sequence[_Token]) -> tuple[tuple[str, ...], ...]:
    runs: list[list[_Token]] = []
    for token in numbers:
        if runs and _BESIDE.fullmatch(text[runs[-1][-1].end : token.start]):
            runs[-1].append(token)
        else:
            runs.append([token])
    return tuple(tuple(t.text for t in run) for run in runs)


def _within(run: tuple[str, ...], other: tuple[str, ...]) -> bool:
    return any(other[i : i + len(run)] == run for i in range(len(other) - len(run) + 1))


def _unit_of(tokens: Sequence[_Token], i: int) -> str | None:
    """Return the unit right after a number, or the currency right before it."""
    ahead = [t.text.casefold() for t in tokens[i + 1 : i + 3] if t.kind == "word"]
    before = content()["before_a_unit"]
    if len(ahead) == 2 and ahead[0] in before["workday"].split() and units().get(ahead[1]) == "day":
        return "workday"
    if len(ahead) == 2 and ahead[0] in before["same"].split():
        return units().get(ahead[1])
    if ahead and ahead[0] in units():
        return units()[ahead[0]]
    behind = units().get(tokens[i - 1].text.casefold()) if i else None
    return behind if behind in ("kroner", "euro", "dollar", "pound") else None


def _has_unit(value: str, unit: str | None, there: Sequence[_Claims]) -> bool:
    """Whether a figure has its unit in the quotations too; one that has none there may have any they name."""
    found = [u for c in there for v, u in c.measured if v == value]
    return unit in found or (None in found and any(unit in c.units for c in there))


def _days(tokens: Sequence[_Token]) -> Iterable[str]:
    unclear = content()["unclear_months"]["words"].split()
    for i, token in enumerate(tokens):
        named = day(token.text) if token.kind == "word" else None
        near = any(t.kind == "number" for t in (*tokens[max(0, i - 1) : i], *tokens[i + 1 : i + 2]))
        if named and (near or token.text.casefold() not in unclear):
            yield named


def _named(said: _Claims, there: Sequence[_Claims], own: str, known: Iterable[str]) -> bool:
    quoted = frozenset().union(*(c.words for c in there), _claims(own).words)
    small = {m[0] for text in known for m in re.finditer(r"[^\W\d_]+", text) if m[0] == m[0].lower()}
    stems = frozenset(word(fold(one)).nb for one in small)
    if not all(_is_known(name, quoted) or (first and _is_plain(name, stems)) for name, first in said.names):
        return False
    capitals = {_bare(name) for c in (*there, _claims(own)) for name, _ in c.names}
    pairs = frozenset().union(*(c.pairs for c in there), _claims(own).pairs)
    return all(pair in pairs for pair in said.pairs if capitals.issuperset(pair))


def _is_known(name: str, quoted: Set[str]) -> bool:
    names, forms = content()["names"], _spellings(name)
    if not forms.isdisjoint(quoted) or not forms.isdisjoint(names["plain"].split()):
        return True
    alike = [line.split() for line in names["alike"]]
    return any(not forms.isdisjoint(line) and not frozenset(line).isdisjoint(quoted) for line in alike)


def _is_plain(first: str, stems: Set[str]) -> bool:
    """Whether the first word of a sentence has its capital from there, and is no name."""
    folded = first.casefold()
    if first[1:] != first[1:].lower():
        return False
    plain = folded in content()["names"]["beginnings"].split() or folded in number_words()
    return plain or not word(folded).telling or word(folded).nb in stems


def _side_by_side(text: str, tokens: Sequence[_Token]) -> Iterable[tuple[_Token, _Token]]:
    return ((a, b) for a, b in pairwise(tokens) if text[a.end : b.start].isspace())


def _spellings(name: str) -> frozenset[str]:
    """Return a word as it may be written: with and without its genitive, whole and by its parts."""
    folded = name.casefold().replace("’", "'")
    parts = folded.split("-") if "-" in folded else []
    return frozenset(
        (folded, _bare(name), folded.rstrip("'"), *(folded[:-1] for _ in "s" if folded[-1:] == "s"), *parts)
    )


def _bare(name: str) -> str:
    return re.sub(r"'s?$", "", name.casefold().replace("’", "'"))
