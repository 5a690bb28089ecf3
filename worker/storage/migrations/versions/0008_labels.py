"""What people think of what was told: labels of articles with the words they were given to, and
judgements of episodes.

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op

from worker.storage.columns import CleanText, Name, UtcDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_KEY = sa.String(32)
_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "labelled_wordings",
        sa.Column("article", _KEY, primary_key=True),
        sa.Column("content_hash", _KEY, primary_key=True),
        sa.Column("story", _KEY, nullable=False),
        sa.Column("url", CleanText(), nullable=False),
        sa.Column("newsroom", Name(), nullable=False),
        sa.Column("language", sa.String(16), nullable=False),
        sa.Column("declared_language", CleanText()),
        sa.Column("topical", sa.Boolean(), nullable=False),
        sa.Column("title", CleanText(), nullable=False),
        sa.Column("text", CleanText(), nullable=False),
    )
    op.create_table(
        "labels",
        sa.Column("id", _NUMBER, primary_key=True),
        sa.Column("article", _KEY, nullable=False),
        sa.Column("content_hash", _KEY, nullable=False),
        sa.Column("field", sa.String(16), nullable=False),
        sa.Column("value", CleanText(), nullable=False),
        sa.Column("labelled_at", UtcDateTime(), nullable=False),
        sa.Column("labelled_by", Name(), nullable=False),
        sa.Column("note", CleanText()),
    )
    op.create_index("ix_labels_article", "labels", ["article"])
    op.create_table(
        "judgements",
        sa.Column("id", _NUMBER, primary_key=True),
        sa.Column("episode", CleanText(), nullable=False),
        sa.Column("story", _KEY),
        sa.Column("verdict", sa.String(16), nullable=False),
        sa.Column("judged_at", UtcDateTime(), nullable=False),
        sa.Column("judged_by", Name(), nullable=False),
        sa.Column("note", CleanText()),
    )
    op.create_index("ix_judgements_episode", "judgements", ["episode"])
    op.create_index("ix_judgements_story", "judgements", ["story"])
