"""Find the names by which people log in, and tell them from what else is said of a user name."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import chain
from typing import Final

from intake.cue import Said
from intake.found import Found
from intake.phrases import FOLDER

_DOMAIN: Final = re.compile(r"(?:[\w-]+\.)+(?:com|org|net|no|se|dk|eu|pl)", re.IGNORECASE)
_ENDED: Final = re.compile(r"\W*(?:$|\n|[,.;:!?)\"»'](?:\s|$))")


@dataclass(frozen=True, slots=True)
class _Labels:
    """Patterns over a text in small letters; the value is a group of its own."""

    strong: re.Pattern[str]
    quoted: re.Pattern[str]
    weak: re.Pattern[str]
    apposed: re.Pattern[str]
    never: re.Pattern[str]


def linking(links: Mapping[str, str]) -> str:
    """Return a pattern of what may stand between a label and its value, from the `links` of the phrase file."""
    number = rf"(?:(?:{links['number']})\.?\s?(?:(?:{links['is']})(?!\w))?\s?[:#]?\s?)?"
    whose = rf"(?:\s(?:{links['mine']})(?!\w))?(?:\s(?:{links['where']})(?!\w))?"
    comma = rf"(?:,(?=\s?(?:{links['number']})))?"
    return rf"{whose}{comma}{_tie(links)}{number}(?P<quote>[\"«'(]?)"


def usernames(said: Said, found: Found) -> None:
    """Add to `found` the user names told in a text.

    After a strong label any word that is told apart from talk, or words in quotation marks; after a weak one only what
    has digits in it.
    """
    labels = _labels()
    for match in labels.strong.finditer(said.small):
        value = said.text[slice(*match.span("value"))].rstrip(".-")
        span = (match.start("value"), match.start("value") + len(value))
        shown = re.search(r"[\d_.]", value) or match["quote"] or match["tie"].strip(" \t")
        if (
            found.free(span)
            and (shown or _ENDED.match(said.text, span[1]))
            and (match["quote"] or not labels.never.fullmatch(value.lower()))
            and not _DOMAIN.fullmatch(value)
            and said.text[span[1] : span[1] + 1] != "@"
        ):
            found.add("username", value, span)
    for match in labels.quoted.finditer(said.small):
        if found.free(match.span("value")):
            found.add("username", said.text[slice(*match.span("value"))], match.span("value"))
    for match in chain(labels.weak.finditer(said.small), labels.apposed.finditer(said.small)):
        start, end = match.span("value")
        value = said.text[start:end].rstrip(".-")
        mixed = re.search(r"[\d_]", value) and re.search(r"[^\W\d_]", value)
        mailed = "@" in said.text[max(0, start - 1) : end + 1]
        if mixed and not mailed and not _DOMAIN.fullmatch(value) and found.free((start, end)):
            found.add("username", value, (start, end))


def _tie(links: Mapping[str, str]) -> str:
    """ "is", and what softens it: "var nok"."""
    filler = rf"(?:\s(?:{links['filler']})(?!\w))?"
    return rf"(?P<tie>(?:\s?(?:{links['is']})(?!\w){filler})?\s?[.:#=]{{0,2}}\s{{0,2}})"


@cache
def _labels() -> _Labels:
    content = tomllib.loads((FOLDER / "identifiers.toml").read_text(encoding="utf-8"))
    labels, links = content["labels"], content["links"]
    strong, weak = labels["username"], labels["weak_username"]
    value = rf"(?!\w){linking(links)}(?P<value>\w[\w.-]{{1,40}})"
    mine = rf"(?!\w)(?:\s(?:{links['mine']})(?!\w))?"
    return _Labels(
        strong=re.compile(rf"(?<!\w){strong}{value}"),
        quoted=re.compile(
            rf"(?<!\w)(?:{links['user']}|{strong})(?!\w){_tie(links)}[\"«](?P<value>[\w.-]+(?: [\w.-]+){{0,3}})[\"»]"
        ),
        weak=re.compile(rf"(?<!\w){weak}{value}"),
        apposed=re.compile(rf"(?<!\w){weak}{mine},\s(?P<value>[^\W\d_][\w.-]{{1,40}})(?=[,.;)!?]|\s?$)"),
        never=re.compile(labels["no_username"]),
    )
