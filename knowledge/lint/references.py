"""Finds references to clauses that are not there or may be two, and gaps in the numbers."""

import re
from collections.abc import Iterator
from typing import Final

from knowledge.documents import Passage
from knowledge.lint.finding import Finding
from knowledge.lint.paper import Paper
from knowledge.lint.rules import rule

_REFERENCE: Final = re.compile(
    r"(?<!\w)(?:punkt(?:ene|a|et)?|pkt\.?|section|clause|kapittel|chapter|seksjon|avsnitt)\s+(\d+(?:\.\d+)*)(?![\d(])"
    r"(?!\s*(?:\w+\s+)?(?:loven|lova|av lov|act|of the|i lov|i forskrift|forordning|gdpr|regulation))",
    re.IGNORECASE,
)
_OWN: Final = re.compile(r"(?:avtalens|avtalas|denne avtale(?:n)?s?|this agreement'?s?)\s*$", re.IGNORECASE)
_LAW_BEFORE: Final = re.compile(
    r"(?:loven|lova|act|artikkel|article|forordningen|gdpr)\W+(?:\w+\W+)?$", re.IGNORECASE
)


def faults_of_reference(paper: Paper) -> Iterator[Finding]:
    """Yield dangling and ambiguous references, and missing numbers; nothing in a document without numbers."""
    numbers = {passage.section for passage in paper.document.passages if passage.section}
    numbers |= {section.number for section in paper.document.sections() if section.number}
    tops = {int(number.split(".")[0]) for number in numbers if number.split(".")[0].isdigit()}
    if len(tops) < 3:
        return
    seen: set[tuple[str, str]] = set()
    for passage in paper.document.passages:
        for match in _REFERENCE.finditer(passage.text):
            before = passage.text[: match.start()]
            if _LAW_BEFORE.search(before[-30:]):
                continue
            there = any(n == match[1] or n.startswith(f"{match[1]}.") for n in numbers)
            if (not there or _ambiguous(match[1], before, passage, numbers)) and (
                passage.section,
                match[1],
            ) not in seen:
                seen.add((passage.section, match[1]))
                yield rule("dangling_reference").at(paper.clause(passage), _around(passage.text, match))
    yield from _gap(paper, tops)


def _ambiguous(number: str, before: str, passage: Passage, numbers: set[str]) -> bool:
    """«The agreement's clause 6», said in an annex that is clause 17: 6 or 17.6?"""
    annex = passage.section.split(".")[0]
    return (
        "." in passage.section
        and number != annex
        and _OWN.search(before) is not None
        and (f"{annex}.{number}" in numbers or any(n.startswith(f"{annex}.{number}.") for n in numbers))
    )


def _gap(paper: Paper, tops: set[int]) -> Iterator[Finding]:
    """One number or two left out in the middle; the first and the last of a document may lie elsewhere."""
    lowest, highest = min(tops), max(tops)
    left_out = [n for n in range(lowest, highest) if n not in tops]
    if left_out and len(left_out) <= 2:
        after = min(n for n in tops if n > left_out[0])
        for passage in paper.document.passages:
            if passage.section.split(".")[0] == str(after):
                yield rule("numbering_fault").at(paper.clause(passage), passage.text)
                return


def _around(text: str, match: re.Match[str]) -> str:
    start = max(text.rfind(". ", 0, match.start()) + 1, text.rfind("\n", 0, match.start()) + 1, 0)
    stop = text.find(". ", match.end())
    return text[start : stop + 1 if stop > 0 else len(text)].strip()
