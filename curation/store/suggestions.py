"""What machines point out, as the screens ask for it; and the score that orders the queue."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import and_, case, func, select, update

from curation.model import SuggestionState
from curation.store.tables import conversation, suggestion

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection

_IDS_AT_ONCE: Final = 500


def refresh_scores(connection: Connection, ids: Iterable[int]) -> None:
    """Bring the highest score of what is open of conversations up to date."""
    told = (
        select(func.max(suggestion.c.score))
        .where(
            suggestion.c.conversation_id == conversation.c.id,
            suggestion.c.state == SuggestionState.OPEN.value,
        )
        .scalar_subquery()
    )
    alike = case(
        (
            and_(
                conversation.c.duplicate_of.is_not(None),
                conversation.c.not_like.is_distinct_from(conversation.c.duplicate_of),
            ),
            conversation.c.similarity,
        ),
        else_=None,
    )
    highest = case(
        (told.is_(None), alike), (alike.is_(None), told), (alike > told, alike), else_=told
    )
    numbers = sorted(ids)
    for start in range(0, len(numbers), _IDS_AT_ONCE):
        some = conversation.c.id.in_(numbers[start : start + _IDS_AT_ONCE])
        connection.execute(update(conversation).where(some).values(suggested=highest))
