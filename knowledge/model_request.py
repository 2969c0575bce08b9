"""What a language model is given to read: the question without identifiers, and passages of one company's documents."""

import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final

from knowledge.answers import Knowledge
from knowledge.asides import aside
from knowledge.blocks import LONGEST
from knowledge.documents import Passage
from knowledge.masking import mask
from knowledge.replies import Why
from knowledge.words import LONGEST_QUESTION
from law.language import Lang

MOST_QUOTES: Final = 3
LONGEST_SENTENCE: Final = 300
"""Characters of the sentence above the quotations."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of the documents is sent: everything where it fits `characters`, else the `passages` that fit the
    question best, as many of them as fit."""

    characters: int = 12_000
    passages: int = 12


@dataclass(frozen=True, slots=True)
class Request:
    """What is sent; `passages` by the ids they are sent under, in the documents' order.

    `whole` says that they are all there is. `messages` are those of a chat completion (role, content).
    """

    question: str
    lang: Lang
    passages: Mapping[str, Passage]
    whole: bool
    messages: tuple[Mapping[str, str], ...]


def request_for(knowledge: Knowledge, question: str, lang: Lang, limits: Limits) -> Request | None:
    """Return what to send about one question; None where there is nothing to read.

    Only this company's documents are in it. A passage that reads like orders to a program is left out: whoever got
    it into a document must not get a word into an answer.
    """
    masked = mask(question[:LONGEST_QUESTION]).text
    passages, whole = _chosen(knowledge, question, lang, limits)
    if not passages:
        return None
    named = {f"p{number}": passage for number, passage in enumerate(passages, start=1)}
    content = {
        "question": masked,
        "company": knowledge.operator.name,
        "language": _content()["languages"][lang],
        "passages": [
            {
                "id": id,
                "document": passage.document,
                "section": passage.section,
                "heading": passage.heading,
                "text": passage.text,
            }
            for id, passage in named.items()
        ],
    }
    messages = (
        {"role": "system", "content": _content()["instructions"].strip()},
        {"role": "user", "content": json.dumps(content, ensure_ascii=False)},
    )
    return Request(masked, lang, named, whole, messages)


def reply_schema() -> dict[str, Any]:
    """Return the JSON schema of a reply, for endpoints that hold a model to one."""
    quote = {
        "type": "object",
        "properties": {
            "passage": {"type": "string"},
            "quote": {"type": "string", "maxLength": LONGEST},
        },
        "required": ["passage", "quote"],
        "additionalProperties": False,
    }
    return {
        "type": "object",
        "properties": {
            "answered": {"type": "boolean"},
            "quotes": {"type": "array", "items": quote, "maxItems": MOST_QUOTES},
            "sentence": {"type": "string", "maxLength": LONGEST_SENTENCE},
        },
        "required": ["answered", "quotes", "sentence"],
        "additionalProperties": False,
    }


def _chosen(
    knowledge: Knowledge, question: str, lang: Lang, limits: Limits
) -> tuple[Sequence[Passage], bool]:
    readable = [p for p in knowledge.passages(lang) if not reads_like_orders(f"{p.heading}\n{p.text}")]
    if sum(len(p.text) for p in readable) <= limits.characters:
        return readable, True
    chosen: list[Passage] = []
    room = limits.characters
    for passage in knowledge.nearest(question, lang, 2 * limits.passages):
        if passage in readable and len(passage.text) <= room and len(chosen) < limits.passages:
            chosen.append(passage)
            room -= len(passage.text)
    return [p for p in readable if p in chosen], False


@lru_cache(maxsize=5_000)
def reads_like_orders(text: str) -> bool:
    """Whether a text tries to steer a program, as a question that does so is recognised."""
    return any(aside(part) == Why.INJECTION for part in (text, *text.splitlines()))


@cache
def _content() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("model_request.toml").read_text(encoding="utf-8"))
