"""Read a signature: the name and the company that the last lines of a message give."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from typing import Final

from intake.bearing import bearer, is_given
from intake.phrases import FOLDER
from intake.quoted import OwnText
from intake.shapes import FIRM, PERSON

SIGNATURE_LINES: Final = 7
LAST_LINES: Final = 5
FIRM_WORDS: Final = 5
_SMALL: Final = r"[^\W\d_]+(?:-[^\W\d_]+)?(?: [^\W\d_]+){0,2}"


@dataclass(frozen=True, slots=True)
class _Cues:
    farewell: re.Pattern[str]
    ending: re.Pattern[str]
    roles: re.Pattern[str]
    kin: re.Pattern[str]
    firm: re.Pattern[str]
    small: re.Pattern[str]
    titles: re.Pattern[str]


def signature(parts: OwnText) -> tuple[str | None, str | None]:
    """Return the sender's name and company as the signature gives them, or as the last lines of the text do."""
    lines = [line.strip() for line in parts.signed.split("\n") if line.strip()]
    name, company = _read(lines)
    if name is None:
        name, other = _read(_last_lines(parts.said))
        company = company or other
    return name, company


def _read(lines: list[str]) -> tuple[str | None, str | None]:
    cues = _cues()
    name: str | None = None
    firms: list[str] = []
    parted = False
    for line in lines[:SIGNATURE_LINES]:
        farewell = cues.farewell.match(line)
        rest = line[farewell.end() :].strip(" ,.!:/-") if farewell else line.strip(" ,/-")
        if farewell and line.endswith(".") and rest:
            rest += "."
        first = farewell is not None or parted
        parted = farewell is not None and not rest
        role = False
        for segment in re.split(r"[,;]\s|\s?[|·•]\s?|\s[-/]\s|\s(?=\()", rest):
            plain = cues.titles.sub("", segment.strip(" !()"))
            if not plain or "@" in plain or any(c.isdigit() for c in plain):
                continue
            if cues.firm.search(plain) and len(plain.split()) <= FIRM_WORDS:
                firms.insert(0, plain.strip("."))
                continue
            if cues.roles.search(plain.strip(".")):
                plain = _after_role(plain)
                if not plain:
                    role = True
                    continue
            if role and name is not None and re.fullmatch(FIRM, plain) and not is_given(plain.split(" ")[0]):
                firms.append(plain)  # "Salgssjef, Fjellklang": whose role it is
                continue
            bare = name is None and first and cues.small.fullmatch(plain)
            if bare and is_given(plain.split(" ")[0]):
                name = plain
                continue
            whole = re.fullmatch(rf"{PERSON}\.?", plain)
            found = bearer(plain) if whole else None
            if found is None:
                continue
            if name is None or (" " not in name and found.startswith(name + " ")):
                name = found
            elif found != name and " " in found and re.fullmatch(FIRM, plain.strip(".")) and not farewell:
                firms.append(plain.strip("."))
    return name, firms[0] if firms else None


def _after_role(plain: str) -> str:
    """ "styreleder Wenche Aasen", "barnebarnet Ida": the name after a role or a kinship in small letters."""
    found = re.fullmatch(rf"(?:(?!til |to |of |for |av )[a-zæøåäö]+ ){{0,2}}({PERSON})\.?", plain)
    if found is None or _cues().roles.search(found[1]):
        return ""
    return found[1]


def _last_lines(said: str) -> list[str]:
    """Where no farewell marks a signature: the short lines at the end, from the first that is a name by itself."""
    cues = _cues()
    lines = [line.strip() for line in said.split("\n")]
    if sum(bool(line) for line in lines) < 2:
        tail = cues.ending.search(" ".join(lines))
        if tail is None:
            return []
        if tail["small"]:
            return [tail["farewell"], tail["small"]] if is_given(tail["small"].split(" ")[0]) else []
        value = tail["parted"] or tail["slashed"] or tail["bare"]
        known = tail["bare"] is None or (" " in value and is_given(value.split(" ")[0]))
        return [value] if known else []
    first = max(1, len(lines) - LAST_LINES)
    for index in range(first, len(lines)):
        line = lines[index]
        farewell = cues.farewell.match(line)
        if farewell and re.fullmatch(rf"\W*(?:{PERSON}\.?)?", line[farewell.end() :]):
            return [part for part in lines[index:] if part]
        begins = re.split(r",\s|\s?[|·•(]\s?", cues.titles.sub("", line.lstrip("/- ")))[0].strip(" !")
        if not re.fullmatch(rf"{PERSON}\.?", begins) or bearer(begins) is None:
            continue
        full = " " in begins or line.startswith(("/", "-"))
        parting = index == len(lines) - 1 and begins.rstrip(".") == line.rstrip(".") and len(line) > 1
        parting = parting and (not lines[index - 1] or is_given(begins))
        words = [word for word in line.split() if any(c.isalnum() for c in word)]
        if (full and len(words) <= 9) or parting:
            return [part for part in lines[index:] if part]
    return []


@cache
def _cues() -> _Cues:
    content = tomllib.loads((FOLDER / "identifiers.toml").read_text(encoding="utf-8"))
    told, titles = content["signature"], content["names"]["titles"]
    kin = rf"(?:{told['roles']}|{told['kin']})"
    return _Cues(
        farewell=re.compile(rf"(?i:{told['farewell']}(?!\w))"),
        ending=re.compile(
            rf"(?<!\w)(?P<farewell>(?i:{told['farewell']}))[,.!]?\s+(?:(?P<parted>{PERSON}\.?)|(?P<small>{_SMALL}))\W*$"
            rf"|(?:\s/\s?|[.!?]\s-{{1,2}}\s?)(?P<slashed>{PERSON}\.?)(?:\W*$|,\s\S{{3,80}}$)"
            rf"|[.!?]\s(?P<bare>{PERSON})\W*$"
        ),
        roles=re.compile(rf"(?i:^{kin}(?!\w)|(?<!\w){told['roles']}$)"),
        kin=re.compile(rf"(?i:{told['kin']})"),
        firm=re.compile(told["company_words"]),
        small=re.compile(_SMALL),
        titles=re.compile(rf"^(?:{titles})\.?\s(?=.*\s)", re.IGNORECASE),
    )
