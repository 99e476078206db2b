"""Findings in the workspace: searching what was not searched yet, grouping, deciding."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import case, delete, func, insert, literal, select, update

from curation.model import Decision, Finding, Kind, Side
from curation.store import derived, journal
from curation.store.settings import get_value, put_value
from curation.store.tables import (
    conversation,
    current_text,
    finding,
    message,
    value_decision,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Connection
    from sqlalchemy.sql.elements import ColumnElement

    from curation.store.workspace import Workspace

_SEARCHED_BY: Final = "searched_by"
_MIXED: Final = ""
_AROUND: Final = 24
# Asked for each message of a workspace, where making a member from its value costs too much.
_SIDES: Final = {side.value: side for side in Side}
_KINDS: Final = {kind.value: kind for kind in Kind}


@dataclass(frozen=True, slots=True)
class ValuedFinding:
    """A finding together with its canonical value, which is what "equal" means."""

    finding: Finding
    value: str


@dataclass(frozen=True, slots=True)
class FindingGroup:
    """All findings of one value. `decision` is None where they were decided differently.

    `shown` is the value as the first message has it, `before` and `after` the words around it.
    """

    entity: str
    value: str
    count: int
    decision: Decision | None
    shown: str
    before: str
    after: str
    why: str
    score: float


@dataclass(frozen=True, slots=True)
class UnscannedMessage:
    """A message to search: its current text and what decides which messages it is read with."""

    id: int
    text: str
    side: Side
    kind: Kind
    deleted: bool


@dataclass(frozen=True, slots=True)
class Unscanned:
    """A conversation whose texts were not searched yet, as it stood when it was read."""

    conversation_id: int
    version: int
    messages: tuple[UnscannedMessage, ...]


def unscanned_count(workspace: Workspace, expected: str | None = None) -> int:
    """Return how many messages were not searched for PII yet.

    Where the last search went by other rules than `expected` (see `expect_search`), all count.
    """
    query = select(func.count()).select_from(message)
    with workspace.read() as connection:
        if expected is None or get_value(connection, _SEARCHED_BY) in (None, expected):
            query = query.join(conversation, conversation.c.id == message.c.conversation_id).where(
                conversation.c.scanned.is_(False)
            )
        return connection.execute(query).scalar_one()


def expect_search(workspace: Workspace, rules: str) -> None:
    """Let everything be searched again if the last search went by other rules than these."""
    with workspace.write() as connection:
        held = get_value(connection, _SEARCHED_BY)
        if held == rules:
            return
        put_value(connection, _SEARCHED_BY, rules)
        connection.execute(
            update(conversation).where(conversation.c.scanned.is_(True)).values(scanned=False)
        )


def unscanned(workspace: Workspace, limit: int, after: int = 0) -> list[Unscanned]:
    """Return up to `limit` conversations that were not searched yet, with all their texts.

    They come in the order of their ids, only those above `after`.
    """
    with workspace.read() as connection:
        heads = connection.execute(
            select(conversation.c.id, conversation.c.version)
            .where(conversation.c.scanned.is_(False), conversation.c.id > after)
            .order_by(conversation.c.id)
            .limit(limit)
        ).all()
        messages: defaultdict[int, list[UnscannedMessage]] = defaultdict(list)
        for owner, number, text, side, kind, deleted in connection.execute(
            select(
                message.c.conversation_id,
                message.c.id,
                current_text,
                message.c.side,
                message.c.kind,
                message.c.deleted,
            )
            .where(message.c.conversation_id.in_([head.id for head in heads]))
            .order_by(message.c.conversation_id, message.c.position, message.c.id)
        ):
            messages[owner].append(
                UnscannedMessage(number, text, _SIDES[side], _KINDS[kind], deleted)
            )
    return [Unscanned(head.id, head.version, tuple(messages[head.id])) for head in heads]


def save_findings(
    workspace: Workspace,
    searched: Sequence[Unscanned],
    found: Mapping[int, Sequence[ValuedFinding]],
) -> None:
    """Store what was found in conversations: message id -> findings, only where there are any.

    A conversation that changed meanwhile keeps waiting. Decisions made on these messages before,
    or for all equal values, are taken over.
    """
    with workspace.write() as connection:
        now = {
            row.id: row.version
            for row in connection.execute(
                select(conversation.c.id, conversation.c.version).where(
                    conversation.c.id.in_([each.conversation_id for each in searched])
                )
            )
        }
        same = [each for each in searched if now.get(each.conversation_id) == each.version]
        messages = {
            searched_message.id: each.conversation_id
            for each in same
            for searched_message in each.messages
            if searched_message.id in found
        }
        owners = [each.conversation_id for each in same]
        rows = _rows_of_new(connection, owners, {number: found[number] for number in messages})
        if rows:
            connection.execute(insert(finding), rows)
        connection.execute(
            update(conversation).where(conversation.c.id.in_(owners)).values(scanned=True)
        )
        derived.refresh(connection, set(messages.values()))


def _rows_of_new(
    connection: Connection, owners: Sequence[int], found: Mapping[int, Sequence[ValuedFinding]]
) -> list[dict[str, object]]:
    """Return the rows of findings that replace those of conversations, decisions taken over."""
    inside = message.c.conversation_id.in_(owners)
    held = connection.execute(
        select(
            finding.c.id,
            finding.c.message_id,
            finding.c.entity,
            finding.c.value,
            finding.c.decision,
        )
        .join(message, message.c.id == finding.c.message_id)
        .where(inside)
    ).all()
    connection.execute(delete(finding).where(finding.c.id.in_([row.id for row in held])))
    before = {(row.message_id, row.entity, row.value): Decision(row.decision) for row in held}
    decided = decisions_for_values(connection, [each for some in found.values() for each in some])
    return [
        finding_row(
            number,
            each,
            {
                (each.finding.entity, each.value): before.get(
                    (number, each.finding.entity, each.value),
                    decided.get((each.finding.entity, each.value), Decision.PENDING),
                )
            },
        )
        for number, some in found.items()
        for each in some
    ]


def decisions_for_values(
    connection: Connection, found: Sequence[ValuedFinding]
) -> dict[tuple[str, str], Decision]:
    """Return the decisions for all equal values among `found`, by (entity, value)."""
    if not found:
        return {}
    values = sorted({each.value for each in found})
    rows = connection.execute(
        select(value_decision).where(value_decision.c.value.in_(values))
    ).all()
    return {(row.entity, row.value): Decision(row.decision) for row in rows}


def finding_row(
    message_id: int, found: ValuedFinding, decided: Mapping[tuple[str, str], Decision]
) -> dict[str, object]:
    """Return the table row of a finding, its decision taken over from equal values."""
    key = (found.finding.entity, found.value)
    return {
        "message_id": message_id,
        "entity": found.finding.entity,
        "start": found.finding.start,
        "end": found.finding.end,
        "score": found.finding.score,
        "recognizer": found.finding.recognizer,
        "why": found.finding.why,
        "value": found.value,
        "decision": decided.get(key, found.finding.decision).value,
    }


def finding_groups(
    workspace: Workspace,
    *,
    entity: str = "",
    decision: Decision | None = None,
    page: int = 1,
    page_size: int = 50,
) -> tuple[list[FindingGroup], int]:
    """Return one page of findings grouped by value, most frequent first, and how many groups.

    `entity` "" and `decision` None do not filter; a group is shown when any of its findings has
    the decision. Findings in deleted messages do not count.
    """
    chosen: list[ColumnElement[bool]] = [message.c.deleted.is_(False)]
    if entity:
        chosen.append(finding.c.entity == entity)
    grouped = (
        select(
            finding.c.entity,
            finding.c.value,
            func.count().label("times"),
            func.min(finding.c.id).label("first"),
            case(
                (
                    func.min(finding.c.decision) == func.max(finding.c.decision),
                    func.min(finding.c.decision),
                ),
                else_=literal(_MIXED),
            ).label("decision"),
        )
        .join(message, message.c.id == finding.c.message_id)
        .where(*chosen)
        .group_by(finding.c.entity, finding.c.value)
    )
    if decision is not None:
        matches = func.sum(case((finding.c.decision == decision.value, 1), else_=0))
        grouped = grouped.having(matches > 0)
    groups = grouped.subquery()
    with workspace.read() as connection:
        total = connection.execute(select(func.count()).select_from(groups)).scalar_one()
        rows = connection.execute(
            select(
                groups,
                finding.c.start,
                finding.c.end,
                finding.c.why,
                finding.c.score,
                current_text.label("text"),
            )
            .join(finding, finding.c.id == groups.c.first)
            .join(message, message.c.id == finding.c.message_id)
            .order_by(groups.c.times.desc(), groups.c.first)
            .limit(page_size)
            .offset((page - 1) * page_size)
        ).all()
    return [
        FindingGroup(
            entity=row.entity,
            value=row.value,
            count=row.times,
            decision=None if row.decision == _MIXED else Decision(row.decision),
            shown=row.text[row.start : row.end],
            before=row.text[max(0, row.start - _AROUND) : row.start],
            after=row.text[row.end : row.end + _AROUND],
            why=row.why,
            score=row.score,
        )
        for row in rows
    ], total


def finding_counts(workspace: Workspace) -> dict[tuple[str, Decision], int]:
    """Return how many findings each entity has with each decision, deleted messages left out."""
    with workspace.read() as connection:
        rows = connection.execute(
            select(finding.c.entity, finding.c.decision, func.count().label("times"))
            .join(message, message.c.id == finding.c.message_id)
            .where(message.c.deleted.is_(False))
            .group_by(finding.c.entity, finding.c.decision)
        ).all()
    return {(row.entity, Decision(row.decision)): row.times for row in rows}


def kept_values(workspace: Workspace) -> set[tuple[str, str]]:
    """Return (entity, canonical value) of everything that a person decided to keep."""
    keep = Decision.KEEP.value
    with workspace.read() as connection:
        single = connection.execute(
            select(finding.c.entity, finding.c.value).where(finding.c.decision == keep).distinct()
        ).all()
        everywhere = connection.execute(
            select(value_decision.c.entity, value_decision.c.value).where(
                value_decision.c.decision == keep
            )
        ).all()
    return {(row.entity, row.value) for row in (*single, *everywhere)}


def decide_equal(recorder: journal.Recorder, entity: str, value: str, decision: Decision) -> int:
    """Decide all findings of one value, now and later; return how many changed."""
    same = (value_decision.c.entity == entity) & (value_decision.c.value == value)
    connection = recorder.connection
    if connection.scalar(select(value_decision.c.id).where(same)) is None:
        recorder.insert(value_decision, entity=entity, value=value, decision=decision.value)
    else:
        recorder.update(value_decision, same, decision=decision.value)
    ids = recorder.update(
        finding,
        (finding.c.entity == entity) & (finding.c.value == value),
        decision=decision.value,
    )
    recorder.affected |= owners_of(connection, ids)
    return len(ids)


def owners_of(connection: Connection, finding_ids: Sequence[int]) -> set[int]:
    """Return the conversations that findings lie in."""
    owners: set[int] = set()
    for start in range(0, len(finding_ids), 500):
        owners.update(
            connection.scalars(
                select(message.c.conversation_id)
                .join(finding, finding.c.message_id == message.c.id)
                .where(finding.c.id.in_(finding_ids[start : start + 500]))
            )
        )
    return owners
