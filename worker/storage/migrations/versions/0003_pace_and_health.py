"""Each source's own rhythm, what it brought day by day, and what hosts ask for.

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

from crawler.urls import host_of

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    _sources()
    _days()
    op.create_table(
        "source_notices",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("since", _TIME, nullable=False),
        sa.Column("well_since", _TIME, nullable=True),
        sa.Column("told_at", _TIME, nullable=True),
        sa.PrimaryKeyConstraint("source"),
    )
    op.create_table(
        "robots",
        sa.Column("server", sa.Text(), nullable=False),
        sa.Column("fetched", _TIME, nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("unreachable", sa.Text(), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("crawl_delay", sa.Float(), nullable=True),
        sa.PrimaryKeyConstraint("server"),
    )
    # Hosts were written with scheme and port before; leases last for seconds.
    op.execute("DELETE FROM host_leases")
    _hosts_of_pages()
    op.add_column("host_leases", sa.Column("holder", sa.String(length=32), nullable=True))
    op.add_column("host_leases", sa.Column("not_before", _TIME, nullable=True))
    op.add_column("coverage", sa.Column("new", sa.Integer(), nullable=False, server_default="0"))


def _hosts_of_pages() -> None:
    conn = op.get_bind()
    for old in conn.execute(sa.text("SELECT DISTINCT host FROM page_tasks")).scalars().all():
        try:
            new = host_of(old)
        except ValueError:  # an address that no crawl can read
            continue
        moved = sa.text("UPDATE page_tasks SET host = :new WHERE host = :old")
        conn.execute(moved, {"new": new, "old": old})


def _sources() -> None:
    # A validator belongs to one address. Without them the next poll of each source is a whole one.
    op.create_table(
        "validators",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("address", sa.String(length=32), nullable=False),
        sa.Column("etag", sa.Text(), nullable=True),
        sa.Column("last_modified", sa.Text(), nullable=True),
        sa.Column("noted_at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("source", "address"),
    )
    op.drop_column("source_states", "etag")
    op.drop_column("source_states", "last_modified")
    op.add_column(
        "source_states",
        sa.Column("robots_denied", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.add_column("source_states", sa.Column("fresh_at", _TIME, nullable=True))
    op.add_column(
        "source_states", sa.Column("overdue", sa.Float(), nullable=False, server_default="0")
    )
    op.add_column("source_states", sa.Column("rhythm", sa.Text(), nullable=True))
    op.add_column("source_states", sa.Column("note", sa.Text(), nullable=True))


def _days() -> None:
    counters = (
        "polls_ok",
        "polls_not_modified",
        "polls_failed",
        "polls_too_late",
        "requests",
        "entries",
        "new",
        "changed",
        "pages_read",
        "pages_walled",
        "pages_empty",
        "pages_refused",
        "pages_failed",
    )
    op.create_table(
        "source_days",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in counters),
        sa.PrimaryKeyConstraint("day", "source"),
    )
