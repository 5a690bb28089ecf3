"""What became of episodes, what was told and held back and why, silences, and the proof.

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op

from worker.storage.columns import CleanText, Name, UtcDateTime

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_KEY = sa.String(32)
_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "episode_changes",
        sa.Column("id", _NUMBER, primary_key=True),
        sa.Column("episode", CleanText(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("change", sa.String(16), nullable=False),
        sa.Column("by", Name()),
        sa.Column("reason", CleanText(), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("body", CleanText(), nullable=False),
    )
    op.create_index("ix_episode_changes_episode", "episode_changes", ["episode", "at"])
    op.create_index("ix_episode_changes_at", "episode_changes", ["at"])
    op.create_table(
        "decisions",
        sa.Column("id", _NUMBER, primary_key=True),
        sa.Column("key", CleanText(), nullable=False),
        sa.Column("episode", CleanText(), nullable=False),
        sa.Column("channel", Name(), nullable=False),
        sa.Column("recipient", CleanText()),
        sa.Column("stage", sa.String(16), nullable=False),
        sa.Column("reason", sa.String(32), nullable=False),
        sa.Column("detail", CleanText(), nullable=False),
        sa.Column("first_at", UtcDateTime(), nullable=False),
        sa.Column("last_at", UtcDateTime(), nullable=False),
        sa.Column("times", sa.Integer, nullable=False),
    )
    unique = ["key", "stage", "reason"]
    op.create_index("uq_decisions_key_stage_reason", "decisions", unique, unique=True)
    op.create_index("ix_decisions_episode", "decisions", ["episode"])
    op.create_index("ix_decisions_last_at", "decisions", ["last_at"])
    op.create_table(
        "silences",
        sa.Column("id", _KEY, primary_key=True),
        sa.Column("match", CleanText(), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.Column("until", UtcDateTime(), nullable=False),
        sa.Column("by", Name(), nullable=False),
        sa.Column("note", CleanText()),
    )
    op.create_index("ix_silences_until", "silences", ["until"])
    op.create_table(
        "evidence",
        sa.Column("id", _NUMBER, primary_key=True),
        sa.Column("episode", CleanText(), nullable=False),
        sa.Column("taken_at", UtcDateTime(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("body", CleanText(), nullable=False),
    )
    op.create_index("uq_evidence_episode_digest", "evidence", ["episode", "digest"], unique=True)
    op.create_table(
        "revisits",
        sa.Column("article", _KEY, primary_key=True),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
    )
    op.create_index("ix_revisits_due_at", "revisits", ["due_at"])
    op.add_column("articles", sa.Column("gone_at", UtcDateTime()))
    op.add_column("outbox", sa.Column("reference", CleanText()))
    op.add_column("outbox", sa.Column("change", sa.String(16)))
    op.add_column("outbox", sa.Column("severity", sa.String(16)))
    op.add_column("outbox", sa.Column("said", CleanText()))
    op.add_column("outbox", sa.Column("planned_at", UtcDateTime()))
