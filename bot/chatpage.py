"""Draws the website chat: the page, the frame of the widget, and the fragment that one turn adds."""

import functools
import secrets
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.hub import Choice
from bot.memory import Said
from law.language import LANGS, Lang
from operators.profile import Operator

FOLDER: Final = Path(__file__).parent / "widget"
OSLO: Final = ZoneInfo("Europe/Oslo")


@dataclass(frozen=True, slots=True)
class Chat:
    """A conversation as it is shown: every message, the greeting first, and how the browser names it.

    `token` is empty before anything was said; `ticket` opens the stream of news.
    """

    operator: Operator
    lang: Lang
    messages: tuple[Said, ...]
    token: str
    ticket: str | None
    framed: bool

    @property
    def path(self) -> str:
        """Where the chat is shown and posted to."""
        return f"/o/{self.operator.id}/{'widget' if self.framed else 'chat'}"


@functools.cache
def _words(lang: Lang) -> Mapping[str, str]:
    words: dict[str, str] = tomllib.loads((FOLDER / f"words.{lang}.toml").read_text("utf-8"))
    return words


@functools.cache
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def word(key: str, lang: Lang, **values: str) -> str:
    """One of the page's own texts. Raises KeyError for an unknown key or a missing value."""
    return _words(lang)[key].format(**values)


def page(chat: Chat, *, trouble: str = "", draft: str = "") -> str:
    """The whole page. `trouble` says what went wrong; `draft` is what the person wrote and is not to lose."""
    return _render("chat.html", chat, chat.messages, trouble=trouble, draft=draft)


def turn(chat: Chat, after: int) -> str:
    """The fragment with the messages numbered above `after`; the buttons are those of the last replies."""
    return _render("turn.html", chat, tuple(one for one in chat.messages if one.seq > after))


def _render(name: str, chat: Chat, shown: Sequence[Said], **values: str) -> str:
    return _templates().get_template(name).render(
        chat=chat,
        operator=chat.operator,
        lang=chat.lang,
        langs=LANGS,
        messages=shown,
        buttons=buttons(chat.messages),
        nonce=secrets.token_urlsafe(12),
        fresh=secrets.token_urlsafe(24),
        t=functools.partial(_said_in, chat.lang),
        clock=lambda at: at.astimezone(OSLO).strftime("%H.%M"),
        **values,
    )  # fmt: skip


def _said_in(lang: Lang, key: str, **values: str) -> str:
    return word(key, lang, **values)


def buttons(messages: Sequence[Said]) -> tuple[Choice, ...]:
    """The buttons of everything the desk has said since the person spoke, each once."""
    found: dict[str, Choice] = {}
    for one in messages:
        if one.inbound:
            found.clear()
        else:
            found |= {choice.id: choice for choice in one.reply.choices if choice.id not in found}
    return tuple(found.values())
