"""Find the person a message concerns where somebody else writes it."""

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

from intake.bearing import bearer
from intake.corrections.roles import is_role
from intake.cue import Cue, Said
from intake.firms import is_firm
from intake.phrases import FOLDER
from intake.shapes import PERSON

NAME_REACH: Final = 60
"""Characters before an age or an end in which the name it belongs to begins."""
SENTENCE: Final = 300
"""Characters on either side of a name in which its sentence tells what was done."""
SHORTEST: Final = 2
"""Letters that after a mere relation are no name."""
_LAST_NAME: Final = re.compile(rf"(?<![\w'-])({PERSON})[\"»]?,?\s?$")
CLOSE: Final = r"(?:[\s,:]{1,3}|\s-\s)(?:\([^)\n]{0,40}\)\s)?[\"«(]?"
"""What may stand between a cue and a name."""


@dataclass(frozen=True, slots=True)
class _Cues:
    theirs: Cue
    regarding: Cue
    named: Cue
    relatives: Cue
    apart: Cue
    aged: Cue
    called: Cue
    registered: Cue
    holder: Cue
    kin: Cue
    concerning: Cue
    apposed: Cue
    of_theirs: Cue
    former: Cue
    beside: re.Pattern[str]
    done_with: re.Pattern[str]
    told_after: re.Pattern[str]
    quoted: re.Pattern[str]
    headed: re.Pattern[str]
    years: re.Pattern[str]
    gone: re.Pattern[str]
    mentioned: re.Pattern[str]
    staff: re.Pattern[str]


def subjects(title: str, text: str) -> Iterator[str]:
    """Yield the names, the surest first, of those whom a message written for another may concern; also firms'."""
    cues, said, headline = _cues(), Said.of(text), Said.of(title)
    yield from _after(said, cues.theirs, cues.regarding)
    yield from _after(said, cues.named, cues.relatives, cues.aged, cues.apart, one=True)
    yield from _known(cues.told_after.finditer(text))
    yield from _after(said, cues.called, cues.apposed, cues.former)
    yield from _after(said, cues.of_theirs, one=True)
    yield from _before(cues.years, text, one=True)
    yield from _before(cues.gone, text, one=False)
    yield from _after(headline, cues.theirs, cues.regarding)
    yield from _after(headline, cues.relatives, one=True)
    yield from _known(cues.headed.finditer(title))
    yield from _after(headline, cues.concerning)
    yield from _after(said, cues.registered, cues.holder)
    yield from _known(cues.quoted.finditer(text))
    yield from _known(match for match in cues.beside.finditer(text) if " " in match[1])


def spoken_for(text: str) -> Iterator[str]:
    """Where nothing else says that they write for another: one of theirs by full name, or between
    commas, who is not merely mentioned."""
    cues, said = _cues(), Said.of(text)
    places = [
        place
        for cue in (cues.kin, cues.aged, cues.called, cues.former, cues.concerning)
        for place in cue.find(said)
    ]
    places += [(match.start(), match) for match in cues.done_with.finditer(text)]
    for start, match in places:
        found = bearer(match[1])
        after = re.split(r"[.!?\n]", text[match.end() : match.end() + SENTENCE], maxsplit=1)[0]
        apposed = text[match.start(1) - 2 : match.start(1)] == ", " and after.startswith(",")
        if found is None or is_firm(match[1]) or not (" " in found or apposed):
            continue
        before = re.split(r"[.!?\n]", text[max(0, start - SENTENCE) : start])[-1]
        mentioned = cues.mentioned.search(f"{before}{match[1]}{after}")
        if not (mentioned or cues.staff.match(after)):
            yield found


def _after(said: Said, *cues: Cue, one: bool = False) -> Iterator[str]:
    for cue in cues:
        yield from _known((match for _, match in cue.find(said)), one=one)


