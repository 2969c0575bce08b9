"""What the law itself answers, in plain words, for questions that the company's documents need not answer."""

from dataclasses import dataclass
from functools import cache

from law.language import Lang, catalogue
from law.rights import Right


@dataclass(frozen=True, slots=True)
class Statement:
    """One thing the law says, in one language.

    `article` cites it; `text` is the answer, in our own words; `wordings` are everyday ways to ask for it, to
    match questions against; `right` is the right it is about, which a conversation may then offer, or None.
    """

    id: str
    article: str
    title: str
    text: str
    wordings: tuple[str, ...]
    right: Right | None


@cache
def statements(lang: Lang) -> tuple[Statement, ...]:
    """All statements in one language; every language has the same ids in the same order."""
    rows = catalogue(f"statutory.{lang}.toml")["statement"]
    return tuple(
        Statement(
            id=row["id"],
            article=row["article"],
            title=row["title"],
            text=row["text"],
            wordings=tuple(row["wordings"]),
            right=Right(row["right"]) if "right" in row else None,
        )
        for row in rows
    )


def statement(id: str, lang: Lang) -> Statement:
    """One statement by its id. KeyError otherwise."""
    for found in statements(lang):
        if found.id == id:
            return found
    raise KeyError(id)
