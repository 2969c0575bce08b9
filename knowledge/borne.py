"""Which of a profile's sentences its documents still bear out: a new version may give other figures."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from knowledge.clauses import Clauses, plain
from knowledge.documents import Document
from law.language import as_lang, say
from operators.profile import Operator
from operators.register import Fact

FIGURE: Final = re.compile(r"\d+")


def as_borne_out(operator: Operator, documents: Sequence[Document]) -> Operator:
    """The company's profile without the facts that its documents have moved away from.

    A sentence of ours beside a quotation must not give another figure than the quotation does. A fact stays
    while, in every language, one of the documents has in the fact's clause the evidence that has figures in it
    (its bare figures, in a language the profile was not written from). Where a version was handed in, which the
    profile was not written from, every figure of the sentence itself must be there too. A document without
    such a clause says nothing against it. With a fact go those on the same topic and clause: they would be said
    in its stead to a question about it.
    """
    written_in = operator.documents[0].lang if operator.documents else ""
    found = [(one, Clauses(one.passages)) for one in documents]

    def stays(fact: Fact) -> bool:
        for lang in {one.lang for one in documents}:
            read = [(one, clauses) for one, clauses in found if one.lang == lang]
            texts = [text for text in (_clause(fact, *one) for one in read) if text]
            wanted = [one for one in fact.evidence if FIGURE.search(one)]
            if lang != written_in:
                wanted = [number for one in wanted for number in FIGURE.findall(one)]
            if any(one.in_force_from for one, _ in read):
                wanted += FIGURE.findall(say(fact.words, as_lang(lang)))
            if texts and not any(all(_holds(text, one) for one in wanted) for text in texts):
                return False
        return True

    left = {(fact.topic, fact.clause) for fact in operator.facts if fact.stated and not stays(fact)}
    if not left:
        return operator

    def is_beside(fact: Fact) -> bool:
        return fact.stated and any((topic, fact.clause) in left for topic in fact.topics)

    return replace(operator, facts=tuple(fact for fact in operator.facts if not is_beside(fact)))


def _clause(fact: Fact, document: Document, clauses: Clauses) -> str:
    """What stands in the fact's clause of a document; "" where it has no such clause."""
    here = [document.passages[i] for i in clauses.within(fact.clause)]
    return plain(" ".join(" ".join((*p.path, p.heading, p.text)) for p in here))


def _holds(text: str, evidence: str) -> bool:
    """Whether a text holds evidence; a number only as the whole number."""
    words = plain(evidence)
    before, after = r"(?<!\d)" * words[:1].isdigit(), r"(?!\d)" * words[-1:].isdigit()
    return re.search(f"{before}{re.escape(words)}{after}", text) is not None
