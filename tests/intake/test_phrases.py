"""Phrases are met word by word, and rules sorted out by their classes: the same as trying every one of them."""

import re

import pytest

from intake.examples import our_examples
from intake.matching import Message, matches
from intake.phrases import SURE, load
from intake.sentences import split
from intake.wording import compiled, steps

TEXTS = [one.text for one in our_examples()[::140]]
ODD = [
    "Don't  forget: e-posten, e-post-adressen og --- epostadressa mi (slett!) i/eller bort.",
    "jeg - vil,   gjerne. ha   innsyn",
    "ikke slett, ikke... ikkje slett_meg slettmeg SLETT 'meg' me'g",
]


def met_by_patterns(text: str) -> set[tuple[str, int, int]]:
    """The longest stretch of each class at each word, where every phrase is tried as a pattern."""
    phrases = load()
    found: dict[tuple[str, int], int] = {}
    for word in re.finditer(r"\w+", text):
        for name in phrases.words.get(word[0], ()):
            found[name, word.start()] = word.end()
        for length in range(SURE + 1):
            for entry in phrases.entries.get(word[0][:length], ()) if length <= len(word[0]) else ():
                if match := compiled(entry.source).match(text, word.start()):
                    for name in entry.classes:
                        found[name, word.start()] = max(found.get((name, word.start()), 0), match.end())
    return {(name, start, end) for (name, start), end in found.items()}


@pytest.mark.parametrize("texts", [TEXTS[::4], ODD], ids=["asked", "odd"])
def test_words_find_what_patterns_find(texts: list[str]) -> None:
    """Not one more and not one less, at the same places."""
    for text in texts:
        lowered = text.casefold()
        assert set(load().met(lowered)) == met_by_patterns(lowered), text


def test_most_phrases_need_no_pattern() -> None:
    """Making a pattern takes longer than reading a sentence: all but a few are words and no more."""
    sources = {entry.source for entries in load().entries.values() for entry in entries}
    assert sum(steps(source)[1] is None for source in sources) > 0.9 * len(sources)


def test_rules_that_are_not_open_would_not_be_met() -> None:
    """Whatever is met of all rules is among those that the sentence's classes allow, in the same order."""
    phrases = load()
    for text in TEXTS:
        message = Message(split(text, phrases))
        for sentence in message.sentences:
            for name, rules in phrases.rules.items():
                met = [rule for rule in rules if matches(rule, sentence, message) is not None]
                open_ = [
                    rule
                    for rule in sentence.rules.get(name, ())
                    if matches(rule, sentence, message) is not None
                ]
                assert open_ == met, (text, name)
