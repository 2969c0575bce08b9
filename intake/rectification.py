"""Find in a message which field is to be corrected, the new value, and the old one where it is told."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

from intake.bearing import is_given
from intake.firms import is_firm
from intake.leaning import PLAIN, Heard, Leaning, heard, leanings
from intake.roles import is_role
from intake.small import small
from intake.values import Met, Value, joined, shaped, worded

READ_AT_MOST: Final = 4000
"""Characters looked at; a correction that comes later is left to a human."""

FIELDS: Final = ("email", "phone", "address", "name", "postcode", "city", "birthdate", "company", "title")
WORDED: Final = ("name", "city", "company", "title")
"""Fields whose values look alike: what is said tells them apart."""
CALLED: Final = 30
"""Characters before a number in which a telephone is spoken of."""
ALIKE: Final = 0.72
"""Likeness from which two spellings are one value, written right and wrong."""
LIKELY: Final = 2.0
"""Weight from which words are held to be of a field."""


@dataclass(frozen=True, slots=True)
class Rectification:
    """A correction: `field` is one of `FIELDS`; the values stand as the sender wrote them, an address on one line."""

    field: str
    old_value: str | None
    new_value: str
    sure: bool = False
    """The text itself sets an old value against a new one, or names a field and gives what is new; it need not say
    "correct"."""


@dataclass(frozen=True, slots=True)
class _Change:
    new: Leaning
    old: Leaning | None
    weight: float
    field: str = ""


def rectification(text: str, *, signed: str = "", title: str = "") -> Rectification | None:
    """Return the correction that `text` asks for, or None where no new value is to be found.

    `title`, a subject, may tell the field, or the value where the text has none; `signed` the value where the text
    says that it stands in the signature.
    """
    said = joined(text[:READ_AT_MOST])
    found = _corrected(heard(said), title)
    if found is None and title:
        found = _corrected(heard(f"{title}\n\n{said}"), "")
    if found is None and signed:
        found = _signed(heard(said), joined(signed[:READ_AT_MOST]))
    return found


def _corrected(text: Heard, title: str) -> Rectification | None:
    spoken = {mention.field for mention in text.mentions}
    if title:
        spoken |= {mention.field for mention in heard(title).mentions if mention.kind == "field"}
    met = shaped(text.text, spoken, lambda start: _called(text, start))
    worded(text.text, met)
    plain = leanings(text, met.sorted())
    changes = [
        change for name in FIELDS if name not in WORDED and (change := _shaped(name, plain, text, spoken))
    ]
    changes += _worded(text, met, plain, spoken)
    best = max(changes, key=lambda change: change.weight, default=None)
    if best is None:
        return None
    old = best.old
    plain = best.new.weight >= PLAIN
    if old is not None:
        sure = plain and old.weight <= -PLAIN
    else:
        sure = plain and best.field in _named(text) and best.field not in WORDED
    if best.field in WORDED:
        sure = sure and (best.field in spoken or is_given(best.new.value.text.split()[0]))
    return Rectification(best.field, old.value.text if old else None, best.new.value.text, sure)


def _signed(text: Heard, signed: str) -> Rectification | None:
    """ "Use the one in my signature": the value of the field spoken of that stands there."""
    spoken = _named(text)
    if "below" not in spoken:
        return None
    below = heard(signed)
    met = shaped(signed, spoken, lambda _: True)
    for value in met.sorted():
        if value.shape in spoken:
            return Rectification(value.shape, None, value.text)
    del below
    return None


def _called(text: Heard, start: int) -> bool:
    return any(
        mention.field == "phone" and mention.kind == "field" and 0 <= start - mention.end <= CALLED
        for mention in text.mentions
    )


def _named(text: Heard) -> set[str]:
    return {mention.field for mention in text.mentions if mention.kind == "field"}


def _merged(plain: Iterable[Leaning]) -> list[Leaning]:
    """Each value once, with all that was said of it."""
    found: dict[str, Leaning] = {}
    for one in plain:
        known = found.get(one.value.folded)
        if known is None:
            found[one.value.folded] = Leaning(one.value, one.weight, list(one.cues))
        elif abs(one.weight) < 9:
            known.weight = one.weight if known.weight <= -9 else known.weight + one.weight
            known.cues += one.cues
    return list(found.values())


def _pair(plain: Sequence[Leaning], *, bare: bool) -> _Change | None:
    """The value that is most likely new, with the one most likely old. `bare`: one of which nothing is said will do."""
    open_ = [one for one in plain if one.weight > -9]
    best: _Change | None = None
    for at, new in enumerate(open_):
        olds = [one for one in open_ if one is not new]
        old = min(
            olds,
            key=lambda one: (one.weight - _likeness(new, one), -abs(open_.index(one) - at)),
            default=None,
        )
        told = new.weight
        if old is not None:
            alike = _alike(new.value, old.value)
            if not (old.weight <= -1 or (alike and old.weight < new.weight)) or old.weight >= new.weight:
                old = None
            elif new.weight <= 0 and old.weight > -PLAIN and not alike:
                old = None
            else:
                told += max(0.0, -old.weight) + (PLAIN if alike else 0.0)
        if told <= 0 and not (bare and new.weight >= 0):
            continue
        if new.weight < 0:
            continue
        change = _Change(new, old, told)
        if best is None or change.weight > best.weight or (bare and change.weight == best.weight == 0):
            best = change
    return best


def _likeness(new: Leaning, old: Leaning) -> float:
    return PLAIN if _alike(new.value, old.value) else 0.0


def _alike(one: Value, two: Value) -> bool:
    """Whether two values are one, written right and wrong, or share a part as names before and after a wedding do."""
    first, second = one.folded, two.folded
    shared = set(first.split()) & set(second.split())
    if any(len(word) > 2 for word in shared):
        return True
    return SequenceMatcher(None, first, second, autojunk=False).ratio() >= ALIKE


def _shaped(name: str, plain: Sequence[Leaning], text: Heard, spoken: set[str]) -> _Change | None:
    mine = _merged(one for one in plain if one.value.shape == name)
    change = _pair(mine, bare=True)
    if change is None:
        return None
    bonus = 2.0 if name in _named(text) else 1.0 if name in spoken else 0.0
    if change.old is None and change.new.weight == 0:
        others = [one for one in mine if one is not change.new and one.weight == 0]
        old = others[0] if others else None
        return _Change(change.new, old, bonus / 2, name)
    return _Change(change.new, change.old, change.weight + bonus, name)


def _worded(text: Heard, met: Met, plain: Sequence[Leaning], spoken: set[str]) -> list[_Change]:
    """Names, places, employers and titles: what is said, and what stands beside the value, tells which it is."""
    found: list[_Change] = []
    change = _pair(_merged(one for one in plain if one.value.shape == "words"), bare=False)
    if change is not None:
        name, weight = _field(text, change, small=False)
        if name:
            found.append(_Change(change.new, change.old, change.weight + weight, name))
    if not found or found[0].new.weight < PLAIN or found[0].field == "title":
        lower = small(text, met.sorted())
        change = _pair(_merged(one for one in lower if one.value.shape in ("words", "small")), bare=False)
        if change is not None and change.new.weight >= PLAIN:
            name, weight = _field(text, change, small=True)
            if name and name in _named(text) or (name == "title" and change.old):
                found.append(_Change(change.new, change.old, change.weight + weight, name))
    return found


def _field(text: Heard, change: _Change, *, small: bool) -> tuple[str, float]:
    """The field that is most likely meant, and how much speaks for it; none where nothing does."""
    values = [one.value for one in (change.new, change.old) if one is not None]
    points = dict.fromkeys(WORDED, 0.0)
    around = [text.sentence(value.start) for value in values]
    for name in WORDED:
        mine = [mention for mention in text.mentions if mention.field == name]
        if any(mention.kind == "field" for mention in mine):
            points[name] += 2
        elif any(mention.kind == "hint" for mention in mine):
            points[name] += 1
        if any(m.kind == "field" and start <= m.start < end for m in mine for start, end in around):
            points[name] += 1.5
        if any(m.kind == "here" and 0 <= v.start - m.end <= 3 for m in mine for v in values):
            points[name] += 3 if name != "title" or small else 0
    if any(is_firm(value.text) for value in values):
        points["company"] += 4
    if any(is_role(value.text) for value in values):
        points["title"] += 3
    if any(is_given(value.text.split()[0].strip(".,")) for value in values):
        points["name"] += 1.5
    if small:
        points["title"] += 1
    if not small and all(value.text[0].islower() for value in values):
        points["name"] -= 1
    if change.old is not None and _alike(*values[:2]):
        plain = min(abs(change.new.weight), abs(change.old.weight)) >= PLAIN
        points["name"] += LIKELY if plain else 0.5
    name = max(WORDED, key=lambda one: points[one])
    return (name, points[name]) if points[name] >= LIKELY else ("", 0.0)
