"""Finds where one document says two different things: lock-in and notice, retention, erasure at the end, addresses."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from knowledge.documents import Passage
from knowledge.lint.finding import Finding
from knowledge.lint.paper import Paper, Sentence, around
from knowledge.lint.patterns import all_of, any_of
from knowledge.lint.quantities import days_in
from knowledge.lint.rules import read, rule

Said = tuple[Sentence, frozenset[int]]

_EMAIL: Final = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")


def contradictions_in(paper: Paper) -> Iterator[Finding]:
    """Yield one finding for each pair of clauses that disagree, at the later of the two."""
    subjects = read("subjects.toml")
    for kind, rule_id in (("binding", "lock_in_differs"), ("kept", "retention_differs")):
        for subject in subjects[kind].values():
            yield from _disagreeing(rule_id, paper, _said(subject, paper))
    if paper.agreement:
        yield from _at_the_end(subjects["at_the_end"], paper)
    for subject in subjects["contact"].values():
        yield from _addresses(subject, paper)


def _said(subject: Mapping[str, Sequence[str]], paper: Paper) -> list[Said]:
    """What each sentence says of a subject, as days; 0 where it says that there is none."""
    found = []
    for sentence in paper.sentences:
        if not all_of(subject["all"], sentence.text) or any_of(subject.get("unless", ()), sentence.text):
            continue
        days = {length for length, _ in days_in(sentence.text)}
        if not days and any_of(subject.get("none", ()), sentence.text):
            days = {0}
        if days:
            found.append((sentence, frozenset(days)))
    return found


def _disagreeing(rule_id: str, paper: Paper, said: Sequence[Said]) -> Iterator[Finding]:
    """Differences inside one clause are taken for distinctions it draws."""
    for n, (sentence, days) in enumerate(said):
        if any(
            paper.section(earlier.passage) != paper.section(sentence.passage) and not before & days
            for earlier, before in said[:n]
        ):
            yield rule(rule_id).at(paper.clause(sentence.passage), around(sentence.text))
            return


def _at_the_end(subject: Mapping[str, Sequence[str]], paper: Paper) -> Iterator[Finding]:
    """A period in one clause, and erasure at once in another."""
    said = [s for s in paper.sentences if all_of(subject["all"], s.text)]
    said = [s for s in said if not any_of(subject["unless"], s.text)]
    later = [s for s in said if any(length > 1 for length, _ in days_in(s.text))]
    at_once = [s for s in said if not list(days_in(s.text))]
    if later and at_once:
        for sentence in later:
            yield rule("erasure_at_end_differs").at(paper.clause(sentence.passage), around(sentence.text))


def _addresses(subject: Mapping[str, Sequence[str]], paper: Paper) -> Iterator[Finding]:
    seen: list[tuple[Passage, set[str]]] = []
    for sentence in paper.sentences:
        mails = {mail.casefold() for mail in _EMAIL.findall(sentence.text)}
        if mails and any_of(subject["all"], sentence.text) and not any_of(subject["unless"], sentence.text):
            here = paper.section(sentence.passage)
            if any(paper.section(p) != here and not before & mails for p, before in seen):
                yield rule("contact_differs").at(paper.clause(sentence.passage), around(sentence.text))
                return
            seen.append((sentence.passage, mails))
