"""Finds what a document says that the law does not bear, sentence by sentence."""

import re
from collections.abc import Iterator, Sequence

from knowledge.lint.finding import Finding
from knowledge.lint.paper import Paper, Sentence, around
from knowledge.lint.patterns import all_of, any_of, pattern
from knowledge.lint.rules import Said, When, said


def faults_in(paper: Paper) -> Iterator[Finding]:
    """Yield one finding for each rule and clause that breaks it, in the order of the document."""
    for rule in said():
        if rule.part and not getattr(paper, rule.part):
            continue
        yield from _broken(rule, paper)


def _broken(rule: Said, paper: Paper) -> Iterator[Finding]:
    whens = [when for when in rule.whens if _in_document(when, paper)]
    told: set[tuple[str, ...]] = set()
    for sentence in paper.sentences if whens else ():
        clause = paper.section(sentence.passage)
        if clause not in told and any(_met(when, sentence, paper) for when in whens):
            told.add(clause)
            yield rule.rule.at(paper.clause(sentence.passage), _quote(whens, sentence))
            if rule.once:
                return


def _in_document(when: When, paper: Paper) -> bool:
    return all_of(when.needs, paper.text) and not any_of(when.unless_anywhere, paper.text)


def _met(when: When, sentence: Sentence, paper: Paper) -> bool:
    text = sentence.text
    if not all_of(when.all, text) or any_of(when.unless, text):
        return False
    if when.case and not any(_exact(one).search(text) for one in when.case):
        return False
    if when.under and not any_of(when.under, sentence.above):
        return False
    if when.needs_beside or when.unless_beside:
        beside = f"{sentence.above}\n{paper.beside(sentence)}"
        if not all_of(when.needs_beside, beside) or any_of(when.unless_beside, beside):
            return False
    return not when.needs_elsewhere or _elsewhere(when.needs_elsewhere, sentence, paper)


def _elsewhere(patterns: Sequence[str], sentence: Sentence, paper: Paper) -> bool:
    """Whether another sentence of the document, not denying it, meets one of the patterns."""
    return any(
        any_of(patterns, other.text) and not pattern("{not}").search(other.text)
        for other in paper.sentences
        if other is not sentence
    )


def _exact(words: str) -> re.Pattern[str]:
    found = pattern(words)
    return re.compile(found.pattern, found.flags & ~re.IGNORECASE)


def _quote(whens: Sequence[When], sentence: Sentence) -> str:
    """The sentence, or of a long one the slice that begins where the rule's first pattern is met."""
    met = next((when for when in whens if all_of(when.all, sentence.text)), None)
    hits = [m.start() for one in (met.all if met else ()) if (m := pattern(one).search(sentence.text))]
    return around(sentence.text, min(hits, default=0))
