"""Members of a workspace: who they are, what they may do, and what reviewers do not see."""

from __future__ import annotations

import hmac
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from curation import store
from curation.errors import N_, ActionRefusedError
from curation.store import findings, journal
from curation.store import members as room
from curation.store.members import HIDDEN_FROM_REVIEWERS, Access, Member, Role
from curation.store.settings import get_value, put_value
from curation.workflow.roles import for_reviewers, owners_only

if TYPE_CHECKING:
    from curation.store import Workspace

LONGEST_MEMBER: Final = room.LONGEST_NAME
SET_MEMBER: Final = "set_member"
REMOVE_MEMBER: Final = "remove_member"
_MARK: Final = 16


def access_of(workspace: Workspace) -> Access:
    """Return what whoever acts in this workspace may do."""
    return workspace.access()


def member_names(workspace: Workspace) -> list[str]:
    """Return the names of all members: for who has to say which of them they are.

    Nobody is asked for a name who signed in, so these get none.
    """
    if workspace.actor is not None and workspace.actor.verified:
        return []
    with workspace.for_the_program().read() as connection:
        return [each.name for each in room.members(connection)]


def all_members(workspace: Workspace) -> list[Member]:
    """Return everybody who is listed, owners first; none where nobody is."""
    with workspace.read() as connection:
        return room.members(connection)


@for_reviewers
def tab_mark(workspace: Workspace) -> str:
    """Return what stands for whoever acts here in what a tab keeps, which tells nobody who it is.

    It goes by the workspace alone: signing in may be set up anew meanwhile.
    """
    told = f"what a tab keeps of {workspace.reviewer}".encode()
    return hmac.new(store.workspace_secret(workspace), told, sha256).hexdigest()[:_MARK]


@owners_only
def set_member(workspace: Workspace, name: str, role: Role) -> None:
    """List somebody with a role, or give them another one; it can be undone.

    The first list has whoever makes it as an owner. Raises ActionRefusedError where a name is
    missing or too long, or where no owner would be left.
    """
    named, me = member_name(name), member_name(workspace.reviewer)
    if not named:
        raise ActionRefusedError(N_("A member needs a name or an e-mail address."))
    room.check_length(named)
    if not me:
        raise ActionRefusedError(N_("Say first under which name you act yourself."))
    with workspace.write() as connection:
        recorder = journal.Recorder(connection)
        held = {each.name for each in room.members(connection)}
        room.put(recorder, name if name in held else named, role, by=me)
        if recorder.changes:
            journal.finish(recorder, SET_MEMBER, count=0)


def remove_member(workspace: Workspace, name: str) -> None:
    """Take somebody off the list; it can be undone.

    Raises ActionRefusedError where no owner would be left among others.
    """
    with workspace.write() as connection:
        recorder = journal.Recorder(connection)
        if not room.remove(recorder, name):
            room.remove(recorder, member_name(name))
        if recorder.changes:
            journal.finish(recorder, REMOVE_MEMBER, count=0)


def member_name(typed: str) -> str:
    """Return a name as it is listed: one line; an e-mail address in small letters."""
    name = " ".join("".join(c if c.isprintable() else " " for c in typed).split())
    return room.in_small_letters(name)


def hidden_from_reviewers(workspace: Workspace) -> bool:
    """Return whether reviewers do not see what is masked or not decided."""
    with workspace.read() as connection:
        return bool(get_value(connection, HIDDEN_FROM_REVIEWERS))


def hide_from_reviewers(workspace: Workspace, *, hidden: bool) -> None:
    """Let reviewers not see what is masked or not decided, or let them see it.

    What they typed meanwhile is searched by other rules then, so it waits for a search.
    """
    with workspace.write() as connection:
        if bool(get_value(connection, HIDDEN_FROM_REVIEWERS)) != hidden:
            put_value(connection, HIDDEN_FROM_REVIEWERS, hidden)
            findings.search_veiled_again(connection)
