"""Tell which field words are of: a person's name, a place, an employer or a title look alike."""

from typing import Final

from intake.bearing import is_given
from intake.corrections.cues import Mention
from intake.corrections.leaning import PLAIN
from intake.corrections.lexicon import words
from intake.corrections.pairing import Change
from intake.corrections.places import is_place
from intake.corrections.roles import is_role
from intake.corrections.spelling import alike, misspelt
from intake.corrections.spoken import Spoken
from intake.corrections.values import Value
from intake.firms import is_firm

WORDED: Final = ("name", "city", "company", "title")
"""Fields whose values look alike: what is said tells them apart."""
LIKELY: Final = 2.0
"""Points from which words are held to be of a field."""
_IT: Final = ("det", "den", "it")
_IN: Final = (" i ", " på ", " in ", " at ")
BESIDE: Final = 3
"""Characters between a value and words that stand right before one of its field."""


def meant(text: Spoken, change: Change, *, small: bool) -> tuple[str, float]:
    """Return the field that is most likely meant and the points that speak for it; "" where nothing does.

    `small`: the values may be written in small letters, as titles are.
    """
    values = change.values
    points = dict.fromkeys(WORDED, 0.0)
    around = [text.sentence(value.start) for value in values]
    for name in WORDED:
        mine = [mention for mention in text.mentions if mention.field == name]
        outright = [mention for mention in mine if mention.kind == "field"]
        points[name] += (
            2 if outright else 1 if any(one.kind == "hint" or name == "name" for one in mine) else 0
        )
        if any(start <= one.start < end for one in outright for start, end in around):
            points[name] += 1.5
        beside = [one for one in mine if one.kind == "here" and any(_before(one, value) for value in values)]
        if beside and (small or name != "title"):
            points[_whose(text, beside[0]) or name] += 3
    given = any(is_given(value.text.split()[0].strip(".,")) for value in values)
    roles = any(is_role(value.text) for value in values)
    told = change.new.weight >= PLAIN and " " in values[0].text
    points["title"] += 3 * roles + 2 * all(is_role(value.text) for value in values) + small
    if _places(text, change):
        points["city"] += 2
    points["company"] += 4 * (not roles and any(_firm(value.text) for value in values))
    points["name"] += (LIKELY if change.old is not None else 1.5) * given + (
        not small and told and max(points.values()) < LIKELY
    )
    if points["company"] >= PLAIN and not given:
        points["company"] += 1  # "the company's name" names both
    elif change.old is not None and alike(*values) and not roles:
        plain = abs(change.old.weight) >= PLAIN and (
            abs(change.new.weight) >= PLAIN or (change.new.weight > 0 and misspelt(*values))
        )
        points["name"] += LIKELY if plain and max(points.values()) < LIKELY else 0.5
    city = any(one.field == "city" and one.kind == "field" for one in text.mentions)
    known = change.old is not None and all(is_place(value.text) for value in values)
    if not city and not known and (roles or _elsewhere(text)):
        points["city"] = 0.0
    name = max(WORDED, key=lambda one: points[one])
    return (name, points[name]) if points[name] >= LIKELY else ("", 0.0)


def _places(text: Spoken, change: Change) -> bool:
    """Whether the values are towns: all known, or one where places are spoken of."""
    known = [is_place(value.text) for value in change.values]
    if change.old is None:
        return all(known) and _within(text, change.values)
    spoken = any(one.field in ("city", "address") for one in text.mentions) or _within(text, change.values)
    return all(known) or (any(known) and spoken and all(" " not in value.text for value in change.values))


def _within(text: Spoken, values: list[Value]) -> bool:
    """Whether one of the values is where something is: "in Moss", "på Hamar"."""
    return any(text.text[max(0, value.start - 4) : value.start].endswith(_IN) for value in values)


def _before(mention: Mention, value: Value) -> bool:
    return 0 <= value.start - mention.end <= BESIDE


def _whose(text: Spoken, mention: Mention) -> str | None:
    """The field that is the subject of "heter", where one is: "the place is called" is about no person."""
    for one in text.mentions:
        if one.kind == "field" and one.field in ("city", "company") and 0 <= mention.start - one.end <= 1:
            return one.field
    before = [token.text for token in text.tokens if token.end <= mention.start][-1:]
    told = {one.field for one in text.mentions if one.kind == "field"} & {"city", "company", "title"}
    return told.pop() if before and before[0] in _IT and len(told) == 1 else None


def _firm(value: str) -> bool:
    """Whether a name says itself that it is a company's: by its legal form, or by the trade it ends with."""
    return is_firm(value) or (" " in value and value.split()[-1].casefold() in words().firm)


def _elsewhere(text: Spoken) -> bool:
    """Whether another field is named outright, so that "moved to Bergen" only tells why."""
    return any(one.kind == "field" and one.field not in ("city", "address") for one in text.mentions)
