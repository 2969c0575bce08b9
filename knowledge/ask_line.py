"""One question as a line of JSON in, one answer out: what `rettsvar ask --batch` does with each line."""

from collections.abc import Mapping
from typing import Any

from knowledge.answers import Answer, Citation, Knowledge


def ask_line(knowledge_by_operator: Mapping[str, Knowledge], item: Mapping[str, Any]) -> dict[str, Any]:
    """Answer `item` (id, operator, question, lang?); raises ValueError for one that is not such a line.

    `answered` is true only where a document or our record of it answers: what the law alone says is told in
    `answer`.
    """
    id, operator, question = item.get("id"), item.get("operator"), item.get("question")
    lang = item.get("lang")
    if not isinstance(question, str):
        raise ValueError("question: a text is needed")
    if not isinstance(operator, str) or operator not in knowledge_by_operator:
        raise ValueError(f"operator: {operator!r} is not known")
    if lang is not None and not isinstance(lang, str):
        raise ValueError("lang: a text is needed")
    reply = knowledge_by_operator[operator].ask(question, lang)
    answered = isinstance(reply, Answer)
    return {
        "id": id,
        "answered": answered,
        "answer": reply.text,
        "lang": reply.lang,
        "confidence": reply.confidence,
        "handoff": reply.handoff,
        "suggests": reply.suggests.value if reply.suggests else None,
        "citations": [_cited(citation) for citation in reply.citations] if isinstance(reply, Answer) else [],
    }


def _cited(citation: Citation) -> dict[str, str]:
    return {
        "operator": citation.operator,
        "document": citation.document,
        "section": citation.section,
        "heading": citation.heading,
        "quote": citation.quote,
    }
