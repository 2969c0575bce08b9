"""What a mail asks: its own words are read, with the signature for who is writing."""

from dataclasses import replace
from typing import Final

from intake.email.mail import Mail
from intake.identifiers import mask_national_ids
from intake.reading import Reading, read

READ_AT_MOST: Final = 8_000
"""Characters read to find out what is asked; all of them are stored."""


def asked(mail: Mail, operator: str | None = None) -> Reading:
    """The reading of a mail's subject and own words. What is found of people comes from the signature too."""
    own, _ = mask_national_ids(mail.text.replace("\x00", "")[:READ_AT_MOST])
    signed = f"{own}\n\n{mail.signed}".strip()
    reading = read(signed, subject=mail.subject, channel="email", operator=operator)
    if mail.forwarded and mail.forwarded_from not in ("", mail.sender):
        # who passes another's request on writes for that other, and is not the one who is told
        return replace(reading, on_behalf=True)
    return reading
