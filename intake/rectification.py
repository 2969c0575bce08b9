"""Find in a message which field is to be corrected, the new value, and the old one where it is told."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Final

from intake.bearing import is_given
from intake.corrections.certainty import certain
from intake.corrections.leaning import PLAIN, Leaning, leanings
from intake.corrections.meant import WORDED, meant
from intake.corrections.pairing import Change, pair
from intake.corrections.places import is_place
from intake.corrections.roles import is_role
from intake.corrections.small import small
from intake.corrections.spelling import alike, misspelt
from intake.corrections.spoken import Spoken, in_words
from intake.corrections.values import Met, joined, shaped, worded
from intake.shapes import DATE

READ_AT_MOST: Final = 4000
"""Characters looked at; a correction that comes later is left to a human."""

FIELDS: Final = ("email", "phone", "address", "name", "postcode", "city", "birthdate", "company", "title")
SHAPED: Final = tuple(name for name in FIELDS if name not in WORDED)
"""Fields whose values are told by their looks."""
_DATED: Final = re.compile(DATE.pattern + r"(?<=\d{4})", re.IGNORECASE)
CALLED: Final = 30
"""Characters before a number in which a telephone is spoken of."""
NEARBY: Final = 40
"""Characters between a title that is not so, and one of which nothing is said."""
NAMED: Final = 2.0
"""What it weighs that a field is named outright; half of it where it is only likely."""


@dataclass(frozen=True, slots=True)
class Rectification:
    """A correction: `field` is one of `FIELDS`; the values stand as the sender wrote them, an address on one line."""

    field: str
    old_value: str | None
    new_value: str
    sure: bool = False
    """The text itself sets an old value plainly against a new one; it need not say "correct"."""
    likely: bool = False
    """The text gives a plainly new value for a field it names, or a new one beside a plainly old one: it need not say
    "correct" where it asks for nothing else."""
    told: bool = False
    """The value is plainly new, or has something for it and is one known by its looks, of a field that is named."""


def rectification(text: str, *, signed: str = "", title: str = "") -> Rectification | None:
    """Return the correction that `text` asks for, or None where no new value is to be found.

    `title`, a subject, may tell the field, or the value where the text has none; `signed` the value where the text
    says that it stands in the signature.
    """
    said = in_words(joined(text[:READ_AT_MOST]))
    heading = in_words(title)
    found = _corrected(said, heading.named())
    if found is None and len(_DATED.findall(said.text)) > 1:
        found = _corrected(said, {*heading.named(), "birthdate"})
    if found is None and _tells(heading, said):
        found = _corrected(in_words(f"{title}\n\n{said.text}"), ())
    if found is None and signed:
        found = _signed(said, joined(signed[:READ_AT_MOST]))
    return found


def _tells(heading: Spoken, said: Spoken) -> bool:
    """Whether a subject holds a value, a field or a word that tells old from new; else it adds nothing to the text.

    A single word with a capital is a value only where a name or the like is spoken of: it is how subjects begin.
    """
    if any(cue.before > -9 for cue in heading.cues) or heading.mentions:
        return True
    told = {mention.field for mention in said.mentions}
    met = shaped(heading.text, told, lambda _: "phone" in told)
    worded(heading.text, met)
    named = not told.isdisjoint(WORDED)
    return any(named or value.shape != "words" or " " in value.text for value in met.values)


def _corrected(text: Spoken, also: Collection[str]) -> Rectification | None:
    fields = {*(mention.field for mention in text.mentions if mention.kind != "sign"), *also}
    met = shaped(text.text, fields, lambda start: _called(text, start))
    plain = leanings(text, met.sorted())
    changes = [
        change for name in SHAPED if (change := _of_shape(name, plain, fields, text.named())) is not None
    ]
    worded(text.text, met)
    changes += _of_words(text, met, leanings(text, met.sorted()))
    if not changes:
        return None
    best = _asked_first(changes, text)
    grades = certain(text, best)
    old = best.old.value.text if best.old else None
    return Rectification(best.field, old, best.new.value.text, *grades)


def _asked_first(changes: Sequence[Change], text: Spoken) -> Change:
    """The first of several corrections that are plainly asked for, else the one for which most speaks."""
    named, enough = text.named(), 0.5 if text.signs("several") else PLAIN
    plain = [
        one
        for one in changes
        if one.new.weight >= enough
        and one.field in named
        and (one.field not in WORDED or (one.old is not None and one.old.weight <= -PLAIN))
    ]
    if len(plain) > 1:
        return min(plain, key=lambda one: one.new.value.start)
    return max(changes, key=lambda one: one.weight)


def _of_shape(
    name: str, plain: Sequence[Leaning], told: Collection[str], named: Collection[str]
) -> Change | None:
    mine = [one for one in plain if one.value.shape == name]
    change = pair(mine, bare=True)
    if change is None:
        return None
    weight = NAMED if name in named else NAMED / 2 if name in told else 0.0
    if change.weight == 0:
        silent = [one for one in mine if one.weight == 0 and one.value.folded != change.new.value.folded]
        return Change(change.new, silent[0] if silent else None, weight / 2, name)
    return replace(change, weight=change.weight + weight, field=name)


def _of_words(text: Spoken, met: Met, plain: Sequence[Leaning]) -> list[Change]:
    """Names, places, employers and titles: what is said, and what stands beside the value, tells which it is."""
    found: list[Change] = []
    told = not text.named().isdisjoint(WORDED)
    change = pair([one for one in plain if one.value.shape == "words"], bare=False, left=told)
    if change is not None:
        name, points = meant(text, change, small=False)
        if name:
            found.append(_weighed(change, name, points))
    if not found or found[0].new.weight < PLAIN or found[0].field == "title":
        lower = small(text, met.sorted())
        change = _of_roles(text, lower)
        if change is None or change.old is None:
            whole = pair([one for one in lower if one.value.shape in ("words", "small")], bare=False)
            same = change is None or (whole is not None and whole.new.value == change.new.value)
            change = whole if same else change
        if change is not None:
            name, points = meant(text, change, small=True)
            talk = name != "title" and bool(found)
            if not talk and _plain_enough(change, name, text.named()):
                found.append(_weighed(change, name, points))
    if not found and (alone := _alone(text, plain)) is not None and "name" in text.named():
        found.append(Change(alone, None, NAMED / 2, "name"))
    return found


def _of_roles(text: Spoken, lower: Sequence[Leaning]) -> Change | None:
    """What somebody is called at work, set against what they are not, or where titles are spoken of."""
    mine = [one for one in lower if one.value.shape in ("words", "small") and is_role(one.value.text)]
    change = pair(mine, bare=True)
    if change is None:
        return None
    if change.new.weight > 0 and "title" in text.named():
        return change
    if change.old is None or change.old.weight > -PLAIN:
        return None
    near = abs(change.new.value.start - change.old.value.end) <= NEARBY
    return change if change.new.weight > 0 or near else None


def _alone(text: Spoken, plain: Sequence[Leaning]) -> Leaning | None:
    """A name that is a sentence or a line by itself, where no other name is."""
    found = []
    for one in plain:
        start, end = text.sentence(one.value.start)
        if (
            one.value.shape == "words"
            and one.weight == 0
            and text.text[start:end].strip(" .!\n\"'") == one.value.text
        ):
            found.append(one)
    return found[0] if len(found) == 1 and " " in found[0].value.text else None


def _plain_enough(change: Change, name: str, named: Collection[str]) -> bool:
    """In small letters only what is plainly new is held to be a value, and what nobody takes for talk."""
    if name == "title":
        old = change.old is not None and change.old.weight <= -PLAIN
        known = name in named or is_role(change.new.value.text)
        told = old or (name in named and is_role(change.new.value.text))
        both = (
            old
            and change.old is not None
            and is_role(change.old.value.text)
            and is_role(change.new.value.text)
        )
        return known and (both or change.new.weight >= PLAIN or (change.new.weight > 0 and told))
    set_against = change.old is not None and change.old.weight <= -PLAIN and change.new.weight > 0
    if name == "city" and is_place(change.new.value.text):
        return set_against or ("city" in named and change.new.weight >= PLAIN)
    if name == "name" and set_against:
        return is_given(change.new.value.text.split()[0]) or misspelt(*change.values)
    kin = change.old is None or alike(*change.values)
    return bool(name) and name in named and change.new.weight >= PLAIN and kin


def _weighed(change: Change, name: str, points: float) -> Change:
    old = change.old
    if old is not None and name == "title" and old.weight > -PLAIN and not is_role(old.value.text):
        old = None
    elif old is not None and name != "title" and old.value.shape == "small" != change.new.value.shape:
        old = old if alike(old.value, change.new.value) else None
    return Change(change.new, old, change.weight + min(points, 2 * NAMED) / 2, name)


def _signed(text: Spoken, signed: str) -> Rectification | None:
    """ "Use the one in my signature": the value of the field spoken of that stands there."""
    named = text.named()
    if "below" not in named:
        return None
    for value in shaped(signed, named, lambda _: True).sorted():
        if value.shape in named:
            return Rectification(value.shape, None, value.text)
    return None


def _called(text: Spoken, start: int) -> bool:
    return any(
        mention.field == "phone" and mention.kind == "field" and 0 <= start - mention.end <= CALLED
        for mention in text.mentions
    )
