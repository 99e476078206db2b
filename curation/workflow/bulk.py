"""Acting on many conversations at once: first what it would change, then in one transaction.

An action says of each selected conversation whether it would change, and if not, why. What a person
was told is kept in the plan, and what is done stays within it: conversations that were changed
elsewhere, went away or came in since are left alone and counted.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING, ClassVar, Final, Protocol, runtime_checkable

from curation.model import ConversationFilter, Status
from curation.store import bulk as room
from curation.store import journal, leases
from curation.workflow.progress import CHANGE_STAGE, Progress, ignore
from curation.workflow.roles import for_reviewers

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import Connection

    from curation.store import Workspace
    from curation.store.bulk import Head, Selection

FINISH_STAGE: Final = "finish"

_AT_ONCE: Final = 2_000
"""After so many conversations an action tells how far it is, and can be stopped."""


class Left(StrEnum):
    """Why a selected conversation does not change.

    `same`: it is so already. `decided`: a person decided or wrote otherwise. `nothing`: it has
    nothing that could be changed. `stale`: it was changed elsewhere since it was shown. `gone`: it
    is no longer there, or no longer in the filter. `new`: it came into the filter since. `held`:
    somebody else has it at hand in the review, where it must not change under their eyes.
    """

    SAME = "same"
    DECIDED = "decided"
    NOTHING = "nothing"
    STALE = "stale"
    GONE = "gone"
    NEW = "new"
    HELD = "held"


@dataclass(frozen=True, slots=True)
class Facts:
    """What else a person wants to know before an action.

    `statuses` counts what changes by its present status. `findings` are how many of them are
    decided. `decided` is how many conversations (of findings: how many of these) a person decided
    otherwise, which change only where `again` is said. `chats` are how many are concerned, `beyond`
    how many more conversations these have than were selected. `parts` is how many conversations
    come of those that are split again, `suggestions` how many suggestions are answered.
    """

    statuses: Mapping[Status, int] = field(default_factory=dict)
    findings: int = 0
    decided: int = 0
    chats: int = 0
    beyond: int = 0
    parts: int = 0
    suggestions: int = 0


@dataclass(slots=True)
class Outlook:
    """Which conversations an action changes, why the others stay, and what it has prepared."""

    changing: list[int] = field(default_factory=list)
    left: Counter[Left] = field(default_factory=Counter)
    facts: Facts = field(default_factory=Facts)
    prepared: object = None


class BulkAction(Protocol):
    """What can be done to many conversations."""

    name: ClassVar[str]
    """The action's name in the journal."""

    def examine(
        self, connection: Connection, rows: Sequence[Head], progress: Progress, *, again: bool
    ) -> Outlook:
        """Return what would change; `again`: also what was decided otherwise."""

    def carry_out(self, recorder: journal.Recorder, outlook: Outlook, progress: Progress) -> int:
        """Change what the outlook says, and write the journal row; return its id."""


@runtime_checkable
class SlowAction(Protocol):
    """An action that takes long to examine: it is done while others may still write."""

    def ground(self, connection: Connection) -> object:
        """Return what `examine` goes by besides the conversations; quick, equal where it is so."""


@dataclass(frozen=True, slots=True)
class BulkPlan:
    """What an action would change, as a person is told before it.

    Of the `selected` conversations `changing` change; `left` says why the others do not.
    """

    action: BulkAction
    selection: Selection
    again: bool
    ids: Sequence[int]
    changing: int
    left: Mapping[Left, int]
    facts: Facts

    @property
    def selected(self) -> int:
        """How many conversations were selected, those that are gone included."""
        return self.changing + sum(self.left.values())


@dataclass(frozen=True, slots=True)
class BulkResult:
    """What an action changed, and why the other selected conversations stayed.

    `entry` is its row in the journal, None where nothing changed.
    """

    entry: int | None
    changed: int
    left: Mapping[Left, int]
    facts: Facts


