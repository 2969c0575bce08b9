"""Tell how sure a correction is, where the message need not say "correct": by what sets its values against each other."""

import re
from collections.abc import Collection
from typing import Final

from intake.bearing import is_given
from intake.corrections.cues import Cue, words
from intake.corrections.leaning import PLAIN
from intake.corrections.meant import WORDED
from intake.corrections.pairing import Change, alike, misspelt
from intake.corrections.roles import is_role
from intake.corrections.spoken import Spoken
from intake.corrections.values import Value
from intake.firms import is_firm

TWICE: Final = 2 * PLAIN
"""Weight of a value that is called new by two things said of it."""
_GROWN: Final = re.compile(r"(?<!\d)(?:19\d\d|200\d)(?!\d)")
"""Who writes to a company was born before 2010; a later date is that of an order or a meeting."""


def certain(text: Spoken, change: Change) -> tuple[bool, bool]:
    """Return whether the correction is sure, and whether it is likely.

    Sure: an old value stands plainly against a new one. Likely: the new one is plainly said to be so for its field, or
    by two things, or it is an old one spelt otherwise.
    """
    named = text.named()
    sure, likely = (_words if change.field in WORDED else _shape)(text, change, named)
    return sure, sure or likely


def _shape(text: Spoken, change: Change, named: Collection[str]) -> tuple[bool, bool]:
    new, old = change.new.weight, change.old.weight if change.old else 0.0
    told = change.field in named
    if change.field == "birthdate" and not told and not all(_GROWN.search(one.text) for one in change.values):
        return False, False
    if change.old is None and not any(cue.before >= PLAIN or cue.after >= PLAIN for cue in _telling(change)):
        told = False  # "born on ..." only says who writes
    kin = change.old is not None and alike(*change.values)
    likely = (
        (told and new >= PLAIN)
        or (new > 0 and old <= -PLAIN)
        or new >= TWICE
        or (kin and (old <= -PLAIN or new >= PLAIN))
    )
    return new >= PLAIN and old <= -PLAIN, likely


def _telling(change: Change) -> list[Cue]:
    """The words that say more of the new value than what is so."""
    return [cue for cue in change.new.cues if "state" not in cue.kinds]


def _words(text: Spoken, change: Change, named: Collection[str]) -> tuple[bool, bool]:
    new, old = change.new.weight, change.old.weight if change.old else 0.0
    sure = new >= PLAIN and old <= -PLAIN and _known(text, change, named)
    if change.old is None:
        return False, new >= PLAIN and (_labelled(text, change, named) or _renamed(text, change.new.value))
    capital = all(one.text[:1].isupper() for one in change.values)
    if change.field == "title":
        roles = sum(is_role(one.text) for one in change.values)
        return sure, old <= -PLAIN and (roles == 2 or (roles == 1 and "title" in named and new > 0))
    spelt = capital and misspelt(*change.values) and _ours(text, change)
    return sure, (spelt and old <= -PLAIN) or (
        new >= PLAIN and old <= -PLAIN and change.field in named and capital
    )


def _labelled(text: Spoken, change: Change, named: Collection[str]) -> bool:
    """Whether a name follows right after the word or before it: "the full name is ...", "list X as my company"."""
    value = change.new.value
    if change.field == "title":
        return "title" in named and is_role(value.text)
    if change.field not in ("name", "company") or " " not in value.text or not value.text[0].isupper():
        return False
    return any(
        one.field == change.field
        and one.kind == "field"
        and (
            (one.end <= value.start and text.between_words(one.end, value.start) <= 2)
            or (
                one.start >= value.end
                and text.between_words(value.end, one.start) <= 2
                and change.field == "company"
            )
        )
        for one in text.mentions
    )


def _renamed(text: Spoken, value: Value) -> bool:
    """Whether a full name follows on what makes names change: "after the wedding I am called ..."."""
    if " " not in value.text or not value.text[0].isupper():
        return False
    wed = any(
        one.field == "name" and text.text[one.start : one.end].casefold() in words().wed
        for one in text.mentions
    )
    return wed and is_given(value.text.split()[0])


def _known(text: Spoken, change: Change, named: Collection[str]) -> bool:
    """Whether words set against each other are surely names, places, employers or titles, and no other words."""
    new, old = change.values
    roles = is_role(new.text) + is_role(old.text)
    if change.field == "title":
        return roles == 2 or ("title" in named and (roles > 0 or misspelt(new, old)))
    if not (new.text[0].isupper() and old.text[0].isupper()):
        return change.field in named and misspelt(new, old)
    kin = alike(new, old)
    if change.field == "company":
        firm = is_firm(new.text) or is_firm(old.text)
        return (change.field in named or firm) and (kin or (firm and change.field in named))
    if change.field == "city":
        return _ours(text, change)
    given = is_given(new.text.split()[0]) or is_given(old.text.split()[0])
    as_long = len(new.text.split()) == len(old.text.split())
    told = any(one.kind == "here" and 0 <= new.start - one.end <= 1 for one in text.mentions)
    return misspelt(new, old) or (kin and given) or (change.field in named and (kin or as_long or told))


def _ours(text: Spoken, change: Change) -> bool:
    """Whether the sender speaks of themselves, or of what is noted of them, before one of the values."""
    if change.field in text.named() or any(
        cue.kinds & {"claim", "held"} for one in (change.new, change.old) if one for cue in one.cues
    ):
        return True
    return any(
        token.text in words().ours
        for value in change.values
        for token in text.tokens
        if text.sentence(value.start)[0] <= token.start < value.start
    )
