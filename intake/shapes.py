"""What addresses, dates, telephone numbers and names look like when people write them."""

import re
from collections.abc import Callable, Iterator
from typing import Final

EMAIL: Final = re.compile(r"[\w.+'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}")
_MONTH = r"(?:jan|feb|mar|apr|mai|may|maj|jun|jul|aug|sep|okt|oct|nov|des|dec)[a-zéä]*\.?"
DATE: Final = re.compile(
    rf"(?<![\d.])(?:\d{{1,2}}[./-]\s?\d{{1,2}}[./-]\s?(?:\d{{4}}|\d{{2}})|\d{{4}}-\d{{2}}-\d{{2}}|"
    rf"\d{{1,2}}(?:st|nd|rd|th)?\.?\s(?:of\s)?{_MONTH}(?:,?\s\d{{4}})?|{_MONTH}\s\d{{1,2}}(?:st|nd|rd|th)?,?\s\d{{4}})(?!\d)",
    re.IGNORECASE,
)
_PHONE = re.compile(
    r"(?<![\w@+])(?:\(?(?:\+|00))?\(?\d[\d ()-]{6,17}\d(?![\w@]|[.,-]\d)"
    r"|(?<![\w.])(?:\d{3}\.\d{2}\.\d{3}|\d{2}(?:\.\d{2}){3})(?![\w@.])"
)
_CALLED = re.compile(r"(?<![\w@+])(?:\(?(?:\+|00))?\(?\d[\d ().-]{6,19}\d(?![\w@])")
_PLACE = r"[A-ZÆØÅÄÖ][\w'-]+"
_POSTAL = rf"(?:(?:NO|N|S|SE|DK)[- ])?(?:\d{{4}}|\d{{3}} \d{{2}}) {_PLACE}(?: (?:(?:i|på) )?{_PLACE}){{0,2}}"
_CAP = r"[A-ZÆØÅÄÖÉ][\w'.-]{1,30}"
_FLAT = (
    r"(?:, ?(?:[HULK]\d{4}|leil(?:ighet|egheit|\.)? ?\w{1,6}|[Ff]lat \w{1,5}|\d\. ?etg(?:asje|\.)?|"
    r"c/o [A-ZÆØÅ][\w ]{1,30}))?"
)
_BOX = rf"(?:Postboks|Boks|P\.?O\.? ?Box|Box) \d{{1,5}}(?: {_CAP})?(?:,? {_POSTAL})?"
_NUMBER_FIRST = (
    rf"(?:(?:Flat|Apt\.?|Apartment|Unit) \w{{1,5}},? )?\d{{1,4}}[A-Za-z]? {_CAP}(?: {_CAP}){{0,3}}"
    rf"(?:, {_POSTAL}|, (?:St\.? )?{_PLACE}(?: {_PLACE})?)"
)
_NUMBER_LAST = (
    r"(?!(?:Eg|Jeg|Jag|Ho|Han|Hun|Vi|Me|Det|Den|De|I|We|He|She|It) )"
    rf"{_CAP}(?: (?:{_CAP}|og|gate|gt\.?|vei|veg|gata|veien|vegen|plass|allé|alle)){{0,4}}"
    rf" \d{{1,4}}(?:[A-Za-z](?!\w)| [A-HJ-Z](?!\w)| [a-h](?=[,.\n)]|$| \d{{4}}))?{_FLAT}(?:,? {_POSTAL})?"
)
_STREET = re.compile(rf"(?<![\w@])(?:{_BOX}|{_NUMBER_FIRST}|{_NUMBER_LAST})")
_STREETY = re.compile(
    r"(?:vei|veien|veg|vegen|gate|gata|gaten|gt\.?|plass|plassen|bakken|bakke|lia|stien|sti|svingen|haugen|faret|far|"
    r"tunet|tun|vn\.?|street|road|lane|avenue|terrace|close|drive|court|crescent|square|gardens|grove|mews|quay|row|gade|vej|vägen|gatan|stigen|torg|torget|brygge|brygga|kollen|åsen|toppen|"
    r"jordet|kroken|ringen|terrasse|løkka|allé|alléen|veita|kaia|kaien|strand|stranda|hagen|skogen|postboks|boks|box)\b",
    re.IGNORECASE,
)
NAME: Final = (
    r"(?:[A-ZÆØÅ]\.|[A-ZÆØÅÄÖÜÉÈŁŚŻČŠÓÍÁ][\w'’-]*)"
    r"(?:[ ](?:(?:van|von|de|der|den|af|av|la|le|el|bin|al|ten|ter|og|and|&)[ ])?(?:der[ ]|den[ ])?(?:[dv]')?"
    r"(?:[A-ZÆØÅ]\.|[A-ZÆØÅÄÖÜÉÈŁŚŻČŠÓÍÁ][\w'’-]*)){0,4}"
)
_UPPER = "A-ZÀ-ÖØ-ÞĆČĎĐĚĞŁŃŇŊŐŘŚŞŠŤŦŮŰŹŻŽ"
INITIAL: Final = rf"(?:(?:[{_UPPER}]|Aa|Th|Chr|Joh|Kr|St)\.-?){{1,3}}"
_BEARING = rf"(?:{INITIAL}|(?:[dDlLOM]')?[{_UPPER}]\w{{0,40}}(?:['-]\w{{1,40}}){{0,4}})"
PARTICLES: Final = (
    r"(?:van|von|vom|zu|de|der|den|af|av|la|le|el|al|bin|ibn|bint|ten|ter|dos|da|di|du|del|los|las|dal|y|"
    r"og|and|och|&)"
)
PERSON: Final = rf"{_BEARING}(?:[ ](?:{PARTICLES}[ ]){{0,2}}{_BEARING}){{0,5}}"
"""Capitals, initials, hyphens and particles as people bear them; `NAME` is any name, a firm's or a place's too."""
_FIRM_WORD = rf"[{_UPPER}][\w'&/-]{{0,60}}(?:\.\w{{1,40}}){{0,3}}"
_LINK = r"(?:(?:på|i|og|ved|til|hos|for|of|and|the|&)[ ]){0,2}"
FIRM: Final = rf"(?:\d[\w'&/-]{{0,60}}|{_FIRM_WORD})(?:[ ]{_LINK}{_FIRM_WORD}){{0,5}}"
_NOT_PHONE = re.compile(
    r"(?i:(?<!\w)(?:kontonummer|kontonr|bankkonto|iban|bank\saccount|account\snumber|kid|kroner|kr|nok|eur|usd|"
    r"org(?:anisasjons)?\.?\s?(?:nr|nummer)|sporingsnummer|tracking|bankgiro|fødselsnummer|personnummer|fnr)[\s.:]{0,3}(?:er\s)?$)"
)


