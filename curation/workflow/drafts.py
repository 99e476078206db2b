"""What a person is typing on the review page, kept from one moment to the next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeGuard

from curation.storable import storable
from curation.store import drafts
from curation.store.drafts import Draft
from curation.workflow.roles import for_reviewers

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Connection

    from curation.store import Workspace

LONGEST: Final = 200_000
"""Characters of one draft; what is longer stays with the screen alone."""

_DETAILS: Final = ("side", "place", "before")
_SHORT: Final = 20
_MOST: Final = 2**53
_SAVES: Final[Mapping[str, str]] = {
    "edit_message": "edit",
    "add_message": "add",
    "set_background": "background",
    "set_message_background": "background",
    "set_note": "note",
}
"""The action that saves what is typed in a field."""


@for_reviewers
def save_drafts(workspace: Workspace, sent: Sequence[Mapping[str, Any]]) -> None:
    """Keep the drafts that a screen sent, or forget those whose text is None.

    What is not a draft is passed over: nothing of what a screen sends may stop the others. From
    whom private details are hidden, nothing is kept: they do not see what others were typing.
    """
    if workspace.access().hides:
        return
    with workspace.write() as connection:
        for each in sent:
            lost = each.get("lost")
            draft = _draft(each)
            if _is_number(lost):
                drafts.discard_lost(connection, int(lost))
            elif draft is None:
                continue
            elif each.get("text") is None:
                drafts.discard(connection, draft.conversation_id, draft.field, draft.message_id)
            else:
                drafts.keep(connection, draft)


def drop_draft(connection: Connection, action: Mapping[str, object], conversation_id: int) -> None:
    """Forget the draft of what an action saves."""
    field = _SAVES.get(str(action.get("type")))
    if field is None:
        return
    of_message = action.get("type") in ("edit_message", "set_message_background")
    message = action.get("message")
    number = int(message) if of_message and _is_number(message) else None
    drafts.discard(connection, conversation_id, field, number)


def _draft(sent: Mapping[str, Any]) -> Draft | None:
    field, text = sent.get("field"), sent.get("text")
    message, base = sent.get("message"), sent.get("base", "")
    numbers = [sent.get("conversation"), sent.get("anchor", 0), sent.get("at", 0)]
    if field not in drafts.FIELDS or not all(_is_number(number) for number in numbers):
        return None
    if not (message is None or _is_number(message)) or not isinstance(base, str):
        return None
    if not (text is None or isinstance(text, str)) or len(text or "") + len(base) > LONGEST:
        return None
    conversation, anchor, at = (int(number) for number in numbers if number is not None)
    return Draft(
        conversation_id=conversation,
        field=str(field),
        message_id=None if message is None else int(message),
        text=storable(text or ""),
        base=storable(base),
        details={
            name: sent[name]
            for name in _DETAILS
            if isinstance(sent.get(name), str | int | float) and len(str(sent[name])) <= _SHORT
        },
        at=at,
        anchor=anchor,
    )


def _is_number(value: object) -> TypeGuard[int | float]:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return abs(value) <= _MOST and value == int(value)  # what is no number is not below anything
