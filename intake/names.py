"""Find out who signs a message, whom it is about, and for which company they write."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from typing import Final

from intake.phrases import FOLDER
from intake.quoted import OwnText
from intake.shapes import NAME

SIGNATURE_LINES: Final = 7
LAST_LINES: Final = 5


@dataclass(frozen=True, slots=True)
class People:
    """`sender` signs; `subjects` are those the matter concerns where that is somebody else."""

    sender: str | None
    subjects: tuple[str, ...]
    company: str | None


@dataclass(frozen=True, slots=True)
class _Cues:
    mine: re.Pattern[str]
    alone: re.Pattern[str]
    theirs: re.Pattern[str]
    relatives: re.Pattern[str]
    farewell: re.Pattern[str]
    ending: re.Pattern[str]
    roles: re.Pattern[str]
    company_words: re.Pattern[str]
    company_end: re.Pattern[str]
    employer: re.Pattern[str]


def names(text: str, parts: OwnText, *, on_behalf: bool) -> People:
    """Return the people and the company named in `text`, the sender's own with the signature.

    A name is told by its capitals and by what stands before it or where it stands; one that is merely
    mentioned is left alone.
    """
    cues = _cues()
    sender, company = signature(parts)
    for match in cues.mine.finditer(text):
        if sender is None and (" " in match[1] or (len(match[1]) > 2 and cues.alone.match(match[0]))):
            sender = _trim(match[1])
    subjects: list[str] = []
    if on_behalf:
        for pattern in (cues.theirs, cues.relatives):
            for match in pattern.finditer(text):
                name = _trim(match[1])
                alone = pattern is cues.relatives and len(name) > 2
                if (" " in name or alone) and name != sender and name not in subjects:
                    subjects.append(name)
    return People(sender, tuple(subjects[:2]), company or _employer(text))


def _employer(text: str) -> str | None:
    cues = _cues()
    for match in cues.employer.finditer(text):
        if " " in match[1].strip() or cues.company_words.search(match[1]):
            ending = cues.company_end.search(match[1])
            return (match[1][: ending.end()] if ending else match[1]).strip()
    return None


def signature(parts: OwnText) -> tuple[str | None, str | None]:
    """Return the sender's name and company as the signature gives them, or as the last lines of the text do."""
    cues = _cues()
    lines = [line.strip() for line in parts.signed.split("\n") if line.strip()] or _last_lines(parts.said)
    name: str | None = None
    company: str | None = None
    for line in lines[:SIGNATURE_LINES]:
        farewell = cues.farewell.match(line)
        rest = line[farewell.end() :].strip(" ,.!:/-") if farewell else line.strip(" ,/-")
        for segment in re.split(r",\s|\s[|·•]\s|\s-\s", rest):
            plain = segment.strip(" .!")
            if not plain or "@" in plain or any(c.isdigit() for c in plain):
                continue
            whole = re.fullmatch(NAME, plain) is not None
            role = cues.roles.match(plain) is not None
            if cues.company_words.search(plain) and (whole or "&" in plain or len(plain.split()) <= 5):
                company = company or plain
            elif whole and not role and name is None:
                name = _trim(plain)
            elif whole and not role:
                company = company or plain
    return name, company


def _last_lines(said: str) -> list[str]:
    """Where no farewell marks a signature: the short lines at the end, from the first that is a name by itself."""
    lines = [line.strip() for line in said.split("\n")]
    if sum(bool(line) for line in lines) < 2:
        tail = _cues().ending.search(" ".join(lines))
        return [tail[1] or tail[2]] if tail else []
    first = max(1, len(lines) - LAST_LINES)
    for index in range(first, len(lines)):
        line = lines[index]
        begins = re.split(r",\s", line.lstrip("/- "))[0].strip(" .!")
        if not re.fullmatch(NAME, begins):
            continue
        full = " " in begins or line.startswith(("/", "-"))
        parting = index == len(lines) - 1 and not lines[index - 1] and begins == line and len(line) > 2
        if (full and len(line.split()) <= 9) or parting:
            return [part for part in lines[index:] if part]
    return []


def _trim(value: str) -> str:
    return re.sub(r"['’]s$", "", value.strip(" .,"))


@cache
def _cues() -> _Cues:
    content = tomllib.loads((FOLDER / "identifiers.toml").read_text(encoding="utf-8"))
    told, signing = content["names"], content["signature"]
    close = r"[\s,:]{1,3}(?:\([^)\n]{0,40}\)\s)?"
    aged = r"(?:\s(?:på|aged|age|is|er)\s\d{1,3}(?:\s\w{2,5})?)?"
    return _Cues(
        mine=re.compile(rf"(?i:(?<!\w){told['mine']}{close})({NAME})"),
        alone=re.compile(rf"(?i:{told['alone']})"),
        theirs=re.compile(rf"(?i:(?<!\w){told['theirs']}{close})({NAME})"),
        relatives=re.compile(rf"(?i:(?<!\w){told['relatives']}(?!\w){aged}{close})({NAME})"),
        farewell=re.compile(rf"(?i:{signing['farewell']}(?!\w))"),
        ending=re.compile(
            rf"(?i:(?<!\w){signing['farewell']})[,.]?\s+({NAME})\W*$"
            rf"|(?:\s/\s?|[.!?]\s-{{1,2}}\s?)({NAME})(?:\W*$|,\s\S{{3,80}}$)"
        ),
        roles=re.compile(rf"(?i:{signing['roles']}(?!\w))"),
        company_words=re.compile(signing["company_words"]),
        company_end=re.compile(signing["company_end"]),
        employer=re.compile(rf"(?i:(?<!\w){signing['employer']}\s)({NAME})"),
    )
