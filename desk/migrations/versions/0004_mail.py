"""mail that comes in, and what its answers need

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

import intake.records


revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "incoming_mail",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("operator", sa.String(length=40), nullable=False),
        sa.Column("dossier_id", sa.String(length=32), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("source", sa.String(length=8), nullable=False),
        sa.Column("received_at", intake.records.Moment(timezone=True), nullable=False),
        sa.Column("kept_at", intake.records.Moment(timezone=True), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=True),
        sa.Column("envelope", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.String(length=24), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("sender_hash", sa.String(length=64), nullable=True),
        sa.Column("message_id_hash", sa.String(length=64), nullable=True),
        sa.Column("case_id", sa.String(length=32), nullable=True),
        sa.Column("conversation_id", sa.String(length=32), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("not_before", intake.records.Moment(timezone=True), nullable=False),
        sa.Column("handled_at", intake.records.Moment(timezone=True), nullable=True),
        sa.Column("handled_by", sa.String(length=40), nullable=True),
        sa.Column("raw_gone_at", intake.records.Moment(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_incoming_mail_case_id_case")),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name=op.f("fk_incoming_mail_conversation_id_conversation")
        ),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.id"], name=op.f("fk_incoming_mail_dossier_id_dossier")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incoming_mail")),
        sa.UniqueConstraint("operator", "digest", name=op.f("uq_incoming_mail_operator_digest")),
    )
    with op.batch_alter_table("incoming_mail", schema=None) as batch_op:
        for column in ("dossier_id", "sender_hash", "message_id_hash", "case_id", "conversation_id"):
            batch_op.create_index(batch_op.f(f"ix_incoming_mail_{column}"), [column], unique=False)
        batch_op.create_index("ix_incoming_mail_state_due", ["state", "not_before"], unique=False)
    op.create_table(
        "reading_label",
        sa.Column("source", sa.String(length=32), nullable=False),
        sa.Column("operator", sa.String(length=40), nullable=False),
        sa.Column("types", sa.String(length=200), nullable=False),
        sa.Column("read_as", sa.String(length=200), nullable=False),
        sa.Column("lang", sa.String(length=2), nullable=False),
        sa.Column("labelled_at", intake.records.Moment(timezone=True), nullable=False),
        sa.Column("labelled_by", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("source", name=op.f("pk_reading_label")),
    )
    with op.batch_alter_table("reading_label", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reading_label_operator"), ["operator"], unique=False)
    with op.batch_alter_table("conversation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("address", sa.String(length=64), nullable=True))
    with op.batch_alter_table("case", schema=None) as batch_op:
        batch_op.add_column(sa.Column("mail_token", sa.String(length=64), nullable=True))
        batch_op.create_unique_constraint(batch_op.f("uq_case_mail_token"), ["mail_token"])
    with op.batch_alter_table("letter", schema=None) as batch_op:
        batch_op.add_column(sa.Column("to_hash", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("deferred_at", intake.records.Moment(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("fault", sa.String(length=120), nullable=True))
        batch_op.add_column(sa.Column("bounced_at", intake.records.Moment(timezone=True), nullable=True))
        batch_op.create_index(batch_op.f("ix_letter_to_hash"), ["to_hash"], unique=False)
        batch_op.create_index(batch_op.f("ix_letter_message_id"), ["message_id"], unique=False)
    with op.batch_alter_table("attachment", schema=None) as batch_op:
        batch_op.add_column(sa.Column("mail_id", sa.String(length=32), nullable=True))
        batch_op.create_index(batch_op.f("ix_attachment_mail_id"), ["mail_id"], unique=False)
    with op.batch_alter_table("proven_identifier", schema=None) as batch_op:
        batch_op.add_column(sa.Column("first_at", intake.records.Moment(timezone=True), nullable=True))
    # what was proven before is known by its last time alone; the first code's own time is in its challenge
    op.execute(
        "UPDATE proven_identifier SET first_at = coalesce((SELECT min(challenge.used_at) FROM challenge"
        " WHERE challenge.dossier_id = proven_identifier.dossier_id AND challenge.purpose = 'identify'"
        " AND challenge.address_hash = proven_identifier.value_hash), proven_at)"
    )
    with op.batch_alter_table("proven_identifier", schema=None) as batch_op:
        batch_op.alter_column("first_at", existing_type=intake.records.Moment(timezone=True), nullable=False)


def downgrade() -> None:
    with op.batch_alter_table("proven_identifier", schema=None) as batch_op:
        batch_op.drop_column("first_at")
    with op.batch_alter_table("attachment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_attachment_mail_id"))
        batch_op.drop_column("mail_id")
    with op.batch_alter_table("letter", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_letter_message_id"))
        batch_op.drop_index(batch_op.f("ix_letter_to_hash"))
        batch_op.drop_column("bounced_at")
        batch_op.drop_column("fault")
        batch_op.drop_column("deferred_at")
        batch_op.drop_column("to_hash")
    with op.batch_alter_table("case", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_case_mail_token"), type_="unique")
        batch_op.drop_column("mail_token")
    with op.batch_alter_table("conversation", schema=None) as batch_op:
        batch_op.drop_column("address")
    op.drop_table("reading_label")
    op.drop_table("incoming_mail")
