"""What a mail is once it has been read: who wrote, to whom, the writer's own words, and what came along."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from intake.forwarding import PassedOn


class Automatic(StrEnum):
    """Why a mail is taken for a machine's: it opens no case and gets no reply."""

    AUTO_REPLY = "auto_reply"  # RFC 3834, and what mailers wrote before it
    BOUNCE = "bounce"  # RFC 3464
    RECEIPT = "receipt"  # RFC 8098
    LIST = "list"  # RFC 2919, RFC 2369
    BULK = "bulk"
    CHALLENGE = "challenge"  # asks the sender to prove that he is human
    OURS = "ours"  # a mail of our own that has come back


@dataclass(frozen=True, slots=True)
class File:
    """An attachment. `name` is a safe base name; `media_type` is told from the content, never from the label."""

    name: str
    media_type: str
    content: bytes = field(repr=False)
    size: int
    listing: tuple[str, ...] = ()  # the names in an archive, which is not opened
    refused: str = ""  # why the content is not kept, such as "too_large"; empty when it is
    unnamed: bool = False  # the sender gave no name; `name` is ours, its number and ending


@dataclass(frozen=True, slots=True)
class Bounce:
    """What a bounce tells: the addresses that failed, for good or for now, and the Message-IDs it gives back."""

    permanent: frozenset[str]
    temporary: frozenset[str]
    message_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail, read by a tolerant reader: whatever the bytes were, every field is there.

    Addresses are bare and in lower case; "" or () where there is none. Message-IDs stand without their angle
    brackets. `text` is the sender's own new words; `whole` all that a person would read of the body, quotes and
    signatures included; `html` is what an officer may be shown, cleaned and without remote content.
    """

    sender: str
    sender_name: str
    reply_to: tuple[str, ...]
    to: tuple[str, ...]  # To, Cc, Delivered-To, X-Original-To and the like
    subject: str  # decoded, unfolded, one line
    message_id: str
    in_reply_to: tuple[str, ...]
    references: tuple[str, ...]
    date: datetime | None
    text: str
    whole: str
    html: str
    attachments: tuple[File, ...]
    automatic: Automatic | None
    bounce: Bounce | None = None
    forwarded: bool = False  # the text is a request of another that was forwarded to us
    forwarded_from: str = ""  # then the address that request came from, where it says so
    passed: PassedOn | None = None  # and the request in its parts, where it stands in the text
    signed: str = ""  # farewell and signature below the text, which tell who writes


class Authentic(StrEnum):
    """How far a mail's From address can be believed (RFC 7489: an aligned SPF or DKIM pass)."""

    PASS = "pass"  # noqa: S105  not a password
    FAIL = "fail"  # the domain says what it sends, and this is not it
    NONE = "none"  # nobody says: unauthenticated


@dataclass(frozen=True, slots=True)
class Trust:
    """What was found out about the sender; `results` are the mechanisms' own words, such as ("dkim", "pass").

    It never opens a door: it decides only how much verification is still needed.
    """

    authentic: Authentic
    results: tuple[tuple[str, str], ...] = ()
    tricks: tuple[
        str, ...
    ] = ()  # what an officer should look at, by catalogue key, such as "name_holds_address"


@dataclass(frozen=True, slots=True)
class Delivery:
    """A mail as it reached us, before anything is read of it.

    `operator` is the company whose mailbox it came to; `received_at` the time our side had it first, which starts
    the clock (Art. 12(3)); envelope addresses and the peer's IP where the door knows them (RFC 5321).
    """

    operator: str
    raw: bytes = field(repr=False)
    received_at: datetime
    source: str  # "imap", "lmtp", "smtp", "file"
    envelope_from: str | None = None  # "" is the null sender
    envelope_to: tuple[str, ...] = ()
    peer_ip: str | None = None
    helo: str | None = None
    junk: bool = False  # it lay in the spam folder


class TakeIn(Protocol):
    """Keeps a delivery for good, sealed, before anything of it is parsed. Several may be handed in at the same moment."""

    async def __call__(self, delivery: Delivery) -> bool:
        """True when it is kept now, False when the same mail was kept before: both may be acknowledged.

        Raises what the database raises where it cannot be kept; then it must not be acknowledged.
        """
