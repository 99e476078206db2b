"""Chats with a pause and a group mode of their own, pseudonyms, reply links, near-duplicates."""

from __future__ import annotations

from collections import defaultdict
from typing import Any, Final

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

NEW_COLUMNS: Final[tuple[tuple[str, sa.Column[Any]], ...]] = (
    ("message", sa.Column("reply_id", sa.Text(), nullable=True)),
    ("chat", sa.Column("account", sa.Text(), nullable=True)),
    ("chat", sa.Column("is_group", sa.Boolean(), server_default=sa.false(), nullable=False)),
    ("chat", sa.Column("group_mode", sa.String(length=16), nullable=True)),
    ("chat", sa.Column("gap_minutes", sa.Integer(), nullable=True)),
    ("chat", sa.Column("valley_minutes", sa.Float(), nullable=True)),
    ("chat", sa.Column("swapped", sa.Boolean(), server_default=sa.false(), nullable=False)),
    ("sender", sa.Column("pseudonym", sa.Text(), nullable=True)),
    ("conversation", sa.Column("duplicate_of", sa.Integer(), nullable=True)),
    ("conversation", sa.Column("similarity", sa.Float(), nullable=True)),
)

PSEUDONYMS: Final = "甲乙丙丁戊己庚辛壬癸"


def upgrade() -> None:
    """Bring the tables to this revision."""
    for table, column in NEW_COLUMNS:
        op.add_column(table, column)
    op.create_index(
        "ix_conversation_duplicate_of",
        "conversation",
        ["duplicate_of"],
        unique=False,
        sqlite_where=sa.text("duplicate_of IS NOT NULL"),
        postgresql_where=sa.text("duplicate_of IS NOT NULL"),
    )
    op.create_table(
        "known_name",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_known_name")),
        sa.UniqueConstraint("name", name=op.f("uq_known_name_name")),
        sqlite_autoincrement=True,
    )
    _find_groups()


def _find_groups() -> None:
    """Mark the chats in which several others speak, and give those their pseudonyms."""
    connection = op.get_bind()
    rows = connection.execute(
        sa.text(
            "SELECT sender.chat_id, sender.key, count(*) AS messages"
            " FROM message JOIN sender ON sender.id = message.sender_id"
            " WHERE message.side = 'other' AND message.kind <> 'system' AND sender.key <> ''"
            " GROUP BY sender.chat_id, sender.key ORDER BY messages DESC, sender.key"
        )
    ).all()
    speakers: defaultdict[int, list[str]] = defaultdict(list)
    for row in rows:
        speakers[row.chat_id].append(row.key)
    for chat_id, keys in speakers.items():
        if len(keys) < 2:  # noqa: PLR2004  (a chat of two)
            continue
        connection.execute(
            sa.text("UPDATE chat SET is_group = :group WHERE id = :chat").bindparams(
                sa.bindparam("group", value=True, type_=sa.Boolean()),
                sa.bindparam("chat", chat_id),
            )
        )
        names = connection.execute(
            sa.text("SELECT key, name FROM sender WHERE chat_id = :chat"), {"chat": chat_id}
        ).all()
        real = {name for row in names for name in row}
        free = [name for name in PSEUDONYMS if name not in real]
        free += [f"群友{number}" for number in range(11, 11 + len(keys) + len(real))]
        free = [name for name in free if name not in real]
        for key, pseudonym in zip(keys, free, strict=False):
            connection.execute(
                sa.text("UPDATE sender SET pseudonym = :name WHERE chat_id = :chat AND key = :key"),
                {"name": pseudonym, "chat": chat_id, "key": key},
            )


def downgrade() -> None:
    """Take this revision back."""
    op.drop_table("known_name")
    op.drop_index("ix_conversation_duplicate_of", table_name="conversation")
    for table, column in reversed(NEW_COLUMNS):
        op.drop_column(table, column.name)
