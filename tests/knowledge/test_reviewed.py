"""Which question a reviewed answer answers, and what is put together for an officer."""

import tomllib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Final

import pytest

from knowledge.answers import Answer, Knowledge
from knowledge.documents import Document, Passage
from knowledge.grouping import Open, grouped
from knowledge.reviewed import Bound, Reviewed, answering, fingerprints, stands
from operators.register import Conflict, Severity
from tests.company import company

NOON: Final = datetime(2026, 11, 25, 12, tzinfo=UTC)
LEAST_FOUND: Final = 0.5
"""Share of the questions asked in other words that find their answer; 34 of 60 did when this was written."""


@cache
def cases() -> list[dict[str, Any]]:
    """The invented questions, by answer."""
    text = Path(__file__).with_name("reviewed.toml").read_text("utf-8")
    found: list[dict[str, Any]] = tomllib.loads(text)["answer"]
    return found


def answers() -> list[Reviewed]:
    """Every invented answer, standing, in both languages."""
    return [Reviewed(one["id"], {"nb": "Ja.", "en": "Yes."}, tuple(one["examples"])) for one in cases()]


def of(question: str) -> str | None:
    """Which answer a question gets, whatever language it is read in."""
    found = answering(question, "nb", answers(), {})
    return found.id if found else None


@pytest.mark.parametrize("question", [q for one in cases() for q in one["other"]])
def test_a_question_about_something_else_is_never_answered(question: str) -> None:
    """One word that is another thing, another kind of answer, another direction, or a no, is enough."""
    assert of(question) is None


@pytest.mark.parametrize(
    "turned",
    [
        "Monterer dere ikke elbillader hjemme hos meg?",
        "Når monterer dere elbillader hjemme hos meg?",
        "Hvordan kan jeg se fakturaene til moren min?",
        "Må jeg se fakturaene til moren min?",
        "Kan dere se fakturaene til moren min?",
        "Can I see my mother's bills before?",
        "How much do you pay for surplus power from solar panels?",
    ],
)
def test_a_little_word_turns_a_question_into_another(turned: str) -> None:
    """Not, when, how, must, who does it, before, how much: every word that carries meaning is the same."""
    assert of(turned) is None


@pytest.mark.parametrize(
    ("question", "example"),
    [
        ("what exactly are cookies", "which kinds of cookies are there"),
        ("personopplysninger hvilke?", "hva er en personopplysning"),
        ("må vi oppdatere selv, eller gjør dere det", "rette feil?"),
        ("brannmur?", "sikkerhet?"),
        ("kan prisen også gå ned", "hva er prisen"),
        ("får vi se risikovurderingen deres", "gjør dere risikovurderinger"),
        ("do you phone your customers", "number of customers?"),
    ],
)
def test_shared_words_alone_are_not_enough(question: str, example: str) -> None:
    """Of all the ways of asking that our topics are learnt from, the nearest pairs of two topics are told apart."""
    assert answering(question, "nb", [Reviewed("1", {"nb": "Ja."}, (example,))], {}) is None


def test_half_of_the_same_questions_in_other_words_are_answered() -> None:
    """And none of them with another answer."""
    asked = [(q, one["id"]) for one in cases() for q in one["same"]]
    found = [of(q) for q, _ in asked]
    assert all(one in (None, id) for one, (_, id) in zip(found, asked, strict=True))
    assert sum(one is not None for one in found) >= LEAST_FOUND * len(asked)


def test_every_example_finds_its_own_answer() -> None:
    """What the officer wrote is answered, with other capitals and marks too."""
    for one in cases():
        for example in one["examples"]:
            assert of(example.upper().replace("?", " !")) == one["id"]


CLAUSE: Final = ("Leievilkår", "1", "Leie")


def rental(days: int = 3, *sections: str) -> Document:
    """A document of two clauses, or of these alone."""
    texts = {"1": ("Leie", f"Sykler leies for {days} dager om gangen."), "2": ("Utstyr", "Alle har bjelle.")}
    passages = tuple(
        Passage("Leievilkår", number, heading, (heading,), text, number, int(number))
        for number, (heading, text) in texts.items()
        if number in (sections or texts)
    )
    return Document("Leievilkår", "leie.md", "nb", passages, ())


