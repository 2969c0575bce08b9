"""Find the person a message concerns where somebody else writes it."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

from intake.bearing import bearer, is_given
from intake.corrections.roles import is_role
from intake.firms import is_firm
from intake.phrases import FOLDER
from intake.shapes import PERSON

NAME_REACH: Final = 60
"""Characters before an age or an end in which the name it belongs to begins."""
_LAST_NAME: Final = re.compile(rf"(?<![\w'-])({PERSON})[\"»]?,?\s?$")
CLOSE: Final = r"[\s,:]{1,3}(?:\([^)\n]{0,40}\)\s)?[\"«(]?"
"""What may stand between a cue and a name."""


@dataclass(frozen=True, slots=True)
class _Cues:
    theirs: re.Pattern[str]
    named: re.Pattern[str]
    relatives: re.Pattern[str]
    apart: re.Pattern[str]
    told_after: re.Pattern[str]
    registered: re.Pattern[str]
    holder: re.Pattern[str]
    quoted: re.Pattern[str]
    headed: re.Pattern[str]
    aged: re.Pattern[str]
    gone: re.Pattern[str]
    kin: re.Pattern[str]
    called: re.Pattern[str]
    done_with: re.Pattern[str]
    concerning: re.Pattern[str]
    mentioned: re.Pattern[str]


def subjects(title: str, text: str) -> Iterator[str]:
    """Yield the names, the surest first, of those whom a message written for another may concern; also firms'."""
    cues = _cues()
    for pattern in (cues.theirs, cues.named, cues.relatives, cues.apart, cues.told_after, cues.called):
        yield from _after(pattern, text, one=pattern in (cues.named, cues.relatives, cues.apart))
    yield from _before(cues.aged, text, one=True)
    yield from _before(cues.gone, text, one=False)
    for pattern in (cues.theirs, cues.relatives, cues.headed, cues.concerning):
        yield from _after(pattern, title, one=pattern is cues.relatives)
    for pattern in (cues.registered, cues.holder, cues.quoted):
        yield from _after(pattern, text, one=False)


def spoken_for(text: str) -> Iterator[str]:
    """Where nothing else says that they write for another: one of theirs by full name who is not merely mentioned."""
    cues = _cues()
    for pattern in (cues.kin, cues.called, cues.done_with, cues.concerning):
        for match in pattern.finditer(text):
            found = bearer(match[1])
            begins = max(text.rfind(end, 0, match.start()) for end in ".!?\n") + 1
            after = re.split(r"[.!?\n]", text[match.end() :], maxsplit=1)[0]
            sentence = f"{text[begins : match.start()]}{match[1]}{after}"
            if found and " " in found and not is_firm(match[1]) and not cues.mentioned.search(sentence):
                yield found


def _after(pattern: re.Pattern[str], text: str, *, one: bool) -> Iterator[str]:
    """The names after a cue; not `one`, a single word only where it is a given name."""
    for match in pattern.finditer(text):
        if is_firm(match[1]):
            yield match[1]
            continue
        found = bearer(match[1], one=one)
        if found and (" " in found or one or is_given(found)) and (len(found) > 2 or not one):
            if not is_role(found):
                yield found


def _before(pattern: re.Pattern[str], text: str, *, one: bool) -> Iterator[str]:
    """The names before a cue; not `one`, a single word only where it is a given name."""
    for match in pattern.finditer(text):
        near = text[max(0, match.start() - NAME_REACH) : match.start()]
        if name := _LAST_NAME.search(near):
            found = bearer(name[1], one=one)
            if found and not is_firm(found) and not is_role(found):
                yield found


@cache
def _cues() -> _Cues:
    content = tomllib.loads((FOLDER / "identifiers.toml").read_text(encoding="utf-8"))
    told, about = content["names"], content["subjects"]
    aged = r"(?:\s(?:på|aged|age|is|er)\s\d{1,3}(?:\s\w{2,5})?)?"
    titled = r"(?:(?:herr|fru|frk|frøken|hr|mr|mrs|ms|miss|dr)\.?\s)?"
    whose = rf"(?:\s{about['ours']}(?!\w))?"
    theirs = r"(?:'?s\s(?:account|profile|data|records|konto|profil|bruker))?"
    kin = rf"{about['before_ours']}\s(?:\w+\s)?{about['relation']}|{about['relation']}\s{about['ours']}"

    def after(cue: str, rest: str = CLOSE) -> re.Pattern[str]:
        return re.compile(rf"(?i:(?<!\w){cue}{rest})({PERSON})")

    return _Cues(
        theirs=after(about["theirs"], CLOSE + titled),
        named=after(about["named"]),
        relatives=after(
            rf"{about['relation']}(?:(?!\w){whose}{aged}|{theirs}(?!\w))(?:\s{about['named_so']})?", CLOSE + titled
        ),
        apart=re.compile(rf"(?i:(?<!\w)(?:{kin})(?!\w))[^.,;:!?\n]{{3,40}},\s({PERSON})(?=[,.)])"),
        told_after=re.compile(
            rf"(?<![\w'-])({PERSON})[\"»]?(?:,|\s(?i:som\ser|som\svar|who\sis|who\swas|er|is|var|was|är)|\s?\()\s?(?i:{kin})(?!\w)"
        ),
        registered=after(told["registered"], r"\s[\"«]?"),
        holder=after(told["holder"], rf"\s(?:{kin})?[\s,:]{{0,2}}[\"«]?"),
        quoted=re.compile(rf"[\"«]({PERSON})[\"»]"),
        headed=re.compile(rf"(?i:^(?:\w{{1,9}}:\s)*(?:[^\n:]{{1,40}}(?:\s-\s|:\s))?){titled}({PERSON})$"),
        aged=re.compile(rf"\s\(\d{{1,3}}(?:\s(?i:{about['years']}))?\)"),
        gone=re.compile(rf"\s(?i:{about['gone']})(?!\w)"),
        kin=re.compile(rf"(?i:(?<!\w)(?:{kin})(?!\w){aged}{CLOSE}{titled})({PERSON})"),
        called=after(rf"(?:{about['named']}|{about['pointed']})", r"[\s:]{1,2}"),
        done_with=re.compile(rf"(?i:(?<!\w){about['done_with']}\s)({PERSON})(?i:{about['who']})(?!\w)"),
        concerning=after(about["concerning"], rf"[\s:]{{1,3}}(?:[^\W\d_A-ZÆØÅ]\w+\s)?{titled}"),
        mentioned=re.compile(rf"(?i:(?<!\w){about['mentioned']}(?!\w))"),
    )
