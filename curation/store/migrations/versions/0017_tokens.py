"""How long a conversation is to a trainer, so that the table can be filtered by it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.add_column("conversation", sa.Column("tokens", sa.Integer(), nullable=True))
    op.create_index("ix_conversation_tokens", "conversation", ["tokens"])
    # What was measured of all together does not tell which ones: it is measured anew.
    op.execute("DELETE FROM setting WHERE key = 'voice'")


def downgrade() -> None:
    """Take this revision back."""
    op.drop_index("ix_conversation_tokens", "conversation")
    op.drop_column("conversation", "tokens")
