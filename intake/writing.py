"""Turns a letter's template, language and values into words.

What each template is told, besides `operator`, `lang`, `today` and, where the letter belongs to a case,
`case`, `card`, `reference` and `received` (a date); a value with `=` may be left out:

    acknowledgement  deadline, proof ("code", "none", "officer"), field=None (of a rectification), link=None
    code             code, minutes, purpose ("identify", "download")
    answer           done (Deed...), note=None, package=None (Download), link=None,
                     recipients=() (names of those told, Art. 19), backups_until=None (date)
    partial          as answer, and kept (Retained...)
    refusal          ground (law.grounds.Ground), facts (the officer's words),
                     subground=None (law.periods.Period)
    extension        reason (the officer's words), old_due (date), deadline, link=None
    nothing_found    searched (names of systems as Words), final=False, link=None
    forwarded        controllers (names), deadline
    forward          requester (address the person gave), deadline, wish=None
    withdrawn        -
    received         of one mail with one or more requests: cases (Asked...), deadline, proof ("code", "waits",
                     "later", "officer", "none"), code=None, hours=None, until=None, unclear=False
    reply            an answer by e-mail: parts (Said...), offers=() (words), by_human=False
    identity         doubt, question (the officer's words), paused=True, link=None

Mail is a postcard: nothing the systems hold is put in it, only where it stands and how much of it there is.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

from jinja2 import (
    Environment,
    FileSystemLoader,
    StrictUndefined,
    TemplateNotFound,
    UndefinedError,
    select_autoescape,
)

from intake.records import Case
from law.dates import say_date, say_list, say_moment
from law.deadlines import explain, oslo_day
from law.language import LANGS, Lang, Words, say
from law.rights import Right, card
from operators.profile import Operator

FOLDER: Final = Path(__file__).with_name("letters")

_LEFT_OUT: Final[Mapping[str, Any]] = {
    "field": None,
    "link": None,
    "note": None,
    "package": None,
    "recipients": (),
    "backups_until": None,
    "subground": None,
    "final": False,
    "wish": None,
    "paused": True,
    "code": None,
    "hours": None,
    "until": None,
    "unclear": False,
    "offers": (),
    "by_human": False,
}


@dataclass(frozen=True, slots=True)
class Asked:
    """One request of a mail: what is asked for, its case's number and its secure page."""

    ask: Words
    reference: str
    link: str


@dataclass(frozen=True, slots=True)
class Cited:
    """A passage quoted in an answer, the place it stands in words, and the page that shows it there."""

    text: str
    place: str
    url: str


@dataclass(frozen=True, slots=True)
class Said:
    """One paragraph of an answer, what it quotes, and a page to open with what it is called."""

    text: str
    cited: tuple[Cited, ...] = ()
    link: str | None = None
    label: str = ""


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing done: export, rectify, restrict, object, anonymise or erase; where, and how many rows.

    `count` 0: not counted, as when an officer did it by hand.
    """

    action: str
    system: Words
    holding: Words
    count: int


@dataclass(frozen=True, slots=True)
class Retained:
    """What stays: where, how many rows, the ground in words, its provision, and the last day (None: open)."""

    system: Words
    holding: Words
    count: int
    reason: Words
    provision: str
    until: date | None


@dataclass(frozen=True, slots=True)
class Download:
    """Where the package waits, and the aware time after which it is gone."""

    url: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Rendered:
    """A letter in words: one line of subject, plain text, and the same as HTML."""

    subject: str
    text: str
    html: str


def names() -> tuple[str, ...]:
    """The letters there are templates for."""
    return tuple(sorted(f.name for f in FOLDER.iterdir() if f.is_dir() and not f.name.startswith("_")))


def render(
    operator: Operator,
    name: str,
    lang: Lang,
    values: Mapping[str, Any],
    *,
    now: datetime,
    case: Case | None = None,
) -> Rendered:
    """The letter in words. Raises jinja2.UndefinedError for a missing value, ValueError for no such name."""
    told = {**_LEFT_OUT, **_about(case), **values}
    told |= {"operator": operator, "lang": lang, "today": oslo_day(now)}
    subject = _one_line(_template(f"{name}/subject.txt.{lang}", told))
    text = _tidy(_template(f"{name}/body.txt.{lang}", told))
    html = _template(f"{name}/body.html.{lang}", told | {"subject": subject})
    return Rendered(subject, text, html.strip() + "\n")


def _about(case: Case | None) -> dict[str, Any]:
    if case is None:
        return {"case": None, "reference": None}
    return {
        "case": case,
        "reference": case.reference,
        "card": card(Right(case.right)),
        "received": oslo_day(case.received_at),
    }


def _template(name: str, told: Mapping[str, Any]) -> str:
    try:
        template = _environment().get_template(name)
    except TemplateNotFound:
        raise ValueError(f"there is no letter {name}") from None
    lang: Lang = told["lang"]

    def say_here(words: Words) -> str:
        return say(words, lang)

    def listed(items: Iterable[str | Words]) -> str:
        return say_list([one if isinstance(one, str) else say(one, lang) for one in items], lang)

    def day(value: object) -> str:
        if not isinstance(value, date):
            raise UndefinedError("a day is missing")
        return say_date(oslo_day(value) if isinstance(value, datetime) else value, lang)

    return template.render(
        told,
        say=say_here,
        listed=listed,
        day=day,
        moment=lambda value: say_moment(value, lang),
        why=lambda deadline: explain(deadline, lang),
    )


@cache
def _environment() -> Environment:
    """The templates; HTML is escaped by itself and an unknown name is an error."""
    return Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=select_autoescape(enabled_extensions=("html", *(f"html.{lang}" for lang in LANGS))),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _one_line(subject: str) -> str:
    """A subject no value can break out of: control characters and line ends become single spaces."""
    return " ".join("".join(c if c.isprintable() else " " for c in subject).split())[:200]


def _tidy(text: str) -> str:
    """Plain text without trailing blanks and with at most one empty line in a row."""
    lines = "\n".join(line.rstrip() for line in text.splitlines())
    return re.sub(r"\n{3,}", "\n\n", lines).strip() + "\n"