@for_reviewers
def plan_bulk(
    workspace: Workspace,
    selection: Selection,
    action: BulkAction,
    *,
    again: bool = False,
    progress: Progress = ignore,
) -> BulkPlan:
    """Return what an action would do to the selected conversations; nothing is changed.

    `again` says whether it reaches what a person decided otherwise before.
    """
    with workspace.read() as connection:
        rows, left = _selected(connection, selection, None)
        outlook = action.examine(connection, rows, progress, again=again)
    left += outlook.left
    ids = array("q", [row.id for row in rows])
    return BulkPlan(action, selection, again, ids, len(outlook.changing), left, outlook.facts)


@for_reviewers
def do_bulk(workspace: Workspace, plan: BulkPlan, progress: Progress = ignore) -> BulkResult:
    """Do what was planned, in one transaction that one undo takes back.

    Conversations that the plan did not see, or that changed since, are left alone and counted.
    """
    ahead = _examined_ahead(workspace, plan, progress)
    with workspace.write() as connection:
        rows, left = _selected(connection, plan.selection, plan.ids)
        if ahead is not None and ahead.still_holds(connection, rows):
            outlook = ahead.outlook
        else:
            outlook = plan.action.examine(connection, rows, progress, again=plan.again)
        entry = None
        if outlook.changing:
            recorder = journal.Recorder(connection)
            entry = plan.action.carry_out(recorder, outlook, progress)
    return BulkResult(entry, len(outlook.changing), left + outlook.left, outlook.facts)


@dataclass(frozen=True, slots=True)
class _Ahead:
    """What was found out before the write lock was taken, and what it goes by."""

    action: SlowAction
    rows: Sequence[Head]
    ground: object
    outlook: Outlook

    def still_holds(self, connection: Connection, rows: Sequence[Head]) -> bool:
        return self.rows == rows and self.ground == self.action.ground(connection)


def _examined_ahead(workspace: Workspace, plan: BulkPlan, progress: Progress) -> _Ahead | None:
    """Examine what takes long without the lock: a click in another tab would wait for it."""
    action = plan.action
    if not isinstance(action, SlowAction):
        return None
    with workspace.read() as connection:
        rows, _left = _selected(connection, plan.selection, plan.ids)
        outlook = plan.action.examine(connection, rows, progress, again=plan.again)
        return _Ahead(action, rows, action.ground(connection), outlook)


def _selected(
    connection: Connection, selection: Selection, told: Sequence[int] | None
) -> tuple[list[Head], Counter[Left]]:
    """Return the selected conversations that may be changed, and how many may not.

    `told` are those that a person was told about.
    """
    there = room.heads(connection, selection)
    held = leases.of_others(connection)
    rows = [row for row in there if row.id not in held] if held else there
    left: Counter[Left] = Counter({Left.HELD: len(there) - len(rows)})
    if isinstance(selection, ConversationFilter):
        if told is not None:
            known = set(told)
            seen = [row for row in rows if row.id in known]
            left[Left.NEW] = len(rows) - len(seen)
            left[Left.GONE] = len(known) - sum(row.id in known for row in there)
            rows = seen
    else:
        left[Left.GONE] = len(selection) - len(there)
        if isinstance(selection, Mapping):
            fresh = [row for row in rows if row.version == selection[row.id]]
            left[Left.STALE] = len(rows) - len(fresh)
            rows = fresh
    return rows, +left


def in_parts(numbers: Sequence[int], progress: Progress) -> Iterator[Sequence[int]]:
    """Yield numbers some at a time, and tell how far the work on them is."""
    for start in range(0, len(numbers), _AT_ONCE):
        progress(CHANGE_STAGE, start, len(numbers))
        yield numbers[start : start + _AT_ONCE]
    progress(CHANGE_STAGE, len(numbers), len(numbers))


def finish(
    recorder: journal.Recorder,
    action: str,
    progress: Progress,
    *,
    raise_versions: bool = True,
    count: int | None = None,
) -> int:
    """Write the journal row of a bulk action, and tell how far that is; return its id."""
    told = partial(progress, FINISH_STAGE)
    return journal.finish(recorder, action, raise_versions=raise_versions, count=count, told=told)
