"""Find in a message what a person can be found by: names, addresses, numbers; never a national identity number."""

import re
import tomllib
from dataclasses import dataclass, field
from functools import cache
from typing import Final

from stdnum.no import fodselsnummer, orgnr

from intake.names import names
from intake.phrases import FOLDER
from intake.quoted import OwnText
from intake.rectification import Rectification
from intake.shapes import DATE, EMAIL, addresses, phones

Identifiers = dict[str, str | list[str]]

HIDDEN: Final = "***********"
_ELEVEN = re.compile(
    r"(?<![\d+])\d{6}[ .-]?\d{5}(?!\d)|(?<![\d+])\d{2}[ .]\d{2}[ .]\d{2}[ .-]?\d{5}(?!\d)|(?<![\d+])\d{3} \d{3} \d{5}(?!\d)"
)
_NO_USERNAME: Final = frozenset({"er", "is", "og", "and", "mitt", "my", "på", "hos"})
_DOMAIN = re.compile(r"(?:[\w-]+\.)+(?:com|org|net|no|se|dk|eu|pl)", re.IGNORECASE)
_NUMBERISH = r"(?:[A-ZÆØÅ]{1,6}[-/ ]?)?\d(?:[\w/-]{0,20}\w)?"


@dataclass(slots=True)
class _Found:
    """Values by kind, in order, each once; spans already spoken for are not read again as something else."""

    values: dict[str, list[str]] = field(default_factory=dict)
    taken: list[tuple[int, int]] = field(default_factory=list)

    def add(self, kind: str, value: str, span: tuple[int, int] | None = None) -> None:
        value = value.strip().strip(",;:")
        if value and value not in self.values.setdefault(kind, []):
            self.values[kind].append(value)
        if span:
            self.taken.append(span)

    def free(self, span: tuple[int, int]) -> bool:
        return all(span[1] <= start or span[0] >= end for start, end in self.taken)


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
    """
    text, _ = mask_national_ids(parts.own)
    said_until = len(mask_national_ids(parts.said)[0])
    found = _Found()
    _emails(text, found, on_behalf, said_until)
    _references(title, found)
    _numbers(text, found)
    _dates(text, found)
    _addresses(text, found)
    _phones(text, found, on_behalf, said_until)
    people = names(text, parts, on_behalf=on_behalf)
    for name in people.subjects:
        found.add("name", name)
    if people.sender:
        found.add("requester_name" if on_behalf else "name", people.sender)
    if people.company:
        found.add("company", people.company)
    if change:
        new = _fold(change.new_value)
        for kind, values in found.values.items():
            found.values[kind] = [value for value in values if kind == "name" or _fold(value) != new]
        if change.old_value and change.field in ("email", "phone", "address", "birthdate", "name", "company"):
            known = {_fold(value) for values in found.values.values() for value in values}
            if _fold(change.old_value) not in known:
                found.add(change.field, change.old_value)
    return {
        kind: values[0] if len(values) == 1 else values
        for kind, values in sorted(found.values.items())
        if values
    }


def _fold(value: str) -> str:
    return re.sub(r"[\s,]+", " ", value).strip().casefold()


def _emails(text: str, found: _Found, on_behalf: bool, said_until: int) -> None:
    for match in EMAIL.finditer(text):
        kind = "requester_email" if on_behalf and match.start() >= said_until else "email"
        found.add(kind, match[0].strip(".'-"), match.span())


def _references(title: str, found: _Found) -> None:
    """A case's reference often stands in the subject alone, taken over from the letter that is answered."""
    for match in re.finditer(
        r"\[#?([A-Z]{2,5}-\d[\d-]{2,12})\]|(?<![\w-])([A-Z]{2,5}-\d{4}-\d{3,8})(?![\w-])", title
    ):
        found.add("case_reference", match[1] or match[2])


def _numbers(text: str, found: _Found) -> None:
    labels = _labels()
    for kind in ("customer_number", "invoice_number", "order_number", "case_reference"):
        for match in labels[kind].finditer(text):
            if (
                any(c.isdigit() for c in match[1])
                and not DATE.fullmatch(match[1])
                and found.free(match.span(1))
            ):
                found.add(kind, match[1], match.span(1))
    for match in re.finditer(r"(?<![\w-])[A-Z]{2,5}-\d{4}-\d{3,8}(?![\w-])", text):
        if found.free(match.span()):
            found.add("case_reference", match[0], match.span())
    for match in re.finditer(r"(?<![\w-])[A-Z]{2,3}-\d{4,8}(?![\w-])", text):
        if found.free(match.span()):
            found.add("customer_number", match[0], match.span())
    for match in labels["username"].finditer(text):
        value = match[1].rstrip(".-")
        if (
            found.free(match.span(1))
            and value.casefold() not in _NO_USERNAME
            and not _DOMAIN.fullmatch(value)
        ):
            found.add("username", value, match.span(1))
    for match in labels["weak_username"].finditer(text):
        value = match[1].rstrip(".-")
        if "@" in text[max(0, match.start(1) - 1) : match.start(1)] + text[match.end(1) : match.end(1) + 1]:
            continue
        if _DOMAIN.fullmatch(value):
            continue
        if re.search(r"[\d_]", value) and re.search(r"[^\W\d_]", value) and found.free(match.span(1)):
            found.add("username", value, match.span(1))
    for match in re.finditer(r"(?<![\w])\d{3}[ .]?\d{3}[ .]?\d{3}(?:\s?MVA)?(?![\w-])", text):
        before = text[max(0, match.start() - 40) : match.start()]
        if (
            (labels["org_number"].search(before) or match[0].endswith("MVA"))
            and orgnr.is_valid(re.sub(r"\D", "", match[0]))
            and found.free(match.span())
        ):
            found.add("org_number", match[0], match.span())


def _dates(text: str, found: _Found) -> None:
    for match in DATE.finditer(text):
        if re.search(r"\d{4}$|^\d{4}|\d{2}$", match[0]):
            before = text[max(0, match.start() - 30) : match.start()]
            if _labels()["birthdate"].search(before):
                found.add("birthdate", match[0], match.span())
            else:
                found.taken.append(match.span())


def _addresses(text: str, found: _Found) -> None:
    for match in addresses(text):
        if found.free(match.span()):
            found.add("address", match[0], match.span())


def _phones(text: str, found: _Found, on_behalf: bool, said_until: int) -> None:
    for match in phones(text):
        if found.free(match.span()):
            found.add(
                "requester_phone" if on_behalf and match.start() >= said_until else "phone",
                match[0],
                match.span(),
            )


@cache
def _labels() -> dict[str, re.Pattern[str]]:
    labels = tomllib.loads((FOLDER / "identifiers.toml").read_text(encoding="utf-8"))["labels"]
    link = r"(?:\s?(?:er|is|was|var|är)\b)?\s?[.:#=]{0,2}\s{0,2}(?:nr\.?|no\.?|#)?\s?[\"«'(]?"
    shapes = {
        "customer_number": rf"(?!\w){link})({_NUMBERISH})(?!\w)",
        "username": rf"(?!\w){link})(\w[\w.-]{{1,40}})",
        "birthdate": r"(?!\w)[\s.:(]{0,3}(?:\w{2,4}\s)?$)",
        "org_number": r"[\s.:]{0,3}(?:er\s)?$)",
    }
    shapes |= dict.fromkeys(("invoice_number", "order_number", "case_reference"), shapes["customer_number"])
    shapes["weak_username"] = shapes["username"]
    return {kind: re.compile(rf"(?i:(?<!\w){labels[kind]}{shape}") for kind, shape in shapes.items()}
