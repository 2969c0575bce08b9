"""Turns a template, a language and values into a page; the words live in catalogue.<lang>.toml."""

import hashlib
import tomllib
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse

from law.calendar import oslo_day
from law.dates import say_date, say_days, say_moment
from law.language import LANGS, Lang, Words, as_lang, say

HERE = Path(__file__).parent
STATIC = HERE / "static"
TEMPLATES = HERE / "templates"

Entry = str | Mapping[str, str]


@cache
def catalogue(lang: Lang) -> Mapping[str, Entry]:
    """Every text of the pages in one language, by dotted key; a plural is a table of `one` and `other`."""
    with (HERE / f"catalogue.{lang}.toml").open("rb") as file:
        return dict(_flat("", tomllib.load(file)))


def _flat(prefix: str, table: Mapping[str, Any]) -> list[tuple[str, Entry]]:
    found: list[tuple[str, Entry]] = []
    for key, value in table.items():
        if isinstance(value, dict) and set(value) != {"one", "other"}:
            found += _flat(f"{prefix}{key}.", value)
        else:
            found.append((prefix + key, value))
    return found


def text(lang: Lang, key: str, /, **values: object) -> str:
    """The text of a key with its values filled in. KeyError for an unknown key or a missing value."""
    entry = catalogue(lang)[key]
    if not isinstance(entry, str):
        entry = entry["one" if values["n"] == 1 else "other"]
    return entry.format(**values)


def language(asked: str | None, header: str | None) -> Lang:
    """The page's language: what was asked for, else the browser's first choice, else bokmål."""
    if asked in LANGS:
        return as_lang(asked)
    first = (header or "").split(",")[0].split(";")[0].strip()
    return "nb" if first in {"", "*"} else as_lang(first)


class Pages:
    """The templates, compiled once; autoescape is always on and an unknown name is an error."""

    def __init__(self) -> None:
        self._environment = Environment(
            loader=FileSystemLoader(TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.globals["static"] = _static

    def render(self, name: str, lang: Lang, **values: object) -> str:
        """The page as text. In the template `t` gives a catalogue text, `say` picks the language of Words."""

        def t(key: str, **filled: object) -> str:
            return text(lang, key, **filled)

        def say_here(words: Words) -> str:
            return say(words, lang)

        def day(value: date | datetime) -> str:
            return say_date(oslo_day(value) if isinstance(value, datetime) else value, lang)

        def moment(value: datetime) -> str:
            return say_moment(value, lang)

        def days(count: int) -> str:
            return say_days(count, lang)

        template = self._environment.get_template(name)
        return template.render(
            lang=lang, langs=LANGS, t=t, say=say_here, day=day, moment=moment, days=days, **values
        )

    def page(self, name: str, lang: Lang, *, status: int = 200, **values: object) -> HTMLResponse:
        """The page as a response in its language."""
        response = HTMLResponse(self.render(name, lang, **values), status_code=status)
        response.headers["content-language"] = lang
        response.headers["vary"] = "Accept-Language"
        return response


@cache
def pages() -> Pages:
    """The one set of templates of this process."""
    return Pages()


@cache
def _static(name: str) -> str:
    """The address of a static file; its content's mark in it lets browsers keep the file for long."""
    mark = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
    return f"/static/{name}?v={mark}"


def static_folder() -> Path:
    """The folder served under /static."""
    return STATIC
