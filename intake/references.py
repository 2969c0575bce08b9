"""Find the numbers a message is filed by: customer, invoice, order, case, company number."""

import re
import tomllib
from functools import cache
from typing import Final

from stdnum.no import orgnr

from intake.cue import Said
from intake.found import Found
from intake.phrases import FOLDER
from intake.shapes import DATE
from intake.usernames import linking, usernames

THING_REACH: Final = 25
"""Characters before a number in which it is said that it is a thing's."""
LISTED: Final = 4
"""Further numbers of a list that are read."""
MOST_OFTEN: Final = 4
"""Digits below which what follows "and" is rather a count or a day."""
_NUMBERISH = (
    r"(?:\d{2,3}(?:\ \d{3}){1,2}(?![\ ]?\d)|(?:[A-ZÆØÅ]{1,6}[-/ ]?|[a-z]{1,6}[-/])?\d(?:[\w/-]{0,20}\w)?)"
)
_AMOUNT = r"(?:\ \d{3})?\s?(?:%|kr(?!\w)|nok(?!\w)|(?:av|of|z)\ \d)"
_KINDS: Final = ("customer_number", "invoice_number", "order_number", "case_reference")
_SERVICE = r"(?<![\w-])(?:DSA?R|SAR|REQ|CASE|SAK|INC|TKT|TICKET|REF|SUP)-\d{2,8}(?![\w-])"
"""Prefixes by which desks number what they are asked: one of them is a case's however short it is."""
_STANDARD = re.compile(r"(?<![\w-])(?:ISO|RFC|GDPR|COVID|UTF|EU|EN|NS|IP|PDF)-")
_YEAR = re.compile(r"(?:19|20)\d\d")


def references(title: str, text: str, found: Found) -> None:
    """Add to `found` what `title` (a subject) and `text` give; each as it was written, spans are those of `text`.

    A case's reference often stands in the subject alone, taken over from the letter that is answered.
    """
    above = Found()
    for match in re.finditer(
        r"\[#?([A-Z]{2,5}-\d[\d-]{2,12})\]|(?<![\w-])([A-Z]{2,5}-(?:\d{4}-)?\d{3,8})(?![\w-])", title
    ):
        if not _STANDARD.match(title, match.start()):
            above.add("case_reference", match[1] or match[2], match.span())
    _numbers(title, above)
    usernames(Said.of(title), above)
    for kind, values in above.values.items():
        for value in values:
            found.add(kind, value)
    _numbers(text, found)
    for shape, kind in (
        (_SERVICE, "case_reference"),
        (r"(?<![\w-])[A-Z]{2,5}-\d{4}-\d{3,8}(?![\w-])", "case_reference"),
        (r"(?<![\w-])[A-Z]{2,3}-\d{4,8}(?![\w-]|\s[a-zæøå])", "customer_number"),
    ):
        for match in re.finditer(shape, text):
            known = any(match[0] in values for values in found.values.values())
            thing = _labels()["thing"].search(text, max(0, match.start() - THING_REACH), match.start())
            if found.free(match.span()) and not (known or thing or _STANDARD.match(match[0])):
                found.add(kind, match[0], match.span())
    usernames(Said.of(text), found)
    _companies(text, found)


def _numbers(text: str, found: Found) -> None:
    """A number after its label. One or two digits, or a year, only where the label says that a number follows."""
    for kind in _KINDS:
        for match in _labels()[kind].finditer(text):
            value = match["value"]
            if len(value) == 1:
                continue  # one of a few, a place in a row
            short = sum(c.isdigit() for c in value) < 3 or _YEAR.fullmatch(value)
            if short and not _labels()["numbered"].search(match[0][: -len(value)]):
                continue
            if DATE.fullmatch(value) or not found.free(match.span("value")):
                continue
            found.add(kind, value, match.span("value"))
            _next(kind, text, match.end("value"), found)


def _next(kind: str, text: str, end: int, found: Found) -> None:
    """The further numbers of a list: "invoices 70214 and 70215"; each has as many digits as the one before."""
    digits = sum(c.isdigit() for c in found.values[kind][-1])
    for _ in range(LISTED):
        match = _labels()["next"].match(text, end)
        if match is None or sum(c.isdigit() for c in match["value"]) != digits or digits < MOST_OFTEN:
            return
        if found.free(match.span("value")):
            found.add(kind, match["value"], match.span("value"))
        end = match.end()


def _companies(text: str, found: Found) -> None:
    for match in re.finditer(r"(?<![\w])\d{3}[ .]?\d{3}[ .]?\d{3}(?:\s?MVA)?(?![\w-])", text):
        before = text[max(0, match.start() - 40) : match.start()]
        if (
            (_labels()["org_number"].search(before) or match[0].endswith("MVA"))
            and orgnr.is_valid(re.sub(r"\D", "", match[0]))
            and found.free(match.span())
        ):
            found.add("org_number", match[0], match.span())


@cache
def _labels() -> dict[str, re.Pattern[str]]:
    content = tomllib.loads((FOLDER / "identifiers.toml").read_text(encoding="utf-8"))
    labels, links = content["labels"], content["links"]
    link = linking(links)
    shapes = dict.fromkeys(_KINDS, rf"(?!\w){link})(?P<value>{_NUMBERISH})(?!\w|{_AMOUNT})")
    shapes["org_number"] = r"[\s.:]{0,3}(?:er\s)?$)"
    found = {kind: re.compile(rf"(?i:(?<!\w){labels[kind]}{shape}") for kind, shape in shapes.items()}
    found["next"] = re.compile(rf"(?i:{links['next']})(?P<value>{_NUMBERISH})(?!\w|{_AMOUNT})")
    found["thing"] = re.compile(rf"(?<!\w)(?:{links['thing']})(?!\w)", re.IGNORECASE)
    found["numbered"] = re.compile(rf"(?:(?:{links['number']})\.?|id|[#:])\W*(?:er|is)?\W*$", re.IGNORECASE)
    return found
