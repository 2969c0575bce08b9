"""What a mail asks: its own words are read, with the signature for who is writing."""

from dataclasses import replace
from typing import Final

from intake.email.mail import Mail
from intake.forwarding import PassedOn
from intake.identifiers import mask_national_ids
from intake.quoted import OwnText, clean
from intake.reading import Reading, read, read_passed_on

READ_AT_MOST: Final = 8_000
"""Characters read to find out what is asked; all of them are stored."""


def asked(mail: Mail, operator: str | None = None) -> Reading:
    """The reading of a mail's subject and own words. What is found of people comes from the signature too."""
    if mail.passed is not None:
        reading = read_passed_on(_masked(mail.passed), name=mail.sender_name, address=mail.sender)
    else:
        signed = f"{_plain(mail.text)}\n\n{mail.signed}".strip()
        reading = read(signed, subject=mail.subject, channel="email", operator=operator)
    if mail.forwarded and mail.forwarded_from not in ("", mail.sender):
        # who passes another's request on writes for that other, and is not the one who is told
        return replace(reading, on_behalf=True)
    return reading


def _masked(passed: PassedOn) -> PassedOn:
    """The same without national identity numbers: as a new value one would be kept with the case."""
    return replace(passed, request=_each(passed.request), note=_each(passed.note))


def _each(parts: OwnText) -> OwnText:
    return replace(parts, said=_plain(parts.said), signed=_plain(parts.signed), quoted="")


def _plain(text: str) -> str:
    """The beginning of a text, which is what is read, without zero bytes and national identity numbers."""
    return mask_national_ids(clean(text.replace("\x00", "")[:READ_AT_MOST]))[0]
