"""Find in a message what a person can be found by: names, addresses, numbers; never a national identity number."""

import re
import tomllib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final

from stdnum.no import fodselsnummer, orgnr

from intake.quoted import OwnText
from intake.shapes import DATE, EMAIL, NAME, addresses, phones

Identifiers = dict[str, str | list[str]]

HIDDEN: Final = "***********"
_ELEVEN = re.compile(r"(?<![\d+])\d{6}[ .-]?\d{5}(?!\d)|(?<![\d+])\d{2}[ .]\d{2}[ .]\d{2}[ .-]?\d{5}(?!\d)|(?<![\d+])\d{3} \d{3} \d{5}(?!\d)")
_NUMBERISH = r"(?:[A-ZÆØÅ]{1,6}[-/ ]?)?\d(?:[\w/-]{0,20}\w)?"


@dataclass(slots=True)
class _Found:
    """Values by kind, in order, each once; spans already spoken for are not read again as something else."""

    values: dict[str, list[str]] = field(default_factory=dict)
    taken: list[tuple[int, int]] = field(default_factory=list)

    def add(self, kind: str, value: str, span: tuple[int, int] | None = None) -> None:
        value = value.strip().strip(",;:")
        if value and value not in self.values.setdefault(kind, []):
            self.values[kind].append(value)
        if span:
            self.taken.append(span)

    def free(self, span: tuple[int, int]) -> bool:
        return all(span[1] <= start or span[0] >= end for start, end in self.taken)


def mask_national_ids(text: str) -> tuple[str, int]:
    """Return `text` with valid Norwegian identity numbers (fødselsnummer, D-number) hidden, and how many there were."""
    count = 0

    def hide(found: re.Match[str]) -> str:
        nonlocal count
        if not fodselsnummer.is_valid(re.sub(r"\D", "", found[0])):
            return found[0]
        count += 1
        return HIDDEN

    return _ELEVEN.sub(hide, text), count


def identify(parts: OwnText, *, on_behalf: bool, new_value: str | None, old_value: str | None) -> Identifiers:
    """Return what the sender's own text says about who is concerned; each value as it was written.

    Where the matter concerns another, `name` is that person and `requester_name` the sender. A new value that is
    to replace one on file finds nobody and is left out; the old one is kept. Several values of a kind are a list.
    """
    text, _ = mask_national_ids(parts.own)
    said_until = len(mask_national_ids(parts.said)[0])
    found = _Found()
    _emails(text, found, on_behalf, said_until)
    _numbers(text, found)
    _dates(text, found)
    _addresses(text, found)
    _phones(text, found, on_behalf, said_until)
    _names(text, parts, found, on_behalf)
    if new_value:
        found.values = {kind: kept for kind, values in found.values.items()
                        if (kept := [v for v in values if kind == "name" or _fold(v) != _fold(new_value)])}
    if old_value:
        _keep_old(found, old_value)
    return {kind: values[0] if len(values) == 1 else values for kind, values in sorted(found.values.items()) if values}


def _keep_old(found: _Found, old_value: str) -> None:
    known = {_fold(value) for values in found.values.values() for value in values}
    if _fold(old_value) not in known and re.fullmatch(NAME, old_value):
        found.add("name", old_value)


def _fold(value: str) -> str:
    return re.sub(r"[\s,]+", " ", value).strip().casefold()


def _emails(text: str, found: _Found, on_behalf: bool, said_until: int) -> None:
    for match in EMAIL.finditer(text):
        kind = "requester_email" if on_behalf and match.start() >= said_until else "email"
        found.add(kind, match[0].strip(".'-"), match.span())


