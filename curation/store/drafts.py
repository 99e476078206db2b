"""What a person is typing and has not saved, kept so that neither a reload nor a crash loses it.

A draft belongs to a conversation, to a field of it and, in some fields, to a message. It is no part
of the journal: undo neither brings it back nor takes it away. It goes where its message goes, and
when its conversation is gone and its message too, it is gone as well.
"""

from __future__ import annotations

import dataclasses
import json
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import delete, exists, insert, or_, select, update

from curation.store.tables import conversation, draft, message

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import ColumnElement, Connection

FIELDS: Final = ("edit", "add", "background", "note")
_IDS_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class Draft:
    """A text that is being typed.

    `message_id` is None for what belongs to the conversation itself. `base` is what was stored
    when the typing began, `details` say of a new message where it is to stand and whose it is,
    `at` is in milliseconds, by the clock of the screen. `lost` is one whose message is no longer
    in the conversation, or that came from a conversation merged into one with the same draft.
    """

    conversation_id: int
    field: str
    message_id: int | None
    text: str
    base: str = ""
    details: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    at: int = 0
    anchor: int = 0
    lost: bool = False
    id: int = 0


def keep(connection: Connection, new: Draft) -> None:
    """Keep a draft in place of the one before it."""
    discard(connection, new.conversation_id, new.field, new.message_id)
    connection.execute(
        insert(draft).values(
            conversation_id=new.conversation_id,
            anchor=new.message_id or new.anchor,
            field=new.field,
            message_id=new.message_id or 0,
            text=new.text,
            base=new.base,
            details=json.dumps(dict(new.details), ensure_ascii=False),
            at=new.at,
        )
    )
    # It may have been typed where the screen did not know yet what became of the conversation.
    follow(connection)


def discard(
    connection: Connection, conversation_id: int, name: str, message_id: int | None
) -> None:
    """Forget a draft, if there is one."""
    connection.execute(delete(draft).where(_same(conversation_id, name, message_id)))


def discard_lost(connection: Connection, number: int) -> None:
    """Forget a draft by its own number."""
    connection.execute(delete(draft).where(draft.c.id == number))


def _same(conversation_id: int, name: str, message_id: int | None) -> ColumnElement[bool]:
    # Numbers of messages are never used twice, so a message's draft is found by it alone.
    place = draft.c.message_id == (message_id or 0)
    if message_id is None:
        place &= draft.c.conversation_id == conversation_id
    return place & (draft.c.field == name)


def of_conversations(connection: Connection, ids: Sequence[int]) -> dict[int, list[Draft]]:
    """Return the drafts of conversations, the newest of each conversation first."""
    found: defaultdict[int, list[Draft]] = defaultdict(list)
    for start in range(0, len(ids), _IDS_AT_ONCE):
        rows = connection.execute(
            select(draft, message.c.conversation_id.label("owner"))
            .outerjoin(message, message.c.id == draft.c.message_id)
            .where(draft.c.conversation_id.in_(ids[start : start + _IDS_AT_ONCE]))
            .order_by(draft.c.at.desc(), draft.c.id.desc())
        )
        seen: set[tuple[int, str, int]] = set()
        for row in rows:
            key = (row.conversation_id, row.field, row.message_id)
            gone = row.message_id != 0 and row.owner != row.conversation_id
            found[row.conversation_id].append(
                Draft(
                    conversation_id=row.conversation_id,
                    field=row.field,
                    message_id=row.message_id or None,
                    text=row.text,
                    base=row.base,
                    details=json.loads(row.details),
                    at=row.at,
                    anchor=row.anchor,
                    lost=gone or key in seen,
                    id=row.id,
                )
            )
            seen.add(key)
    return dict(found)


def follow(connection: Connection) -> None:
    """Let drafts go with their messages, and end with what they belong to.

    Called after whatever takes conversations apart or away; there are never many drafts.
    """
    if connection.scalar(select(draft.c.id).limit(1)) is None:
        return
    gone = ~exists().where(conversation.c.id == draft.c.conversation_id)
    owner = (
        select(message.c.conversation_id).where(message.c.id == draft.c.anchor).scalar_subquery()
    )
    connection.execute(
        update(draft)
        .where(or_(draft.c.message_id != 0, gone), owner != draft.c.conversation_id)
        .values(conversation_id=owner)
    )
    connection.execute(delete(draft).where(gone))
