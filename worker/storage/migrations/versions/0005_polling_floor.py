"""A server that found a source's pace too fast is not asked at that pace again.

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "source_states",
        sa.Column("floor_seconds", sa.Float(), nullable=False, server_default="0"),
    )
