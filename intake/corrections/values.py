"""Find in a message the values a correction may be about, each by its shape: e-mail, telephone, address, date, words."""

import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Final

from intake.corrections.cues import opens
from intake.corrections.lexicon import words
from intake.corrections.places import is_place
from intake.corrections.roles import ends_as_role, is_role, leads_role
from intake.shapes import DATE, INITIAL, addresses, phones

MANY: Final = 40
"""Values looked at: who lists more corrects nothing that a machine should guess."""
SMALL_AT_MOST: Final = 3
"""Words in a value of small letters."""

_UPPER = "A-ZÀ-ÖØ-ÞĆČĎĐĚĞŁŃŇŊŐŘŚŞŠŤŦŮŰŹŻŽ"
_CAPITAL = rf"(?:[dDlLOM]'[{_UPPER}]|[{_UPPER}])\w{{0,40}}(?:['&/-]\w{{1,40}}){{0,4}}"
_JOINS = r"(?:van|von|de|der|den|af|av|la|le|el|al|bin|ibn|ten|ter|dos|da|di|du|of|for|og|and|och|&|i|på|the)"
_RUN: Final = re.compile(
    rf"(?<![\w@'./-])(?:{INITIAL}(?=\s)|{_CAPITAL})"
    rf"(?:[ ](?:{_JOINS}[ ]){{0,2}}(?:{INITIAL}(?!\w)|{_CAPITAL})){{0,5}}(?![@\w])"
)
_QUOTED: Final = re.compile(r"[\"«„]([^\"«»„\n]{2,60})[\"»]|(?<!\w)'([^'\n]{2,60})'(?!\w)")
_MAIL: Final = re.compile(r"[\w.+'-]{1,64}@{1,2}[\w-]{1,63}(?:\.{1,2}[\w-]{1,63}|,(?:com|no|org|net)\b){0,5}")
_POSTCODE: Final = re.compile(
    r"(?<![\w/.@+-])(?:(?:NO-|N-)?\d{4}|\d{3} \d{2}|[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2})(?![\w/@-]|[.,]\d)"
)
_BOUNDARY: Final = re.compile(
    r"(?<=\d)\n(?=(?:\d{4}|\d{3} \d{2}) [^\W\d])|(?<=\d[A-Za-z])\n(?=\d{4} [^\W\d])"
)
_MONTHS = r"(?:jan|feb|mar|apr|mai|may|maj|jun|jul|aug|sep|okt|oct|nov|des|dec)[a-zéä]{0,6}\.?"
_BORN: Final = re.compile(
    rf"(?<![\w.@+-])(?:\d{{1,2}}[./-]\s?\d{{1,2}}[\s./-]{{1,2}}(?:\d{{4}}|\d{{2}})|\d{{4}}[./-]\d{{1,2}}[./-]\d{{1,2}}|"
    rf"\d{{1,2}}(?:st|nd|rd|th)?\.?\s?(?:of\s|den\s)?{_MONTHS},?\s?'?-?(?:\d{{4}}|\d{{2}})|"
    rf"{_MONTHS}\s\d{{1,2}}(?:st|nd|rd|th)?,?\s\d{{4}}|\d{{2}} \d{{2}} (?:\d{{4}}|\d{{2}})|"
    r"(?:[0-3]\d[01]\d)(?:19|20)?\d{2})(?!\d|[\s-]?\d{5}(?!\d))",
    re.IGNORECASE,
)
_NUMBER: Final = re.compile(r"(?<![\w@+/.,-])\+?\d(?:[ -]?\d){4,14}(?![\w@/]|[.,-]\d)")
"""A number of any length, where a telephone is spoken of right before it."""
_YEAR: Final = re.compile(r"(?<![\w./-])(?:19|20)\d\d(?![\w/-]|[.,]\d)")
_STREETS = (
    r"(?:vei|veien|veg|vegen|gate|gata|gaten|gt\.?|plass|plassen|bakken|bakke|lia|stien|sti|svingen|haugen|faret|tunet|"
    r"street|road|lane|avenue|allé|terrasse|ringen|kroken|torg|torget|brygge|vn\.?)"
)
_SMALL_ADDRESS: Final = re.compile(
    rf"(?<![\w@])(?:[^\W\d]{{2,30}}{_STREETS}|[^\W\d]{{2,30}}(?:s|es)? {_STREETS}|postboks|boks) \d{{1,4}}"
    r" ?(?:[a-z](?!\w))?"
    r"(?:,? ?\d{4} [^\W\d]{2,30})?",
    re.IGNORECASE,
)
_BARE_ADDRESS: Final = re.compile(
    rf"(?<![\w@./-])[{_UPPER}]\w{{2,30}}(?: [{_UPPER}]?\w{{2,20}}){{0,2}} (?P<number>\d{{1,3}}) ?(?:[A-Za-z](?!\w))?"
    r"(?![\w@/]|[ .-]\d|:\d)"
)
"""Where an address is spoken of, also a place that is no "gate" or "vei"."""
_ENGLISH_ADDRESS: Final = re.compile(
    rf"(?<![\w@./-])(?:(?:Flat|Apartment|Apt\.?|Unit) \w{{1,5}},? )?\d{{1,4}}[A-Z]?,? (?:[{_UPPER}][\w']{{1,20}} ){{1,3}}"
    r"(?:Street|St|Road|Rd|Lane|Avenue|Ave|Grove|Close|Drive|Court|Crescent|Terrace|Gardens|Square|Way|Place|Hill|Mews|Row|"
    r"Park|Walk|View|Green|Quay|Gate|Rise)(?!\w)"
    rf"(?:, [{_UPPER}][\w'-]{{2,25}}(?: [{_UPPER}][\w'-]{{2,25}})?)?(?:,? [A-Z]{{1,2}}\d[A-Z\d]? \d[A-Z]{{2}}(?!\w))?"
)
_CARE: Final = re.compile(r"(?<!\w)(?:c/o|v/|att[.:]{1,2}) ?[^\n,.]{2,40},? ?$", re.IGNORECASE)
_PLACE = r"[A-ZÆØÅ][a-zæøå]{2,20}"
_TAIL: Final = re.compile(
    r",? [A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}(?!\w)|(?<=\d) \d[A-Z]{2}(?!\w)|(?<=\d[A-Z]) \d[A-Z]{2}(?!\w)|"
    rf", {_PLACE}(?=[.,]?\s*(?:$|\n))|,? [HKLU]0\d{{3}}(?!\d)(?:,? \d{{4}} {_PLACE})?| [A-HJ-ZÅÆØ](?![\w']|\.\w)"
)
"""What may still belong to an address that was met: a British postcode or the rest of one, a place, a flat, "Aarhus C"."""
_POSTCODE_LAST: Final = re.compile(r",? \d{4}(?![\w@/-]|[.,:]\d| [^\W\d])")
"""Behind the place, as abroad: "7 Harbour Row, Stavanger 4006"."""
_SENTENCE: Final = re.compile(r"(?P<before>[^.]*[^\W\d]{2})\.\s(?=[^.]*\d)")
_STOPPED: Final = re.compile(r"(?<=\w{4})\.\s")
_AT: Final = re.compile(r" (?:i|på|at|in|for|og|and|&) ")
_MONTH: Final = re.compile(rf"{_MONTHS}(?!\w)", re.IGNORECASE)
_NEXT: Final = re.compile(r" ([^\W\d]{3,30})(?!\w)")
_FORMS: Final = ("AS", "DA", "ANS", "ENK", "ASA", "SA", "AB", "ApS", "Ltd", "Inc", "H0", "KF", "BA")
"""Legal forms, which by themselves name nobody."""
_SPACES: Final = re.compile(r"[\s,]+")


