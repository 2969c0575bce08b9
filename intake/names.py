"""Find out who signs a message, whom it is about, and for which company they write."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

from intake.bearing import bearer, is_given, same
from intake.cue import Cue, Said
from intake.firms import employer, firm, is_firm
from intake.passing import first_writer
from intake.phrases import FOLDER
from intake.quoted import OwnText
from intake.shapes import FIRM, PERSON
from intake.signature import signature
from intake.subjects import CLOSE, spoken_for, subjects

SUBJECTS: Final = 2
OPENING: Final = 15
"""Characters in which a message greets and says who is there."""
_LINE_ENDS: Final = re.compile(r"[\s.]*(?:$|\n)")
_ENDS: Final = re.compile(
    r"[\"»']?\s*(?:$|\n|[.,;:!?)]|(?:og|and|och|from|fra|frå)\s|(?:igjen|again|igen)(?!\w))"
)


@dataclass(frozen=True, slots=True)
class People:
    """`sender` signs; `subjects` are those the matter concerns where that is somebody else."""

    sender: str | None
    subjects: tuple[str, ...]
    company: str | None


@dataclass(frozen=True, slots=True)
class _Cues:
    sure: Cue
    mild: Cue
    thanks: Cue
    registered: Cue
    holder: Cue
    apposed: re.Pattern[str]
    present: re.Pattern[str]
    here: re.Pattern[str]
    beside: re.Pattern[str]


def names(title: str, text: str, parts: OwnText, *, on_behalf: bool) -> People:
    """Return the people and the company named in `text`, the sender's own with the signature.

    A name is told by its capitals and by what stands before it or where it stands; one that is merely
    mentioned is left alone.
    """
    signed, company = signature(parts)
    concerned: list[str] = []
    if on_behalf:
        for name in subjects(title, text):
            if is_firm(name):
                company = company or firm(name)
            elif name != signed and not any(same(name, known) for known in concerned):
                concerned = [known for known in concerned if not same(known, name)] + [name]
        if not concerned and (writer := first_writer(title, parts.quoted)) and not same(signed or "", writer):
            concerned.append(writer)
    else:
        concerned = [name for name in spoken_for(text) if name != signed]
    sender = signed
    for name in _senders(text, on_behalf=on_behalf):
        if is_firm(name) or name in concerned:
            continue
        if sender is None or (" " in name and sender != name and same(sender, name)):
            sender = name
    return People(sender, tuple(concerned[:SUBJECTS]), company or employer(text))


def _senders(text: str, *, on_behalf: bool) -> Iterator[str]:
    """The names by which senders tell who they are, the surest first; a record's only where it is their own."""
    cues, said = _cues(), Said.of(text)
    for _, match in cues.sure.find(said):
        if found := bearer(match[1], several=False):
            yield found
    for match in cues.apposed.finditer(text):
        if (found := bearer(match[1], one=False)) and found == match[1]:
            yield found
    for match in cues.here.finditer(text) if cues.present.search(said.small) else ():
        if found := bearer(match["name"], one=match["hailed"] is not None, several=False):
            yield found
    for start, match in cues.mild.find(said):
        opens = start < OPENING and text[match.end() : match.end() + 1] == ","
        found = bearer(match[1], one=opens, several=False)
        if found and (" " in found or _ENDS.match(text, match.start(1) + len(found))):
            yield found
    for _, match in cues.thanks.find(said):
        found = bearer(match[1], one=False, several=False)
        if found and _LINE_ENDS.match(text, match.start(1) + len(found)):
            yield found
    if not on_behalf:
        for cue in (cues.registered, cues.holder):
            for _, match in cue.find(said):
                found = bearer(match[1], one=False, several=False)
                if found and (is_given(found.split(" ")[0]) or " " in found):
                    yield found
        for match in cues.beside.finditer(text):
            found = bearer(match[1], one=False, several=False)
            if found and is_given(found.split(" ")[0]):
                yield found


@cache
def _cues() -> _Cues:
    content = tomllib.loads((FOLDER / "identifiers.toml").read_text(encoding="utf-8"))
    told, about = content["names"], content["subjects"]
    kin = rf"{about['before_ours']}\s(?:\w+\s)?{about['relation']}|{about['relation']}\s{about['ours']}"

    ended = r"(?=\s*[.,!?:\n-]|\s(?:og|and|igjen|again|fra|frå|from)\s|\s*$)"

    def after(cue: str, rest: str = CLOSE) -> Cue:
        return Cue(re.compile(rf"(?<!\w){cue}"), re.compile(rf"{rest}({PERSON})"))

    return _Cues(
        sure=after(told["sure"]),
        mild=after(told["mild"]),
        thanks=after(told["thanks"]),
        apposed=re.compile(
            rf"(?i:(?<!\w){told['apposed']}),?\s({PERSON})(?=,|\s(?i:ber|krever|krev|hereby|request))"
        ),
        present=re.compile(rf"\s{told['here']}{ended}"),
        here=re.compile(
            rf"(?P<hailed>(?i:(?:det\ser|dette\ser|it's|this\sis|det\sär|hei|hi|hello|hey|hallo|hej)[!,.]?\s))?(?<![\w'-])(?P<name>{PERSON})\s(?:(?:fra|frå|from|från)\s{FIRM}\s)?(?i:{told['here']})"
            rf"{ended}"
        ),
        registered=after(told["registered"], r"\s[\"«]?"),
        holder=after(rf"{told['holder']}\s(?:{kin})?", r"[\s,:]{0,2}[\"«]?"),
        beside=re.compile(
            rf"(?<![\w'-])({PERSON})[\s,(:]{{1,3}}(?i:født|fødd|f\.\s?\d|born|kunde(?:nr|nummer)|customer\s(?:no|number|id)|"
            r"tlf|mobil|phone|brukernavn|username|<?[\w.+-]+@)"
        ),
    )
