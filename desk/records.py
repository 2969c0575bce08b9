"""The tables of the desk itself: its officers and their sessions, the versions of documents, and what is learnt."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, LargeBinary, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from intake.records import Record


class DocumentVersion(Record):
    """One version of a company's document, as it was handed in; `file` is the name the profile expects.

    Whether it is in force is computed from `in_force_from` (an Oslo day) and the time, never stored. One that
    was taken back (`retired_at`) no longer counts, and is kept to be read, as every version is.
    """

    __tablename__ = "document_version"
    __table_args__ = (
        Index(
            "uq_document_version_standing",
            "operator",
            "file",
            "sha256",
            unique=True,
            sqlite_where=text("retired_at IS NULL"),
            postgresql_where=text("retired_at IS NULL"),
        ),
    )
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    operator: Mapped[str] = mapped_column(String(40), index=True)
    file: Mapped[str] = mapped_column(String(200))
    name: Mapped[str] = mapped_column(String(200))  # the file's own, as it was handed in
    title: Mapped[str] = mapped_column(String(200))
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    sha256: Mapped[str] = mapped_column(String(64))
    in_force_from: Mapped[date] = mapped_column(Date)
    added_at: Mapped[datetime]
    added_by: Mapped[str] = mapped_column(String(40))  # an officer's id, or COMMAND_LINE
    retired_at: Mapped[datetime | None]
    retired_by: Mapped[str | None] = mapped_column(String(40))


class Officer(Record):
    """Someone who decides cases, for the companies named in `operators` (ids with a space between).

    `totp` is sealed under the officer's own id; `totp_step` is the last 30-second step whose code was
    accepted, so that no code opens the door twice.
    """

    __tablename__ = "officer"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    email: Mapped[str] = mapped_column(String(200), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    password: Mapped[str] = mapped_column(String(200))  # argon2id
    totp: Mapped[bytes] = mapped_column(LargeBinary)
    totp_step: Mapped[int] = mapped_column(default=0)
    operators: Mapped[str] = mapped_column(String(1000))
    lang: Mapped[str] = mapped_column(String(2))
    failed: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None]
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]

    @property
    def serves(self) -> frozenset[str]:
        """The ids of the companies whose cases the officer may see."""
        return frozenset(self.operators.split())


class OfficerSession(Record):
    """One signed-in browser; the token itself is in its cookie only."""

    __tablename__ = "officer_session"
    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    officer_id: Mapped[str] = mapped_column(ForeignKey("officer.id"), index=True)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]


class Feedback(Record):
    """One question that found no answer, or what the person thought of the answer to it (`kind`).

    What was asked stands in the message alone, sealed; there is no foreign key, so that the message goes when the
    person wants it to. `topics` are what it was about, most first, with a space between.
    """

    __tablename__ = "feedback"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    operator: Mapped[str] = mapped_column(String(40), index=True)
    at: Mapped[datetime] = mapped_column(index=True)
    lang: Mapped[str] = mapped_column(String(2))
    kind: Mapped[str] = mapped_column(String(12))
    topics: Mapped[str] = mapped_column(String(400))
    confidence: Mapped[float]
    document: Mapped[str] = mapped_column(String(200), default="")
    section: Mapped[str] = mapped_column(String(200), default="")
    heading: Mapped[str] = mapped_column(String(400), default="")
    message_id: Mapped[str] = mapped_column(String(32), unique=True)
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[str | None] = mapped_column(String(32))  # the reviewed answer


class ReviewedAnswer(Record):
    """An answer an officer wrote; an edit is a new row, and the old one is retired.

    `fingerprint` is that of the clause's text when it was written; `document` is empty where the documents are silent.
    """

    __tablename__ = "reviewed_answer"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    operator: Mapped[str] = mapped_column(String(40), index=True)
    nb: Mapped[str] = mapped_column(Text, default="")
    nn: Mapped[str] = mapped_column(Text, default="")
    en: Mapped[str] = mapped_column(Text, default="")
    examples: Mapped[str] = mapped_column(Text)  # one a line
    document: Mapped[str] = mapped_column(String(200), default="")
    section: Mapped[str] = mapped_column(String(200), default="")
    heading: Mapped[str] = mapped_column(String(400), default="")
    fingerprint: Mapped[str] = mapped_column(String(64), default="")
    written_by: Mapped[str] = mapped_column(String(32))
    written_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]


class ReadingLabel(Record):
    """What an officer says that a message or a mail asked for, where it was read otherwise: something to learn from.

    The words stand in their own row alone, sealed, and there is no foreign key: they go when the person's do.
    `source` is the id of a message, or of a mail that was never heard; `types` are names with a space between, empty
    where it asks for nothing.
    """

    __tablename__ = "reading_label"
    source: Mapped[str] = mapped_column(String(32), primary_key=True)
    operator: Mapped[str] = mapped_column(String(40), index=True)
    types: Mapped[str] = mapped_column(String(200))
    read_as: Mapped[str] = mapped_column(String(200))
    lang: Mapped[str] = mapped_column(String(2))
    labelled_at: Mapped[datetime]
    labelled_by: Mapped[str] = mapped_column(String(40))


__all__ = ["DocumentVersion", "Feedback", "Officer", "OfficerSession", "ReadingLabel", "ReviewedAnswer"]
