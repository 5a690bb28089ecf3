"""Aliases of articles, what an edit replaced, and edited headlines in feeds.

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "aliases",
        sa.Column("alias", sa.String(length=32), nullable=False),
        sa.Column("article", sa.String(length=32), nullable=False),
        sa.Column("noted_at", _TIME, nullable=False),
        sa.ForeignKeyConstraint(["article"], ["articles.key"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("alias"),
    )
    op.create_index("ix_aliases_article", "aliases", ["article"], unique=False)
    # All may be NULL or have a default: so neither database writes its tables anew.
    op.add_column("articles", sa.Column("worded_at", _TIME, nullable=True))
    op.add_column("articles", sa.Column("confirmed_at", _TIME, nullable=True))
    op.add_column("revisions", sa.Column("text", sa.Text(), nullable=True))
    op.add_column("revisions", sa.Column("first_seen", _TIME, nullable=True))
    op.add_column("revisions", sa.Column("last_seen", _TIME, nullable=True))
    op.add_column("seen", sa.Column("stage", sa.String(length=8), nullable=True))
    op.add_column("seen", sa.Column("title_digest", sa.String(length=32), nullable=True))
    op.add_column("seen", sa.Column("changes", sa.Integer(), server_default="0", nullable=False))
