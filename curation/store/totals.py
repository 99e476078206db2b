"""Sums over the whole workspace."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from curation.model import Decision, SuggestionKind
from curation.store import duplicates
from curation.store.filters import condition
from curation.store.suggestions import SuggestionState
from curation.store.tables import (
    chat,
    conversation,
    finding,
    message,
    source_file,
    suggestion,
)

if TYPE_CHECKING:
    from curation.model import ConversationFilter
    from curation.store.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Totals:
    """How much a workspace holds; `deleted` and `added` are among the `messages`.

    `groups` are among the `chats`; `duplicates` are conversations that say nearly the same as an
    earlier one.
    """

    files: int
    chats: int
    groups: int
    duplicates: int
    messages: int
    deleted: int
    added: int


def totals(workspace: Workspace) -> Totals:
    """Return how many files, chats and messages there are."""
    with workspace.read() as connection:
        messages = select(func.count()).select_from(message)
        return Totals(
            files=connection.execute(select(func.count()).select_from(source_file)).scalar_one(),
            chats=connection.execute(select(func.count()).select_from(chat)).scalar_one(),
            groups=connection.execute(
                select(func.count()).select_from(chat).where(chat.c.is_group)
            ).scalar_one(),
            duplicates=duplicates.count(connection),
            messages=connection.execute(messages).scalar_one(),
            deleted=connection.execute(messages.where(message.c.deleted)).scalar_one(),
            added=connection.execute(messages.where(message.c.added)).scalar_one(),
        )


def undecided_findings(workspace: Workspace, flt: ConversationFilter) -> int:
    """Return how many findings in the conversations of a filter nobody decided yet."""
    undecided = func.coalesce(func.sum(conversation.c.undecided), 0)
    with workspace.read() as connection:
        return int(connection.execute(select(undecided).where(condition(flt))).scalar_one())


def undecided_values(workspace: Workspace, flt: ConversationFilter, entity: str) -> dict[str, int]:
    """Return how often each value of an entity stands undecided in the conversations of a filter.

    Findings in deleted messages do not count.
    """
    query = (
        select(finding.c.value, func.count().label("times"))
        .join(message, message.c.id == finding.c.message_id)
        .join(conversation, conversation.c.id == message.c.conversation_id)
        .where(
            finding.c.entity == entity,
            finding.c.decision == Decision.PENDING.value,
            message.c.deleted.is_(False),
            condition(flt),
        )
        .group_by(finding.c.value)
    )
    with workspace.read() as connection:
        return {row.value: row.times for row in connection.execute(query)}


def suggestion_counts(workspace: Workspace) -> dict[SuggestionKind, int]:
    """Return in how many conversations each kind is open; kinds that are nowhere are left out."""
    query = (
        select(
            suggestion.c.kind, func.count(suggestion.c.conversation_id.distinct()).label("found")
        )
        .where(suggestion.c.state == SuggestionState.OPEN.value)
        .group_by(suggestion.c.kind)
    )
    with workspace.read() as connection:
        told = {row.kind: int(row.found) for row in connection.execute(query)}
        told[SuggestionKind.NEAR_DUPLICATE.value] = duplicates.count(connection)
    return {kind: told[kind.value] for kind in SuggestionKind if told.get(kind.value)}
