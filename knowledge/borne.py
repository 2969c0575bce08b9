"""Which of a profile's sentences its documents still bear out: a new version may give other figures."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from knowledge.documents import Document, Passage
from knowledge.notes import in_clause
from knowledge.words import fold
from operators.profile import Operator
from operators.register import Fact

FIGURE: Final = re.compile(r"\d+")


def as_borne_out(operator: Operator, documents: Sequence[Document]) -> Operator:
    """The company's profile without the facts that a document has moved away from.

    A sentence of ours beside a quotation must not give another figure than the quotation does. A fact stays
    while its clause holds its evidence in every language the documents are in; where they are in several, its
    figures do, since its words stand in one of them only. A clause that is not there says nothing against it.
    """
    langs = tuple(dict.fromkeys(one.lang for one in documents))
    read = [[p for one in documents if one.lang == lang for p in one.passages] for lang in langs]
    several = len({one.lang for one in operator.documents}) > 1
    kept = tuple(
        fact
        for fact in operator.facts
        if not fact.stated or all(_bears(passages, fact, several=several) for passages in read)
    )
    return operator if len(kept) == len(operator.facts) else replace(operator, facts=kept)


def _bears(passages: Sequence[Passage], fact: Fact, *, several: bool) -> bool:
    here = [passages[i] for i in in_clause(fact.clause, passages)]
    if not here:
        return True
    text = _plain(" ".join(" ".join((*p.path, p.heading, p.text)) for p in here))
    figured = [one for one in fact.evidence if FIGURE.search(one)]
    wanted = [f for one in figured for f in FIGURE.findall(one)] if several else figured
    return all(_holds(text, one) for one in wanted)


def _holds(text: str, evidence: str) -> bool:
    """Whether a text holds evidence; a number only as the whole number."""
    words = _plain(evidence)
    before, after = r"(?<!\d)" * words[:1].isdigit(), r"(?!\d)" * words[-1:].isdigit()
    return re.search(f"{before}{re.escape(words)}{after}", text) is not None


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[^\w@%]+", " ", fold(text)).split())
