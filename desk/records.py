"""The tables of the desk itself: its officers and their sessions, and the versions of the companies' documents."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, LargeBinary, String, text
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


__all__ = ["DocumentVersion", "Officer", "OfficerSession"]
