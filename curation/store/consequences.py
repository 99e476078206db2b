"""What follows from changes: columns, the index of words and drafts that go by what changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from curation.model import no_tick
from curation.store import derived, drafts, members, search, suggestions
from curation.store.tables import member

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from sqlalchemy import Connection

    from curation.store.changes import Change

_SAID: Final = frozenset({"original_text", "edited_text", "deleted", "conversation_id"})


@dataclass(slots=True)
class Consequences:
    """What may differ after the changes that were seen.

    `derived` are derived columns, `words` what a conversation says, `scores` what is open of its
    suggestions, `moves` the conversation that a message is in, `places` which conversations there
    are, `members` who may work here.
    """

    derived: bool = False
    words: bool = False
    scores: bool = False
    moves: bool = False
    places: bool = False
    members: bool = False

    def see(self, changes: Iterable[Change]) -> None:
        """Take notice of changes."""
        changes = list(changes)
        self.derived = self.derived or _touch_derived(changes)
        self.words = self.words or _touch_words(changes)
        self.scores = self.scores or _touch_suggestions(changes)
        self.moves = self.moves or _move_messages(changes)
        self.places = self.places or _came_or_went(changes)
        self.members = self.members or any(name == member.name for name, *_row in changes)

    def bring_about(
        self,
        connection: Connection,
        ids: Iterable[int],
        told: Callable[[int, int], None] = no_tick,
    ) -> None:
        """Let everything follow the changes to these conversations.

        `told` is called with how many of them have their derived columns, and how many there are.
        """
        numbers = sorted(ids)
        if self.members:
            members.refuse_without_owner(connection)
        if self.derived:
            derived.refresh(connection, numbers, told)
        if self.places:
            drafts.follow(connection)
        if self.words:
            search.forget(connection, numbers)
        if self.moves:
            suggestions.follow(connection, numbers)
        if self.scores or self.moves:
            suggestions.refresh_scores(connection, numbers)


def _touch_derived(changes: Iterable[Change]) -> bool:
    """Return whether a derived column may differ after these changes.

    A status or an emotion changes none, and they are what is given to thousands at once.
    """
    return any(
        name in ("message", "finding")
        or (name == "conversation" and (old is None or new is None or "background" in new))
        for name, _number, old, new in changes
    )


def _touch_suggestions(changes: Iterable[Change]) -> bool:
    """Return whether what is open of the suggestions may differ after these changes."""
    return any(
        name == "suggestion" or (name == "conversation" and "not_like" in (new or {}))
        for name, _number, _old, new in changes
    )


def _move_messages(changes: Iterable[Change]) -> bool:
    """Return whether messages may be in another conversation after these changes."""
    return any(
        name == "message" and "conversation_id" in (new or {})
        for name, _number, _old, new in changes
    )


def _touch_words(changes: Iterable[Change]) -> bool:
    """Return whether a conversation may say other words after these changes."""
    return any(
        name == "message" and (old is None or new is None or not _SAID.isdisjoint(new))
        for name, _number, old, new in changes
    )


def _came_or_went(changes: Iterable[Change]) -> bool:
    """Return whether conversations came or went by these changes."""
    return any(
        name == "conversation" and (old is None or new is None)
        for name, _number, old, new in changes
    )