def _numbers(text: str, found: _Found) -> None:
    labels = _cues()["labels"]
    for kind in ("customer_number", "invoice_number", "order_number", "case_reference"):
        for match in labels[kind].finditer(text):
            if any(c.isdigit() for c in match[1]) and not DATE.fullmatch(match[1]) and found.free(match.span(1)):
                found.add(kind, match[1], match.span(1))
    for match in re.finditer(r"(?<![\w-])[A-Z]{2,5}-\d{4}-\d{3,8}(?![\w-])", text):
        if found.free(match.span()):
            found.add("case_reference", match[0], match.span())
    for match in re.finditer(r"(?<![\w-])[A-Z]{2,3}-\d{4,8}(?![\w-])", text):
        if found.free(match.span()):
            found.add("customer_number", match[0], match.span())
    for match in labels["username"].finditer(text):
        value = match[1].rstrip(".-")
        if found.free(match.span(1)) and value.casefold() not in ("er", "is", "og", "and", "mitt", "my", "på", "hos"):
            found.add("username", value, match.span(1))
    for match in labels["weak_username"].finditer(text):
        value = match[1].rstrip(".-")
        if "@" in text[max(0, match.start(1) - 1) : match.start(1)] + text[match.end(1) : match.end(1) + 1]:
            continue
        if re.search(r"[\d_]", value) and re.search(r"[^\W\d_]", value) and found.free(match.span(1)):
            found.add("username", value, match.span(1))
    for match in re.finditer(r"(?<![\w])\d{3}[ .]?\d{3}[ .]?\d{3}(?:\s?MVA)?(?![\w-])", text):
        before = text[max(0, match.start() - 40) : match.start()]
        if labels["org_number"].search(before) and orgnr.is_valid(re.sub(r"\D", "", match[0])) and found.free(match.span()):
            found.add("org_number", match[0], match.span())


def _dates(text: str, found: _Found) -> None:
    for match in DATE.finditer(text):
        if re.search(r"\d{4}$|^\d{4}|\d{2}$", match[0]):
            before = text[max(0, match.start() - 30) : match.start()]
            if _cues()["labels"]["birthdate"].search(before):
                found.add("birthdate", match[0], match.span())
            else:
                found.taken.append(match.span())


def _addresses(text: str, found: _Found) -> None:
    for match in addresses(text):
        if found.free(match.span()):
            found.add("address", match[0], match.span())


def _phones(text: str, found: _Found, on_behalf: bool, said_until: int) -> None:
    for match in phones(text):
        if found.free(match.span()):
            found.add("requester_phone" if on_behalf and match.start() >= said_until else "phone", match[0], match.span())


def _names(text: str, parts: OwnText, found: _Found, on_behalf: bool) -> None:
    cues = _cues()["names"]
    sender, company = signature(parts)
    own: list[str] = []
    for match in cues["mine"].finditer(text):
        if _namely(match[1], alone=match[0][:9].casefold().startswith(("my name", "jeg hete", "eg heite", "navn", "namn", "name", "mvh", "hilsen"))):
            own.append(_trim(match[1]))
    if sender:
        own.insert(0, sender)
    if on_behalf:
        for kind in ("theirs", "relatives"):
            for match in cues[kind].finditer(text):
                if _namely(match[1], alone=kind == "relatives") and _trim(match[1]) not in own:
                    found.add("name", _trim(match[1]))
        found.values["name"] = found.values.get("name", [])[:2]
    for name in own[:1]:
        found.add("requester_name" if on_behalf else "name", name)
    for value in company or _employers(text):
        found.add("company", value)


def _employers(text: str) -> list[str]:
    return [
        match[1].strip() for match in _cues()["signature"]["employer"].finditer(text)
        if " " in match[1].strip() or _cues()["signature"]["company_words"].search(match[1])
    ][:1]


def signature(parts: OwnText) -> tuple[str | None, list[str]]:
    """Return the sender's name and companies as the signature gives them, or as the last lines of the text do."""
    cues = _cues()["signature"]
    lines = [line.strip() for line in parts.signed.split("\n") if line.strip()]
    if not lines:
        lines = _last_lines(parts.said)
    name: str | None = None
    companies: list[str] = []
    for line in lines[:7]:
        rest = cues["farewell"].sub("", line, count=1).strip(" ,.!:/-") if cues["farewell"].match(line) else line.strip(" ,/-")
        for segment in re.split(r",\s|\s[|·•]\s|\s-\s", rest):
            plain = segment.strip(" .!")
            whole = re.fullmatch(NAME, plain)
            if not plain or any(c.isdigit() for c in plain) or "@" in plain:
                continue
            if cues["company_words"].search(plain) and (whole or "&" in plain or len(plain.split()) <= 5):
                companies.append(plain)
            elif name is None and whole and not cues["roles"].match(plain):
                name = _trim(plain)
            elif name and whole and not cues["roles"].match(plain) and not companies:
                companies.append(plain)
            elif name is None and (inline := re.match(rf"({NAME})\s*$", plain)):
                name = _trim(inline[1])
    return name, companies[:1]