def on_the_ferry(**texts: str) -> Reviewed:
    """An answer bound to the clause on renting."""
    bound = Bound(CLAUSE, fingerprints([rental()])[CLAUSE])
    return Reviewed(
        "1", texts, ("Kan sykkelen tas med på ferja?", "Can I take the bike on the ferry?"), bound
    )


def test_the_clause_is_quoted_and_the_person_named_as_such() -> None:
    """The text as it was written, that a person wrote it, and the clause it is bound to, of all clauses."""
    known = Knowledge(company(), [rental()])
    said = known.ask("Kan sykkelen tas med på ferja", "nb", reviewed=[on_the_ferry(nb="Ja, gratis.")])
    assert isinstance(said, Answer)
    assert said.text.startswith("Ja, gratis. (Svaret er skrevet av en medarbeider")
    assert [(one.section, one.quote) for one in said.citations] == [("1", rental().passages[0].text)]
    assert said.reviewed == "1"


@pytest.mark.parametrize("now", [rental(5), rental(3, "2")])
def test_a_clause_that_changed_or_is_gone_sends_the_question_the_ordinary_way(now: Document) -> None:
    """And one that only another clause changed beside does not."""
    known = Knowledge(company(), [now])
    said = known.ask("Kan sykkelen tas med på ferja?", "nb", reviewed=[on_the_ferry(nb="Ja, gratis.")])
    assert "gratis" not in said.text
    assert stands(on_the_ferry(nb="Ja."), fingerprints([rental(3, "1")]))


def test_what_the_law_says_against_the_clause_is_said_too() -> None:
    """An officer's words do not hide that the clause goes against the law."""
    question = "Hvor lenge lagrer dere fakturaene mine?"
    found = Knowledge(company(), [rental()]).search.query(question).topics
    topic = max(found, key=lambda one: found[one])
    words = {"nb": "Loven sier noe annet.", "nn": "Lova seier noko anna.", "en": "The law says otherwise."}
    conflict = Conflict("c", next(iter(Severity)), "1", "17", topic, words, words, None, ())
    known = Knowledge(replace(company(), conflicts=(conflict,)), [rental()])
    written = Reviewed("1", {"nb": "Lenge."}, (question,), on_the_ferry(nb="").bound)
    assert "Loven sier noe annet." in known.ask(question, "nb", reviewed=[written]).text
    elsewhere = replace(
        written, bound=Bound((CLAUSE[0], "2", "Utstyr"), known.fingerprints[(CLAUSE[0], "2", "Utstyr")])
    )
    assert "Loven" not in known.ask(question, "nb", reviewed=[elsewhere]).text


def test_bokmaal_and_nynorsk_stand_in_for_each_other_and_not_for_english() -> None:
    """A question in a language the answer lacks goes the ordinary way."""
    now = fingerprints([rental()])
    question = "Can I take the bike on the ferry?"
    assert on_the_ferry(nb="Ja.").text_in("nn") == "Ja."
    assert on_the_ferry(nb="Ja.", nn="Jau.").text_in("nn") == "Jau."
    assert answering(question, "en", [on_the_ferry(nb="Ja.", nn="Jau.")], now) is None
    assert answering(question, "en", [on_the_ferry(en="Yes.")], now) is not None


def test_spaces_and_line_ends_do_not_change_a_clause() -> None:
    """A document exported anew, with other line ends, is the same."""
    document = rental()
    spaced = tuple(replace(one, text=one.text.replace(" ", "\r\n ")) for one in document.passages)
    assert fingerprints([replace(document, passages=spaced)]) == fingerprints([document])


def asked(id: str, text: str | None, *topics: str, hour: int = 0) -> Open:
    """A question, some hours after noon."""
    return Open(id, text, topics, "nb", NOON + timedelta(hours=hour))


def test_like_questions_are_one_group_and_the_biggest_is_first() -> None:
    """The same words about the same go together; other things do not; a text that is gone still counts."""
    groups = grouped(
        [
            asked("a", "Kan jeg leie sykkelen ut til en venn?", "rent"),
            asked("b", "Hvor lenge beholder dere chatloggen?", "retention", hour=1),
            asked("c", "Hvor lenge lagrer dere chatloggen?", "retention", hour=2),
            asked("d", None, "retention", hour=3),
        ]
    )
    assert [[one.id for one in group.members] for group in groups] == [["b", "c", "d"], ["a"]]
    assert groups[0].last == NOON + timedelta(hours=3)
