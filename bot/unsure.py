"""One short question where a message was read in two ways nearly as well."""

from typing import Final

from bot.hub import Reply
from bot.sitting import Sitting
from intake.reading import Reading
from law.language import say as words
from law.rights import Right, card

FAINT: Final = 0.5
"""Confidence below which a question that may be a request is answered as a question, and the request offered."""


def perhaps(sitting: Sitting, text: str, reading: Reading) -> Right | None:
    """The right that a question may be after, read so faintly that the person is asked rather than taken at our word.

    Only where an answer is a press away: by mail a faint request is a request, which the letter says how to take back.
    """
    rights = reading.rights()
    no_right = {"question", "none"} & set(reading.alternatives)
    faint = reading.confidence < FAINT and bool(no_right) and "?" in text
    return rights[0] if faint and len(rights) == 1 and sitting.mail is None else None


def ask(sitting: Sitting, right: Right) -> Reply:
    """Whether that right was meant, with a button that makes it a request."""
    return sitting.reply("perhaps", f"right:{right}", right=words(card(right).ask, sitting.lang))


def between(sitting: Sitting, reading: Reading) -> list[Reply]:
    """Where another right was read nearly as well as the one that is registered now: the other one to press."""
    read_as, other = reading.alternatives if len(reading.alternatives) == 2 else ("", "")
    if read_as not in set(Right) or other not in set(Right) or sitting.mail is not None:
        return []
    return [sitting.reply("other_right", f"right:{other}", right=words(card(Right(other)).ask, sitting.lang))]
