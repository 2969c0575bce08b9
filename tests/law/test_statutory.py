"""What the law itself answers: the same in every language, plain, and without the known mistakes."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from law.language import LANGS, Lang
from law.rights import Right
from law.statutory import statement, statements

LAW = Path(__file__).resolve().parents[2] / "law"


def test_the_languages_hold_the_same_statements() -> None:
    """Same ids, same order, same rights, as many wordings."""
    shapes = [[(found.id, found.right, len(found.wordings)) for found in statements(lang)] for lang in LANGS]
    assert shapes[0] == shapes[1] == shapes[2]
    assert len({shape[0] for shape in shapes[0]}) == len(shapes[0])


@pytest.mark.parametrize("lang", LANGS)
def test_a_statement_can_be_cited_and_found(lang: Lang) -> None:
    """Each names its article and knows at least four ways to ask, none shared with another."""
    found = statements(lang)
    assert all(re.search(r"\d", item.article) for item in found)
    assert all(len(item.wordings) >= 4 for item in found)
    wordings = [wording for item in found for wording in item.wordings]
    assert len(wordings) == len({wording.casefold() for wording in wordings})


def test_every_right_is_explained() -> None:
    """A person who asks about any of the nine gets an answer from the law."""
    assert {item.right for item in statements("nb")} >= set(Right)


@pytest.mark.parametrize(
    ("id", "facts"),
    [
        ("time_limit", ["én måned", "virkedag"]),
        ("extension", ["tre måneder i alt"]),
        ("complain", ["datatilsynet.no", "Postboks 458 Sentrum, 0105 Oslo"]),
        ("children", ["13 år"]),
        ("transfers", ["16. juli 2020"]),
        ("cookies", ["1. januar 2025"]),
        ("kept_by_law", ["fem år etter at regnskapsåret er slutt"]),
        ("breach", ["72 timer"]),
    ],
)
def test_the_figures_are_the_law_s(id: str, facts: list[str]) -> None:
    """The figures people ask for are there, as the statute sheet has them."""
    text = statement(id, "nb").text
    assert [fact for fact in facts if fact not in text] == []


def test_an_unknown_statement_is_an_error() -> None:
    """No silent nothing."""
    with pytest.raises(KeyError):
        statement("horoscope", "nb")


def texts() -> Iterator[tuple[str, str]]:
    """Every text of every catalogue of the law, with the name of its file."""

    def walk(value: object) -> Iterator[str]:
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict):
            for inner in value.values():
                yield from walk(inner)
        elif isinstance(value, list):
            for inner in value:
                yield from walk(inner)

    for path in sorted(LAW.glob("*.toml")):
        for text in walk(tomllib.loads(path.read_text(encoding="utf-8"))):
            yield path.name, text


FORBIDDEN = (
    r"\b30 (dager|dagar|days)\b",  # Art. 12(3) says one month
    r"utvides til to|extended to two",  # two further months
    r"\b(anmodning|begjæring|vennligst|vedrørende|iht|nevnte|vedkommende|foreta)\b",  # not plain language
    r"\b10 år\b.*(alle|alltid)",  # the old bookkeeping rule
)


@pytest.mark.parametrize("pattern", FORBIDDEN)
def test_known_mistakes_are_nowhere_in_the_texts(pattern: str) -> None:
    """«30 dager» for a month, «til to måneder», stiff words."""
    found = [(name, text) for name, text in texts() if re.search(pattern, text, re.IGNORECASE)]
    assert found == []


NYNORSK_SLIPS = re.compile(
    r"\b(ikke|hva|hvordan|hvem|hvor|jeg|dere|noe|blir ikke|opplysninger|uten|måneder)\b"
)


def test_nynorsk_is_nynorsk() -> None:
    """No bokmål word has slipped into the nynorsk files."""
    slips = [(name, text) for name, text in texts() if ".nn." in name and NYNORSK_SLIPS.search(text)]
    assert slips == []
