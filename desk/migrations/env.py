"""Alembic's entry: runs the revisions over the connection that desk.migrate hands in."""

from alembic import context

from desk.tables import Record

connection = context.config.attributes["connection"]
context.configure(
    connection=connection, target_metadata=Record.metadata, render_as_batch=True, compare_type=True
)
with context.begin_transaction():
    context.run_migrations()
