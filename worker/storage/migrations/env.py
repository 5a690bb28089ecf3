"""Run by Alembic: applies the versions on the connection that `worker.storage.migrate` hands in."""

from alembic import context

from worker.storage.desk_tables import metadata

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
