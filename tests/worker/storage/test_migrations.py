"""The migrations build what the tables say, on both databases."""

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect

from worker.storage.database import Database
from worker.storage.tables import metadata


def test_tables_and_migrations_agree(database: Database) -> None:
    with database.read() as conn:
        context = MigrationContext.configure(conn, opts={"compare_type": True})
        differences = compare_metadata(context, metadata)
    assert differences == []


def test_every_table_is_there_and_every_index_too(database: Database) -> None:
    with database.read() as conn:
        inspector = inspect(conn)
        assert set(metadata.tables) <= set(inspector.get_table_names())
        for table in metadata.sorted_tables:
            built = {index["name"] for index in inspector.get_indexes(table.name)}
            assert {index.name for index in table.indexes} <= built