def addresses(text: str) -> Iterator[re.Match[str]]:
    """The postal addresses in `text`: a street or box with its number, and mostly postcode and place."""
    for match in _STREET.finditer(text):
        if (re.search(rf"{_POSTAL}$", match[0]) and not re.match(r"\w+ \d{4} ", match[0])) or _STREETY.search(
            match[0]
        ):
            yield match


def phones(text: str, called: Callable[[int], bool] = lambda _: False) -> Iterator[re.Match[str]]:
    """The telephone numbers in `text`: Norwegian ones of eight digits, and any written with a country code or a 0.

    Where `called` says that a telephone is spoken of just before, dots may part the groups and any number of eight
    to fifteen digits will do.
    """
    at = 0
    for found in re.finditer(r"[+(]{0,2}\d", text):
        if found.start() < at:
            continue
        told = called(found.start())
        match = (_CALLED if told else _PHONE).match(text, found.start())
        before = text[max(0, found.start() - 24) : found.start()]
        if match is None or (not told and before.endswith(tuple(".,/-"))) or _NOT_PHONE.search(before):
            continue
        at = match.end()
        digits = re.sub(r"\D", "", match[0])
        if re.fullmatch(r"(?:19|20)\d\d ?- ?(?:19|20)\d\d", match[0]) or DATE.match(match[0]):
            continue
        foreign = match[0].lstrip("(").startswith(("+", "00")) and 9 <= len(digits) <= 15
        if (
            foreign
            or (len(digits) == 8 and (told or digits[0] in "23456789"))
            or (len(digits) == 10 and re.match(r"47[ -][2-9]", match[0]))
            or (digits[0] == "0" and 9 <= len(digits) <= 11)
            or (told and 8 <= len(digits) <= 15)
        ):
            yield match
