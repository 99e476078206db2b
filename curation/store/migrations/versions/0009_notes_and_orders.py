"""Notes for oneself, and what the queue can be ordered by: risk, suggestions, chance."""

from __future__ import annotations

from typing import Any, Final

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

NEW_COLUMNS: Final[tuple[sa.Column[Any], ...]] = (
    sa.Column("note", sa.Text(), server_default="", nullable=False),
    sa.Column("risk", sa.Integer(), server_default="0", nullable=False),
    sa.Column("suggested", sa.Float(), nullable=True),
    sa.Column("not_like", sa.Integer(), nullable=True),
    sa.Column("shuffle", sa.Integer(), server_default="0", nullable=False),
)

# What an undecided finding weighed when this was written; every action computes it anew.
WEIGHTS: Final = {
    10: ("CN_ID_CARD", "BANK_CARD", "PASSWORD"),
    9: ("CRYPTO", "IBAN_CODE", "PASSPORT"),
    8: ("CN_ADDRESS", "PHONE_NUMBER"),
    6: ("WECHAT_ID", "QQ_NUMBER", "EMAIL_ADDRESS", "CUSTOM_TERM"),
    5: ("LICENSE_PLATE",),
    4: ("PERSON",),
    3: ("IP_ADDRESS", "MAC_ADDRESS"),
    2: ("OTP_CODE",),
}


def upgrade() -> None:
    """Bring the tables to this revision."""
    for column in NEW_COLUMNS:
        op.add_column("conversation", column)
    cases = " ".join(
        f"WHEN finding.entity IN ({', '.join(repr(name) for name in names)}) THEN {weight}"
        for weight, names in WEIGHTS.items()
    )
    op.execute(
        "UPDATE conversation SET risk = ("  # noqa: S608  (words of this file alone)
        f"SELECT coalesce(sum(CASE {cases} ELSE 1 END), 0) FROM finding"
        " JOIN message ON message.id = finding.message_id"
        " WHERE message.conversation_id = conversation.id AND finding.decision = 'pending'"
        " AND message.deleted = false) WHERE undecided > 0"
    )
    op.execute("UPDATE conversation SET suggested = similarity WHERE duplicate_of IS NOT NULL")
    # Squares modulo a prime lie as if thrown; what was imported side by side is far apart.
    spread = "(CAST(id AS BIGINT) * 1103515245 % 2147483647)"
    op.execute(f"UPDATE conversation SET shuffle = {spread} * {spread} % 2147483647")  # noqa: S608
    op.create_index("ix_conversation_date", "conversation", ["status", "started_at", "id"])
    op.create_index("ix_conversation_shuffle", "conversation", ["status", "shuffle", "id"])
    op.create_index(
        "ix_conversation_risk",
        "conversation",
        ["status", "risk", "id", "chat_id", "sort_key"],
        sqlite_where=sa.text("risk > 0"),
        postgresql_where=sa.text("risk > 0"),
    )
    op.create_index(
        "ix_conversation_suggested",
        "conversation",
        ["status", "suggested", "id", "chat_id", "sort_key"],
        sqlite_where=sa.text("suggested IS NOT NULL"),
        postgresql_where=sa.text("suggested IS NOT NULL"),
    )
    op.create_index(
        "ix_conversation_note",
        "conversation",
        ["id"],
        sqlite_where=sa.text("note <> ''"),
        postgresql_where=sa.text("note <> ''"),
    )


def downgrade() -> None:
    """Take this revision back."""
    for name in ("note", "suggested", "risk", "shuffle", "date"):
        op.drop_index(f"ix_conversation_{name}", table_name="conversation")
    for column in reversed(NEW_COLUMNS):
        op.drop_column("conversation", column.name)
