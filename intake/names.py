"""Find out who signs a message, whom it is about, and for which company they write."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

from intake.bearing import bearer, is_given
from intake.firms import employer, firm, is_firm
from intake.phrases import FOLDER
from intake.quoted import OwnText
from intake.shapes import PERSON
from intake.signature import signature

SUBJECTS: Final = 2
_ENDS: Final = re.compile(r"[\"»']?\s*(?:$|\n|[.,;:!?)]|(?:og|and|och|from|fra|frå)\s)")


@dataclass(frozen=True, slots=True)
class People:
    """`sender` signs; `subjects` are those the matter concerns where that is somebody else."""

    sender: str | None
    subjects: tuple[str, ...]
    company: str | None


@dataclass(frozen=True, slots=True)
class _Cues:
    sure: re.Pattern[str]
    mild: re.Pattern[str]
    apposed: re.Pattern[str]
    here: re.Pattern[str]
    registered: re.Pattern[str]
    holder: re.Pattern[str]
    beside: re.Pattern[str]
    theirs: re.Pattern[str]
    named: re.Pattern[str]
    relatives: re.Pattern[str]
    told_after: re.Pattern[str]
    quoted: re.Pattern[str]
    kin: re.Pattern[str]
    concerning: re.Pattern[str]
    mentioned: re.Pattern[str]


def names(text: str, parts: OwnText, *, on_behalf: bool) -> People:
    """Return the people and the company named in `text`, the sender's own with the signature.

    A name is told by its capitals and by what stands before it or where it stands; one that is merely
    mentioned is left alone.
    """
    signed, company = signature(parts)
    subjects: list[str] = []
    if on_behalf:
        for name in _subjects(text):
            if is_firm(name):
                company = company or firm(name)
            elif name != signed and not any(_same(name, known) for known in subjects):
                subjects.append(name)
    else:
        subjects = [name for name in _spoken_for(text) if name != signed]
    sender = signed
    for name in _senders(text, on_behalf=on_behalf):
        if is_firm(name) or name in subjects:
            continue
        if sender is None or (" " in name and " " not in sender and name.startswith(sender)):
            sender = name
    return People(sender, tuple(subjects[:SUBJECTS]), company or employer(text))


def _spoken_for(text: str) -> Iterator[str]:
    """Where nothing else says that they write for another: one of theirs by full name who is not merely mentioned."""
    cues = _cues()
    for pattern in (cues.kin, cues.concerning):
        for match in pattern.finditer(text):
            found = bearer(match[1])
            begins = max(text.rfind(end, 0, match.start()) for end in ".!?\n") + 1
            sentence = text[begins : match.end()] + re.split(r"[.!?\n]", text[match.end() :], maxsplit=1)[0]
            if found and " " in found and not is_firm(match[1]) and not cues.mentioned.search(sentence):
                yield found


def _same(name: str, known: str) -> bool:
    return name == known or known.startswith(name + " ")


def _senders(text: str, *, on_behalf: bool) -> Iterator[str]:
    """The names by which senders tell who they are, the surest first; a record's only where it is their own."""
    cues = _cues()
    for match in cues.sure.finditer(text):
        if found := bearer(match[1], several=False):
            yield found
    for match in cues.apposed.finditer(text):
        if (found := bearer(match[1], one=False)) and found == match[1]:
            yield found
    for match in cues.here.finditer(text):
        if found := bearer(match["name"], one=match["hailed"] is not None, several=False):
            yield found
    for match in cues.mild.finditer(text):
        found = bearer(match[1], one=False, several=False)
        if found and (" " in found or _ENDS.match(text, match.start(1) + len(found))):
            yield found
    if not on_behalf:
        for pattern in (cues.registered, cues.holder, cues.beside):
            for match in pattern.finditer(text):
                found = bearer(match[1], one=False, several=False)
                if found and (is_given(found.split(" ")[0]) or (" " in found and pattern is not cues.beside)):
                    yield found


def _subjects(text: str) -> Iterator[str]:
    cues = _cues()
    for pattern in (
        cues.theirs,
        cues.named,
        cues.relatives,
        cues.told_after,
        cues.registered,
        cues.holder,
        cues.quoted,
    ):
        kin = pattern in (cues.named, cues.relatives)
        for match in pattern.finditer(text):
            if is_firm(match[1]):
                yield match[1]
                continue
            found = bearer(match[1], one=kin)
            if found and (" " in found or kin or is_given(found)) and (len(found) > 2 or not kin):
                yield found


@cache
def _cues() -> _Cues:
    content = tomllib.loads((FOLDER / "identifiers.toml").read_text(encoding="utf-8"))
    told, about = content["names"], content["subjects"]
    close = r"[\s,:]{1,3}(?:\([^)\n]{0,40}\)\s)?[\"«(]?"
    aged = r"(?:\s(?:på|aged|age|is|er)\s\d{1,3}(?:\s\w{2,5})?)?"
    titled = r"(?:(?:herr|fru|frk|frøken|hr|mr|mrs|ms|miss|dr)\.?\s)?"
    whose = rf"(?:\s{about['ours']}(?!\w))?"
    theirs = r"(?:'?s\s(?:account|profile|data|records|konto|profil|bruker))?"
    kin = rf"{about['before_ours']}\s(?:\w+\s)?{about['relation']}|{about['relation']}\s{about['ours']}"

    def after(cue: str, rest: str = close) -> re.Pattern[str]:
        return re.compile(rf"(?i:(?<!\w){cue}{rest})({PERSON})")

    return _Cues(
        sure=after(told["sure"]),
        mild=after(told["mild"]),
        apposed=re.compile(
            rf"(?i:(?<!\w){told['apposed']}),?\s({PERSON})(?=,|\s(?i:ber|krever|krev|hereby|request))"
        ),
        here=re.compile(
            rf"(?P<hailed>(?i:(?:det\ser|dette\ser|it's|this\sis|det\sär|hei|hi|hello|hey|hallo|hej)[!,.]?\s))?(?<![\w'-])(?P<name>{PERSON})\s(?i:{told['here']})"
            r"(?=\s*[.,!?:\n-]|\s(?:og|and|igjen|again|fra|frå|from)\s|\s*$)"
        ),
        registered=after(told["registered"], r"\s[\"«]?"),
        holder=after(told["holder"], rf"\s(?:{kin})?[\s,:]{{0,2}}[\"«]?"),
        beside=re.compile(
            rf"(?<![\w'-])({PERSON})[\s,(:]{{1,3}}(?i:født|fødd|f\.\s?\d|born|kunde(?:nr|nummer)|customer\s(?:no|number|id)|"
            r"tlf|mobil|phone|brukernavn|username|<?[\w.+-]+@)"
        ),
        theirs=after(about["theirs"], close + titled),
        named=after(about["named"]),
        relatives=after(rf"{about['relation']}(?:(?!\w){whose}{aged}|{theirs}(?!\w))", close + titled),
        told_after=re.compile(
            rf"(?<![\w'-])({PERSON})[\"»]?(?:,|\s(?i:som\ser|som\svar|who\sis|who\swas|er|is|var|was|är)|\s?\()\s?(?i:{kin})(?!\w)"
        ),
        kin=re.compile(rf"(?i:(?<!\w)(?:{kin})(?!\w){aged}{close}{titled})({PERSON})"),
        concerning=after(about["concerning"], r"[\s:]{1,3}"),
        mentioned=re.compile(rf"(?i:(?<!\w){about['mentioned']}(?!\w))"),
        quoted=re.compile(rf"[\"«]({PERSON})[\"»]"),
    )
