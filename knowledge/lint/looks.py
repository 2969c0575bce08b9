"""Finds late answers, an old date, a contact that leads nowhere and one person in two roles."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Final

from knowledge.lint.finding import Finding
from knowledge.lint.paper import Paper, Sentence, around
from knowledge.lint.patterns import any_of, pattern
from knowledge.lint.quantities import days_in
from knowledge.lint.rules import rule

A_MONTH: Final = 31
GDPR_IN_NORWAY: Final = date(2018, 7, 20)

ANSWERED: Final = (
    "({rights}|krav*|requests?|henvendelse*|førespurnad*) … (svar*|besvar*|behandl*|handsam*|answer*|repl(y|ied)|"
    "respond*|process*|handled|complet*|innfri*|fulfil*)",
    "(svar*|besvar*|behandle*|handsame*|answer*|repl(y|ies)|respond*|fulfil*|process|handle|complete) … "
    "({rights}|krav*|requests?)",
)
ANSWER: Final = "(vi|we|du|you) (får )?(svar*|answer*|reply|respond)|svar (gis|blir|kan|får)"
NOT_ABOUT_ANSWERS: Final = (
    "{retain}|lagringstid|forleng*|extend*|ytterligere|further|additional|opptil to måneder til|two months more|"
    "klag(e|er) på faktura|faktura*|invoice*|reklamasjon*|slettes etter|foreldel*|ordre*|order*",
)

_DATE = re.compile(
    r"(?<!\d)(?:(\d{1,2})[./-]\s?(\d{1,2})[./-](\d{4})|(\d{1,2})\.? ([a-zæøå]{3,9}) (\d{4}))(?!\d)",
    re.IGNORECASE,
)
_MONTHS: Final = {
    "jan": 1, "feb": 2, "mar": 3, "apr": 4, "mai": 5, "may": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "okt": 10,
    "oct": 10, "nov": 11, "des": 12, "dec": 12,
}  # fmt: skip
_REACHABLE = re.compile(r"@|https?://|www\.|\+?\d[\d ]{6,}\d")
_PERSON = re.compile(r"[A-ZÆØÅ][\w-]+(?: [A-ZÆØÅ][\w-]+)+")
DATED: Final = (
    "dato|sist (endret|oppdatert)|sist endra|oppdatert|oppdatera|gjelder fra|gjeld frå|i kraft|sted|"
    "date*|updated|effective|version|versjon"
)
LEADS_TO_A_LINK: Final = "(via|gjennom|på|through|by|at) … (lenk*|link*|lenkj*|her|skjema*|form)"


def faults_of_form(paper: Paper) -> Iterator[Finding]:
    """Yield what the document's form shows."""
    yield from _late_answers(paper)
    yield from _old_date(paper)
    if paper.notice:
        yield from _contact_nowhere(paper)
        yield from _one_in_two_roles(paper)


def _late_answers(paper: Paper) -> Iterator[Finding]:
    """Times to answer a request that are longer than GDPR Art. 12(3) gives, or that are wrongly extended."""
    told: set[tuple[str, ...]] = set()
    before: Sentence | None = None
    for sentence in paper.sentences:
        clause = paper.section(sentence.passage)
        about = _with_what_it_answers(sentence, before, paper)
        before = sentence
        late = any(length > A_MONTH for length, _ in days_in(sentence.text))
        if (
            late
            and clause not in told
            and any_of(ANSWERED, about)
            and not any_of(NOT_ABOUT_ANSWERS, sentence.text)
        ):
            told.add(clause)
            yield rule("late_answer").at(paper.clause(sentence.passage), around(sentence.text))


def _with_what_it_answers(sentence: Sentence, before: Sentence | None, paper: Paper) -> str:
    """A sentence such as «You get an answer in 60 days» with the one before it, if that is about a right."""
    if before is None or paper.section(before.passage) != paper.section(sentence.passage):
        return sentence.text
    asked = pattern("{rights}|requests?|krav").search(before.text)
    return (
        f"{before.text} {sentence.text}" if asked and pattern(ANSWER).search(sentence.text) else sentence.text
    )


def _old_date(paper: Paper) -> Iterator[Finding]:
    dated = [
        (day, sentence)
        for sentence in paper.sentences
        if pattern(DATED).search(sentence.text)
        and not pattern("lov|lova|loven|act|forskrift").search(sentence.text)
        for match in _DATE.finditer(sentence.text)
        if (day := _day(match)) is not None
    ]
    if dated and max(day for day, _ in dated) < GDPR_IN_NORWAY:
        sentence = dated[0][1]
        yield rule("outdated_date").at(paper.clause(sentence.passage), around(sentence.text))


def _day(match: re.Match[str]) -> date | None:
    month = int(match[2]) if match[2] else _MONTHS.get(match[5][:3].casefold(), 0)
    try:
        return date(int(match[3] or match[6]), month, int(match[1] or match[4]))
    except ValueError:
        return None  # a number that looks like a date is not one


def _contact_nowhere(paper: Paper) -> Iterator[Finding]:
    """A clause on contact that points to a link, and nothing to reach anybody by in it."""
    for sentence in paper.sentences:
        if not pattern("kontakt*|contact|skriv til|write to|reach us").search(sentence.text):
            continue
        alone = sentence.text == sentence.passage.text.strip()
        if (
            alone
            and pattern(LEADS_TO_A_LINK).search(sentence.text)
            and not _REACHABLE.search(paper.beside(sentence))
        ):
            yield rule("contact_link_missing").at(paper.clause(sentence.passage), around(sentence.text))
            return


def _one_in_two_roles(paper: Paper) -> Iterator[Finding]:
    """The data protection officer's name is the contact person's or the manager's (GDPR Art. 38(6))."""
    officers: dict[str, Sentence] = {}
    others: set[str] = set()
    for sentence in paper.sentences:
        names = set(_PERSON.findall(re.sub(r"\s+", " ", sentence.text)))
        about = f"{sentence.above} | {sentence.text}"
        if pattern("personvernombud*|personvernombod*|data protection officer|dpo").search(about):
            officers |= {name: sentence for name in names if name not in officers}
        elif pattern(
            "kontaktperson|contact person|daglig leder|dagleg leiar|managing director|ceo|leder"
        ).search(about):
            others |= names
    for name, sentence in officers.items():
        if name in others:
            yield rule("dpo_is_contact").at(paper.clause(sentence.passage), around(sentence.text))
            return
