"""Alembic's entry: runs the revisions over the connection that desk.migrate hands in."""

from alembic import context

import desk.records
import fulfilment.records
import verification.records
from intake.records import Record

assert desk.records and fulfilment.records and verification.records  # their tables must be known

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=Record.metadata, render_as_batch=True, compare_type=True)
with context.begin_transaction():
    context.run_migrations()