def _known(matches: Iterable[re.Match[str]], *, one: bool = False) -> Iterator[str]:
    """The names that were met; not `one`, a single word only where it is a given name."""
    for match in matches:
        if is_firm(match[1]):
            yield match[1]
            continue
        found = bearer(match[1], one=one)
        if found and (len(found) > SHORTEST or not one) and not is_role(found):
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
    told, about, roles = content["names"], content["subjects"], content["signature"]["roles"]
    aged = r"(?:\s(?:på|aged|age|is|er)\s\d{1,3}(?:\s\w{2,5})?)?"
    titled = r"(?:(?:herr|fru|frk|frøken|hr|mr|mrs|ms|miss|dr)\.?\s)?"
    whose = rf"(?:\s{about['ours']}(?!\w))?"
    theirs = r"'?s\s(?:account|profile|data|records|konto|profil|bruker)"
    kin = rf"(?:{about['before_ours']}\s(?:\w+\s)?{about['relation']}|{about['relation']}\s{about['ours']})"
    so = rf"(?:\s{about['named_so']})?"
    near = rf"{CLOSE}(?i:{titled})({PERSON})"

    def after(cue: str, rest: str = near) -> Cue:
        return Cue(re.compile(rf"(?<!\w){cue}"), re.compile(rest))

    return _Cues(
        theirs=after(about["theirs"]),
        regarding=after(about["regarding"], rf"(?:\s[^\W\d_A-ZÆØÅ]\w*){{0,2}}{near}"),
        named=after(about["named"]),
        relatives=after(rf"{about['relation']}(?:{theirs}(?!\w)|(?!\w){whose}{aged}){so}"),
        apart=after(rf"{kin}(?!\w)", rf"[^.,;:!?\n]{{3,40}},\s({PERSON})(?=[,.)])"),
        aged=Cue(re.compile(rf"{about['of_age']}(?!\w){whose}{so}"), re.compile(near)),
        called=after(rf"(?:{about['named']}|{about['pointed']})", rf"[\s:]{{1,2}}({PERSON})"),
        registered=after(told["registered"], rf"\s[\"«]?({PERSON})"),
        holder=after(rf"{told['holder']}\s(?:{kin})?", rf"[\s,:]{{0,2}}[\"«]?({PERSON})"),
        kin=after(rf"{kin}(?!\w){aged}"),
        concerning=after(
            about["concerning"], rf"[\s:]{{1,3}}(?:[^\W\d_A-ZÆØÅ]\w+\s)?(?i:{titled})({PERSON})"
        ),
        apposed=after(about["apposed"], rf",\s({PERSON})(?=,)"),
        of_theirs=after(
            about["of_theirs"], rf"\s({PERSON})'?s\s(?i:{about['relation']}|{about['carers']})(?!\w)"
        ),
        former=after(rf"{about['former']}\s(?:\w+\s)?{roles}(?!\w)", rf",?\s({PERSON})"),
        beside=re.compile(rf"(?<=[.:]\s)({PERSON}),\s(?i:{about['filed']})(?!\w)"),
        done_with=re.compile(rf"(?i:(?<!\w){about['done_with']}\s)({PERSON})(?i:{about['who']})(?!\w)"),
        told_after=re.compile(
            rf"(?<![\w'-])({PERSON})[\"»]?(?:,|\s(?i:som\ser|som\svar|who\sis|who\swas|er|is|var|was|är)|\s?\()\s?(?i:{kin})(?!\w)"
        ),
        quoted=re.compile(rf"[\"«]({PERSON})[\"»]"),
        headed=re.compile(rf"(?i:^(?:\w{{1,9}}:\s)*(?:[^\n:]{{1,40}}(?:\s-\s|:\s))?){titled}({PERSON})$"),
        years=re.compile(rf"\s\(\d{{1,3}}(?:\s(?i:{about['years']}))?\)"),
        gone=re.compile(rf"\s(?i:{about['gone']})(?!\w)"),
        mentioned=re.compile(rf"(?i:(?<!\w){about['mentioned']}(?!\w))"),
        staff=re.compile(rf",?\s(?i:{about['staff']})(?!\w)"),
    )
