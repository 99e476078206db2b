"""What a workspace holds, counted for pictures: by status, length, time, feeling, private details.

All of it is read from the rows of conversations, findings and tags, never from messages, so that
it stays quick with a million of those.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from sqlalchemy import BigInteger, case, func, literal_column, select

from curation.model import Decision, Status
from curation.store.deciding import not_in_trash
from curation.store.filters import DAY, hour_of, moment_of
from curation.store.journal import TAKE_OVER
from curation.store.tables import chat, conversation, emotion_tag, finding, status_count

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection

    from curation.store.workspace import Workspace

LENGTHS: Final = (0, 3, 6, 11, 21, 41, 81, 161)
"""Where the steps of a conversation's length in messages begin; the last one has no end."""

_A_DAY: Final = literal_column(str(DAY), BigInteger)

NO_SHAPE: Final = frozenset({"set_status", "tag", "decide_finding", TAKE_OVER})
"""Actions of the journal that change neither length nor time of a conversation."""

NO_LABEL: Final = frozenset({"set_status", TAKE_OVER})
"""Actions of the journal that change neither emotions nor findings."""


def newest_finding(workspace: Workspace) -> int:
    """Return the id of the finding stored last, 0 without any: a search leaves no journal row."""
    with workspace.read() as connection:
        return connection.scalar(select(func.max(finding.c.id))) or 0


def length_steps() -> list[tuple[int, int | None]]:
    """Return the least and most messages of each step of `LENGTHS`; the last has no most."""
    ends = [start - 1 for start in LENGTHS[1:]]
    return list(zip(LENGTHS, [*ends, None], strict=True))


@dataclass(frozen=True, slots=True)
class ChatProgress:
    """How many conversations of a chat have each status; every status is a key."""

    name: str
    counts: Mapping[Status, int]

    @property
    def conversations(self) -> int:
        """How many there are."""
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class Counts:
    """How the conversations of a workspace are spread.

    `chats` are the largest first. `lengths` follow the steps of `LENGTHS`. `hours` are those of
    the local clock at which conversations begin, `months` the first days of months, in each of
    which one that reaches over midnight counts; both hold only what there is, and `timeless` have
    no time. `emotions` are conversations by emotion, on
    themselves or a message, most first; `tagged` have any. `findings` outside the trash are by
    entity and decision.
    """

    chats: tuple[ChatProgress, ...] = ()
    lengths: tuple[int, ...] = ()
    hours: Mapping[int, int] = field(default_factory=dict)
    months: Mapping[date, int] = field(default_factory=dict)
    timeless: int = 0
    emotions: Mapping[str, int] = field(default_factory=dict)
    tagged: int = 0
    findings: Mapping[tuple[str, Decision], int] = field(default_factory=dict)

    @property
    def statuses(self) -> dict[Status, int]:
        """How many conversations of the whole workspace have each status."""
        return {status: sum(each.counts.get(status, 0) for each in self.chats) for status in Status}


def counts(
    workspace: Workspace, before: Counts | None = None, *, shapes: bool = True, labels: bool = True
) -> Counts:
    """Return how the conversations of a workspace are spread.

    Of earlier counts, `before`, lengths and times are taken over unless `shapes` says that they may
    differ, and emotions and findings unless `labels` does.
    """
    with workspace.read() as connection:
        told = before if before is not None and not shapes else _shapes(connection)
        found = before if before is not None and not labels else _labels(connection)
        return replace(
            told,
            chats=_chats(connection),
            emotions=found.emotions,
            tagged=found.tagged,
            findings=found.findings,
        )


def _shapes(connection: Connection) -> Counts:
    hours = _hours(connection)
    return Counts(
        lengths=_lengths(connection),
        hours={hour: count for hour, count in hours.items() if hour is not None},
        months=_months(connection),
        timeless=hours.get(None, 0),
    )


def _labels(connection: Connection) -> Counts:
    tagged = select(func.count(emotion_tag.c.conversation_id.distinct()))
    return Counts(
        emotions=_emotions(connection),
        tagged=connection.execute(tagged).scalar_one(),
        findings=_findings(connection),
    )


def _chats(connection: Connection) -> tuple[ChatProgress, ...]:
    rows = connection.execute(
        select(chat.c.name, status_count.c.status, status_count.c.conversations)
        .join(chat, chat.c.id == status_count.c.chat_id)
        .where(status_count.c.conversations > 0)
    )
    found: defaultdict[str, dict[Status, int]] = defaultdict(lambda: dict.fromkeys(Status, 0))
    for row in rows:
        found[row.name][Status(row.status)] = row.conversations
    told = [ChatProgress(name, by_status) for name, by_status in found.items()]
    return tuple(sorted(told, key=lambda each: (-each.conversations, each.name)))


def _lengths(connection: Connection) -> tuple[int, ...]:
    steps = list(enumerate(LENGTHS))
    step = case(
        *((conversation.c.length >= start, literal_column(str(at))) for at, start in steps[:0:-1]),
        else_=literal_column("0"),
    ).label("step")
    rows = connection.execute(select(step, func.count().label("conversations")).group_by(step))
    found = {int(row.step): row.conversations for row in rows}
    return tuple(found.get(at, 0) for at, _start in steps)


def _hours(connection: Connection) -> dict[int | None, int]:
    hour = hour_of(conversation.c.started_at).label("hour")
    rows = connection.execute(select(hour, func.count().label("conversations")).group_by(hour))
    return {None if row.hour is None else int(row.hour): row.conversations for row in rows}


def _months(connection: Connection) -> dict[date, int]:
    """Return how many conversations there are by the first day of each month they reach into."""
    first = (conversation.c.started_at // _A_DAY).label("first")
    last = (conversation.c.ended_at // _A_DAY).label("last")
    found: Counter[date] = Counter()
    for row in connection.execute(
        select(first, last, func.count().label("conversations")).group_by(first, last)
    ):
        begins, ends = (moment_of(None if day is None else day * DAY) for day in row[:2])
        if begins is None or ends is None:
            continue
        month = begins.date().replace(day=1)
        while month <= ends.date():
            found[month] += row.conversations
            month = (month + timedelta(days=31)).replace(day=1)
    return dict(sorted(found.items()))


def _emotions(connection: Connection) -> dict[str, int]:
    rows = connection.execute(
        select(
            emotion_tag.c.emotion,
            func.count(emotion_tag.c.conversation_id.distinct()).label("conversations"),
        ).group_by(emotion_tag.c.emotion)
    ).all()
    ordered = sorted(rows, key=lambda row: (-row.conversations, row.emotion))
    return {row.emotion: row.conversations for row in ordered}


def _findings(connection: Connection) -> dict[tuple[str, Decision], int]:
    rows = connection.execute(
        select(finding.c.entity, finding.c.decision, func.count().label("times"))
        .where(not_in_trash())
        .group_by(finding.c.entity, finding.c.decision)
    )
    return {(row.entity, Decision(row.decision)): row.times for row in rows}
