"""Findings value by value: listing them, the places they stand in, deciding many at once."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Integer, and_, case, cast, func, literal, or_, select, tuple_

from curation.model import Decision, FindingOrder, FindingQuery, Side
from curation.store.derived import RISK
from curation.store.filters import moment_of
from curation.store.tables import (
    chat,
    conversation,
    current_text,
    finding,
    message,
    value_decision,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection, Row, Select, Subquery

    from curation.store.journal import Recorder
    from curation.store.workspace import Workspace

_MIXED: Final = ""
_AROUND: Final = 24
_WIDE: Final = 80
_IDS_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class FindingGroup:
    """All findings of one value. `decision` is None where they were decided differently.

    `undecided` of the `count` are. `shown` is the value as the first message has it, `before` and
    `after` the words around it; `score` is the lowest.
    """

    entity: str
    value: str
    count: int
    undecided: int
    decision: Decision | None
    shown: str
    before: str
    after: str
    recognizer: str
    why: str
    score: float


@dataclass(frozen=True, slots=True)
class FindingPlace:
    """One place where a value stands: the finding, its message and the words around it."""

    id: int
    message_id: int
    conversation_id: int
    chat: str
    side: Side
    time: datetime | None
    decision: Decision
    before: str
    shown: str
    after: str
    why: str
    score: float


def finding_groups(
    workspace: Workspace,
    query: FindingQuery,
    *,
    order: FindingOrder,
    page: int = 1,
    page_size: int = 50,
) -> tuple[list[FindingGroup], int]:
    """Return one page of the findings of a choice grouped by value, and how many groups.

    A group is shown when any of its findings has the decision that is asked for. Findings in
    deleted messages do not count.
    """
    groups = _grouped(query)
    with workspace.read() as connection:
        # One pass gives the page and its total: grouping is what takes the time.
        paged = connection.execute(
            select(groups, func.count().over().label("total"))
            .order_by(*_ordered(groups, order), groups.c.first)
            .limit(page_size)
            .offset((page - 1) * page_size)
        ).all()
        if not paged:
            total = connection.execute(select(func.count()).select_from(groups)).scalar_one()
            return [], total
        firsts = _in_their_texts(connection, [row.first for row in paged])
    return [_group(row, firsts[row.first]) for row in paged], paged[0].total


def _grouped(query: FindingQuery) -> Subquery:
    """Return the groups of a choice, a row each."""
    pending = func.sum(case((finding.c.decision == Decision.PENDING.value, 1), else_=0))
    least, most = func.min(finding.c.decision), func.max(finding.c.decision)
    grouped = (
        select(
            finding.c.entity,
            finding.c.value,
            func.count().label("times"),
            pending.label("undecided"),
            func.min(finding.c.score).label("least"),
            func.min(finding.c.id).label("first"),
            func.max(finding.c.id).label("last"),
            case((least == most, least), else_=literal(_MIXED)).label("decision"),
        )
        .where(*_conditions(query))
        .group_by(finding.c.entity, finding.c.value)
    )
    if query.decision is not None:
        matches = func.sum(case((finding.c.decision == query.decision.value, 1), else_=0))
        grouped = grouped.having(matches > 0)
    return grouped.subquery()


def _ordered(groups: Subquery, order: FindingOrder) -> tuple[ColumnElement[object], ...]:
    """Return what groups are ordered by."""
    weight = case(
        *((groups.c.entity == entity, weight) for entity, weight in RISK.items()), else_=1.0
    )
    ways: dict[FindingOrder, tuple[ColumnElement[object], ...]] = {
        FindingOrder.RISK: (
            case((groups.c.undecided > 0, 0), else_=1),
            weight.desc(),
            groups.c.undecided.desc(),
            groups.c.times.desc(),
        ),
        FindingOrder.COUNT: (groups.c.times.desc(),),
        FindingOrder.UNSURE: (groups.c.least, groups.c.times.desc()),
        FindingOrder.NEWEST: (groups.c.last.desc(),),
    }
    return ways[order]


def _in_their_texts(connection: Connection, ids: Sequence[int]) -> dict[int, Any]:
    """Return findings by their ids, each with the text that it stands in."""
    rows = connection.execute(
        select(
            finding.c.id,
            finding.c.start,
            finding.c.end,
            finding.c.recognizer,
            finding.c.why,
            current_text.label("text"),
        )
        .join(message, message.c.id == finding.c.message_id)
        .where(finding.c.id.in_(ids))
    )
    return {row.id: row for row in rows}


def _group(row: Row[Any], first: Any) -> FindingGroup:
    before, shown, after = _around(first.text, first.start, first.end, _AROUND)
    return FindingGroup(
        entity=row.entity,
        value=row.value,
        count=row.times,
        undecided=row.undecided,
        decision=None if row.decision == _MIXED else Decision(row.decision),
        shown=shown,
        before=before,
        after=after,
        recognizer=first.recognizer,
        why=first.why,
        score=row.least,
    )


def finding_places(
    workspace: Workspace, entity: str, value: str, *, page: int = 1, page_size: int = 10
) -> tuple[list[FindingPlace], int]:
    """Return one page of the places where a value stands, newest first, and how many there are."""
    here = [
        finding.c.entity == entity,
        finding.c.value == value,
        message.c.deleted.is_(False),
    ]
    joined = (
        select(
            finding,
            message.c.conversation_id,
            message.c.side,
            message.c.time,
            chat.c.name.label("chat"),
            current_text.label("text"),
            func.count().over().label("total"),
        )
        .join(message, message.c.id == finding.c.message_id)
        .join(conversation, conversation.c.id == message.c.conversation_id)
        .join(chat, chat.c.id == conversation.c.chat_id)
        .where(*here)
        .order_by(message.c.time.desc(), finding.c.id.desc())
        .limit(page_size)
        .offset((page - 1) * page_size)
    )
    with workspace.read() as connection:
        rows = connection.execute(joined).all()
    places = []
    for row in rows:
        before, shown, after = _around(row.text, row.start, row.end, _WIDE)
        places.append(
            FindingPlace(
                id=row.id,
                message_id=row.message_id,
                conversation_id=row.conversation_id,
                chat=row.chat,
                side=Side(row.side),
                time=moment_of(row.time),
                decision=Decision(row.decision),
                before=before,
                shown=shown,
                after=after,
                why=row.why,
                score=row.score,
            )
        )
    return places, rows[0].total if rows else 0


def _around(text: str, start: int, end: int, width: int) -> tuple[str, str, str]:
    return text[max(0, start - width) : start], text[start:end], text[end : end + width]


def not_in_trash() -> ColumnElement[bool]:
    """Return the condition that a finding's message was not deleted.

    Few are: asking for those is quicker than looking at the message of every finding.
    """
    return finding.c.message_id.not_in(select(message.c.id).where(message.c.deleted))


def _conditions(query: FindingQuery, *, in_trash: bool = False) -> list[ColumnElement[bool]]:
    """Return what a finding must be for this choice, but for its decision."""
    chosen: list[ColumnElement[bool]] = [~not_in_trash() if in_trash else not_in_trash()]
    if query.entity:
        chosen.append(finding.c.entity == query.entity)
    if query.below is not None:
        chosen.append(finding.c.score < query.below)
    if query.text:
        around = select(message.c.id).where(current_text.icontains(query.text, autoescape=True))
        chosen.append(
            or_(
                finding.c.value.icontains(query.text, autoescape=True),
                finding.c.message_id.in_(around),
            )
        )
    return chosen


def _matching(query: FindingQuery, *, in_trash: bool = False) -> Select[tuple[int]]:
    chosen = _conditions(query, in_trash=in_trash)
    if query.decision is not None:
        chosen.append(finding.c.decision == query.decision.value)
    return select(finding.c.id).where(*chosen)


def count_findings(workspace: Workspace, query: FindingQuery) -> int:
    """Return how many findings a choice lets through."""
    with workspace.read() as connection:
        return connection.execute(
            select(func.count()).select_from(_matching(query).subquery())
        ).scalar_one()


@dataclass(frozen=True, slots=True)
class FindingSummary:
    """How many findings there are, the trash left out.

    `counts` by entity and decision; `scores` by entity: (score, how many have it), lowest first.
    """

    counts: Mapping[tuple[str, Decision], int]
    scores: Mapping[str, Sequence[tuple[float, int]]]


def finding_summary(workspace: Workspace) -> FindingSummary:
    """Return how many findings there are by entity, decision and score."""
    with workspace.read() as connection:
        rows = connection.execute(
            select(
                finding.c.entity, finding.c.decision, finding.c.score, func.count().label("times")
            )
            .where(not_in_trash())
            .group_by(finding.c.entity, finding.c.decision, finding.c.score)
        ).all()
    counts: defaultdict[tuple[str, Decision], int] = defaultdict(int)
    scores: defaultdict[str, defaultdict[float, int]] = defaultdict(lambda: defaultdict(int))
    for row in rows:
        counts[row.entity, Decision(row.decision)] += row.times
        scores[row.entity][row.score] += row.times
    by_score = {entity: sorted(times.items()) for entity, times in scores.items()}
    return FindingSummary(dict(counts), by_score)


def kept_values(workspace: Workspace) -> set[tuple[str, str]]:
    """Return (entity, canonical value) of what a person decided to keep wherever it stands.

    What is kept in one place alone is not among it.
    """
    with workspace.read() as connection:
        rows = connection.execute(
            select(value_decision.c.entity, value_decision.c.value).where(
                value_decision.c.decision == Decision.KEEP.value
            )
        ).all()
    return {(row.entity, row.value) for row in rows}


def decide_equal(recorder: Recorder, entity: str, value: str, decision: Decision) -> int:
    """Decide all findings of one value, now and later; return how many changed."""
    _remember(recorder, [(entity, value)], decision)
    ids = recorder.update(
        finding,
        (finding.c.entity == entity) & (finding.c.value == value),
        decision=decision.value,
    )
    recorder.affected |= owners_of(recorder.connection, ids)
    return len(ids)


def decide_matching(recorder: Recorder, query: FindingQuery, decision: Decision) -> int:
    """Decide every finding of a choice; return how many changed.

    Equal values found later are decided so, too, where the choice is of values: not where it goes
    by the words around them, nor while another place of the value is decided otherwise. Keeping is
    for what is looked at: anything else holds for deleted messages too, which do not count, and no
    value of the choice is kept any longer when it is found later.
    """
    chosen = _matching(query)
    values = recorder.connection.execute(
        select(finding.c.entity, finding.c.value)
        .where(finding.c.id.in_(chosen))
        .distinct()
        .order_by(finding.c.entity, finding.c.value)
    ).all()
    ids = recorder.update(finding, finding.c.id.in_(chosen), decision=decision.value)
    concerned = list(ids)
    if decision is not Decision.KEEP:
        deleted = finding.c.id.in_(_matching(query, in_trash=True))
        concerned += recorder.update(finding, deleted, decision=decision.value)
    found = [(row.entity, row.value) for row in values]
    whole = _decided_whole(recorder.connection, query, found, decision)
    _remember(recorder, whole, decision)
    if decision is not Decision.KEEP:
        _forget_kept(recorder, found)
    recorder.affected |= owners_of(recorder.connection, concerned)
    return len(ids)


def _forget_kept(recorder: Recorder, values: Sequence[tuple[str, str]]) -> None:
    """Let no value of these be kept because it was decided so before."""
    key = tuple_(value_decision.c.entity, value_decision.c.value)
    for start in range(0, len(values), _IDS_AT_ONCE):
        some = key.in_(values[start : start + _IDS_AT_ONCE])
        kept = value_decision.c.decision == Decision.KEEP.value
        recorder.delete(value_decision, and_(some, kept))


def _decided_whole(
    connection: Connection,
    query: FindingQuery,
    values: Sequence[tuple[str, str]],
    decision: Decision,
) -> list[tuple[str, str]]:
    """Return the values of a choice of values of which every place is decided so by now."""
    whole = [not_in_trash()]
    if query.text:
        whole.append(finding.c.value.icontains(query.text, autoescape=True))
    key = tuple_(finding.c.entity, finding.c.value)
    decided: set[tuple[str, str]] = set()
    for start in range(0, len(values), _IDS_AT_ONCE):
        rows = connection.execute(
            select(finding.c.entity, finding.c.value)
            .where(key.in_(values[start : start + _IDS_AT_ONCE]), *whole)
            .group_by(finding.c.entity, finding.c.value)
            .having(func.min(finding.c.decision) == decision.value)
            .having(func.max(finding.c.decision) == decision.value)
        )
        decided.update((row.entity, row.value) for row in rows)
    return [each for each in values if each in decided]


def _remember(recorder: Recorder, values: Sequence[tuple[str, str]], decision: Decision) -> None:
    """Let equal values found later be decided so too."""
    key = tuple_(value_decision.c.entity, value_decision.c.value)
    for start in range(0, len(values), _IDS_AT_ONCE):
        some = values[start : start + _IDS_AT_ONCE]
        rows = recorder.connection.execute(select(value_decision).where(key.in_(some))).all()
        held = {(row.entity, row.value): row.id for row in rows}
        if held:
            recorder.update(
                value_decision,
                value_decision.c.id.in_(sorted(held.values())),
                decision=decision.value,
            )
        recorder.insert_many(
            value_decision,
            [
                {"entity": entity, "value": value, "decision": decision.value}
                for entity, value in some
                if (entity, value) not in held
            ],
        )


def decide_one(recorder: Recorder, finding_id: int, decision: Decision) -> int:
    """Decide one finding; return how many changed."""
    ids = recorder.update(finding, finding.c.id == finding_id, decision=decision.value)
    recorder.affected |= owners_of(recorder.connection, ids)
    return len(ids)


def written_forms(connection: Connection, entity: str, value: str, most: int = 200) -> list[str]:
    """Return the ways in which messages write a value, most frequent first."""
    # PostgreSQL's takes no larger numbers than those of a text can be.
    places = (finding.c.start + 1, finding.c.end - finding.c.start)
    shown = func.substr(current_text, *(cast(place, Integer) for place in places))
    rows = connection.execute(
        select(shown.label("shown"), func.count().label("times"))
        .join(message, message.c.id == finding.c.message_id)
        .where(finding.c.entity == entity, finding.c.value == value)
        .group_by(shown)
        .order_by(func.count().desc(), shown)
        .limit(most)
    ).all()
    return [row.shown for row in rows]


def owners_of(connection: Connection, finding_ids: Sequence[int]) -> set[int]:
    """Return the conversations that findings lie in."""
    owners: set[int] = set()
    for start in range(0, len(finding_ids), _IDS_AT_ONCE):
        owners.update(
            connection.scalars(
                select(message.c.conversation_id)
                .join(finding, finding.c.message_id == message.c.id)
                .where(finding.c.id.in_(finding_ids[start : start + _IDS_AT_ONCE]))
            )
        )
    return owners
