"""The first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

ONE_MORE = """
    INSERT INTO status_count (chat_id, status, conversations) VALUES (NEW.chat_id, NEW.status, 1)
    ON CONFLICT (chat_id, status) DO UPDATE SET conversations = conversations + 1;
"""
ONE_LESS = """
    UPDATE status_count SET conversations = conversations - 1
    WHERE chat_id = OLD.chat_id AND status = OLD.status;
"""
# PostgreSQL counts once a statement: it would keep every state that a row had while counting.
COUNTED = """
    INSERT INTO status_count (chat_id, status, conversations)
    SELECT chat_id, status, sum(number) FROM ({rows}) AS told
    GROUP BY chat_id, status HAVING sum(number) <> 0 ORDER BY chat_id, status
    ON CONFLICT (chat_id, status)
    DO UPDATE SET conversations = status_count.conversations + EXCLUDED.conversations;
"""
CAME = "SELECT chat_id, status, 1 AS number FROM came"
WENT = "SELECT chat_id, status, -1 AS number FROM went"
POSTGRESQL_TRIGGERS = {
    "conversation_counted": ("INSERT", "NEW TABLE AS came", CAME),
    "conversation_uncounted": ("DELETE", "OLD TABLE AS went", WENT),
    "conversation_recounted": (
        "UPDATE",
        "OLD TABLE AS went NEW TABLE AS came",
        f"{CAME} UNION ALL {WENT}",
    ),
}
TRIGGERS = {
    "conversation_counted": f"AFTER INSERT ON conversation BEGIN {ONE_MORE} END",
    "conversation_uncounted": f"AFTER DELETE ON conversation BEGIN {ONE_LESS} END",
    "conversation_recounted": (
        "AFTER UPDATE OF chat_id, status ON conversation"
        " WHEN OLD.status <> NEW.status OR OLD.chat_id <> NEW.chat_id"
        f" BEGIN {ONE_LESS} {ONE_MORE} END"
    ),
}


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.create_table(
        "chat",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chat")),
        sa.UniqueConstraint("name", name=op.f("uq_chat_name")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "journal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("action", sa.String(length=32), nullable=False),
        sa.Column("conversation_id", sa.Integer(), nullable=True),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("changes", sa.Text(), nullable=False),
        sa.Column("reverses", sa.Integer(), nullable=True),
        sa.Column("undoable", sa.Boolean(), nullable=False),
        sa.Column("undone", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("journal", schema=None) as batch_op:
        batch_op.create_index("ix_journal_undo", ["undoable", "undone", "id"], unique=False)

    op.create_table(
        "outbox",
        sa.Column("client", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("refused", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("client", name=op.f("pk_outbox")),
    )
    op.create_table(
        "setting",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_setting")),
    )
    op.create_table(
        "source_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("format", sa.String(length=64), nullable=False),
        sa.Column("imported_at", sa.BigInteger(), nullable=False),
        sa.Column("messages", sa.Integer(), nullable=False),
        sa.Column("added", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source_file")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "value_decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entity", sa.String(length=32), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("decision", sa.String(length=8), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_value_decision")),
        sa.UniqueConstraint("entity", "value", name=op.f("uq_value_decision_entity_value")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "conversation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("chat_id", sa.Integer(), nullable=False),
        sa.Column("source_file_id", sa.Integer(), nullable=True),
        sa.Column("sort_key", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("touched", sa.Boolean(), nullable=False),
        sa.Column("background", sa.Text(), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=True),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("turns", sa.Integer(), nullable=False),
        sa.Column("findings", sa.Integer(), nullable=False),
        sa.Column("undecided", sa.Integer(), nullable=False),
        sa.Column("edited", sa.Boolean(), nullable=False),
        sa.Column("scanned", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["chat_id"], ["chat.id"], name=op.f("fk_conversation_chat_id_chat")
        ),
        sa.ForeignKeyConstraint(
            ["source_file_id"],
            ["source_file.id"],
            name=op.f("fk_conversation_source_file_id_source_file"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conversation")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("conversation", schema=None) as batch_op:
        batch_op.create_index("ix_conversation_order", ["chat_id", "sort_key", "id"], unique=False)
        batch_op.create_index(
            "ix_conversation_queue", ["status", "chat_id", "sort_key", "id"], unique=False
        )
        batch_op.create_index("ix_conversation_started_at", ["started_at"], unique=False)
        batch_op.create_index(
            "ix_conversation_unscanned",
            ["id"],
            unique=False,
            sqlite_where=sa.text("scanned IS 0"),
            postgresql_where=sa.text("NOT scanned"),
        )

    op.create_table(
        "imported_record",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("chat_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["chat_id"], ["chat.id"], name=op.f("fk_imported_record_chat_id_chat")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imported_record")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("imported_record", schema=None) as batch_op:
        batch_op.create_index("ix_imported_record_chat_id", ["chat_id"], unique=False)

    op.create_table(
        "sender",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("chat_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["chat_id"], ["chat.id"], name=op.f("fk_sender_chat_id_chat")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sender")),
        sa.UniqueConstraint("chat_id", "key", "name", name=op.f("uq_sender_chat_id_key_name")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "status_count",
        sa.Column("chat_id", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("conversations", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["chat_id"], ["chat.id"], name=op.f("fk_status_count_chat_id_chat")
        ),
        sa.PrimaryKeyConstraint("chat_id", "status", name=op.f("pk_status_count")),
    )
    op.create_table(
        "message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Float(), nullable=False),
        sa.Column("source_id", sa.Text(), nullable=True),
        sa.Column("sender_id", sa.Integer(), nullable=True),
        sa.Column("side", sa.String(length=8), nullable=False),
        sa.Column("time", sa.BigInteger(), nullable=True),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("original_text", sa.Text(), nullable=False),
        sa.Column("reply_to", sa.Text(), nullable=True),
        sa.Column("edited_text", sa.Text(), nullable=True),
        sa.Column("deleted", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("added", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("background", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversation.id"],
            name=op.f("fk_message_conversation_id_conversation"),
        ),
        sa.ForeignKeyConstraint(
            ["sender_id"], ["sender.id"], name=op.f("fk_message_sender_id_sender")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
    )
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.create_index("ix_message_conversation_id", ["conversation_id"], unique=False)

    op.create_table(
        "emotion_tag",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=True),
        sa.Column("emotion", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversation.id"],
            name=op.f("fk_emotion_tag_conversation_id_conversation"),
        ),
        sa.ForeignKeyConstraint(
            ["message_id"], ["message.id"], name=op.f("fk_emotion_tag_message_id_message")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_emotion_tag")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("emotion_tag", schema=None) as batch_op:
        batch_op.create_index("ix_emotion_tag_conversation_id", ["conversation_id"], unique=False)
        batch_op.create_index("ix_emotion_tag_emotion", ["emotion"], unique=False)

    op.create_table(
        "finding",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("entity", sa.String(length=32), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("recognizer", sa.String(length=64), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("decision", sa.String(length=8), nullable=False),
        sa.ForeignKeyConstraint(
            ["message_id"], ["message.id"], name=op.f("fk_finding_message_id_message")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finding")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("finding", schema=None) as batch_op:
        batch_op.create_index("ix_finding_message_id", ["message_id"], unique=False)
        batch_op.create_index("ix_finding_value", ["entity", "value"], unique=False)
    _make_triggers()


def _make_triggers() -> None:
    if op.get_bind().dialect.name != "postgresql":
        for name, body in TRIGGERS.items():
            op.execute(f"CREATE TRIGGER {name} {body}")
        return
    for name, (event, tables, rows) in POSTGRESQL_TRIGGERS.items():
        op.execute(
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS"
            f" $$ BEGIN {COUNTED.format(rows=rows)} RETURN NULL; END $$"
        )
        op.execute(
            f"CREATE TRIGGER {name} AFTER {event} ON conversation REFERENCING {tables}"
            f" FOR EACH STATEMENT EXECUTE FUNCTION {name}()"
        )


def downgrade() -> None:
    """Take this revision back."""
    with op.batch_alter_table("finding", schema=None) as batch_op:
        batch_op.drop_index("ix_finding_value")
        batch_op.drop_index("ix_finding_message_id")

    op.drop_table("finding")
    with op.batch_alter_table("emotion_tag", schema=None) as batch_op:
        batch_op.drop_index("ix_emotion_tag_emotion")
        batch_op.drop_index("ix_emotion_tag_conversation_id")

    op.drop_table("emotion_tag")
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.drop_index("ix_message_conversation_id")

    op.drop_table("message")
    op.drop_table("status_count")
    op.drop_table("sender")
    with op.batch_alter_table("imported_record", schema=None) as batch_op:
        batch_op.drop_index("ix_imported_record_chat_id")

    op.drop_table("imported_record")
    with op.batch_alter_table("conversation", schema=None) as batch_op:
        batch_op.drop_index("ix_conversation_unscanned", sqlite_where=sa.text("scanned IS 0"))
        batch_op.drop_index("ix_conversation_started_at")
        batch_op.drop_index("ix_conversation_queue")
        batch_op.drop_index("ix_conversation_order")

    op.drop_table("conversation")
    op.drop_table("value_decision")
    op.drop_table("source_file")
    op.drop_table("setting")
    op.drop_table("outbox")
    with op.batch_alter_table("journal", schema=None) as batch_op:
        batch_op.drop_index("ix_journal_undo")

    op.drop_table("journal")
    op.drop_table("chat")
