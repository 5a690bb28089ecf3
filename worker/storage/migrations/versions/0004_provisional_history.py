"""History that a walk through sitemaps brought is told apart from an archive that was handed in.

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "backfilled_spans",
        sa.Column("provisional", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
