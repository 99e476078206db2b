"""A person's own terms: always masked, or never flagged; an index that lists values at once."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.create_table(
        "own_term",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pattern", sa.Text(), nullable=False),
        sa.Column("rule", sa.String(length=8), nullable=False),
        sa.Column("entity", sa.String(length=32), server_default="CUSTOM_TERM", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_own_term")),
        sa.UniqueConstraint("pattern", name=op.f("uq_own_term_pattern")),
        sqlite_autoincrement=True,
    )
    op.drop_index("ix_finding_value", table_name="finding")
    op.create_index(
        "ix_finding_value", "finding", ["entity", "value", "decision", "score", "message_id"]
    )
    op.create_index(
        "ix_message_deleted",
        "message",
        ["id"],
        sqlite_where=sa.text("deleted"),
        postgresql_where=sa.text("deleted"),
    )


def downgrade() -> None:
    """Take this revision back."""
    op.drop_index("ix_message_deleted", table_name="message")
    op.drop_index("ix_finding_value", table_name="finding")
    op.create_index("ix_finding_value", "finding", ["entity", "value"])
    op.drop_table("own_term")
