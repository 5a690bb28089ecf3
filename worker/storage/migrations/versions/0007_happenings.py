"""A story is a happening in all its tellings, no longer one wording with its reprints.

What was a story until now is a telling; it keeps its name, and is a story of its own.

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

from worker.storage.columns import CleanText, Name, UtcDateTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_KEY = sa.String(32)


def upgrade() -> None:
    op.create_table(
        "tellings",
        sa.Column("telling", _KEY, primary_key=True),
        sa.Column("story", _KEY, nullable=False),
        sa.Column("newsroom", Name(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
    )
    op.create_index("ix_tellings_story", "tellings", ["story"])
    op.create_table(
        "happenings",
        sa.Column("story", _KEY, primary_key=True),
        sa.Column("first_at", UtcDateTime(), nullable=False),
        sa.Column("last_at", UtcDateTime(), nullable=False),
        sa.Column("tellings", sa.Integer(), nullable=False),
        sa.Column("marks", CleanText(), nullable=False),
    )
    op.create_table(
        "happening_marks",
        sa.Column("mark", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("story", _KEY, primary_key=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_happening_marks_mark_at", "happening_marks", ["mark", "at", "story"])
    op.create_table(
        "story_aliases",
        sa.Column("alias", _KEY, primary_key=True),
        sa.Column("story", _KEY, nullable=False),
        sa.Column("merged_at", UtcDateTime(), nullable=False),
    )
    op.create_index("ix_story_aliases_story", "story_aliases", ["story"])
    op.add_column("articles", sa.Column("telling", _KEY))
    op.add_column("signals", sa.Column("teller", Name(), nullable=False, server_default=""))
    for table in ("sketches", "bands"):
        op.execute(f"ALTER TABLE {table} RENAME COLUMN story TO telling")
    op.execute(
        "INSERT INTO tellings (telling, story, newsroom, at) "
        "SELECT story, story, "
        "(SELECT newsroom FROM articles first WHERE first.story = told.story AND relevant "
        "ORDER BY first.at, first.key LIMIT 1), MIN(at) "
        "FROM articles told WHERE relevant GROUP BY story"
    )
    op.execute("UPDATE articles SET telling = story WHERE relevant")
    # A reprint from now on has its telling's teller: with another one the story would count again.
    op.execute(
        "UPDATE signals SET teller = COALESCE("
        "(SELECT newsroom FROM tellings WHERE telling = signals.story), newsroom)"
    )
