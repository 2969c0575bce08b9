"""A document as the linter reads it: sentence by sentence, each with the passage and headings it stands under."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from knowledge.blocks import sentences
from knowledge.documents import Document, Passage
from knowledge.lint.finding import LONGEST_QUOTE, Clause
from knowledge.lint.patterns import pattern

ENOUGH_TO_BE_A_NOTICE: Final = 5
ENOUGH_TO_BE_AN_AGREEMENT: Final = 4
LEAD_IN: Final = 60
"""Characters quoted before what was found in a sentence too long to quote."""

_ITEM = re.compile(r"[,;:]\s*\n\s*")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence, or one item of a list: a slice of its passage."""

    passage: Passage
    text: str

    @property
    def above(self) -> str:
        """The headings and the words that lead in to it."""
        return " | ".join((*self.passage.path, self.passage.heading, self.passage.lead))


@dataclass(frozen=True, slots=True)
class Paper:
    """A document ready to be held against the rules; `text` is all of it, `notice` and `agreement` say what
    it is: information about personal data (Art. 13, 14), a processor's contract (Art. 28)."""

    document: Document
    sentences: tuple[Sentence, ...]
    text: str
    notice: bool
    agreement: bool

    def section(self, passage: Passage) -> tuple[str, ...]:
        """What tells one clause from another."""
        return (passage.section, passage.heading, *passage.path)

    def beside(self, sentence: Sentence) -> str:
        """The whole clause a sentence stands in."""
        here = self.section(sentence.passage)
        return "\n".join(p.text for p in self.document.passages if self.section(p) == here)

    def clause(self, passage: Passage) -> Clause:
        return Clause(self.document.title, passage.section, passage.heading, passage.anchor)


def paper_of(document: Document) -> Paper:
    """Cut a document into sentences and tell what kind of document it is."""
    text = "\n".join(passage.text for passage in document.passages)
    titles = " | ".join({document.title, *(h for p in document.passages for h in (*p.path, p.heading))})
    agreement_only = (
        pattern("{agreement}").search(document.title) is not None
        and pattern("{privacy}|vilkår*|terms|conditions").search(document.title) is None
    )
    about = len(pattern("{personal_data}").findall(text))
    return Paper(
        document=document,
        sentences=tuple(_sentences(document.passages)),
        text=text,
        notice=not agreement_only
        and (about >= ENOUGH_TO_BE_A_NOTICE or pattern("{privacy}").search(titles) is not None),
        agreement=pattern("{agreement}").search(titles) is not None
        or len(pattern("{binds_processor}").findall(text)) >= ENOUGH_TO_BE_AN_AGREEMENT,
    )


def _sentences(passages: Sequence[Passage]) -> Iterator[Sentence]:
    for passage in passages:
        for a, b in sentences(passage.text):
            start = a
            for cut in (*(m.end() for m in _ITEM.finditer(passage.text, a, b)), b):
                if passage.text[start:cut].strip():
                    yield Sentence(passage, passage.text[start:cut].strip())
                start = cut


def around(text: str, start: int = 0) -> str:
    """The slice of a long sentence about a place in it, at most as long as a quotation may be."""
    if len(text) <= LONGEST_QUOTE:
        return text
    first = max(0, min(start - LEAD_IN, len(text) - LONGEST_QUOTE))
    first = first and text.find(" ", first) + 1
    return text[first : first + LONGEST_QUOTE].strip()
