"""Find in a message what a person can be found by: names, addresses, numbers; never a national identity number."""

import re
import tomllib
from functools import cache
from typing import Final

from stdnum.no import fodselsnummer

from intake.bearing import bearer
from intake.closing import without_card
from intake.firms import firm
from intake.found import Found
from intake.names import names
from intake.phrases import FOLDER
from intake.quoted import OwnText
from intake.rectification import Rectification
from intake.references import references
from intake.shapes import DATE, EMAIL, addresses, phones

Identifiers = dict[str, str | list[str]]

_ON_FILE: Final = {
    "email": "email",
    "phone": "phone",
    "address": "address",
    "postcode": "address",
    "birthdate": "birthdate",
    "name": "name",
    "company": "company",
}
"""What each field of a correction finds somebody by."""
HIDDEN: Final = "***********"
_ELEVEN = re.compile(
    r"(?<![\d+])\d{6}[ .-]?\d{5}(?!\d)|(?<![\d+])\d{2}[ .]\d{2}[ .]\d{2}[ .-]?\d{5}(?!\d)|(?<![\d+])\d{3} \d{3} \d{5}(?!\d)"
)


def mask_national_ids(text: str) -> tuple[str, int]:
    """Return `text` with valid Norwegian identity numbers (fødselsnummer, D-number) hidden, and how many there were."""
    count = 0

    def hide(found: re.Match[str]) -> str:
        nonlocal count
        if not fodselsnummer.is_valid(re.sub(r"\D", "", found[0])):
            return found[0]
        count += 1
        return HIDDEN

    return _ELEVEN.sub(hide, text), count


def identify(
    parts: OwnText, *, title: str = "", on_behalf: bool = False, change: Rectification | None = None
) -> Identifiers:
    """Return what the sender's own text says about who is concerned; each value as it was written.

    Where the matter concerns another, `name` is that person and `requester_name` the sender. A new value that is
    to replace one on file finds nobody and is left out; the old one is kept. Several values of a kind are a list.

    A signature counts: its name, firm, telephone and address. Of a card that only repeats the name signed above it
    (`closing.without_card`) numbers and birth dates count, firm, telephone and addresses do not.
    """
    whole, _ = mask_national_ids(parts.own)
    parts = without_card(parts)
    text, _ = mask_national_ids(parts.own)
    said_until = len(mask_national_ids(parts.said)[0])
    found = Found()
    _emails(text, found, on_behalf, said_until)
    references(title, whole, found)
    _dates(whole, found)
    _addresses(text, found)
    _phones(text, found, on_behalf, said_until)
    people = names(title, text, parts, on_behalf=on_behalf)
    if people.sender:
        found.add("requester_name" if on_behalf else "name", people.sender)
    for name in people.subjects:
        if name not in found.values.get("username", ()):
            found.add("name", name)
    if people.company:
        found.add("company", people.company)
    if change:
        _replaced(change, found)
    return {
        kind: values[0] if len(values) == 1 else values
        for kind, values in sorted(found.values.items())
        if values
    }


def _replaced(change: Rectification, found: Found) -> None:
    """Leave out of `found` the new value of a correction, which finds nobody yet, and add the one on file."""
    new = _fold(change.new_value)
    certain = change.sure or change.likely or change.old_value
    for kind, values in found.values.items():
        others = [value for value in values if kind == "name" or _fold(value) != new]
        if certain or others:
            found.values[kind] = others
    old = change.old_value
    if old and change.field == "name":
        old = bearer(old)
    if old and change.field == "company":
        old = firm(old)
    known = {_fold(value) for values in found.values.values() for value in values}
    if old and change.field in _ON_FILE and _fold(old) not in known:
        found.add(_ON_FILE[change.field], old)


def _fold(value: str) -> str:
    return re.sub(r"[\s,]+", " ", value).strip().casefold()


def _emails(text: str, found: Found, on_behalf: bool, said_until: int) -> None:
    for match in EMAIL.finditer(text):
        before = text[max(0, match.start() - 40) : match.start()]
        desk = _labels()["desk"].match(match[0]) and not _labels()["owned"].search(before)
        if desk or _anothers(text, match.start()):
            found.taken.append(match.span())  # where data are to be sent, or a company is asked: nobody's own
            continue
        kind = "requester_email" if on_behalf and match.start() >= said_until else "email"
        found.add(kind, match[0].strip(".'-"), match.span())


def _anothers(text: str, at: int) -> bool:
    """Whether what begins `at` is how to reach somebody else: "contact Siv on ...", and what "or" joins to that."""
    return _labels()["others"].search(text, max(0, at - 60), at) is not None


def _dates(text: str, found: Found) -> None:
    for match in DATE.finditer(text):
        if re.search(r"\d{4}$|^\d{4}|\d{2}$", match[0]):
            before = text[max(0, match.start() - 30) : match.start()]
            if _labels()["birthdate"].search(before):
                found.add("birthdate", match[0], match.span())
            else:
                found.taken.append(match.span())


def _addresses(text: str, found: Found) -> None:
    for match in addresses(text):
        if found.free(match.span()):
            found.add("address", match[0].rstrip("."), match.span())


def _phones(text: str, found: Found, on_behalf: bool, said_until: int) -> None:
    called = _labels()["phone"]
    for match in phones(text, lambda start: called.search(text[max(0, start - 24) : start]) is not None):
        if found.free(match.span()):
            if _anothers(text, match.start()):
                found.taken.append(match.span())
                continue
            found.add(
                "requester_phone" if on_behalf and match.start() >= said_until else "phone",
                match[0] if ")" in match[0] else match[0].lstrip("("),
                match.span(),
            )


@cache
def _labels() -> dict[str, re.Pattern[str]]:
    labels = tomllib.loads((FOLDER / "identifiers.toml").read_text(encoding="utf-8"))["labels"]
    return {
        "desk": re.compile(rf"(?i:(?:{labels['desk']})@)"),
        "others": re.compile(
            rf"(?i:(?<!\w){labels['others']}(?:\S{{3,40}}\s(?:eller|or|/)\s|\d[\d ]{{6,16}}(?:eller|or|/)\s)?$)"
        ),
        "owned": re.compile(rf"(?i:(?<!\w){labels['owned']}(?!\w)\W{{0,3}}(?:\w{{2,3}}\s)?\W?$)"),
        "birthdate": re.compile(
            rf"(?i:(?<!\w){labels['birthdate']}(?!\w)[\s.:(]{{0,3}}(?:\w{{2,4}}\s){{0,2}}$)"
        ),
        "phone": re.compile(
            rf"(?i:(?<!\w){labels['phone']}[\s.:/-]{{0,3}}(?:(?:er|is|på|on|to|är|jest)\s)?$)"
        ),
    }
