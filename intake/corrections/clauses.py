"""Tell how far the words of a clause are heard: where it ends, what is only claimed in it, what a cue is worth."""

from typing import Final

from intake.corrections.cues import Cue
from intake.corrections.lexicon import words
from intake.corrections.spoken import Spoken
from intake.corrections.values import Value

NEAR: Final = 3
"""Words that may stand between a value and what is said of it afterwards."""
REACH: Final = 9
"""Words that may stand between a value and the cue before it."""
_PARTING: Final = (",", ";", "-", "(", ":", "og", "and", "men", "but", "så", "so")
_CLOSING: Final = (":", ";", "så", "so")
_TURNING: Final = ("men", "mens", "medan", "but", "while", "whereas", ";")
_PRONOUNS: Final = frozenset(
    [
        "jeg",
        "eg",
        "jag",
        "i",
        "i'm",
        "vi",
        "we",
        "det",
        "den",
        "dette",
        "it",
        "it's",
        "its",
        "this",
        "that",
        "that's",
        "mine",
        "mitt",
    ]
)


def reach(cue: Cue) -> int:
    """Words over which a cue is heard: "I was" only by the very next, "customer number" and "not" not far."""
    if cue.kinds & {"old_near", "new_near"}:
        return 0
    return NEAR if cue.kinds & {"apart", "numbered", "contrast"} else REACH


def labelled(text: Spoken, floor: int, value: Value) -> bool:
    """Whether a field is named right before the value: "my mobile 400 22 818", "tittelen min"."""
    return any(
        one.kind == "field"
        and one.start >= floor
        and one.end <= value.start
        and text.between_words(one.end, value.start) <= 1
        for one in text.mentions
    )


def parted(text: Spoken, start: int, end: int) -> bool:
    """Whether a new clause begins between two places."""
    return any(token.text in _PARTING for token in text.tokens if start <= token.start < end)


def claimed(text: Spoken, floor: int, start: int) -> bool:
    """Whether what stands at `start` is only what somebody else says: "according to your page I was born on"."""
    claims = [cue for cue in text.between(floor, start) if "claim" in cue.kinds]
    if not claims:
        return False
    between = [token.text for token in text.tokens if claims[-1].end <= token.start < start]
    return not any(word in _TURNING for word in between) and "," not in between[1:]


def closed(text: Spoken, start: int, end: int) -> bool:
    """Whether what begins before is at an end: "not 12: 0161 496 0021", but "not my number: 0161 496 0012"."""
    named = any(start <= one.start < end for one in text.mentions)
    return not named and any(token.text in _CLOSING for token in text.tokens if start <= token.start < end)


def comma(text: Spoken, start: int, end: int) -> bool:
    """Whether a comma follows right on what begins before."""
    return text.text[start:end].lstrip().startswith(",")


def elsewhere(text: Spoken, cue: Cue, value: Value) -> bool:
    """Whether what is new or was got is no value but a thing before it: "a new link to", "I got the code on"."""
    known = words()
    if text.tokens[cue.last - 1].text not in known.adjective or cue.last + 1 >= len(text.tokens):
        return False
    thing, then = text.tokens[cue.last], text.tokens[cue.last + 1]
    named = any(one.start <= thing.start < one.end for one in text.mentions)
    plain = thing.plain and thing.text.isalpha() and thing.text not in known.stop and thing.end < value.start
    return plain and not named and then.text in known.place


def begins(text: Spoken, start: int) -> bool:
    """Whether what stands there begins with a pronoun, as a clause of its own does."""
    return any(token.text in _PRONOUNS for token in text.tokens if token.start == start)


def worth(text: Spoken, cue: Cue, sentence: int) -> float:
    """What a cue weighs for the value after it; "til" and "med" lead to the new one only where a change is spoken of."""
    if cue.kinds & {"to", "with"} and not cue.kinds - {"to", "with", "new_mild"}:
        wanted = {"change", "replace"} if "to" in cue.kinds else {"replace"}
        if any(one.kinds & wanted for one in text.between(sentence, cue.start)):
            return 3.0
        return 0.5 if "to" in cue.kinds else 0.0
    if "own" in cue.kinds and any(0 <= cue.start - one.end <= 1 for one in text.mentions):
        return 1.0
    return cue.before
