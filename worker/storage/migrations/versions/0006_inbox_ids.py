"""No id of the inbox is given twice: SQLite gave those of an emptied inbox again.

Revision ID: 0006
Revises: 0005
"""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name != "sqlite":  # a sequence never goes back
        return
    # SQLite knows it for new tables only, so the rows move into one.
    kept = {"sqlite_autoincrement": True}
    with op.batch_alter_table("inbox", recreate="always", table_kwargs=kept):
        pass
