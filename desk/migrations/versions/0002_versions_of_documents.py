"""versions of the companies' documents

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

import intake.records


revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('document_version',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('operator', sa.String(length=40), nullable=False),
    sa.Column('file', sa.String(length=200), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('in_force_from', sa.Date(), nullable=False),
    sa.Column('added_at', intake.records.Moment(timezone=True), nullable=False),
    sa.Column('added_by', sa.String(length=40), nullable=False),
    sa.Column('retired_at', intake.records.Moment(timezone=True), nullable=True),
    sa.Column('retired_by', sa.String(length=40), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_document_version'))
    )
    with op.batch_alter_table('document_version', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_document_version_operator'), ['operator'], unique=False)
        batch_op.create_index(
            'uq_document_version_standing', ['operator', 'file', 'sha256'], unique=True,
            sqlite_where=sa.text('retired_at IS NULL'), postgresql_where=sa.text('retired_at IS NULL'),
        )


def downgrade() -> None:
    with op.batch_alter_table('document_version', schema=None) as batch_op:
        batch_op.drop_index('uq_document_version_standing')
        batch_op.drop_index(batch_op.f('ix_document_version_operator'))

    op.drop_table('document_version')
