"""Suggestions, saved filters, when a conversation was changed, its place in the index of words."""

from __future__ import annotations

from typing import Any, Final

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

NEW_COLUMNS: Final[tuple[sa.Column[Any], ...]] = (
    sa.Column("changed_at", sa.BigInteger(), nullable=True),
    sa.Column("search_row", sa.Integer(), nullable=True),
)


def upgrade() -> None:
    """Bring the tables to this revision."""
    for column in NEW_COLUMNS:
        op.add_column("conversation", column)
    op.create_index("ix_conversation_search_row", "conversation", ["search_row"])
    op.create_table(
        "suggestion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("label", sa.Text(), server_default="", nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("reason_values", sa.Text(), server_default="{}", nullable=False),
        sa.Column("model", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversation.id"],
            name=op.f("fk_suggestion_conversation_id_conversation"),
        ),
        sa.ForeignKeyConstraint(
            ["message_id"], ["message.id"], name=op.f("fk_suggestion_message_id_message")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suggestion")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_suggestion_conversation_id", "suggestion", ["conversation_id"])
    op.create_index(
        "ix_suggestion_kind", "suggestion", ["kind", "state", "score", "conversation_id"]
    )
    op.create_table(
        "saved_filter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_filter")),
        sa.UniqueConstraint("name", name=op.f("uq_saved_filter_name")),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    """Take this revision back."""
    op.drop_table("saved_filter")
    op.drop_table("suggestion")
    op.drop_index("ix_conversation_search_row", table_name="conversation")
    for column in reversed(NEW_COLUMNS):
        op.drop_column("conversation", column.name)
