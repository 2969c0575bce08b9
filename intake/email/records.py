"""The table of mails that have come in: each is kept, sealed, before anything of it is read."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from intake.records import Record


class MailState(StrEnum):
    """What became of a mail that came in."""

    KEPT = "kept"  # stored; nothing of it has been read yet
    PLACED = "placed"  # it is in a conversation
    QUARANTINE = "quarantine"  # it points to a case, and its sender is not known there: an officer looks
    TRAY = "tray"  # nobody could place it: an officer does
    AUTOMATIC = "automatic"  # a machine wrote it
    REJECTED = "rejected"  # an officer saw that it asks for nothing
    SPAM = "spam"


class IncomingMail(Record):
    """One mail. Its raw bytes hang on its own dossier's key until it is placed, then on the conversation's.

    `digest` is a keyed hash of what the sender made, without what servers add on the way, so that a mail that is
    delivered twice is one mail. `envelope` and `content` are sealed JSON: how it came, and what an officer is shown
    of it, which outlives the raw bytes.
    """

    __tablename__ = "incoming_mail"
    __table_args__ = (
        UniqueConstraint("operator", "digest"),
        Index("ix_incoming_mail_state_due", "state", "not_before"),
    )
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    operator: Mapped[str] = mapped_column(String(40))
    dossier_id: Mapped[str] = mapped_column(ForeignKey("dossier.id"), index=True)
    digest: Mapped[str] = mapped_column(String(64))
    source: Mapped[str] = mapped_column(String(8))
    received_at: Mapped[datetime]  # our side had it first; the clock starts here (GDPR Art. 12(3))
    kept_at: Mapped[datetime]
    size: Mapped[int]
    raw: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    envelope: Mapped[bytes] = mapped_column(LargeBinary)
    state: Mapped[str] = mapped_column(String(12))
    reason: Mapped[str | None] = mapped_column(String(24))  # why there; see intake.email.placing
    content: Mapped[bytes | None] = mapped_column(LargeBinary)
    sender_hash: Mapped[str | None] = mapped_column(String(64), index=True)
    message_id_hash: Mapped[str | None] = mapped_column(String(64), index=True)
    case_id: Mapped[str | None] = mapped_column(ForeignKey("case.id"), index=True)
    conversation_id: Mapped[str | None] = mapped_column(ForeignKey("conversation.id"), index=True)
    attempts: Mapped[int] = mapped_column(default=0)
    not_before: Mapped[datetime]
    handled_at: Mapped[datetime | None]
    handled_by: Mapped[str | None] = mapped_column(String(40))  # "desk", or "officer:<id>"
    raw_gone_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=0)

    __mapper_args__ = {"version_id_col": version}


__all__ = ["IncomingMail", "MailState"]
