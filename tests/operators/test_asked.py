"""What a company is asked is read strictly: each way once, and only under a fact that is there."""

from pathlib import Path

import pytest

from operators.asked import read_asked
from operators.profile import load_all
from operators.table import ProfileError


def test_a_company_that_has_written_nothing_is_asked_nothing(tmp_path: Path) -> None:
    """The file may be missing."""
    asked = read_asked(tmp_path, {"price"})
    assert (asked.facts, asked.silences) == ((), ())


def test_ways_of_asking_are_kept_by_fact_and_by_silence(tmp_path: Path) -> None:
    """In all three languages, in the order of the file."""
    (tmp_path / "asked.toml").write_text(
        '[fact.price]\nnb = ["Hva koster det?"]\nen = ["How much?"]\n'
        '[[silent]]\nabout = "an app"\nnn = ["Har de ein app?"]\n',
        encoding="utf-8",
    )
    asked = read_asked(tmp_path, {"price"})
    assert asked.facts == (("price", "Hva koster det?"), ("price", "How much?"))
    assert [(one.about, one.ways) for one in asked.silences] == [("an app", ("Har de ein app?",))]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ('[fact.prise]\nnb = ["Hva koster det?"]\n', "prise"),
        ('[fact.price]\nnb = ["Hva koster det?"]\nde = ["Was?"]\n', "de"),
        ('[fact.price]\nnb = ["Hva koster det?"]\nnn = ["hva koster det"]\n', "hva koster det"),
        ('[[silent]]\nnb = ["Har dere app?"]\n', "about"),
        ('[silence]\nnb = ["Har dere app?"]\n', "silence"),
    ],
)
def test_what_cannot_be_meant_is_named(tmp_path: Path, content: str, told: str) -> None:
    """A fact that is not there, a language that is not ours, a question asked twice, a silence about nothing."""
    (tmp_path / "asked.toml").write_text(content, encoding="utf-8")
    with pytest.raises(ProfileError, match=told):
        read_asked(tmp_path, {"price"})


def test_what_every_company_is_asked_can_be_read() -> None:
    """And each of our companies has learnt from some."""
    for company in load_all().values():
        asked = read_asked(company.folder, {fact.id for fact in company.facts})
        assert len(asked.facts) > len(company.facts)
        assert asked.silences
