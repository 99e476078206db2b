"""What nobody may change, not even by mistake: what the journal says happened, and original texts.

The database itself refuses it. Whether an action is undone, and by what, is where it stands now,
and goes on changing. The rules are made anew at every opening where they are missing: a migration
that builds a table again takes them away.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import text

from curation.store import postgres
from curation.store.tables import journal, journal_part, message

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection

_HAPPENED: Final = ("at", "action", "conversation_id", "count", "size", "reviewer", "reverses")

_RULES: Final[Mapping[str, tuple[str, str, str]]] = {
    "ruwo_keep_journal": (journal.name, f"UPDATE OF {', '.join(_HAPPENED)}", ""),
    "ruwo_keep_journal_rows": (journal.name, "DELETE", ""),
    "ruwo_keep_changes": (journal_part.name, "UPDATE", ""),
    "ruwo_keep_change_rows": (journal_part.name, "DELETE", ""),
    "ruwo_keep_original": (
        message.name,
        "UPDATE OF original_text",
        "OLD.original_text {differs} NEW.original_text",
    ),
}
_FUNCTION: Final = "ruwo_refuse"
_SENTENCE: Final = "this is never changed"


def prepare(connection: Connection) -> None:
    """Make the rules that are missing, in a transaction that writes."""
    if postgres.is_here(connection):
        _prepare_postgres(connection)
        return
    for _kind, name, rule in rules():
        connection.exec_driver_sql(rule.replace(name, f"IF NOT EXISTS {name}", 1))


def rules() -> list[tuple[str, str, str]]:
    """Return the rules as SQLite keeps them: kind, name, and how it was made."""
    made = []
    for name, (table, event, when) in _RULES.items():
        condition = f" WHEN {when.format(differs='IS NOT')}" if when else ""
        rule = f"CREATE TRIGGER {name} BEFORE {event} ON {table}{condition}"
        made.append(("trigger", name, f"{rule} BEGIN SELECT RAISE(ABORT, '{_SENTENCE}'); END"))
    return made


def _prepare_postgres(connection: Connection) -> None:
    held = set(
        connection.scalars(
            text(
                "SELECT t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
                " WHERE NOT t.tgisinternal AND pg_table_is_visible(c.oid)"
            )
        )
    )
    missing = {name: rule for name, rule in _RULES.items() if name not in held}
    if missing:
        connection.execute(
            text(
                f"CREATE OR REPLACE FUNCTION {_FUNCTION}() RETURNS trigger AS $$"
                f" BEGIN RAISE EXCEPTION '{_SENTENCE}'; END $$ LANGUAGE plpgsql"
            )
        )
    for name, (table, event, when) in missing.items():
        condition = f" WHEN ({when.format(differs='IS DISTINCT FROM')})" if when else ""
        connection.execute(
            text(
                f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW{condition}"
                f" EXECUTE FUNCTION {_FUNCTION}()"
            )
        )
