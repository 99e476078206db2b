"""Which rule suggests what, how it was answered, and what each suggester looked at."""

from __future__ import annotations

from typing import Any, Final

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

NEW_COLUMNS: Final[tuple[sa.Column[Any], ...]] = (
    sa.Column("rule", sa.String(length=64), server_default="", nullable=False),
    sa.Column("version", sa.Integer(), server_default="0", nullable=False),
    sa.Column("answered_at", sa.BigInteger(), nullable=True),
    sa.Column("answered_by", sa.Text(), server_default="", nullable=False),
    sa.Column("digest", sa.String(length=16), server_default="", nullable=False),
)

NEW_INDEX: Final = ["conversation_id", "state", "kind", "score"]


def upgrade() -> None:
    """Bring the tables to this revision."""
    for column in NEW_COLUMNS:
        op.add_column("suggestion", column)
    op.create_index("ix_suggestion_message_id", "suggestion", ["message_id"])
    op.create_index("ix_suggestion_rule", "suggestion", ["kind", "rule", "model", "state"])
    op.drop_index("ix_suggestion_conversation_id", table_name="suggestion")
    op.create_index("ix_suggestion_conversation", "suggestion", NEW_INDEX)
    op.create_table(
        "looked_at",
        sa.Column("conversation_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("suggester", sa.String(length=200), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("suggester_version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("conversation_id", "suggester", name=op.f("pk_looked_at")),
    )


def downgrade() -> None:
    """Take this revision back."""
    op.drop_table("looked_at")
    op.drop_index("ix_suggestion_conversation", table_name="suggestion")
    op.create_index("ix_suggestion_conversation_id", "suggestion", ["conversation_id"])
    op.drop_index("ix_suggestion_rule", table_name="suggestion")
    op.drop_index("ix_suggestion_message_id", table_name="suggestion")
    for column in reversed(NEW_COLUMNS):
        op.drop_column("suggestion", column.name)
