"""Tell how sure a correction is, where the message need not say "correct": by what sets its values against each other."""

import re
from collections.abc import Collection
from typing import Final

from intake.bearing import is_given
from intake.corrections.cues import Cue
from intake.corrections.leaning import PLAIN
from intake.corrections.lexicon import words
from intake.corrections.meant import WORDED
from intake.corrections.pairing import Change
from intake.corrections.roles import is_role
from intake.corrections.spelling import alike, misspelt
from intake.corrections.spoken import Spoken
from intake.corrections.values import Value
from intake.firms import is_firm

TWICE: Final = 2 * PLAIN
"""Weight of a value that is called new by two things said of it."""
_ITS: Final = ("it's", "it is", "det er", "det heter", "det heiter")
_SENT: Final = ("mai", "e-p", "epo", "ema", "e-m", "sms")
"""Beginnings of what is sent as well as of where to: "mailen deres" is no address."""
_GROWN: Final = re.compile(r"(?<!\d)(?:19\d\d|200\d)(?!\d)")
"""Who writes to a company was born before 2010; a later date is that of an order or a meeting."""


def certain(text: Spoken, change: Change) -> tuple[bool, bool, bool]:
    """Return whether the correction is sure, whether it is likely, and whether it is told at all.

    Sure: an old value stands plainly against a new one. Likely: the new one is plainly said to be so for its field, or
    by two things, or it is an old one spelt otherwise. Told: the new one is plainly so, or has something for it where
    its field is named, or stands against an old one; a telephone number alone is mostly where to call, and a late
    date no birthday.
    """
    named = text.named()
    if _wondered(text, change.new.value) or _theirs(text, change.field):
        return False, False, False
    sure, likely = (_words if change.field in WORDED else _shape)(text, change, named)
    plain = change.new.weight >= PLAIN and (change.field not in ("phone", "birthdate") or likely)
    told = change.field in named and change.field not in WORDED and change.new.weight > 0
    if change.field == "city" and not _ours(text, change):
        return False, False, False  # where a meeting is moved to
    late = change.field == "birthdate" and not (told or likely)
    kin = (
        change.field not in ("name", "company") or plain or (change.old is not None and alike(*change.values))
    )
    against = change.old is not None and change.old.weight < 0 <= change.new.weight and not late and kin
    return sure, sure or likely, plain or told or sure or against


def _wondered(text: Spoken, value: Value) -> bool:
    """Whether the value stands in a question that asks for no change: "I moved to Oslo, does that matter?"."""
    start, end = text.sentence(value.start)
    return "?" in text.text[value.end : end] and not any(
        token.text in words().polite for token in text.tokens if start <= token.start < end
    )


def _theirs(text: Spoken, name: str) -> bool:
    """Whether the field is the desk's own: "the address of your shop", "nummeret deres", but not "... på meg"."""
    for one in text.mentions:
        if one.field != name or one.kind != "field" or text.text[one.start : one.end].casefold()[:3] in _SENT:
            continue
        before = [token.text for token in text.tokens if token.end <= one.start][-1:]
        after = [token.text for token in text.tokens if token.start >= one.end][:6]
        for at, word in enumerate(after):
            if word in words().theirs and not words().ours.intersection(after[at + 1 : at + 3]):
                return True
            if word not in words().joins:
                break
        if before and before[0] in words().theirs and before[0] != "deres":
            return True
    return False


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
        or (new >= PLAIN and change.field != "phone" and bool(_telling(change)) and text.signs("lasting"))
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
        against = new > 0 or any(cue.kinds & {"contrast", "was_old"} for cue in change.old.cues)
        told = roles == 1 and "title" in named and new > 0
        return sure, old <= -PLAIN and ((roles == 2 and against) or told)
    spelt = capital and misspelt(*change.values) and _ours(text, change)
    firms = any(is_firm(one.text) for one in change.values) and _ours(text, change)
    against = new >= PLAIN and old <= -PLAIN and capital
    return sure, (spelt and old <= -PLAIN) or (against and (change.field in named or firms))


def _labelled(text: Spoken, change: Change, named: Collection[str]) -> bool:
    """Whether a name follows right after the word or before it: "the full name is ...", "list X as my company"."""
    value = change.new.value
    if change.field == "title":
        return "title" in named and is_role(value.text)
    if not value.text[0].isupper() or (" " not in value.text and change.field != "city"):
        return False
    start, _ = text.sentence(value.start)
    if change.field in ("name", "company") and any(
        cue.kinds & {"turn", "inverted"} for cue in change.new.cues
    ):
        told = [one for one in text.mentions if one.field == change.field and one.kind == "field"]
        if any(start <= one.start < value.start for one in told):
            return True
    if change.field == "company" and is_firm(value.text) and "name" in named:
        return True
    return any(
        one.field == change.field
        and one.kind == "field"
        and (
            (one.end <= value.start and text.between_words(one.end, value.start) <= 2)
            or (one.start >= value.end and text.between_words(value.end, one.start) <= 2)
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
    said = (cue for cue in change.new.cues if cue.start == text.first(text.sentence(cue.start)[0]))
    if any("new_mild" in cue.kinds and text.text[cue.start : cue.end].casefold() in _ITS for cue in said):
        return True  # "It's Ski!! Not Skien."
    if any(
        one.kind == "here" and one.start == text.first(text.sentence(one.start)[0]) for one in text.mentions
    ):
        return True  # "Live in Moss": who speaks is left out
    return any(
        token.text in words().ours and (token.text != "i" or not token.plain)  # in small letters "i" is "in"
        for value in change.values
        for token in text.tokens
        if text.sentence(value.start)[0] <= token.start < value.start
    )
