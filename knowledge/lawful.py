"""Where the law speaks: it answers by itself, it holds instead of a clause, or clauses contradict each other."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from knowledge.clauses import is_in
from knowledge.documents import Passage
from knowledge.question import Query
from knowledge.wording import article, sentence
from law.language import Lang, say
from law.rights import Right
from law.statutory import statement
from operators.profile import Conflict

LAW_ENOUGH: Final = 0.4
"""Probability from which a question is taken for one that the law itself answers."""

TO_THE_POINT: Final = 0.4
"""Share of the likeness of the question's nearest topic from which a conflict's topic is what was asked."""


@dataclass(frozen=True, slots=True)
class Statute:
    """What the law answers: the statement's id, its words with the article, how probable it is, and the right it is
    about."""

    id: str
    text: str
    article: str
    probability: float
    right: Right | None


def by_law(query: Query, lang: Lang) -> Statute | None:
    """Return the statement of the law that answers the question, if one does."""
    id = max(query.law, key=lambda k: query.law[k], default=None)
    if id is None or query.law[id] < LAW_ENOUGH:
        return None
    found = statement(id, lang)
    return Statute(id, found.text, found.article, query.law[id], found.right)


def touching(conflicts: Sequence[Conflict], passage: Passage, topics: Mapping[str, float]) -> Conflict | None:
    """Return the conflict that a quoted passage runs into, the one nearest to the question.

    `topics` are the question's, and those of the sentence it is answered with. None where these are about
    something else that the clause says.
    """
    enough = max(TO_THE_POINT * max(topics.values(), default=0.0), 0.01)
    near = [
        c
        for c in conflicts
        if topics.get(c.topic, 0.0) >= enough and any(is_in(one, passage) for one in (c.clause, *c.against))
    ]
    return max(near, key=lambda c: topics[c.topic], default=None)


def told_instead(conflict: Conflict, lang: Lang) -> str:
    """Return the sentence that says what holds: by the law, or, of clauses that contradict each other, by nobody
    but a human."""
    if conflict.against:
        says, holds = say(conflict.says, lang), say(conflict.holds, lang)
        return sentence(lang, "answer", "contradiction", says=says, holds=holds)
    named = article(lang, conflict.article)
    return sentence(lang, "answer", "law_first", article=named, holds=say(conflict.holds, lang))
