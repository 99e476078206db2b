"""When and by what each rejected conversation and deleted message was dropped."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.create_table(
        "dropped",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.Integer(), nullable=True),
        sa.Column("message_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("journal_id", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dropped")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_dropped_at", "dropped", ["at", "id"])
    op.create_index("ix_dropped_conversation_id", "dropped", ["conversation_id"])
    op.create_index("ix_dropped_message_id", "dropped", ["message_id"])
    op.execute(
        "INSERT INTO dropped (conversation_id, at)"
        " SELECT id, 0 FROM conversation WHERE status = 'rejected' ORDER BY id"
    )
    op.execute(
        "INSERT INTO dropped (message_id, at) SELECT id, 0 FROM message WHERE deleted ORDER BY id"
    )


def downgrade() -> None:
    """Take this revision back."""
    op.drop_table("dropped")
