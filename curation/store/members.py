"""Who may do what: the members of a workspace with their roles, and what a role lets them do.

As long as nobody is listed, everybody who sits at this computer is an owner. Once somebody is, who
is not listed may do nothing. A name that was typed is no proof of who it is; a person who signed in
is known by what the service that vouches for them says.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from enum import StrEnum
from string import ascii_lowercase, ascii_uppercase
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select
from sqlalchemy.sql.dml import UpdateBase

from curation.errors import N_, ActionRefusedError, NotAllowedError, NotAMemberError
from curation.store import tables
from curation.store.settings import get_value
from curation.store.tables import member

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from curation.store.journal import Recorder

HIDDEN_FROM_REVIEWERS: Final = "hidden_from_reviewers"
"""The setting by which reviewers do not see what is masked."""

ACCESS: Final = "ruwo_access"
"""The option of a connection that says what whoever holds it may do."""

LONGEST_NAME: Final = 200
"""How many characters the name of whoever acts may have, here and on every database."""

OWNERS_ONLY: Final = N_("Only an owner of this workspace can do this.")
ASK_THE_OWNER: Final = N_("You are not a member of this workspace yet. Ask its owner to add you.")
_TOO_LONG: Final = N_("A name may have at most {count} characters.")
_LAST_OWNER: Final = N_("This workspace would have no owner left; make somebody else one first.")

_SMALL: Final = str.maketrans(ascii_uppercase, ascii_lowercase)

_OF_REVIEWING: Final = frozenset(
    table.name
    for table in (
        *(tables.conversation, tables.message, tables.finding, tables.value_decision),
        *(tables.emotion_tag, tables.suggestion, tables.looked_at, tables.fingerprint),
        *(tables.status_count, tables.dropped, tables.draft, tables.outbox, tables.lease),
        *(tables.journal, tables.journal_part, tables.journal_chat, tables.saved_filter),
    )
)
"""The tables in which a reviewer changes rows, undo and redo included; any other is refused."""


class Role(StrEnum):
    """What a member is: an owner may do everything, a reviewer reviews."""

    OWNER = "owner"
    REVIEWER = "reviewer"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: `name` as the journal shows it, empty for who gave none.

    `verified` says that they signed in, `appointed` that whoever runs the program named them the
    owner.
    """

    name: str
    verified: bool = False
    appointed: bool = False


@dataclass(frozen=True, slots=True)
class Access:
    """What somebody may do; `role` is None for who is no member.

    `hides` says that they do not see what is masked or not decided.
    """

    role: Role | None
    hides: bool = False


@dataclass(frozen=True, slots=True)
class Member:
    """A row of the list: who, as what, and who put them there when (UTC seconds)."""

    name: str
    role: Role
    added_by: str
    added_at: int


def check_length(name: str) -> None:
    """Refuse a name that is too long, which cut short might be somebody else's."""
    if len(name) > LONGEST_NAME:
        raise ActionRefusedError(_TOO_LONG, count=LONGEST_NAME)


def in_small_letters(name: str) -> str:
    """Return an e-mail address as it is listed, whatever letters it was written with.

    Only those of ASCII have small ones here: others that look alike are no other spelling of them.
    """
    return name.translate(_SMALL) if "@" in name and " " not in name else name


def access_of(connection: Connection, actor: Actor | None) -> Access:
    """Return what somebody may do; None stands for the program itself, which may do everything."""
    if actor is None or actor.appointed:
        return Access(Role.OWNER)
    roles = {row.name: row.role for row in connection.execute(select(member.c.name, member.c.role))}
    if not roles and not actor.verified:
        return Access(Role.OWNER)
    listed = actor.name if actor.name in roles else in_small_letters(actor.name)
    if listed not in roles:
        return Access(None)
    role = Role(roles[listed])
    hides = role is Role.REVIEWER and bool(get_value(connection, HIDDEN_FROM_REVIEWERS))
    return Access(role, hides)


def held_access(connection: Connection) -> Access:
    """Return what whoever holds the connection may do."""
    found = connection.get_execution_options().get(ACCESS)
    return found if isinstance(found, Access) else Access(Role.OWNER)


def check(access: Access, *, admitted: bool) -> None:
    """Refuse who is no member, and a reviewer where they were not `admitted`.

    Raises NotAMemberError or NotAllowedError.
    """
    if access.role is None:
        raise NotAMemberError(ASK_THE_OWNER)
    if access.role is Role.REVIEWER and not admitted:
        raise NotAllowedError(OWNERS_ONLY)


def refuse_what_is_the_owners(
    _connection: Connection, statement: Any, _several: Any, _parameters: Any, _options: Any
) -> None:
    """Refuse a statement that changes what reviewers do not change; listens to `before_execute`."""
    if not isinstance(statement, UpdateBase):
        return
    _refuse(getattr(statement.table, "name", ""))


def refuse_rows(connection: Connection, table: Any) -> None:
    """Refuse a reviewer rows of a table that go to the driver past that event."""
    if held_access(connection).role is Role.REVIEWER:
        _refuse(getattr(table, "name", ""))


def _refuse(name: str) -> None:
    if name in tables.metadata.tables and name not in _OF_REVIEWING:
        raise NotAllowedError(OWNERS_ONLY)


def members(connection: Connection) -> list[Member]:
    """Return everybody who is listed, owners first, then by name."""
    query = select(member).order_by(member.c.role, member.c.name)
    return [
        Member(row.name, Role(row.role), row.added_by, row.added_at)
        for row in connection.execute(query)
    ]


def put(recorder: Recorder, name: str, role: Role, *, by: str) -> None:
    """List somebody with a role, or give them another one.

    The first list holds whoever makes it as an owner.
    """
    held = {each.name for each in members(recorder.connection)}
    listed = {name: role} if held else {by: Role.OWNER, name: role}
    if name in held:
        recorder.update(member, member.c.name == name, role=role.value)
        return
    for each, its_role in listed.items():
        recorder.insert(
            member, name=each, role=its_role.value, added_by=by, added_at=int(time.time())
        )


def remove(recorder: Recorder, name: str) -> int:
    """Take somebody off the list; return how many that were."""
    return recorder.delete(member, member.c.name == name)


def refuse_without_owner(connection: Connection) -> None:
    """Refuse a list of members without an owner: nobody could ever change it again."""
    roles = set(connection.scalars(select(member.c.role)))
    if roles and Role.OWNER.value not in roles:
        raise ActionRefusedError(_LAST_OWNER)
