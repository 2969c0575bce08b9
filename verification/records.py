"""The tables of verification: challenges, and what they proved."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from intake.records import Record


class Challenge(Record):
    """A one-time code on its way to an address. The code itself is stored nowhere in the clear."""

    __tablename__ = "challenge"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    operator: Mapped[str] = mapped_column(String(40))
    dossier_id: Mapped[str] = mapped_column(ForeignKey("dossier.id"), index=True)
    purpose: Mapped[str] = mapped_column(String(12))  # identify, download
    kind: Mapped[str] = mapped_column(String(12))  # email
    address: Mapped[bytes] = mapped_column(LargeBinary)  # sealed
    address_hash: Mapped[str] = mapped_column(String(64), index=True)
    code_hash: Mapped[str] = mapped_column(String(64))  # keyed, bound to the challenge's id
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None]
    used_at: Mapped[datetime | None]


class ProvenIdentifier(Record):
    """An identifier the requester has shown to hold; nothing else is looked up in the systems."""

    __tablename__ = "proven_identifier"
    __table_args__ = (UniqueConstraint("dossier_id", "kind", "value_hash"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    dossier_id: Mapped[str] = mapped_column(ForeignKey("dossier.id"), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    value: Mapped[bytes] = mapped_column(LargeBinary)  # sealed
    value_hash: Mapped[str] = mapped_column(String(64), index=True)
    assurance: Mapped[str] = mapped_column(String(12))
    by: Mapped[str] = mapped_column(String(20))  # code, mail, officer
    proven_at: Mapped[datetime]  # the last time
    first_at: Mapped[datetime]
