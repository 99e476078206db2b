"""Which host an answer in a talk came from."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.add_column("talk_line", sa.Column("host", sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    """Take this revision back."""
    op.drop_column("talk_line", "host")
