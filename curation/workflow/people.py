"""Who of several reviewers did how much, how fast they are, and what they have at hand."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from curation.store import leases, pace
from curation.store.tallies import EDITED, QUARTER
from curation.workflow.pace import forecast

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, tzinfo

    from curation.store import Workspace
    from curation.store.tallies import Deed

_LATELY: Final = 30 * 86_400 // QUARTER
_STEPS: Final = 700
"""Actions that somebody's pace is read from."""
_MOST: Final = 12
"""More people's paces are not read: those who did most are told first."""


@dataclass(frozen=True, slots=True)
class Person:
    """What one reviewer did; `name` is empty for who gave none.

    `decided` and `today` are conversations by the status they gave, or `EDITED`. `an_hour` is how
    many they decide in an hour of work, None where they did little lately; `holds` is how many
    conversations they have at hand.
    """

    name: str
    decided: Mapping[str, int] = field(default_factory=dict)
    today: Mapping[str, int] = field(default_factory=dict)
    an_hour: float | None = None
    holds: int = 0


def people_of(
    workspace: Workspace, counts: Mapping[Deed, int], zone: tzinfo, today: date
) -> tuple[Person, ...]:
    """Return who did how much, those who decided most first; nothing where there is only one."""
    with workspace.read() as connection:
        held = leases.held_by(connection)
    decided: defaultdict[str, Counter[str]] = defaultdict(
        Counter, {each: Counter() for each in held}
    )
    of_today: defaultdict[str, Counter[str]] = defaultdict(Counter)
    last: dict[str, int] = dict.fromkeys(held, 0)
    begins, ends = (_stretch(today + timedelta(days=later), zone) for later in (0, 1))
    for (name, stretch, what), count in counts.items():
        decided[name][what] += count
        last[name] = max(last.get(name, 0), stretch)
        if begins <= stretch < ends:
            of_today[name][what] += count
    if len(last) < 2:  # noqa: PLR2004  (several)
        return ()
    ranked = sorted(last, key=lambda name: (-_total(decided[name]), name))
    newest = max(last.values(), default=0)
    return tuple(
        Person(
            name,
            decided[name],
            of_today[name],
            _an_hour(workspace, name) if place < _MOST and last[name] > newest - _LATELY else None,
            held.get(name, 0),
        )
        for place, name in enumerate(ranked)
    )


def _stretch(day: date, zone: tzinfo) -> int:
    """Return the stretch that a day begins with."""
    return int(datetime.combine(day, time(), zone).timestamp()) // QUARTER


def _total(counts: Mapping[str, int]) -> int:
    return sum(count for what, count in counts.items() if what != EDITED)


def _an_hour(workspace: Workspace, name: str) -> float | None:
    told = forecast(pace.latest_steps(workspace, _STEPS, name), 1)
    return None if told is None else told.an_hour
