"""Who acted, and what an action changed beside its row instead of in it."""

from __future__ import annotations

import json
from itertools import islice
from typing import Any, Final

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0005"
branch_labels = None
depends_on = None

NEW_COLUMNS: Final[tuple[sa.Column[Any], ...]] = (
    sa.Column("size", sa.Integer(), server_default="0", nullable=False),
    sa.Column("reviewer", sa.String(length=64), server_default="", nullable=False),
    sa.Column("since", sa.Integer(), server_default="0", nullable=False),
    sa.Column("turned_by", sa.String(length=64), server_default="", nullable=False),
    sa.Column("step", sa.Integer(), nullable=True),
)
FIRST_PART: Final = 20
PART: Final = 5000
STRETCH: Final = "*"


def upgrade() -> None:
    """Bring the tables to this revision."""
    for column in NEW_COLUMNS:
        op.add_column("journal", column)
    op.create_table(
        "journal_part",
        sa.Column("journal_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("changes", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["journal_id"], ["journal.id"], name=op.f("fk_journal_part_journal_id_journal")
        ),
        sa.PrimaryKeyConstraint("journal_id", "number", name=op.f("pk_journal_part")),
    )
    op.create_table(
        "journal_chat",
        sa.Column("journal_id", sa.Integer(), nullable=False),
        sa.Column("chat_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["chat_id"], ["chat.id"], name=op.f("fk_journal_chat_chat_id_chat")
        ),
        sa.ForeignKeyConstraint(
            ["journal_id"], ["journal.id"], name=op.f("fk_journal_chat_journal_id_journal")
        ),
        sa.PrimaryKeyConstraint("journal_id", "chat_id", name=op.f("pk_journal_chat")),
    )
    _move_changes()
    op.drop_index("ix_journal_undo", table_name="journal")
    op.drop_column("journal", "changes")
    op.create_index("ix_journal_undo", "journal", ["turned_by", "undoable", "undone", "since"])
    op.create_index("ix_journal_since", "journal", ["since"])
    op.create_index(
        "ix_journal_reverses",
        "journal",
        ["reverses"],
        sqlite_where=sa.text("reverses IS NOT NULL"),
        postgresql_where=sa.text("reverses IS NOT NULL"),
    )
    op.create_index("ix_journal_chat_chat_id", "journal_chat", ["chat_id", "journal_id"])


def _move_changes() -> None:
    """Put what each action changed into parts; tell the chats it was in, and since when it is."""
    connection = op.get_bind()
    connection.execute(sa.text("UPDATE journal SET since = id"))
    connection.execute(
        sa.text(
            "UPDATE journal SET since = (SELECT max(later.id) FROM journal AS later"
            " WHERE later.reverses = journal.id)"
            " WHERE id IN (SELECT reverses FROM journal WHERE reverses IS NOT NULL)"
        )
    )
    owners = connection.execute(sa.text("SELECT id, chat_id FROM conversation"))
    chats = {row.id: row.chat_id for row in owners}
    ids = list(connection.scalars(sa.text("SELECT id FROM journal WHERE undoable ORDER BY id")))
    for number in ids:
        row = connection.execute(
            sa.text("SELECT conversation_id, changes FROM journal WHERE id = :id"), {"id": number}
        ).one()
        changes = json.loads(row.changes)
        rows = iter(changes)
        part = 0
        while some := list(islice(rows, PART if part else FIRST_PART)):
            connection.execute(
                sa.text("INSERT INTO journal_part VALUES (:journal, :number, :changes)"),
                {
                    "journal": number,
                    "number": part,
                    "changes": json.dumps(some, ensure_ascii=False, separators=(",", ":")),
                },
            )
            part += 1
        connection.execute(
            sa.text("UPDATE journal SET size = :size WHERE id = :id"),
            {"size": sum(_length(each) for each in changes), "id": number},
        )
        for chat in sorted(_chats(row.conversation_id, changes, chats)):
            connection.execute(
                sa.text("INSERT INTO journal_chat VALUES (:journal, :chat)"),
                {"journal": number, "chat": chat},
            )
    connection.execute(
        sa.text(
            "INSERT INTO journal_chat SELECT journal.id, journal_chat.chat_id FROM journal"
            " JOIN journal_chat ON journal_chat.journal_id = journal.reverses"
        )
    )


def _length(kept: list[Any]) -> int:
    """Return how many rows a kept change is about."""
    return int(kept[2]) if kept[0] == STRETCH else 1


def _chats(
    conversation: int | None, changes: list[tuple[str, int, Any, Any]], chats: dict[int, int]
) -> set[int]:
    """Return the chats of the conversations that changes are about, where they are still there."""
    owners = {conversation}
    for table, number, *rows in changes:
        if table == STRETCH:
            continue
        if table == "conversation":
            owners.add(number)
        owners.update(row.get("conversation_id") for row in rows if row)
    return {chats[owner] for owner in owners if owner in chats}


def downgrade() -> None:
    """Take this revision back."""
    connection = op.get_bind()
    op.drop_index("ix_journal_undo", table_name="journal")
    op.drop_index("ix_journal_since", table_name="journal")
    op.drop_index("ix_journal_reverses", table_name="journal")
    op.add_column("journal", sa.Column("changes", sa.Text(), server_default="[]", nullable=False))
    parts = connection.execute(
        sa.text("SELECT journal_id, changes FROM journal_part ORDER BY journal_id, number")
    ).all()
    whole: dict[int, list[Any]] = {}
    for row in parts:
        whole.setdefault(row.journal_id, []).extend(json.loads(row.changes))
    for number, changes in whole.items():
        connection.execute(
            sa.text("UPDATE journal SET changes = :changes WHERE id = :id"),
            {"changes": json.dumps(changes, ensure_ascii=False), "id": number},
        )
    op.drop_table("journal_chat")
    op.drop_table("journal_part")
    for column in reversed(NEW_COLUMNS):
        op.drop_column("journal", column.name)
    op.create_index("ix_journal_undo", "journal", ["undoable", "undone", "id"])
