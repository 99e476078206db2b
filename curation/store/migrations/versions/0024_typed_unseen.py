"""Which messages were typed by those from whom private details are hidden."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.add_column(
        "message", sa.Column("veiled", sa.Boolean(), nullable=False, server_default=sa.false())
    )


def downgrade() -> None:
    """Take this revision back."""
    op.drop_column("message", "veiled")
