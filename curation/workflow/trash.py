"""The trash: what lies in it, and bringing it back."""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from curation.model import Status
from curation.store import actions, journal, leases, trash
from curation.store.conversations import read_conversations
from curation.workflow.bulk import finish, in_parts
from curation.workflow.detecting import detection_rules
from curation.workflow.flagging import find_around
from curation.workflow.progress import Progress, ignore
from curation.workflow.roles import for_reviewers
from curation.workflow.veil import veil_of, veiled_dropped

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from curation.model import Conversation
    from curation.store import Workspace
    from curation.store.trash import Dropped, TrashFilter

RESTORE: Final = "restore"
"""The name of the action in the journal."""


@dataclass(frozen=True, slots=True)
class TrashPage:
    """One page of the trash, newest first, and how many things there are in all.

    `conversations` are the whole ones of this page, by id.
    """

    things: tuple[Dropped, ...]
    total: int
    conversations: Mapping[int, Conversation]


@dataclass(frozen=True, slots=True)
class Restored:
    """How many conversations and messages came back, and how many were no longer in the trash.

    `entry` is the row in the journal, None where nothing came back. `held` are those of
    conversations that somebody else has at hand, which stayed.
    """

    entry: int | None
    conversations: int
    messages: int
    gone: int
    held: int = 0


@for_reviewers
def trash_page(
    workspace: Workspace, flt: TrashFilter, *, page: int = 1, page_size: int = 50
) -> TrashPage:
    """Return one page of what lies in the trash."""
    veil = veil_of(workspace)
    with workspace.read() as connection:
        things = trash.page_of(connection, flt, page=page, page_size=page_size)
        whole = [thing.conversation_id for thing in things if thing.message_id is None]
        found = {each.id: each for each in read_conversations(connection, whole)}
        if veil is not None:
            owners = [each.conversation_id for each in things]
            known = veil.conversations(connection, read_conversations(connection, owners))
            shown = {each.id: each for each in known}
            things = veiled_dropped(things, shown)
            found = {number: shown[number] for number in found}
        return TrashPage(tuple(things), trash.count(connection, flt), found)


@for_reviewers
def trash_ids(workspace: Workspace, flt: TrashFilter) -> Sequence[int]:
    """Return the ids of everything of a filter that lies in the trash."""
    with workspace.read() as connection:
        return array("q", trash.ids_of(connection, flt))


@for_reviewers
def restore(workspace: Workspace, ids: Sequence[int], progress: Progress = ignore) -> Restored:
    """Bring things back from the trash: messages stand again, conversations are to be reviewed.

    One transaction that one undo takes back. What is no longer in the trash is counted, and so is
    what is left alone because somebody else has its conversation at hand.
    """
    rules = detection_rules(workspace)
    with workspace.write() as connection:
        conversations, messages, held = trash.things(connection, ids, leases.of_others(connection))
        gone = len(ids) - len(conversations) - len(messages) - held
        if not conversations and not messages:
            return Restored(None, 0, 0, gone, held)
        recorder = journal.Recorder(connection)
        for some in in_parts(conversations, progress):
            actions.set_status(recorder, some, Status.PENDING)
        for some in in_parts(messages, progress):
            for owner in sorted(trash.restore_messages(recorder, some)):
                find_around(recorder, owner, rules)
        entry = finish(recorder, RESTORE, progress)
    return Restored(entry, len(conversations), len(messages), gone, held)
