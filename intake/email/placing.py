"""Says where a mail belongs: in a conversation, before an officer, or nowhere; pure, opens nothing."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

from intake.email.mail import Authentic, Automatic, Mail, Trust


class Where(StrEnum):
    """What is to be done with a mail."""

    EXISTING = "existing"  # it goes on in a conversation
    QUARANTINE = "quarantine"  # on the case, for an officer, out of the conversation
    NEW = "new"
    TRAY = "tray"
    AUTOMATIC = "automatic"


class How(StrEnum):
    """What in a mail points to a case, the surest first; the last two can be guessed or copied by anybody."""

    IN_REPLY_TO = "in_reply_to"
    REFERENCES = "references"
    PLUS_ADDRESS = "plus_address"
    TOKEN = "token"  # noqa: S105  in the body
    ADDRESS = "address"
    SUBJECT = "subject"  # the case's number
    BODY = "body"


SECRET = frozenset({How.IN_REPLY_TO, How.REFERENCES, How.PLUS_ADDRESS, How.TOKEN})
"""What only somebody who has read our letter can have."""


class Reason(StrEnum):
    """Why a mail lies where it lies, for the officer."""

    FOLLOWS = "follows"  # on a letter or a conversation of ours
    FROM_VERIFIED = "from_verified"
    ASKS = "asks"
    UNKNOWN_SENDER = "unknown_sender"  # it points to a case that does not know this address
    ONLY_A_NUMBER = "only_a_number"  # and the sender's address is not vouched for
    FORGED = "forged"  # the address' own domain disowns it
    TWO_CASES = "two_cases"  # it points to the dossiers of two people
    NO_SENDER = "no_sender"
    EMPTY = "empty"
    FILES_ONLY = "files_only"
    NOTHING_ASKED = "nothing_asked"
    TOO_MANY = "too_many"
    UNREADABLE = "unreadable"
    BY_HAND = "by_hand"  # an officer has placed it


@dataclass(frozen=True, slots=True)
class Pointer:
    """One thing in the mail that points to a dossier of ours, and whether the sender's address is known there.

    Known is an address that was proven, or the one that an e-mail conversation is held with. `case_id` is None
    where it points to a conversation that has no case.
    """

    how: How
    dossier_id: str
    case_id: str | None
    known: bool


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a mail belongs and why; `pointer` is what it goes by, for EXISTING and QUARANTINE."""

    where: Where
    reason: Reason | Automatic
    pointer: Pointer | None = None


ORDER = tuple(How)


def place(
    mail: Mail, trust: Trust, pointers: Sequence[Pointer], types: Collection[str], *, too_many: bool = False
) -> Placed:
    """Where the mail belongs.

    `pointers` are all that was found, in any order; `types` what the text asks for (intake.reading); `too_many`
    says that this sender has written more today than a person does. A secret that only a reader of our letters
    has, together with an address the case knows, leads into the conversation; a number or an address alone does
    only where the address' domain vouches for it. Who points to a case and is not known there comes before an
    officer, and is told nothing. A mail that its own domain disowns is never believed.
    """
    if mail.automatic is not None:
        return Placed(Where.AUTOMATIC, mail.automatic)
    vouched = trust.authentic is Authentic.PASS
    # an address alone says who writes only where its domain does: else the mail is looked at for itself
    counted = [one for one in pointers if vouched or one.how is not How.ADDRESS]
    ordered = sorted(counted, key=lambda one: ORDER.index(one.how))
    surest = ordered[0] if ordered else None
    if surest is not None:
        return _pointed(surest, ordered, trust)
    if not mail.sender:
        return Placed(Where.TRAY, Reason.NO_SENDER)
    if trust.authentic is Authentic.FAIL:
        return Placed(Where.TRAY, Reason.FORGED)
    if too_many:
        return Placed(Where.TRAY, Reason.TOO_MANY)
    if not mail.text.strip() and set(types) <= {"none"}:
        return Placed(Where.TRAY, Reason.FILES_ONLY if mail.attachments else Reason.EMPTY)
    if set(types) <= {"none"}:
        return Placed(Where.TRAY, Reason.NOTHING_ASKED)
    return Placed(Where.NEW, Reason.ASKS)


def _pointed(surest: Pointer, pointers: Sequence[Pointer], trust: Trust) -> Placed:
    """A mail that points to what is ours already."""
    secret = {one.dossier_id for one in pointers if one.how in SECRET}
    if trust.authentic is Authentic.FAIL:
        return Placed(Where.QUARANTINE, Reason.FORGED, surest)
    if len(secret) > 1:
        return Placed(Where.QUARANTINE, Reason.TWO_CASES, surest)
    if not surest.known:
        return Placed(Where.QUARANTINE, Reason.UNKNOWN_SENDER, surest)
    if surest.how in SECRET:
        return Placed(Where.EXISTING, Reason.FOLLOWS, surest)
    if trust.authentic is Authentic.PASS:
        return Placed(Where.EXISTING, Reason.FROM_VERIFIED, surest)
    return Placed(Where.QUARANTINE, Reason.ONLY_A_NUMBER, surest)