@dataclass(frozen=True, slots=True)
class Value:
    """Something that may be the old or the new value: `shape` is a field told by its looks, `words` or `small`."""

    shape: str
    text: str
    start: int
    end: int

    @property
    def folded(self) -> str:
        """The text as values are compared: without case, commas and extra space."""
        return _SPACES.sub(" ", self.text).strip().casefold()


def joined(text: str) -> str:
    """Return `text` with addresses over two lines made one: "Storgata 1, 0155 Oslo"."""
    return _BOUNDARY.sub(", ", text)


class Met:
    """Values in the order of the text, none over another."""

    def __init__(self) -> None:
        self.values: list[Value] = []

    def add(self, shape: str, text: str, start: int, end: int) -> None:
        """Keep what stands there, without the signs around it, where nothing else was met."""
        while start < end and (text[start] in " ,;\n" or (text[start] == "(" and ")" not in text[start:end])):
            start += 1
        while start < end and (
            text[end - 1] in " ,;\n" or (text[end - 1] == ")" and "(" not in text[start:end])
        ):
            end -= 1
        if shape == "address":
            end = start + len(_STOPPED.split(text[start:end])[0].rstrip("."))
            end -= next((len(tail) for tail in (" i", " på") if text[start:end].endswith(tail)), 0)
        if len(self.values) < 2 * MANY and start < end and self.free(start, end):
            self.values.append(Value(shape, text[start:end], start, end))

    def free(self, start: int, end: int) -> bool:
        """Whether nothing was met between `start` and `end`."""
        return all(end <= value.start or start >= value.end for value in self.values)

    def sorted(self) -> list[Value]:
        """The values in order, as many as are looked at."""
        return sorted(self.values, key=lambda value: value.start)[:MANY]


