"""Schema versions: Alembic, from inside the package, one process at a time."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, text

from worker.storage.database import Database, DatabaseUnavailable

_MIGRATIONS = Path(__file__).with_name("migrations")


def upgrade(database: Database) -> None:
    """Run what is missing, in one transaction; whoever comes second finds nothing to do.

    A schema from a later version is a `DatabaseUnavailable`.
    """
    if not pending(database):
        return
    with database.write() as conn:  # on SQLite this is the lock
        if database.dialect == "postgresql":
            # Waiting here is right, however long the other one takes.
            conn.execute(text("SET LOCAL lock_timeout = 0"))
            conn.execute(text("SET LOCAL statement_timeout = 0"))
            conn.execute(
                text("SELECT pg_advisory_xact_lock(hashtext(current_schema() || ' migrate'))")
            )
        try:
            command.upgrade(_config(conn), "head")
        except CommandError as error:
            raise DatabaseUnavailable(
                f"The schema of {database.name} is not one of this version's ({error}): "
                "it was written by a newer dyadwatch; upgrade this one."
            ) from error


def pending(database: Database) -> bool:
    """Whether the schema is not the one of this code."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    with database.read() as conn:
        return MigrationContext.configure(conn).get_current_revision() != head


def _config(conn: Connection | None = None) -> Config:
    config = Config(attributes={"connection": conn})
    # Alembic expands "%" in its options, and a path may contain one.
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    return config
