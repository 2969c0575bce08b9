"""What an officer's form for a reviewed answer holds: read, checked, and said what is missing."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import uuid4

from fastapi.datastructures import FormData

from desk.console.doors import Inside
from knowledge.masking import blanked
from knowledge.reviewed import Clause, Fingerprints
from law.language import LANGS

LONGEST: Final = 4000
FEWEST: Final = 2
EXAMPLES_AT_MOST: Final = 20
EXAMPLE_LONGEST: Final = 300
SILENT: Final = "none"

Errors = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Written:
    """A reviewed answer as it stands in the form; `clause` is None where the documents are silent."""

    id: str
    texts: Mapping[str, str]
    examples: tuple[str, ...]
    clause: Clause | None
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Option:
    """A clause to choose: `value` stands for its place and its text, so that one changed meanwhile is not taken."""

    value: str
    clause: Clause
    name: str


def options(clauses: Fingerprints) -> tuple[Option, ...]:
    """Every clause of the documents, in their order."""
    return tuple(
        Option(_value(one, said), one, " ".join(part for part in one[1:] if part) or one[0])
        for one, said in clauses.items()
    )


def value_of(clause: Clause | None, clauses: Fingerprints) -> str:
    """What stands for a clause in the form; empty where it is gone."""
    if clause is None:
        return SILENT
    return _value(clause, clauses[clause]) if clause in clauses else ""


def read(
    visit: Inside, form: FormData, offered: Sequence[str], clauses: Fingerprints
) -> tuple[Written | None, Errors, dict[str, str]]:
    """The answer, or what is wrong with it, and the fields as they were filled in.

    `offered` are the examples that could be ticked; what the officer writes is masked as they are.
    """
    given = {key: value for key, value in form.items() if isinstance(value, str)}
    if not re.fullmatch(r"[0-9a-f]{32}", given.get("id", "")):
        given["id"] = uuid4().hex
    texts: dict[str, str] = {lang: given.get(lang, "").replace("\r\n", "\n").strip() for lang in LANGS}
    ticked = [one for one in offered if one in form.getlist("example")]
    lines = [" ".join(blanked(line).split()) for line in given.get("examples", "").splitlines()]
    examples = tuple(dict.fromkeys(one for one in (*lines, *ticked) if one))
    chosen = next((one for one in options(clauses) if one.value == given.get("clause")), None)
    errors: Errors = []
    if len(examples) < FEWEST:
        errors.append(("examples", visit.say("console.questions.error.examples")))
    elif len(examples) > EXAMPLES_AT_MOST or any(len(one) > EXAMPLE_LONGEST for one in examples):
        errors.append(
            ("examples", visit.say("console.questions.error.many", n=EXAMPLES_AT_MOST, m=EXAMPLE_LONGEST))
        )
    if not any(texts.values()):
        errors.append((LANGS[0], visit.say("console.questions.error.empty")))
    errors += [
        (lang, visit.say("console.questions.error.long", n=LONGEST))
        for lang in LANGS
        if len(texts[lang]) > LONGEST
    ]
    if chosen is None and given.get("clause") != SILENT:
        errors.append(("clause", visit.say("console.questions.error.clause")))
    if errors:
        return None, errors, given
    clause = chosen.clause if chosen else None
    fingerprint = clauses[clause] if clause else ""
    return Written(given["id"], texts, examples, clause, fingerprint), [], given


def _value(clause: Clause, said: str) -> str:
    return hashlib.sha256("\n".join((*clause, said)).encode()).hexdigest()[:24]
