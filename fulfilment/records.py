"""The tables of fulfilment: plans, their steps, and packages."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from intake.records import Record


class StepState(StrEnum):
    """Where a step stands: waits for approval, may be tried, was done, was read back; or a human must act."""

    WAITING = "waiting"
    READY = "ready"
    DONE = "done"
    VERIFIED = "verified"
    BLOCKED = "blocked"
    MANUAL = "manual"


class PlanRecord(Record):
    """What was found and what is to be done; `digest` pins what the officer saw when approving."""

    __tablename__ = "plan"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("case.id"), index=True)
    dossier_id: Mapped[str] = mapped_column(ForeignKey("dossier.id"))
    made_at: Mapped[datetime]
    digest: Mapped[str] = mapped_column(String(64))
    content: Mapped[bytes] = mapped_column(LargeBinary)  # sealed JSON of fulfilment.plan.Plan
    superseded_at: Mapped[datetime | None]


class StepRecord(Record):
    """One action in one system. The row decides what is done; a workflow only carries an attempt of it."""

    __tablename__ = "step"
    __table_args__ = (
        UniqueConstraint("plan_id", "position"),
        Index("ix_step_state_due", "state", "not_before"),
    )
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    plan_id: Mapped[str] = mapped_column(ForeignKey("plan.id"))
    case_id: Mapped[str] = mapped_column(ForeignKey("case.id"), index=True)
    dossier_id: Mapped[str] = mapped_column(ForeignKey("dossier.id"))
    position: Mapped[int]
    system: Mapped[str] = mapped_column(String(60))
    action: Mapped[str] = mapped_column(String(12))  # fulfilment.adapter.Action
    state: Mapped[str] = mapped_column(String(12))  # StepState
    attempts: Mapped[int] = mapped_column(default=0)
    not_before: Mapped[datetime]
    fault: Mapped[str | None] = mapped_column(String(200))  # for the officer, without personal data
    outcome: Mapped[bytes | None] = mapped_column(LargeBinary)  # sealed JSON of adapter.Outcome
    done_at: Mapped[datetime | None]
    verified_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=0)

    __mapper_args__ = {"version_id_col": version}


class PackageRecord(Record):
    """What the person gets, sealed, until it expires and is wiped."""

    __tablename__ = "package"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("case.id"), unique=True)
    dossier_id: Mapped[str] = mapped_column(ForeignKey("dossier.id"))
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    content: Mapped[bytes | None] = mapped_column(LargeBinary)  # sealed zip; none once wiped
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int]
    downloads: Mapped[int] = mapped_column(default=0)
    wiped_at: Mapped[datetime | None]