def _last_lines(said: str) -> list[str]:
    """Where no farewell marks a signature: the short lines at the end, from the first that is a name by itself."""
    lines = [line.strip() for line in said.split("\n")]
    if len([line for line in lines if line]) < 2:
        tail = re.search(_cues()["signature"]["farewell"].pattern + rf"[,.]?\s+(?-i:({NAME}))\W*$", said, re.IGNORECASE)
        return [tail[1]] if tail else []
    tails = lines[-5:]
    for index, line in enumerate(tails):
        first = re.split(r",\s", line.lstrip("/- "))[0]
        if index or len(lines) <= 5:
            slashed = line.startswith(("/", "-"))
            if re.fullmatch(NAME, first.strip(" .!")) and (slashed or len(first.split()) > 1) and len(line.split()) <= 9:
                if index == 0 and len(tails) == len(lines):
                    continue
                return [part for part in tails[index:] if part]
            if index and index == len(tails) - 1 and not tails[index - 1] and re.fullmatch(NAME, line) and len(line) > 2:
                return [line]
    return []


def _namely(value: str, *, alone: bool) -> bool:
    return len(value.split()) > 1 or (alone and len(value) > 2)


def _trim(value: str) -> str:
    return re.sub(r"['’]s$", "", value.strip(" .,"))


@cache
def _cues() -> dict[str, dict[str, re.Pattern[str]]]:
    content: dict[str, Any] = tomllib.loads(
        Path(__file__).with_name("phrases").joinpath("identifiers.toml").read_text(encoding="utf-8")
    )
    labels = content["labels"]
    link = r"(?:\s?(?:er|is|was|var|är)\b)?\s?[.:#=]{0,2}\s{0,2}(?:nr\.?|no\.?|#)?\s?[\"«'(]?"
    shape = {kind: rf"(?i:(?<!\w){labels[kind]}(?!\w){link})({_NUMBERISH})(?!\w)"
             for kind in ("customer_number", "invoice_number", "order_number", "case_reference")}
    word = r"[^\W]" + r"[\w.-]{1,40}"
    shape |= {kind: rf"(?i:(?<!\w){labels[kind]}(?!\w){link})({word})" for kind in ("username", "weak_username")}
    shape |= {kind: rf"(?i:(?<!\w){labels[kind]}(?!\w)[\s.:(]{{0,3}}(?:\w{{2,4}}\s)?$)" for kind in ("birthdate",)}
    shape |= {kind: rf"(?i:(?<!\w){labels[kind]}[\s.:]{{0,3}}(?:er\s)?$)" for kind in ("org_number",)}
    names = content["names"]
    close = r"[\s,:]{1,3}(?:\([^)\n]{0,40}\)\s)?"
    between = rf"(?:\s(?:på|aged|age|is|er)\s\d{{1,3}}(?:\s\w{{2,5}})?)?{close}"
    signing = content["signature"]
    return {
        "labels": {kind: re.compile(source) for kind, source in shape.items()},
        "names": {
            "mine": re.compile(rf"(?i:(?<!\w){names['mine']}{close})({NAME})"),
            "theirs": re.compile(rf"(?i:(?<!\w){names['theirs']}{close})({NAME})"),
            "relatives": re.compile(rf"(?i:(?<!\w){names['relatives']}(?!\w){between})({NAME})"),
        },
        "signature": {
            "farewell": re.compile(rf"(?i:{signing['farewell']}(?!\w))"),
            "roles": re.compile(rf"(?i:{signing['roles']}(?!\w))"),
            "company_words": re.compile(signing["company_words"]),
            "employer": re.compile(rf"(?i:(?<!\w){signing['employer']}\s)({NAME})"),
        },
    }
