"""feedback on answers, and reviewed answers

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

import intake.records


revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "feedback",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("operator", sa.String(length=40), nullable=False),
        sa.Column("at", intake.records.Moment(timezone=True), nullable=False),
        sa.Column("lang", sa.String(length=2), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("topics", sa.String(length=400), nullable=False),
        sa.Column("confidence", sa.Double(), nullable=False),
        sa.Column("document", sa.String(length=200), nullable=False),
        sa.Column("section", sa.String(length=200), nullable=False),
        sa.Column("heading", sa.String(length=400), nullable=False),
        sa.Column("message_id", sa.String(length=32), nullable=False),
        sa.Column("closed_at", intake.records.Moment(timezone=True), nullable=True),
        sa.Column("closed_by", sa.String(length=32), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback")),
        sa.UniqueConstraint("message_id", name=op.f("uq_feedback_message_id")),
    )
    with op.batch_alter_table("feedback", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_feedback_operator"), ["operator"], unique=False)
        batch_op.create_index(batch_op.f("ix_feedback_at"), ["at"], unique=False)
    op.create_table(
        "reviewed_answer",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("operator", sa.String(length=40), nullable=False),
        sa.Column("nb", sa.Text(), nullable=False),
        sa.Column("nn", sa.Text(), nullable=False),
        sa.Column("en", sa.Text(), nullable=False),
        sa.Column("examples", sa.Text(), nullable=False),
        sa.Column("document", sa.String(length=200), nullable=False),
        sa.Column("section", sa.String(length=200), nullable=False),
        sa.Column("heading", sa.String(length=400), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("written_by", sa.String(length=32), nullable=False),
        sa.Column("written_at", intake.records.Moment(timezone=True), nullable=False),
        sa.Column("retired_at", intake.records.Moment(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reviewed_answer")),
    )
    with op.batch_alter_table("reviewed_answer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reviewed_answer_operator"), ["operator"], unique=False)


def downgrade() -> None:
    op.drop_table("reviewed_answer")
    op.drop_table("feedback")
