"""The state of a workspace at a glance: counts for pictures, what was done when, what is left."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final
from weakref import WeakKeyDictionary

from curation import store
from curation.model import Status
from curation.store import overview, pace, tallies
from curation.store.tallies import EDITED, QUARTER
from curation.workflow.beside import undecided_beside
from curation.workflow.detecting import unscanned_count
from curation.workflow.outgoing import APPROVED
from curation.workflow.pace import forecast
from curation.workflow.people import people_of
from curation.workflow.roles import for_reviewers

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, tzinfo

    from sqlalchemy import Engine

    from curation.store import Workspace
    from curation.store.overview import ChatProgress, Counts
    from curation.store.tallies import Deed, Tally
    from curation.workflow.pace import Forecast
    from curation.workflow.people import Person

_STEPS: Final = 3000
"""Actions that the pace is read from."""


@dataclass(frozen=True, slots=True)
class Overview:
    """A workspace at a glance.

    `counts` are for pictures. `days` says how many conversations were decided on each day of the
    reviewer's clock, without what was undone or put back; `left` is how many wait for review, and
    `forecast` how long those take whoever acts here, None where there is too little to go by.
    `undecided` are findings of approved conversations that nobody decided, in what was said and
    beside it, `unscanned` messages that were not searched. `people` are the reviewers, where they
    are several.
    """

    counts: Counts
    statuses: Mapping[Status, int]
    days: Mapping[date, int]
    forecast: Forecast | None
    undecided: int
    unscanned: int
    people: tuple[Person, ...] = ()

    @property
    def chats(self) -> tuple[ChatProgress, ...]:
        """How far each chat is, the largest first."""
        return self.counts.chats

    @property
    def left(self) -> int:
        """How many conversations wait for review."""
        return self.statuses[Status.PENDING]

    @property
    def decided(self) -> int:
        """How many conversations do not wait for review."""
        return sum(self.statuses.values()) - self.left


@dataclass(frozen=True, slots=True)
class _Kept:
    shapes: object
    labels: object
    counts: Counts


_KEPT: Final[WeakKeyDictionary[Engine, _Kept]] = WeakKeyDictionary()
"""The last counts of each open workspace: a page must open faster than every row is read."""

_DONE: Final[WeakKeyDictionary[Engine, tuple[str, Tally]]] = WeakKeyDictionary()
"""The same for what was done, with the generation of the workspace it was done in."""


def forget_counts() -> None:
    """Forget what is kept of all workspaces: the next overviews read every row."""
    _KEPT.clear()
    _DONE.clear()


@for_reviewers
def overview_of(workspace: Workspace, zone: tzinfo = UTC) -> Overview:
    """Return a workspace at a glance; `zone` is where the reviewer's days begin and end.

    What decisions about conversations do not change is kept from call to call.
    """
    unscanned = unscanned_count(workspace)
    counts = _counts(workspace, unscanned)
    statuses = counts.statuses
    left = statuses[Status.PENDING]
    done = _done(workspace)
    return Overview(
        counts=counts,
        statuses=statuses,
        days=_days(done, zone),
        forecast=forecast(pace.latest_steps(workspace, _STEPS), left),
        undecided=store.undecided_findings(workspace, APPROVED)
        + (undecided_beside(workspace) if statuses[Status.APPROVED] else 0),
        unscanned=unscanned,
        people=people_of(workspace, done, zone, datetime.now(zone).date()),
    )


def _done(workspace: Workspace) -> Mapping[Deed, int]:
    generation = workspace.current_generation()
    kept = _DONE.get(workspace.engine)
    with workspace.read() as connection:
        told = tallies.tally(connection, kept[1] if kept and kept[0] == generation else None)
    _DONE[workspace.engine] = (generation, told)
    return told.counts


def _counts(workspace: Workspace, unscanned: int) -> Counts:
    generation = workspace.current_generation()
    shapes = (generation, pace.newest(workspace, besides=overview.NO_SHAPE))
    newest = pace.newest(workspace, besides=overview.NO_LABEL)
    labels = (generation, newest, overview.newest_finding(workspace), unscanned)
    kept = _KEPT.get(workspace.engine)
    counts = overview.counts(
        workspace,
        kept.counts if kept else None,
        shapes=kept is None or kept.shapes != shapes,
        labels=kept is None or kept.labels != labels,
    )
    _KEPT[workspace.engine] = _Kept(shapes, labels, counts)
    return counts


def _days(done: Mapping[Deed, int], zone: tzinfo) -> dict[date, int]:
    days: Counter[date] = Counter()
    for deed, count in done.items():
        if deed.what != EDITED:
            days[datetime.fromtimestamp(deed.stretch * QUARTER, zone).date()] += count
    return dict(sorted(days.items()))
