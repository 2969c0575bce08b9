"""The tables of the desk itself: its officers and their sessions."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from intake.records import Record


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


__all__ = ["Officer", "OfficerSession"]
