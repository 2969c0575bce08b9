"""One question as a line of JSON in, one answer out: what `rettsvar ask --batch` does with each line."""

from collections.abc import Callable, Mapping
from typing import Any

from knowledge.answers import Answer, Citation, Knowledge, NoAnswer

SecondReader = Callable[[str, str, str | None], tuple[Answer | NoAnswer, str]]
"""Reads a question (company, question, language or None) with a model: the reply that stands, and why it does."""


def ask_line(
    knowledge_by_operator: Mapping[str, Knowledge], item: Mapping[str, Any], read: SecondReader | None = None
) -> dict[str, Any]:
    """Answer `item` (id, operator, question, lang?); raises ValueError for one that is not such a line.

    `answered` is true only where a document or our record of it answers: what the law alone says is told in
    `answer`. With `read` the line says under `model` what became of the model's reply.
    """
    id, operator, question = item.get("id"), item.get("operator"), item.get("question")
    lang = item.get("lang")
    if not isinstance(question, str):
        raise ValueError("question: a text is needed")
    if not isinstance(operator, str) or operator not in knowledge_by_operator:
        raise ValueError(f"operator: {operator!r} is not known")
    if lang is not None and not isinstance(lang, str):
        raise ValueError("lang: a text is needed")
    why: str | None = None
    if read is None:
        reply = knowledge_by_operator[operator].ask(question, lang)
    else:
        reply, why = read(operator, question, lang)
    answered = isinstance(reply, Answer)
    line: dict[str, Any] = {
        "id": id,
        "answered": answered,
        "answer": reply.text,
        "lang": reply.lang,
        "confidence": reply.confidence,
        "handoff": reply.handoff,
        "suggests": reply.suggests.value if reply.suggests else None,
        "citations": [_cited(citation) for citation in reply.citations] if isinstance(reply, Answer) else [],
    }
    return line if why is None else line | {"model": why}


def _cited(citation: Citation) -> dict[str, str]:
    line = {
        "operator": citation.operator,
        "document": citation.document,
        "section": citation.section,
        "heading": citation.heading,
        "quote": citation.quote,
    }
    since = citation.in_force_from
    return line if since is None else line | {"in_force_from": since.isoformat()}
