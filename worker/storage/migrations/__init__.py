"""Alembic's directory: one file a version of the schema, each only ever adding to the last."""
