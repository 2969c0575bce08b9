"""Passages are ranked by words, by what they mean, and by what they are about."""

import re
import tomllib
from itertools import pairwise
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

import knowledge
from knowledge.bm25 import Index
from knowledge.documents import read_document
from knowledge.kinds import kinds_asked, kinds_given
from knowledge.lexicon import ideas_of
from knowledge.quoting import quotation
from knowledge.search import Search
from knowledge.topics import topics
from knowledge.views import Note
from knowledge.words import words_of
from operators.profile import Operator

HERE = Path(next(iter(knowledge.__path__)))

FILES = ("lexicon", "lexicon.everyday", "topics", "asks.nb", "asks.nn", "asks.en")

RULES = read_document(
    """Hytteregler

1 Nøkkel

Nøkkelen hentes i butikken ved brygga. Mistet nøkkel koster 300 kroner.

2 Avbestilling

Du får pengene tilbake hvis du avbestiller senest fem dager før turen.

3 Dyr

Hund er tillatt på terrassen, men ikke inne i hytta.
"""
)


def _section(question: str, notes: tuple[Note, ...] = ()) -> str:
    search = Search(RULES.passages, notes)
    return search.find(search.query(question))[0].passage.section


def test_words_find_their_passage() -> None:
    """A word that stands in one passage only finds it."""
    assert _section("hvor henter jeg nøkkelen?") == "1"


def test_an_english_question_finds_a_norwegian_passage() -> None:
    """The lexicon carries meaning across languages."""
    assert _section("do I get a refund if I cancel?") == "2"


def test_a_nynorsk_question_finds_a_bokmal_passage() -> None:
    """«attende» and «tilbake» mean the same."""
    assert _section("får eg pengane attende?") == "2"


def test_our_own_words_about_a_passage_find_it() -> None:
    """A note in any language leads to the passage it is about."""
    note = Note(2, ("is my poodle welcome",))
    assert _section("is my poodle welcome?", (note,)) == "3"


def test_the_question_weighs_more_than_the_story_before_it() -> None:
    """Someone who tells about a key but asks about money back gets the refund."""
    assert (
        _section(
            "Jeg hentet nøkkelen i butikken ved brygga i går. Får jeg pengene tilbake om jeg avbestiller?"
        )
        == "2"
    )


def test_no_passages_give_nothing() -> None:
    """A company without documents finds nothing, without a fault."""
    search = Search(())
    assert search.find(search.query("hva koster det?")) == ()


def test_a_rarer_word_counts_more() -> None:
    """BM25: of two words in the question the one that few texts hold decides."""
    index = Index([{"a": 1.0, "b": 1.0}, {"a": 1.0, "c": 1.0}, {"a": 1.0}])
    scores = index.score({"a": 1.0, "c": 1.0})
    assert scores.argmax() == 1


def test_ideas_join_the_languages() -> None:
    """The same idea is found in bokmål, nynorsk, English and slang."""
    ideas = [set(ideas_of(words_of(text))) for text in ("slette", "sletta", "erase", "bli kvitt")]
    assert set.intersection(*ideas)


def test_a_kind_of_answer_is_known_on_both_sides() -> None:
    """«how much» wants a sum, and «300 kroner» is one."""
    assert "money" in kinds_asked(words_of("how much is it?")) & kinds_given("Det koster 300 kroner.")


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text("abc ,.", min_size=1, max_size=600), min_size=1, max_size=8), st.data())
def test_a_quotation_is_always_a_short_slice(parts: list[str], data: st.DataObject) -> None:
    """Whatever the passage and the best sentence, the quotation is a slice of at most 400 characters."""
    text = "".join(parts)
    ends = [0]
    for part in parts:
        ends.append(ends[-1] + len(part))
    spans = list(pairwise(ends))
    best = data.draw(st.sampled_from(spans))
    quote = quotation(text, spans, best)
    assert quote in text
    assert len(quote) <= 400


def test_a_long_sentence_is_quoted_from_its_beginning() -> None:
    """Where the first part of it says about as much as any other, no quotation begins in mid-sentence."""
    text = "Fristen er fem dager, " + "og den regnes fra den dagen varselet kom frem, " * 12 + "alltid."
    assert quotation(text, [(0, len(text))], (0, len(text)), [(11, 1.0), (500, 1.0)]).startswith("Fristen")


def test_a_rare_kind_of_answer_decides() -> None:
    """Who asks for a number to call gets the line that holds one, not the prose about telephones."""
    document = read_document(
        "Om oss\n\n1 Opplysninger\n\nVi lagrer navnet og telefonnummeret ditt når du leier båten.\n"
        "\n2 Kontor\n\nTlf: 22 33 44 55\nPostboks 1\n"
        + "".join(f"\n{n} Regel\n\nBåten vaskes etter turen.\n" for n in range(3, 20))
    )
    search = Search(document.passages)
    assert search.find(search.query("Hva er telefonnummeret deres?"))[0].passage.section == "2"


def test_wordings_only_add_to_what_is_there() -> None:
    """A wording for an idea or a topic that does not exist would be lost without a word."""
    read = {name: tomllib.loads((HERE / f"{name}.toml").read_text(encoding="utf-8")) for name in FILES}
    assert read["lexicon.everyday"]["everyday"].keys() <= {
        k for part in read["lexicon"].values() for k in part
    }
    assert all(read[name].keys() <= read["topics"].keys() for name in FILES if name.startswith("asks"))


def test_topics_show_ideas_that_the_lexicon_has() -> None:
    """Every idea a topic names is an entry of the lexicon."""
    entries = tomllib.loads((HERE / "lexicon.toml").read_text(encoding="utf-8"))
    known = {"§" + idea for part in entries.values() for idea in part}
    assert all(topic.ideas <= known for topic in topics().topics.values())


def test_profiles_use_topics_that_exist(operators: dict[str, Operator]) -> None:
    """A fact or a conflict about an unknown topic would never be told."""
    used = {f.topic for o in operators.values() for f in o.facts}
    used |= {c.topic for o in operators.values() for c in o.conflicts}
    assert used <= set(topics().topics)


def test_the_catalogues_have_the_same_sentences_in_every_language() -> None:
    """No sentence of the chat is missing in a language, nor a value in a sentence."""
    read = {
        lang: tomllib.loads((HERE / f"answers.{lang}.toml").read_text(encoding="utf-8"))
        for lang in ("nb", "nn", "en")
    }
    shape = {
        lang: {
            (part, key, *sorted(re.findall(r"\{\w+\}", text)))
            for part, row in content.items()
            for key, text in row.items()
        }
        for lang, content in read.items()
    }
    assert shape["nb"] == shape["nn"] == shape["en"]
