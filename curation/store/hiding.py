"""What is hidden from a reviewer: findings that are masked or undecided, where an owner says so.

While somebody reads from whom it is hidden, a search finds words only in messages that hold nothing
hidden, so that no guess is ever confirmed. An action of theirs that would show a hidden place, or
write over it, is refused whatever it is called.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import and_, exists, select

from curation.errors import N_, NotAllowedError
from curation.model import Decision
from curation.store.members import held_access
from curation.store.tables import conversation, finding, message

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sqlalchemy import ColumnElement, Connection

    from curation.store.changes import Change

WOULD_SHOW: Final = N_("This would show or change what the owner hides from reviewers.")

_HIDES: Final[ContextVar[bool]] = ContextVar("hides", default=False)
_IDS_AT_ONCE: Final = 500

_found: Final = finding.alias("hidden_finding")
_home: Final = conversation.alias("home")


@contextmanager
def hiding(*, on: bool) -> Iterator[None]:
    """Hide what is masked from the searches inside, or do not."""
    token = _HIDES.set(on)
    try:
        yield
    finally:
        _HIDES.reset(token)


def is_on() -> bool:
    """Return whether what is masked is hidden from whoever reads now."""
    return _HIDES.get()


def in_sight() -> ColumnElement[bool]:
    """Return the condition that a message was searched and holds nothing that is hidden."""
    return and_(
        ~exists().where(
            _found.c.message_id == message.c.id, _found.c.decision != Decision.KEEP.value
        ),
        exists().where(_home.c.id == message.c.conversation_id, _home.c.scanned),
    )


class Watch:
    """What an action changed of findings and texts, seen before anything hidden can show."""

    def __init__(self) -> None:
        self._before: list[dict[str, Any]] = []
        self._changed: dict[int, dict[str, Any]] = {}
        self._edited: set[int] = set()

    def see(self, changes: Iterable[Change]) -> None:
        """Take notice of changes."""
        for name, number, old, new in changes:
            if old is None:
                continue
            if name == finding.name and new is None:
                self._before.append(old)
            elif name == finding.name:
                # What a row held first counts, where it was changed more than once.
                self._changed[number] = {**old, **self._changed.get(number, {})}
            elif name == message.name and new is not None and "edited_text" in new:
                self._edited.add(number)

    def check(self, connection: Connection) -> None:
        """Refuse what would show or change something hidden; raises NotAllowedError."""
        if not held_access(connection).hides:
            return
        before = [*self._before, *self._rows_before(connection)]
        hidden = [row for row in before if row["decision"] != Decision.KEEP.value]
        owners = {row["message_id"] for row in hidden}
        if self._edited & (owners | self._unsearched(connection)):
            raise NotAllowedError(WOULD_SHOW)
        now = self._spans(connection, owners)
        for row in hidden:
            covered = now.get(row["message_id"], set())
            if covered is not None and not set(range(row["start"], row["end"])) <= covered:
                raise NotAllowedError(WOULD_SHOW)

    def _rows_before(self, connection: Connection) -> list[dict[str, Any]]:
        numbers = sorted(self._changed)
        rows: list[dict[str, Any]] = []
        for start in range(0, len(numbers), _IDS_AT_ONCE):
            some = finding.c.id.in_(numbers[start : start + _IDS_AT_ONCE])
            held = connection.execute(select(finding).where(some)).mappings()
            rows += [{**row, **self._changed[row["id"]]} for row in held]
        return rows

    def _unsearched(self, connection: Connection) -> set[int]:
        """Return which of the edited messages are in a conversation that was never searched."""
        numbers = sorted(self._edited)
        found: set[int] = set()
        for start in range(0, len(numbers), _IDS_AT_ONCE):
            query = (
                select(message.c.id)
                .join(conversation, conversation.c.id == message.c.conversation_id)
                .where(
                    message.c.id.in_(numbers[start : start + _IDS_AT_ONCE]),
                    conversation.c.scanned.is_(False),
                )
            )
            found |= set(connection.scalars(query))
        return found

    def _spans(self, connection: Connection, owners: set[int]) -> dict[int, set[int] | None]:
        """Return which letters of messages are hidden now, None for a message that is gone."""
        numbers = sorted(owners)
        found: dict[int, set[int] | None] = {}
        for start in range(0, len(numbers), _IDS_AT_ONCE):
            some = numbers[start : start + _IDS_AT_ONCE]
            there = set(connection.scalars(select(message.c.id).where(message.c.id.in_(some))))
            found |= {number: set() if number in there else None for number in some}
            query = select(finding.c.message_id, finding.c.start, finding.c.end).where(
                finding.c.message_id.in_(some), finding.c.decision != Decision.KEEP.value
            )
            for owner, first, last in connection.execute(query):
                letters = found[owner]
                if letters is not None:
                    letters |= set(range(first, last))
        return found
