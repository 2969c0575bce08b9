"""Read a signature: the name and the company that the last lines of a message give."""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Final

from intake.bearing import bearer, is_given
from intake.closing import Parting, last_lines, parting
from intake.firms import firm_line
from intake.phrases import FOLDER
from intake.quoted import OwnText
from intake.shapes import FIRM, PERSON

SIGNATURE_LINES: Final = 7
PLACED: Final = 2
"""Spaces in a given name with where its bearer lives."""
_PLACE: Final = re.compile(r"\s(?:på|fra|frå|i|ved|from|at|in)\s\S+$")
SMALL_LETTERS: Final = 3
_SEGMENTS: Final = re.compile(r"[,;]\s|\s?v/\s?|\s?[|·•]\s?|\s[-/]\s|\s(?=\()")
_AT: Final = re.compile(rf"(?P<name>{PERSON}) (?:at|from|of|hos|hjå|ved|fra|frå|i|från) (?P<firm>.+)")
_SMALL: Final = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)?(?: [^\W\d_]+){0,2}")


@dataclass(frozen=True, slots=True)
class _Cues:
    roles: re.Pattern[str]
    titles: re.Pattern[str]
    never: re.Pattern[str]


@dataclass(slots=True)
class _Signed:
    """What the lines of a signature have told so far."""

    name: str | None = None
    firms: list[str] = field(default_factory=list)
    role: bool = False
    """The line has just told what the signer is called at work: a firm may follow."""

    def take(self, segment: str, line: Parting, *, opens: bool) -> None:
        """Take in one part of a line. It `opens` the signature where it stands beside or just below a farewell."""
        plain = _cues().titles.sub("", segment.strip(" !()")).removeprefix("For ")
        if plain.count(" ") == PLACED and is_given(plain.split(" ")[0]):
            plain = _PLACE.sub("", plain)
        if not plain or "@" in plain or any(c.isdigit() for c in plain):
            return
        if (at := _AT.fullmatch(plain)) and firm_line(at["firm"]) and not firm_line(at["name"]):
            self.firms.insert(0, at["firm"])
            self._person(at["name"], line)
        elif (company := firm_line(plain)) and not self._is_role(company):
            self.firms.insert(0, company)
        elif _cues().roles.search(plain.strip(".")) and not (plain := _after_role(plain)):
            self.role = True
        elif self.role and self.name and re.fullmatch(FIRM, plain) and not is_given(plain.split(" ")[0]):
            self.firms.append(plain)  # "Salgssjef, Fjellklang": whose role it is
        elif self.name is None and opens and _SMALL.fullmatch(plain) and self._is_small(plain, line):
            self.name = plain
        else:
            self._person(plain, line)

    def _person(self, plain: str, line: Parting) -> None:
        found = bearer(plain) if re.fullmatch(rf"{PERSON}\.?", plain) else None
        if found is None or (line.whence and " " not in found and not is_given(found)):
            return  # "Helsing frå Vinje": mostly a place
        if self.name is None or (" " not in self.name and found.startswith(self.name + " ")):
            self.name = found
        elif (
            found != self.name
            and " " in found
            and not is_given(found.split(" ")[0])
            and not line.farewell
            and re.fullmatch(FIRM, plain.strip("."))
        ):
            self.firms.append(plain.strip("."))

    @staticmethod
    def _is_small(plain: str, line: Parting) -> bool:
        """A name in small letters: a known one, or any word that stands by itself below the farewell."""
        alone = not line.farewell and plain == line.rest and len(plain) >= SMALL_LETTERS
        return is_given(plain.split(" ")[0]) or (
            alone and plain.isalpha() and plain.islower() and not _cues().never.fullmatch(plain)
        )

    @staticmethod
    def _is_role(company: str) -> bool:
        """ "Data & Insight Manager", "Solicitors": like a firm's name, but it is what somebody does."""
        by_sign_alone = " " not in company or firm_line(company.replace("&", "")) is None
        return by_sign_alone and _cues().roles.search(company) is not None


def signature(parts: OwnText) -> tuple[str | None, str | None]:
    """Return the sender's name and company as the signature gives them, or as the last lines of the text do."""
    name, company = _read([line.strip() for line in parts.signed.split("\n") if line.strip()])
    if name is None:
        name, other = _read(last_lines(parts.said))
        company = company or other
    return name, company


def _read(lines: Sequence[str]) -> tuple[str | None, str | None]:
    signed = _Signed()
    opened = False
    for line in lines[:SIGNATURE_LINES]:
        part = parting(line)
        opens = part.farewell or opened
        opened = part.farewell and not part.rest
        signed.role = False
        for segment in _SEGMENTS.split(part.rest):
            signed.take(segment, part, opens=opens)
    return signed.name, signed.firms[0] if signed.firms else None


def _after_role(plain: str) -> str:
    """ "styreleder Wenche Aasen", "barnebarnet Ida": the name after a role or a kinship in small letters."""
    found = re.fullmatch(
        rf"(?:(?!(?:til|to|of|for|av|i|in|på|at|ved|fra|frå|from) )[a-zæøåäö]+ ){{0,2}}({PERSON})\.?", plain
    )
    if found is None or _cues().roles.search(found[1]):
        return ""
    return found[1]


@cache
def _cues() -> _Cues:
    content = tomllib.loads((FOLDER / "identifiers.toml").read_text(encoding="utf-8"))
    told, titles = content["signature"], content["names"]["titles"]
    kin = rf"(?:{told['roles']}|{told['kin']})"
    return _Cues(
        roles=re.compile(rf"(?i:^{kin}(?!\w)|(?<!\w){told['roles']}$)"),
        never=re.compile(f"{told['no_signature']}|{content['names']['not_names']}"),
        titles=re.compile(rf"^(?:{titles})\.?\s(?=.*\s)", re.IGNORECASE),
    )
