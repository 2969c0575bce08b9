"""The pages that show what the demo's mailbox took: the list, and one mail with its links."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

from fastapi import APIRouter, Request
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse

from desk.demo.inbox import Mailbox
from desk.rendering import language
from law.dates import say_moment
from law.language import LANGS, Lang

__all__ = ["Mailbox", "page", "router", "spoken"]

_HERE = Path(__file__).parent
_LINK = re.compile(r"https?://[^\s<>\"]+")
_AFTER_LINK = ".,;:!?)]»’'"
"""Marks that end the sentence around a link and not the link."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a mail's text, or a link in it."""

    text: str
    link: bool


def router(mailbox: Mailbox) -> APIRouter:
    """`/demo/mailbox`, newest first, and `/demo/mailbox/{id}`; for the demo only: anybody may read."""
    routes = APIRouter(prefix="/demo/mailbox", include_in_schema=False)

    @routes.get("")
    def mails(request: Request, lang: str | None = None, sent: bool = False) -> HTMLResponse:
        return page("mails.html", spoken(request, lang), mails=mailbox.mails(), sent=sent)

    @routes.get("/{id}")
    def mail(request: Request, id: str, lang: str | None = None) -> HTMLResponse:
        found = mailbox.mail(id)
        chosen = spoken(request, lang)
        if found is None:
            return page("missing.html", chosen, status=404)
        return page("mail.html", chosen, mail=found, pieces=tuple(pieces(found.text)))

    return routes


def pieces(text: str) -> Iterator[Piece]:
    """Cut a mail's text at its web links; the pieces put together are the text again."""
    done = 0
    for match in _LINK.finditer(text):
        address = match.group().rstrip(_AFTER_LINK)
        if match.start() > done:
            yield Piece(text[done : match.start()], False)
        yield Piece(address, True)
        done = match.start() + len(address)
    if done < len(text):
        yield Piece(text[done:], False)


def spoken(request: Request, asked: str | None) -> Lang:
    """The language a page of the demo is shown in."""
    return language(asked, request.headers.get("accept-language"))


def page(template: str, lang: Lang, *, status: int = 200, **values: object) -> HTMLResponse:
    """A page of the demo."""

    def moment(value: datetime) -> str:
        return say_moment(value, lang)

    html = _environment().get_template(template).render(lang=lang, t=_words()[lang], moment=moment, **values)
    return HTMLResponse(html, status, {"content-language": lang, "vary": "Accept-Language"})


@cache
def _environment() -> Environment:
    loader = FileSystemLoader(_HERE / "templates")
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True)


@cache
def _words() -> dict[Lang, dict[str, str]]:
    said = tomllib.loads((_HERE / "mailbox.toml").read_text(encoding="utf-8"))
    return {lang: said[lang] for lang in LANGS}
