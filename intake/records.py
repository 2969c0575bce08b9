"""The tables of intake: dossiers, conversations, messages, cases, their log, letters and attachments."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    DateTime,
    ForeignKey,
    Index,
    LargeBinary,
    MetaData,
    String,
    TypeDecorator,
    UniqueConstraint,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Moment(TypeDecorator[datetime]):
    """An aware UTC instant; SQLite keeps no zone, so it is put back on the way out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        assert isinstance(value, datetime)
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Record(DeclarativeBase):
    """The base of every table of ours; the naming convention lets Alembic alter constraints on both databases."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: Moment}


class Dossier(Record):
    """One requester at one company; everything sealed below hangs on its data key."""

    __tablename__ = "dossier"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    operator: Mapped[str] = mapped_column(String(40), index=True)
    created_at: Mapped[datetime]
    erased_at: Mapped[datetime | None]


class Conversation(Record):
    """One person on one channel. `state` is the dialogue's own memory (sealed JSON)."""

    __tablename__ = "conversation"
    __table_args__ = (UniqueConstraint("operator", "channel", "peer"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    operator: Mapped[str] = mapped_column(String(40))
    dossier_id: Mapped[str] = mapped_column(ForeignKey("dossier.id"), index=True)
    channel: Mapped[str] = mapped_column(String(20))
    peer: Mapped[str] = mapped_column(String(64))  # keyed hash of the session token, chat id or address
    lang: Mapped[str] = mapped_column(String(2))
    state: Mapped[bytes | None] = mapped_column(LargeBinary)
    asked_human_at: Mapped[datetime | None]  # until an officer has answered in the conversation
    address: Mapped[str | None] = mapped_column(
        String(64)
    )  # by e-mail: keyed hash of the address written from
    version: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    last_at: Mapped[datetime]

    __mapper_args__ = {"version_id_col": version}


class Message(Record):
    """What was said, in or out. `external_id` makes a repeated delivery harmless."""

    __tablename__ = "message"
    __table_args__ = (UniqueConstraint("conversation_id", "external_id"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id"), index=True)
    dossier_id: Mapped[str] = mapped_column(ForeignKey("dossier.id"), index=True)
    seq: Mapped[int]
    inbound: Mapped[bool]
    external_id: Mapped[str | None] = mapped_column(String(80))
    at: Mapped[datetime]
    text: Mapped[bytes] = mapped_column(LargeBinary)  # sealed; for a reply, JSON with citations and choices
    to_send: Mapped[bool] = mapped_column(
        default=False
    )  # an officer's answer that the channel has yet to carry


class ReferenceCounter(Record):
    """The last case number given, by company and Oslo year; moved under the database's lock."""

    __tablename__ = "reference_counter"
    operator: Mapped[str] = mapped_column(String(40), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    last: Mapped[int]


class Case(Record):
    """One right, one person. `state` is written by intake.log alone."""

    __tablename__ = "case"
    __table_args__ = (Index("ix_case_operator_state", "operator", "state"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    reference: Mapped[str] = mapped_column(String(24), unique=True)
    operator: Mapped[str] = mapped_column(String(40))
    dossier_id: Mapped[str] = mapped_column(ForeignKey("dossier.id"), index=True)
    conversation_id: Mapped[str | None] = mapped_column(ForeignKey("conversation.id"), index=True)
    right: Mapped[str] = mapped_column(String(24))
    channel: Mapped[str] = mapped_column(String(20))
    lang: Mapped[str] = mapped_column(String(2))
    state: Mapped[str] = mapped_column(String(20))
    received_at: Mapped[datetime]
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    on_behalf: Mapped[bool] = mapped_column(default=False)
    details: Mapped[bytes | None] = mapped_column(
        LargeBinary
    )  # sealed JSON: rectification, wish in own words
    status_token: Mapped[str] = mapped_column(
        String(64), unique=True
    )  # keyed hash of the status link's secret
    mail_token: Mapped[str | None] = mapped_column(
        String(64), unique=True
    )  # keyed hash of what its letters' reply address carries after the plus
    log_length: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=0)

    __mapper_args__ = {"version_id_col": version}


class LogEntry(Record):
    """One thing that happened to a case; `digest` chains over the one before."""

    __tablename__ = "log_entry"
    __table_args__ = (UniqueConstraint("case_id", "seq"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("case.id"), index=True)
    seq: Mapped[int]
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(80))  # "person", "desk", or "officer:<id>"
    act: Mapped[str] = mapped_column(String(24))
    before: Mapped[str] = mapped_column(String(20))
    after: Mapped[str] = mapped_column(String(20))
    detail: Mapped[bytes | None] = mapped_column(LargeBinary)  # sealed JSON
    previous: Mapped[str] = mapped_column(String(64))
    digest: Mapped[str] = mapped_column(String(64))


class Letter(Record):
    """A letter with legal weight; written with the move it tells of, sent later by the worker."""

    __tablename__ = "letter"
    __table_args__ = (Index("ix_letter_state_due", "state", "not_before"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    operator: Mapped[str] = mapped_column(String(40))
    dossier_id: Mapped[str] = mapped_column(ForeignKey("dossier.id"), index=True)
    case_id: Mapped[str | None] = mapped_column(ForeignKey("case.id"), index=True)
    name: Mapped[str] = mapped_column(String(40))  # the template's folder
    lang: Mapped[str] = mapped_column(String(2))
    to: Mapped[bytes | None] = mapped_column(
        LargeBinary
    )  # sealed address; none: shown on the status page only
    subject: Mapped[bytes] = mapped_column(LargeBinary)
    text: Mapped[bytes] = mapped_column(LargeBinary)
    html: Mapped[bytes] = mapped_column(LargeBinary)
    to_hash: Mapped[str | None] = mapped_column(String(64), index=True)  # keyed hash of the address
    message_id: Mapped[str] = mapped_column(String(200), index=True)
    state: Mapped[str] = mapped_column(String(12))  # queued, sent, failed, kept
    attempts: Mapped[int] = mapped_column(default=0)
    not_before: Mapped[datetime]
    deferred_at: Mapped[
        datetime | None
    ]  # when its own mail server first put it off; the giving up counts from it
    fault: Mapped[str | None] = mapped_column(String(120))  # why it has not left, without personal data
    written_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    bounced_at: Mapped[datetime | None]  # it came back; until an officer sends it again, nothing goes there


class Attachment(Record):
    """A file that came with a message or that an officer added; sealed."""

    __tablename__ = "attachment"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    dossier_id: Mapped[str] = mapped_column(ForeignKey("dossier.id"), index=True)
    case_id: Mapped[str | None] = mapped_column(ForeignKey("case.id"), index=True)
    message_id: Mapped[str | None] = mapped_column(ForeignKey("message.id"), index=True)
    step_id: Mapped[str | None] = mapped_column(String(32), index=True)
    mail_id: Mapped[str | None] = mapped_column(String(32), index=True)  # the mail it came with
    name: Mapped[bytes] = mapped_column(LargeBinary)
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    content: Mapped[bytes] = mapped_column(LargeBinary)
    at: Mapped[datetime]


__all__ = [
    "Attachment",
    "Case",
    "Conversation",
    "Dossier",
    "Letter",
    "LogEntry",
    "Message",
    "Moment",
    "Record",
    "ReferenceCounter",
]
