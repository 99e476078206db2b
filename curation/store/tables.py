"""The tables of a workspace.

Times are whole seconds of the chat's local wall clock since 1970-01-01, so that ranges and order
are plain integer work on every database. Ids are given by the database and never used twice.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    column,
    false,
    func,
    text,
)

from curation.model import PERSONA_TEXTS
from curation.store.column_types import Integer, String, only_where

SHUFFLED: Final = 2**31
"""`conversation.shuffle` is below this."""

metadata: Final = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

setting: Final = Table(
    "setting",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("value", Text, nullable=False),  # JSON
)

chat: Final = Table(
    "chat",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("account", Text, nullable=True),  # the platform's id, where a file told it
    Column("is_group", Boolean, nullable=False, server_default=false()),
    Column("group_mode", String(16), nullable=True),  # missing: merge
    Column("gap_minutes", Integer, nullable=True),  # missing: as the settings say
    # The pause that its own times suggest, kept because finding it reads them all.
    Column("valley_minutes", Float, nullable=True),
    # Whether a person said that the file's "me" is the other one; later files are turned as well.
    Column("swapped", Boolean, nullable=False, server_default=false()),
    sqlite_autoincrement=True,
)

source_file: Final = Table(
    "source_file",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False),
    Column("format", String(64), nullable=False),
    Column("imported_at", BigInteger, nullable=False),  # UTC seconds
    Column("messages", Integer, nullable=False),
    Column("added", Integer, nullable=False),
    sqlite_autoincrement=True,
)

imported_record: Final = Table(
    "imported_record",
    metadata,
    # A record that was imported once, whatever was done to its conversation since.
    Column("id", Integer, primary_key=True),
    Column("chat_id", Integer, ForeignKey("chat.id"), nullable=False),
    Column("digest", String(64), nullable=False),
    Index("ix_imported_record_chat_id", "chat_id"),
    sqlite_autoincrement=True,
)

conversation: Final = Table(
    "conversation",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("chat_id", Integer, ForeignKey("chat.id"), nullable=False),
    Column("source_file_id", Integer, ForeignKey("source_file.id"), nullable=True),
    # Place within the chat: seconds x 1000 of the first message, or a running number x 1000 where
    # the format has no times; the room between lets a split-off part follow its head.
    Column("sort_key", BigInteger, nullable=False),
    Column("status", String(16), nullable=False),
    Column("version", Integer, nullable=False),
    Column("touched", Boolean, nullable=False),  # whether a person ever acted on it
    Column("background", Text, nullable=False),
    # Derived from the messages; kept here because the table page filters and sorts by them.
    Column("started_at", BigInteger, nullable=True),
    Column("ended_at", BigInteger, nullable=True),
    Column("length", Integer, nullable=False),
    Column("turns", Integer, nullable=False),
    Column("findings", Integer, nullable=False),
    Column("undecided", Integer, nullable=False),
    Column("edited", Boolean, nullable=False),
    Column("scanned", Boolean, nullable=False),  # whether all its texts were searched for PII
    # A conversation that says nearly the same. It may be gone by now: read it through
    # `conversations.duplicate_there`. Ids are never used twice, so it cannot mean another one.
    Column("duplicate_of", Integer, nullable=True),
    Column("similarity", Float, nullable=True),
    Column("not_like", Integer, nullable=True),  # the one a person said it does not repeat
    Column("changed_at", BigInteger, nullable=True),  # UTC seconds; missing: by nobody yet
    # About how long it is to a trainer; missing until that was measured (see texts.py).
    Column("tokens", Integer, nullable=True),
    # Where its text stands in the index of words; missing where it does not (see search.py).
    Column("search_row", Integer, nullable=True),
    Index(
        "ix_conversation_duplicate_of",
        "duplicate_of",
        **only_where(column("duplicate_of").is_not(None)),
    ),
    Index("ix_conversation_unscanned", "id", **only_where(column("scanned").is_(false()))),
    Index("ix_conversation_queue", "status", "chat_id", "sort_key", "id"),
    Index("ix_conversation_order", "chat_id", "sort_key", "id"),
    Index("ix_conversation_started_at", "started_at"),
    Index("ix_conversation_search_row", "search_row"),
    Index("ix_conversation_tokens", "tokens"),
    # What a person wrote down for themselves about it; never exported.
    Column("note", Text, nullable=False, server_default=""),
    # What the queue can be ordered by, besides place and date: what its undecided findings weigh
    # (derived), the highest score of its open suggestions (see suggestions.py), and chance.
    Column("risk", Integer, nullable=False, server_default="0"),
    Column("suggested", Float, nullable=True),
    Column("shuffle", Integer, nullable=False, server_default="0"),
    Index("ix_conversation_date", "status", "started_at", "id"),
    Index("ix_conversation_shuffle", "status", "shuffle", "id"),
    # Most conversations have neither, and stand in the queue by their place.
    Index(
        "ix_conversation_risk",
        *("status", "risk", "id", "chat_id", "sort_key"),
        **only_where(text("risk > 0")),
    ),
    Index(
        "ix_conversation_suggested",
        *("status", "suggested", "id", "chat_id", "sort_key"),
        **only_where(text("suggested IS NOT NULL")),
    ),
    Index("ix_conversation_note", "id", **only_where(text("note <> ''"))),
    sqlite_autoincrement=True,
)

fingerprint: Final = Table(
    "fingerprint",
    metadata,
    # What the search for near-duplicates must know of a conversation's text, as it was at `version`
    # of it, so that an import reads only what is new. It stays when the conversation goes, until
    # the next search: who was compared with it must be looked at again. Hence no foreign key.
    Column("conversation_id", Integer, primary_key=True, autoincrement=False),
    Column("version", Integer, nullable=False),
    Column("recipe", Integer, nullable=False),  # the way it was made
    Column("runs", Integer, nullable=False),
    Column("digest", BigInteger, nullable=False),
    Column("keys", LargeBinary, nullable=False),  # 64-bit numbers, lowest byte first
)

status_count: Final = Table(
    "status_count",
    metadata,
    # How many conversations of a chat have a status. Triggers keep it (see the migration), so that
    # a screen that shows counts does not read every conversation at every key press.
    Column("chat_id", Integer, ForeignKey("chat.id"), primary_key=True),
    Column("status", String(16), primary_key=True),
    Column("conversations", Integer, nullable=False),
)

sender: Final = Table(
    "sender",
    metadata,
    # Who spoke, once for each chat: a private chat has two rows here and thousands of messages.
    Column("id", Integer, primary_key=True),
    Column("chat_id", Integer, ForeignKey("chat.id"), nullable=False),
    Column("key", Text, nullable=False),  # as the export tells people apart
    Column("name", Text, nullable=False),
    Column("pseudonym", Text, nullable=True),  # in a group: what stands for the name in a record
    UniqueConstraint("chat_id", "key", "name"),
    sqlite_autoincrement=True,
)

message: Final = Table(
    "message",
    metadata,
    # An import writes one row for each message: every column it must fill and every index here is
    # paid hundreds of thousands of times. So what a person changes has server defaults.
    Column("id", Integer, primary_key=True),
    Column("conversation_id", Integer, ForeignKey("conversation.id"), nullable=False),
    Column("position", Float, nullable=False),
    Column("source_id", Text, nullable=True),
    Column("sender_id", Integer, ForeignKey("sender.id"), nullable=True),
    Column("side", String(8), nullable=False),
    Column("time", BigInteger, nullable=True),
    Column("kind", String(16), nullable=False),
    Column("original_text", Text, nullable=False),
    Column("reply_to", Text, nullable=True),
    Column("reply_id", Text, nullable=True),  # source_id of the message it answers
    Column("edited_text", Text, nullable=True),  # missing while the original stands
    Column("deleted", Boolean, nullable=False, server_default=false()),
    Column("added", Boolean, nullable=False, server_default=false()),
    Column("background", Text, nullable=False, server_default=""),
    # Typed by one from whom private details are hidden: what only an owner knows (their terms,
    # exceptions, names) is not looked for in it while they are, or it would confirm a guess.
    Column("veiled", Boolean, nullable=False, server_default=false()),
    Index("ix_message_conversation_id", "conversation_id"),
    Index("ix_message_deleted", "id", **only_where(column("deleted"))),
)

current_text: Final = func.coalesce(message.c.edited_text, message.c.original_text)
"""The text of a message as it stands now."""

finding: Final = Table(
    "finding",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("message_id", Integer, ForeignKey("message.id"), nullable=False),
    Column("entity", String(32), nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("score", Float, nullable=False),
    Column("recognizer", String(64), nullable=False),
    Column("why", Text, nullable=False),
    Column("value", Text, nullable=False),  # canonical, so that equal values are equal
    Column("decision", String(8), nullable=False),
    Index("ix_finding_message_id", "message_id"),
    # All that a list of values asks for, so that it reads nothing else.
    Index("ix_finding_value", "entity", "value", "decision", "score", "message_id"),
    sqlite_autoincrement=True,
)

value_decision: Final = Table(
    "value_decision",
    metadata,
    # A decision for all equal values; findings made later take it over.
    Column("id", Integer, primary_key=True),
    Column("entity", String(32), nullable=False),
    Column("value", Text, nullable=False),
    Column("decision", String(8), nullable=False),
    UniqueConstraint("entity", "value"),
    sqlite_autoincrement=True,
)

emotion_tag: Final = Table(
    "emotion_tag",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("conversation_id", Integer, ForeignKey("conversation.id"), nullable=False),
    Column("message_id", Integer, ForeignKey("message.id"), nullable=True),
    Column("emotion", Text, nullable=False),
    Index("ix_emotion_tag_conversation_id", "conversation_id"),
    Index("ix_emotion_tag_emotion", "emotion"),
    sqlite_autoincrement=True,
)

suggestion: Final = Table(
    "suggestion",
    metadata,
    # What a machine points out about a conversation or one of its messages. Near-duplicates are
    # not here: they are `duplicate_of` of the conversation.
    Column("id", Integer, primary_key=True),
    Column("conversation_id", Integer, ForeignKey("conversation.id"), nullable=False),
    Column("message_id", Integer, ForeignKey("message.id"), nullable=True),
    Column("kind", String(32), nullable=False),
    Column("label", Text, nullable=False, server_default=""),  # of an emotion: which
    Column("score", Float, nullable=False),
    Column("reason", Text, nullable=False),  # a catalogue template
    Column("reason_values", Text, nullable=False, server_default="{}"),  # JSON, for the template
    Column("model", String(64), nullable=False),  # who says so: a set of rules, or a model
    Column("version", Integer, nullable=False, server_default="0"),  # of who says so
    Column("rule", String(64), nullable=False, server_default=""),  # which of its rules
    Column("state", String(16), nullable=False),  # open, accepted, refused
    # How it was answered: UTC seconds, by whom, and of which text (see suggestions.py).
    Column("answered_at", BigInteger, nullable=True),
    Column("answered_by", Text, nullable=False, server_default=""),
    Column("digest", String(16), nullable=False, server_default=""),
    # Longer than any other, so that SQLite takes it wherever conversations are named.
    Index("ix_suggestion_conversation", "conversation_id", "state", "kind", "score"),
    Index("ix_suggestion_message_id", "message_id"),
    Index("ix_suggestion_kind", "kind", "state", "score", "conversation_id"),
    Index("ix_suggestion_rule", "kind", "rule", "model", "state"),
    sqlite_autoincrement=True,
)

looked_at: Final = Table(
    "looked_at",
    metadata,
    # Who looked at a conversation for what to suggest, and as which version of it. It stays when
    # the conversation goes, as numbers of conversations are never used twice.
    Column("conversation_id", Integer, primary_key=True, autoincrement=False),
    Column("suggester", String(200), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("suggester_version", Integer, nullable=False),
)

model_answer: Final = Table(
    "model_answer",
    metadata,
    # What a service answered to a request, so that it is never asked the same twice. `digest`
    # stands for its address and the whole request; neither key nor question is kept.
    Column("digest", String(64), primary_key=True),
    Column("model", Text, nullable=False),
    Column("answer", Text, nullable=False),
    Column("tokens_in", Integer, nullable=False),
    Column("tokens_out", Integer, nullable=False),
    Column("at", BigInteger, nullable=False),  # UTC seconds
)

export_version: Final = Table(
    "export_version",
    metadata,
    # An export as it was built once; its files may lie in a folder beside the workspace.
    Column("id", Integer, primary_key=True),
    Column("at", BigInteger, nullable=False),  # UTC seconds
    Column("reviewer", String(64), nullable=False, server_default=""),
    Column("name", Text, nullable=False, server_default=""),
    Column("note", Text, nullable=False, server_default=""),
    Column("options", Text, nullable=False),  # JSON
    Column("basis", String(64), nullable=False),  # of the workspace it was built of
    Column("digest", String(64), nullable=False),  # of the names and bytes of its files
    Column("records", Integer, nullable=False),
    Column("conversations", Integer, nullable=False),
    Column("files", Text, nullable=False),  # JSON: [{"name", "size", "sha256"}, ...]
    Column("folder", String(64), nullable=False, server_default=""),  # empty: files deleted
    Column("report", LargeBinary, nullable=False),  # JSON, packed
    Column("entries", LargeBinary, nullable=False),  # see export_entries.py
    sqlite_autoincrement=True,
)

saved_filter: Final = Table(
    "saved_filter",
    metadata,
    # A filter of conversations that a person gave a name.
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("query", Text, nullable=False),  # JSON: parameters of an address
    sqlite_autoincrement=True,
)

persona: Final = Table(
    "persona",
    metadata,
    # Who the digital self is. What partners are to me is one setting for all (see relations.py).
    Column("id", Integer, primary_key=True),
    Column("active", Boolean, nullable=False),  # the one whose system text is exported
    *(Column(name, Text, nullable=False, server_default="") for name in PERSONA_TEXTS),
    sqlite_autoincrement=True,
)

persona_version: Final = Table(
    "persona_version",
    metadata,
    # A persona as it was saved once.
    Column("id", Integer, primary_key=True),
    Column("persona_id", Integer, ForeignKey("persona.id"), nullable=False),
    Column("at", BigInteger, nullable=False),  # UTC seconds
    Column("reviewer", String(64), nullable=False, server_default=""),
    Column("content", Text, nullable=False),  # JSON
    Index("ix_persona_version_persona_id", "persona_id"),
    sqlite_autoincrement=True,
)

interview_answer: Final = Table(
    "interview_answer",
    metadata,
    # Which question of the interview was answered, and where; the conversation may be gone by now.
    Column("id", Integer, primary_key=True),
    Column("question", String(32), nullable=False),
    Column("conversation_id", Integer, nullable=False),
    sqlite_autoincrement=True,
)

known_name: Final = Table(
    "known_name",
    metadata,
    # Names of people that files told and that stand nowhere else here.
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("kind", String(8), nullable=False),  # name, id
    sqlite_autoincrement=True,
)

own_term: Final = Table(
    "own_term",
    metadata,
    # What a person wants always masked, or never flagged; `*` and `?` are wildcards.
    Column("id", Integer, primary_key=True),
    Column("pattern", Text, nullable=False, unique=True),
    Column("rule", String(8), nullable=False),  # mask, ignore
    Column("entity", String(32), nullable=False, server_default="CUSTOM_TERM"),
    sqlite_autoincrement=True,
)

journal: Final = Table(
    "journal",
    metadata,
    # Narrow rows: a page counts and filters them all. What an action changed stands beside it.
    Column("id", Integer, primary_key=True),
    Column("at", BigInteger, nullable=False),  # UTC seconds
    Column("action", String(32), nullable=False),
    Column("conversation_id", Integer, nullable=True),  # the one it was done on, if one
    Column("count", Integer, nullable=False),  # how many conversations it changed
    Column("size", Integer, nullable=False, server_default="0"),  # how many rows it changed
    # Empty: who gave no name. As long as `members.LONGEST_NAME`, whatever stands here (see String).
    Column("reviewer", String(64), nullable=False, server_default=""),
    Column("reverses", Integer, nullable=True),  # journal id that this undo or redo is about
    Column("undoable", Boolean, nullable=False),
    Column("undone", Boolean, nullable=False),
    # The row that brought the action to where it is: its own, or that of its last undo or redo.
    Column("since", Integer, nullable=False, server_default="0"),
    Column("turned_by", String(64), nullable=False, server_default=""),  # the reviewer of that row
    # The first of the undos and redos that were one step, where they were several.
    Column("step", Integer, nullable=True),
    Index("ix_journal_undo", "turned_by", "undoable", "undone", "since"),
    Index("ix_journal_since", "since"),
    Index("ix_journal_reverses", "reverses", **only_where(column("reverses").is_not(None))),
    sqlite_autoincrement=True,
)

journal_part: Final = Table(
    "journal_part",
    metadata,
    # What an action changed, in its order. The first part is short, for a list that shows it.
    Column("journal_id", Integer, ForeignKey("journal.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("changes", Text, nullable=False),  # see changes.py
)

journal_chat: Final = Table(
    "journal_chat",
    metadata,
    # In which chats the conversations are that an action changed.
    Column("journal_id", Integer, ForeignKey("journal.id"), primary_key=True),
    Column("chat_id", Integer, ForeignKey("chat.id"), primary_key=True),
    Index("ix_journal_chat_chat_id", "chat_id", "journal_id"),
)

dropped: Final = Table(
    "dropped",
    metadata,
    # What lies in the trash: a rejected conversation, or a deleted message. Either is named, by no
    # foreign key: who goes for good is taken out by the journal.
    Column("id", Integer, primary_key=True),
    Column("conversation_id", Integer, nullable=True),
    Column("message_id", Integer, nullable=True),
    Column("at", BigInteger, nullable=False),  # UTC seconds; 0: an older version did not note it
    Column("journal_id", Integer, nullable=True),  # the action that did it
    Index("ix_dropped_at", "at", "id"),
    Index("ix_dropped_conversation_id", "conversation_id"),
    Index("ix_dropped_message_id", "message_id"),
    sqlite_autoincrement=True,
)

draft: Final = Table(
    "draft",
    metadata,
    # What a person is typing and has not saved: private text that is neither exported nor in the
    # journal. Without references, since a draft must never be what an action fails at; drafts.py
    # lets it follow its `anchor`, a message of its conversation, and go with it.
    Column("id", Integer, primary_key=True),
    Column("conversation_id", Integer, nullable=False),
    Column("anchor", Integer, nullable=False),
    Column("field", String(16), nullable=False),  # edit, add, background, note
    Column("message_id", Integer, nullable=False),  # 0: of the conversation itself
    Column("text", Text, nullable=False),
    Column("base", Text, nullable=False),  # what was stored when the typing began
    Column("details", Text, nullable=False),  # JSON: of a new message its side and place
    Column("at", BigInteger, nullable=False),  # UTC milliseconds, by the clock of the screen
    Index("ix_draft_conversation_id", "conversation_id"),
    sqlite_autoincrement=True,
)

outbox: Final = Table(
    "outbox",
    metadata,
    # The last numbered action of each screen that is committed; a repeated one does nothing.
    Column("client", String(64), primary_key=True),
    Column("number", Integer, nullable=False),
    Column("refused", Text, nullable=False),  # JSON: [{"n", "id", "template", "values"}, ...]
)

lease: Final = Table(
    "lease",
    metadata,
    # Who has a conversation of the queue at hand (see leases.py). It names conversations that may
    # be gone, so there is no reference.
    Column("conversation_id", Integer, primary_key=True, autoincrement=False),
    Column("reviewer", String(64), nullable=False),
    Column("screen", String(64), nullable=False),  # the tab that took it last
    Column("since", BigInteger, nullable=False),  # UTC seconds by the clock of the database
    Column("until", BigInteger, nullable=False),  # the same
)

talk: Final = Table(
    "talk",
    metadata,
    # A talk with a tuned model. It is no part of the dataset: what is to become a part of it is
    # kept as a conversation of its own.
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False, server_default=""),
    Column("model", Text, nullable=False, server_default=""),  # the key of a connection
    Column("persona_id", Integer, nullable=True),  # may be gone; missing: the one that is exported
    Column("partner", Text, nullable=False, server_default=""),  # as whom the person talks: a chat
    Column("closed", Boolean, nullable=False, server_default=false()),  # the service ended it
    Column("at", BigInteger, nullable=False),  # UTC seconds
    Column("changed_at", BigInteger, nullable=False),  # the same
    sqlite_autoincrement=True,
)

talk_line: Final = Table(
    "talk_line",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("talk_id", Integer, ForeignKey("talk.id"), nullable=False),
    Column("role", String(16), nullable=False),  # user, assistant
    Column("text", Text, nullable=False),
    Column("thought", Text, nullable=False, server_default=""),
    Column("model", Text, nullable=False, server_default=""),  # who answered, by its key
    # Where the answer came from: a model of the same key may be moved to another host.
    Column("host", Text, nullable=False, server_default=""),
    Column("problem", Text, nullable=False, server_default=""),  # JSON: [template, values]
    # What it should have said, and the conversation that was made of it, which may be gone.
    Column("corrected", Text, nullable=False, server_default=""),
    Column("kept_in", Integer, nullable=True),
    Column("at", BigInteger, nullable=False),  # UTC seconds
    Index("ix_talk_line_talk_id", "talk_id"),
    sqlite_autoincrement=True,
)

member: Final = Table(
    "member",
    metadata,
    # Who may work here, once anybody is listed (see members.py).
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False, unique=True),  # a name, an address, or who vouches for it
    Column("role", String(16), nullable=False),  # owner, reviewer
    Column("added_by", Text, nullable=False, server_default=""),
    Column("added_at", BigInteger, nullable=False),  # UTC seconds
    sqlite_autoincrement=True,
)
