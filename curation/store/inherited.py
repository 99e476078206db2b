"""What took a decision for all equal values over since: it goes along with its undo and redo."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from sqlalchemy import select, tuple_, update

from curation.model import BY_HAND, WHY_OWN_TERM, Decision
from curation.store import changes as kept_changes
from curation.store.rows import AT_ONCE, among
from curation.store.tables import finding, journal, journal_part, value_decision

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from sqlalchemy import Connection

    from curation.store.changes import Change, Row

_KEYS_AT_ONCE: Final = 500
_PENDING: Final = Decision.PENDING.value
_MASK: Final = Decision.MASK.value

_Key = tuple[str, str]
_Way = tuple[str, str]  # the decision before, and after


class Inherited:
    """Follows in findings what an undo or redo of action `number` does to what is decided for all.

    The journal names the findings that there were. What a search found later took the decision over
    and is in no change: where nobody decided it by itself, it has to follow.
    """

    def __init__(self, connection: Connection, number: int) -> None:
        self._connection = connection
        self._number = number
        self._named: set[int] = set()  # findings that the action itself decided
        self._came_or_went: dict[_Key, _Way] = {}
        self._other: dict[int, _Way] = {}  # by the row of the decision

    def see(self, steps: Iterable[Change]) -> None:
        """Take notice of changes before they are brought about."""
        going: dict[int, _Way] = {}
        for name, number, old, new in steps:
            if name == finding.name:
                self._named.add(number)
            elif name != value_decision.name:
                continue
            elif old is None and new is not None:
                self._came_or_went[new["entity"], new["value"]] = (_PENDING, _decision(new))
            elif new is None:
                going[number] = (_decision(old), _PENDING)
            elif "decision" in new:
                self._other[number] = (_decision(old), _decision(new))
        self._came_or_went.update(self._for(going))

    def follow(self) -> list[Change]:
        """Let findings follow, once all is brought about; return what changed of them.

        What is masked is never shown by this: it waits to be decided instead.
        """
        ways: defaultdict[_Way, list[_Key]] = defaultdict(list)
        for key, way in [*self._came_or_went.items(), *self._for(self._other)]:
            ways[way].append(key)
        found = [each for way, keys in ways.items() for each in self._to_follow(keys, *way)]
        alone = self._decided_alone({number for _name, number, _old, _new in found})
        changes = [each for each in found if each[1] not in alone]
        together: defaultdict[str, list[int]] = defaultdict(list)
        for _name, number, _old, new in changes:
            together[_decision(new)].append(number)
        for decision, numbers in together.items():
            for start in range(0, len(numbers), AT_ONCE):
                some = among(self._connection, finding.c.id, numbers[start : start + AT_ONCE])
                query = update(finding).where(some).values(decision=decision)
                self._connection.execute(query)
        return changes

    def _for(self, ways: Mapping[int, _Way]) -> Iterator[tuple[_Key, _Way]]:
        """Yield the values that decisions with these ids are for, which a search may spell anew."""
        numbers = sorted(ways)
        for start in range(0, len(numbers), AT_ONCE):
            some = among(self._connection, value_decision.c.id, numbers[start : start + AT_ONCE])
            for row in self._connection.execute(select(value_decision).where(some)):
                yield (row.entity, row.value), ways[row.id]

    def _to_follow(self, keys: list[_Key], before: str, after: str) -> Iterator[Change]:
        """Yield how findings of these values that are decided as `before` would be by now."""
        newest = max(self._named, default=0)
        key = tuple_(finding.c.entity, finding.c.value)
        for start in range(0, len(keys), _KEYS_AT_ONCE):
            some = key.in_(keys[start : start + _KEYS_AT_ONCE])
            query = select(finding).where(some, finding.c.decision == before)
            for row in self._connection.execute(query):
                certain = row.recognizer == BY_HAND or row.why == WHY_OWN_TERM
                # What waited when the action was done did not take anything over.
                waited = before == _PENDING and row.id <= newest
                if row.id in self._named or waited or (before == _MASK and certain):
                    continue
                now = after if before != _MASK else _PENDING
                now = _MASK if certain and now == _PENDING else now
                yield finding.name, row.id, {"decision": before}, {"decision": now}

    def _decided_alone(self, numbers: set[int]) -> set[int]:
        """Return which of these findings an action in force decided that is not this one."""
        alone: set[int] = set()
        if not numbers:
            return alone
        parts = (
            select(journal.c.id, journal_part.c.changes)
            .join(journal_part, journal_part.c.journal_id == journal.c.id)
            .where(
                journal.c.undoable,
                journal.c.undone.is_(False),
                journal.c.id != self._number,
                journal_part.c.changes.contains(f'"{finding.name}"', autoescape=True),
            )
        )
        for owner, text in self._connection.execute(parts):
            for name, number, old, new in kept_changes.load(text):
                if name != finding.name or number not in numbers or "decision" not in (new or {}):
                    continue
                # What came with a later text took the decision over, too.
                if old is not None or owner < self._number:
                    alone.add(number)
        return alone


def _decision(row: Row | None) -> str:
    return _PENDING if row is None else str(row["decision"])
