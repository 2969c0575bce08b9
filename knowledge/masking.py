"""Take out of a text what says who wrote it: addresses, telephone and identity numbers, other long numbers, names."""

import re
import tomllib
from collections.abc import Callable, Set
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, Final

from stdnum.no import fodselsnummer


class Kind(StrEnum):
    """What was masked."""

    EMAIL = "email"
    NATIONAL_ID = "national_id"
    PHONE = "phone"
    NUMBER = "number"
    ADDRESS = "address"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Masked:
    """A text without what was masked in it, and the kinds of that."""

    text: str
    kinds: frozenset[Kind]


BLANK: Final = "…"

EVERY_KIND: Final = frozenset(Kind)

_GAP: Final = r"[ \u00a0./\-]"
_EMAIL: Final = re.compile(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)*")
_ELEVEN: Final = re.compile(rf"(?<!\d)(?=(\d(?:{_GAP}?\d){{10}})(?!\d))")
_PHONE: Final = re.compile(
    r"(?<![\w+])(?:\+|00)\d{1,3}(?:[ \u00a0-]?\d){6,12}(?!\d)"
    r"|(?<![\w.,-])(?:[2-9]\d(?:[ \u00a0]?\d\d){3}|[2-9]\d\d[ \u00a0]?\d\d[ \u00a0]?\d{3})(?![\w%]|[.,]\d)"
)
_NUMBER: Final = re.compile(rf"(?<![\w.,])(?:[A-ZÆØÅ]{{1,6}}[- ]?)?\d(?:{_GAP}?\d){{5,}}(?!\w)")
_DATE: Final = r"(?:\d{1,2}[./-] ?\d{1,2}[./-] ?\d{2,4}|\d{4}-\d{2}-\d{2}|\d{1,2}\.? [^\W\d_]{3,9}\.? \d{4})"
_YEARS: Final = re.compile(r"(?:19|20)\d\d[ /-](?:19|20)\d\d")


def mask(text: str, only: Set[Kind] = EVERY_KIND) -> Masked:
    """Return `text` with identifiers of the kinds in `only` replaced by placeholders; dates, amounts and years stay.

    A Norwegian identity number (fødselsnummer, D-number) is one by its two check digits, however it is spaced; any
    other number of six digits or more is masked as a number. A name is found by the words that introduce it («jeg
    heter», "my name is"), so that one that is merely mentioned stays.
    """
    found: set[Kind] = set()
    for kind, hide in _WAYS.items():
        if kind in only:
            hidden = hide(text)
            if hidden != text:
                found.add(kind)
                text = hidden
    return Masked(text, frozenset(found))


def blanked(text: str) -> str:
    """Return the text for people to read, with «…» wherever something was masked."""
    return re.sub("|".join(re.escape(_shown(kind)) for kind in Kind), BLANK, mask(text).text)


def _emails(text: str) -> str:
    return _EMAIL.sub(_shown(Kind.EMAIL), text)


def _national_ids(text: str) -> str:
    spans: list[tuple[int, int]] = []
    for match in _ELEVEN.finditer(text):
        start, end = match.span(1)
        if (not spans or start >= spans[-1][1]) and fodselsnummer.is_valid(re.sub(r"\D", "", match[1])):
            spans.append((start, end))
    for start, end in reversed(spans):
        text = text[:start] + _shown(Kind.NATIONAL_ID) + text[end:]
    return text


def _phones(text: str) -> str:
    return _PHONE.sub(lambda m: m[0] if _is_plain(m) else _shown(Kind.PHONE), text)


def _numbers(text: str) -> str:
    text = _patterns()["birth"].sub(lambda m: m[1] + _shown(Kind.NUMBER), text)
    return _NUMBER.sub(lambda m: m[0] if _is_plain(m) else _shown(Kind.NUMBER), text)


def _is_plain(match: re.Match[str]) -> bool:
    """Whether a number is a date, a span of years or an amount, which say nothing of who writes."""
    if re.fullmatch(_DATE, match[0]) or _YEARS.fullmatch(match[0]):
        return True
    money = _patterns()
    around = (
        match.string[max(0, match.start() - 10) : match.start()],
        match.string[match.end() : match.end() + 10],
    )
    return bool(money["money_before"].search(around[0]) or money["money_after"].match(around[1]))


def _addresses(text: str) -> str:
    return _patterns()["street"].sub(_shown(Kind.ADDRESS), text)


def _names(text: str) -> str:
    patterns = _patterns()
    for key in ("name", "lower_name", "perhaps_name"):
        text = patterns[key].sub(lambda m: m[1] + _shown(Kind.NAME), text)
    return text


_WAYS: Final[dict[Kind, Callable[[str], str]]] = {
    Kind.EMAIL: _emails,
    Kind.NATIONAL_ID: _national_ids,
    Kind.PHONE: _phones,
    Kind.NUMBER: _numbers,
    Kind.ADDRESS: _addresses,
    Kind.NAME: _names,
}


def _shown(kind: Kind) -> str:
    shown: str = _content()["shown"][kind]
    return shown


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    before, content = _content()["before"], _content()
    capital = r"[A-ZÆØÅÄÖÜÉÁÓŁŚŠŽČ][\w'’-]*"
    never = "|".join(content["never_name"]["words"].split())
    small = rf"(?!(?i:{never})\b)[^\W\d_][\w'’-]*"
    link = r"[\s,.:]{1,3}"

    def after(words: list[str], name: str) -> re.Pattern[str]:
        intro = "|".join(words).replace(" ", r"\s+")
        return re.compile(rf"((?<!\w)(?i:{intro}){link}){name}")

    return {
        "name": after(before["name"], rf"{capital}(?:[ ]{capital}){{0,3}}"),
        "lower_name": after(before["name"], rf"{small}(?:[ ]{small})?"),
        "perhaps_name": after(before["perhaps_name"], rf"{capital}(?:[ ]{capital}){{0,3}}"),
        "birth": re.compile(
            rf"((?<!\w)(?i:{'|'.join(before['birth'])})\W{{1,3}}(?:\w{{2,6}}\W+){{0,2}}){_DATE}"
        ),
        "money_before": re.compile(rf"(?<!\w)(?i:{'|'.join(before['money'])})[\s.:]*$"),
        "money_after": re.compile(rf"\s*(?:,-|(?i:{'|'.join(before['money'])})(?!\w))"),
        "street": re.compile(
            rf"(?<!\w)[A-ZÆØÅ][\w-]*(?:[ ][A-ZÆØÅ]?[\w-]+)?(?i:{'|'.join(content['street']['endings'])})"
            r"\s\d{1,4}(?:\s?[A-Za-z])?(?!\w)(?:,?\s\d{4}\s[A-ZÆØÅ]\w+)?"
        ),
    }


@cache
def _content() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("masking.toml").read_text(encoding="utf-8"))
