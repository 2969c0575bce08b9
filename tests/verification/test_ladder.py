"""Which proof a request needs: the least that will do."""

import tomllib
from pathlib import Path

import pytest

import verification
from law.language import LANGS
from law.rights import Right
from verification.ladder import Assurance, Rung, Why, at_least, explain, needed

TEXTS = Path(verification.__file__).with_name("ladder.toml")
CODE = {
    Right.ACCESS,
    Right.RECTIFICATION,
    Right.ERASURE,
    Right.PORTABILITY,
    Right.RESTRICTION,
    Right.OBJECTION,
    Right.AUTOMATED_DECISION,
}


@pytest.mark.parametrize("right", sorted(Right))
def test_who_has_proven_an_address_is_asked_for_nothing_more(right: Right) -> None:
    """GDPR Art. 12(6): without doubt there is no further question."""
    assert needed(right, held=Assurance.LOW).rung is Rung.NOTHING


@pytest.mark.parametrize("right", sorted(Right))
def test_a_code_is_asked_for_where_data_is_shown_or_changed(right: Right) -> None:
    """Seven rights take a code; withdrawing consent and complaining take nothing (Arts. 7(3), 77)."""
    assert needed(right).rung is (Rung.CODE if right in CODE else Rung.NOTHING)


def test_stopping_marketing_takes_no_proof() -> None:
    """GDPR Art. 21(3) knows no exception; other objections do take a code."""
    assert needed(Right.OBJECTION, marketing=True).act is Assurance.NONE
    assert needed(Right.OBJECTION).act is Assurance.LOW


def test_marketing_frees_no_other_right() -> None:
    """A request for access does not become free of proof by mentioning marketing."""
    assert needed(Right.ACCESS, marketing=True).rung is Rung.CODE


@pytest.mark.parametrize("right", sorted(Right))
@pytest.mark.parametrize("marketing", [False, True])
def test_nothing_is_told_without_proof(right: Right, marketing: bool) -> None:
    """However little is needed to act, what is held is told to nobody unproven."""
    assert at_least(needed(right, marketing=marketing).tell, Assurance.LOW)


@pytest.mark.parametrize("right", sorted(Right))
@pytest.mark.parametrize("held", sorted(Assurance))
def test_a_go_between_meets_an_officer(right: Right, held: Assurance) -> None:
    """A code shows an address and no authority (EDPB 01/2022 paras. 80-81), for every right."""
    need = needed(right, held=held, on_behalf=True)
    assert need.rung is Rung.OFFICER
    assert not at_least(Assurance.LOW, need.act)


def test_assurance_rises_in_its_order() -> None:
    """None is below low, low below substantial, substantial below high; each is as good as itself."""
    order = [Assurance.NONE, Assurance.LOW, Assurance.SUBSTANTIAL, Assurance.HIGH]
    got = [[at_least(held, wanted) for wanted in order] for held in order]
    assert got == [[j <= i for j in range(4)] for i in range(4)]


@pytest.mark.parametrize("lang", LANGS)
def test_every_reason_is_told(lang: str) -> None:
    """Each reason has a sentence of its own in each language, and the file has no other."""
    texts = tomllib.loads(TEXTS.read_text("utf-8"))
    assert set(texts) == {why.value for why in Why}
    assert len({texts[why.value][lang] for why in Why}) == len(Why)


def test_a_reason_is_said_in_the_persons_language() -> None:
    """The sentence follows the language asked for."""
    need = needed(Right.ERASURE)
    assert explain(need, "nn").startswith("Ingen andre enn du skal kunne endre eller slette opplysningane")
    assert explain(need, "en").startswith("Nobody but you should be able to change or erase")
