"""Messages for others and such as only speak of others: told apart where neither rules nor weights have seen them.

A line of `behalf_varied.jsonl` is a message and whether its matter concerns another than its sender; none of them was
learnt from. All people and companies are invented.
"""

import json
from functools import cache
from pathlib import Path

import pytest

from intake.behalf import WEIGHTS, probability, weights
from intake.fingerprint import BEHALF_FROM, fingerprint
from intake.hearing import hear
from intake.people import people
from intake.phrases import load
from intake.read_line import read_line
from intake.reading import read
from intake.sentences import split

VARIED = Path(__file__).with_name("behalf_varied.jsonl")


@cache
def _measured() -> tuple[tuple[str, bool, bool], ...]:
    """Of each message its text, whether it is for another, and whether it was read so."""
    lines = [json.loads(line) for line in VARIED.read_text(encoding="utf-8").splitlines()]
    return tuple((line["body"], line["on_behalf"], bool(read_line(line)["on_behalf"])) for line in lines)


def test_most_that_are_for_another_are_read_so() -> None:
    """At least 88 of 100 messages for another are (the rules alone: 46)."""
    missed = [text for text, wanted, found in _measured() if wanted and not found]
    assert len(missed) / sum(wanted for _, wanted, _ in _measured()) <= 0.12, missed


def test_few_that_only_speak_of_others_are_read_as_for_them() -> None:
    """At least 87 of 100 messages read as for another are (the rules alone: 82)."""
    wrong = [text for text, wanted, found in _measured() if found and not wanted]
    assert len(wrong) / sum(found for _, _, found in _measured()) <= 0.13, wrong


def test_what_is_told_apart_was_not_learnt() -> None:
    """No message measured here stands among those that are learnt from."""
    phrases = "\n".join(
        path.read_text(encoding="utf-8") for path in WEIGHTS.with_name("phrases").glob("behalf.*.toml")
    )
    assert not [text for text, _, _ in _measured() if json.dumps(text, ensure_ascii=False) in phrases]


@pytest.mark.parametrize(
    "text",
    [
        "Mor får ikke til dette på nett, så jeg skriver for henne. Hva har dere om henne?",
        "Eg er verje for Olav Bø og ber om innsyn for han.",
        "My nine-year-old has an account with you. Please delete it.",
        "Broren min døde i vår. Kan dere slette profilen hans?",
        "Med vennlig hilsen advokat Lie: Klienten krever å få se sin mappe.",
    ],
)
def test_for_another(text: str) -> None:
    """A relative, a guardian, a parent, an heir and a lawyer write for others."""
    assert read(text).on_behalf


@pytest.mark.parametrize(
    "text",
    [
        "Datteren min hjelper meg å skrive. Slett kontoen min.",
        "My lawyer told me to ask for a copy of my own file.",
        "De sende brevet mitt til naboen. Eg klagar.",
        "Klagen min, når blir ho ferdig handsama?",
        "Mannen min fekk svar i går. Kvar er mitt?",
    ],
)
def test_who_speaks_of_others_may_write_for_themselves(text: str) -> None:
    """Who helps, who advises, who got it by mistake and who was served first is not whom the matter concerns."""
    assert not read(text).on_behalf


def test_a_message_without_words_is_for_nobody_else() -> None:
    """Nothing said speaks for another."""
    assert probability(hear("👍"), None, weights()) < 0.5


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("An account in my nine-year-old's name", ["account", "self", "kin"]),
        ("På vegne av tolvåringen vår", ["på", "acts", "av", "kin", "we"]),
    ],
)
def test_of_whom_a_sentence_speaks(text: str, spoken: list[str]) -> None:
    """Words for people are known by their kind, in their order, also with an open beginning or end."""
    assert people(split(text, load())[0]) == spoken


def test_the_weights_belong_to_the_phrases() -> None:
    """Whoever changes a phrase file learns anew: `python -m intake.learn_behalf --write`."""
    assert weights().made_from == fingerprint(patterns=BEHALF_FROM)


def test_the_weights_are_small() -> None:
    """The weights are shipped with the code and stay below half a megabyte."""
    assert WEIGHTS.stat().st_size < 500_000
