"""Tell whether a rule of the phrase files is met in a sentence, and what a negation turns round."""

from dataclasses import dataclass, field
from typing import Final

from intake.phrases import Rule, Term
from intake.sentences import Sentence, Span

WAYS: Final = 40
"""Ways through a rule that are followed in one sentence."""
REACH: Final = 6
"""Words a negation reaches forward."""
BACK: Final = 2
"""Words after a verb in which a negation still turns it round ("slett ikke", "delete nothing")."""


@dataclass(slots=True)
class Message:
    """The sentences of a message; what stands anywhere in it is looked up once."""

    sentences: list[Sentence]
    looked_up: dict[int, bool] = field(default_factory=dict)

    def holds(self, term: Term) -> bool:
        """Whether `term` is met in any sentence."""
        key = id(term)
        if key not in self.looked_up:
            self.looked_up[key] = any(_follow(term, sentence) for sentence in self.sentences)
        return self.looked_up[key]


def matches(rule: Rule, sentence: Sentence, message: Message) -> Span | None:
    """Return where the rule's first term was met, or None where a term fails or a negation turns it round."""
    if not rule.needs <= sentence.spans.keys():
        return None
    anchor: Span | None = None
    for term in rule.terms:
        if term.afar:
            if message.holds(term) == term.absent:
                return None
            continue
        paths = _follow(term, sentence)
        if anchor is None and not rule.firm and not term.absent:
            paths = [path for path in paths if not negated(sentence, path)]
        if bool(paths) == term.absent:
            return None
        if anchor is None and paths:
            anchor = paths[0][0]
    return anchor if anchor is not None else Span(0, 0, 0, 0)


def _follow(term: Term, sentence: Sentence) -> list[tuple[Span, Span]]:
    """The ways through a term's steps: where the first and the last were met."""
    if any(step.name not in sentence.spans for step in term.steps):
        return []
    paths = [(span, span) for span in sentence.spans[term.steps[0].name] if not term.first or span.first == 0]
    for step in term.steps[1:]:
        longer = {
            (begin.start, span.start): (begin, span)
            for begin, before in paths
            for span in sentence.spans[step.name]
            if 0 <= span.first - before.last - 1 <= step.gap
        }
        paths = list(longer.values())[:WAYS]
    end = len(sentence.words) - 1
    return [path for path in paths if not term.last or path[1].last >= end]


def negated(sentence: Sentence, path: tuple[Span, Span]) -> bool:
    """Whether a negation in the same clause, before or among them, turns round what stands along `path`."""
    begin, end = _clause(sentence, path[0])
    polite = sentence.spans.get("polar_not", ()) if sentence.question else ()
    for negation in sentence.spans.get("negation", ()):
        if not begin <= negation.start < end or any(_within(negation, span) for span in (*path, *polite)):
            continue
        reach = max(path[0].last + BACK, path[1].first - 1)
        if path[0].first - REACH - 1 <= negation.last and negation.first <= reach:
            return True
    return False


def _within(inner: Span, outer: Span) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end


def _clause(sentence: Sentence, span: Span) -> tuple[int, int]:
    begin, end = 0, len(sentence.text)
    for start, stop in sentence.clauses:
        if stop <= span.start + 1:
            begin = start
        elif start >= span.end - 1:
            return begin, start
    return begin, end