def shaped(text: str, spoken: Collection[str], called: Callable[[int], bool]) -> Met:
    """Return the values of `text` whose looks tell their field; dates, postcodes and years only where they are spoken of.

    `called` says whether a telephone is spoken of right before a place.
    """
    met = Met()
    for found in _MAIL.finditer(text):
        end = found.end() - len(found[0]) + len(found[0].rstrip(".'-"))
        met.add("email", text, found.start(), end)
    for found in addresses(text):
        start, end = found.span()
        while (
            _opens_sentence(text, start) and _talk(text[start:end].split(" ")[0]) and " " in text[start:end]
        ):
            start += len(text[start:end].split(" ")[0]) + 1
        if (parted := _SENTENCE.search(text, start, end)) and not any(c.isdigit() for c in parted["before"]):
            start = parted.end()
        if care := _CARE.search(text, max(0, start - 50), start):
            start = care.start()
        met.add("address", text, start, _whole(text, start, end))
    for found in _ENGLISH_ADDRESS.finditer(text):
        met.add("address", text, found.start(), _whole(text, *found.span()))
    _each(met, "address", _SMALL_ADDRESS.finditer(text), text)
    if "address" in spoken:
        for found in _BARE_ADDRESS.finditer(text):
            if not _talk(found[0].split()[0]) and not DATE.match(text, found.start("number")):
                met.add("address", text, *found.span())
    if "birthdate" in spoken:
        _each(met, "birthdate", _BORN.finditer(text), text)
        _each(met, "birthdate", DATE.finditer(text), text)
    _each(met, "phone", phones(text, called), text)
    if "phone" in spoken:
        for found in _NUMBER.finditer(text):
            long = sum(c.isdigit() for c in found[0]) >= 7
            if (long or called(found.start())) and not DATE.match(found[0]):
                met.add("phone", text, *found.span())
    if "postcode" in spoken or (
        "address" in spoken and not any(value.shape == "address" for value in met.values)
    ):
        _each(met, "postcode", _POSTCODE.finditer(text), text)
    elif "birthdate" in spoken and not any(value.shape == "birthdate" for value in met.values):
        _each(met, "birthdate", _YEAR.finditer(text), text)
    return met


def _whole(text: str, start: int, end: int) -> int:
    """Where the address ends that was met from `start` to `end`."""
    end = start + len(text[start:end].rstrip())
    tail = _TAIL.match(text, end)
    if tail and (len(tail[0]) > 2 or text[start:end].rpartition(" ")[0][-4:].isdigit()):
        end = tail.end()
    last = None if _POSTCODE.search(text, start, end) else _POSTCODE_LAST.match(text, end)
    return last.end() if last and text[end - 1].isalpha() else end


def _each(met: Met, shape: str, found: Iterable[re.Match[str]], text: str) -> None:
    for match in found:
        met.add(shape, text, *match.span())


def worded(text: str, met: Met) -> None:
    """Add to `met` what is written with capitals or in quotation marks and may be a name of any kind."""
    for found in _QUOTED.finditer(text):
        inner = 1 if found[1] else 2
        if len(found[inner].split()) <= 5 and not found[inner].endswith((".", "?", "!")):
            start, end = found.span(inner)
            first = found[inner].split(" ")[0]
            if " " in found[inner] and first.casefold().rstrip(".") in words().titled:
                start += len(first) + 1
            met.add("words", text, start, end)
    for found in _RUN.finditer(text):
        start = found.start()
        for first, last in _pieces(found[0], opening=_opens_sentence(text, start)):
            piece = found[0][first:last]
            head, *rest = _AT.split(piece)
            if rest and (is_role(head) or (is_place(rest[-1]) and len(head) > 3)):  # not "Mo i Rana"
                last = first + len(head)
            if leads_role(piece.rpartition(" ")[2].casefold()):
                more = _NEXT.match(text, start + last)
                last += len(more[0]) if more and ends_as_role(more[1]) else 0  # "Daglig leder"
            dated = text[:start].rstrip(" .")[-1:].isdigit() and _MONTH.match(piece)  # "from 1 May"
            if piece not in _FORMS and not dated:
                met.add("words", text, start + first, start + last)


def _pieces(run: str, *, opening: bool) -> list[tuple[int, int]]:
    """The parts of a run of capitals that are no talk: all of it mostly, or what follows "Riktig" and "Feil"."""
    parts = [(found[0], *found.span()) for found in re.finditer(r"\S+", run)]
    while parts and opening and _talk(parts[0][0]):
        parts = parts[1:]
        while parts and parts[0][0][0].islower():
            parts = parts[1:]
    pieces: list[tuple[int, int]] = []
    kept: list[tuple[str, int, int]] = []
    for part, following in zip([*parts, ("i", 0, 0)], [*parts[1:], ("i", 0, 0), ("i", 0, 0)], strict=False):
        word = part[0].casefold().rstrip(".")
        firm = bool(kept) and following[0] in _FORMS  # "Hytteservice Norge AS"
        if (word in words().never and not part[0].islower() and not firm) or part[2] == 0:
            while kept and kept[-1][0].islower():
                kept.pop()
            if kept:
                pieces.append((kept[0][1], kept[-1][2]))
            kept = []
        elif kept or not part[0].islower():
            kept.append(part)
    return pieces


def _talk(word: str) -> bool:
    plain = word.casefold().rstrip(".")
    known = words()
    return plain in known.talk or plain in known.stop or plain in known.never or opens(plain)


def _opens_sentence(text: str, start: int) -> bool:
    before = text[max(0, start - 4) : start].rstrip(" \"'«(-")
    return start == 0 or not before or before[-1] in ".!?:;\n/" or "\n" in text[max(0, start - 2) : start]
