"""Findings in the workspace: what waits for a search, and keeping what one found."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import delete, func, insert, or_, select, update

from curation.model import BY_HAND, Decision, Finding, Kind, Side
from curation.spans import Spans
from curation.store import derived
from curation.store.members import HIDDEN_FROM_REVIEWERS, held_access
from curation.store.settings import get_value, put_value
from curation.store.tables import (
    conversation,
    current_text,
    finding,
    message,
    value_decision,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    from sqlalchemy import Connection, Row

    from curation.store.journal import Recorder
    from curation.store.workspace import Workspace

_SEARCHED_BY: Final = "searched_by"
_SEARCHED_FOR: Final = "searched_for"
# Asked for each message of a workspace, where making a member from its value costs too much.
_SIDES: Final = {side.value: side for side in Side}
_KINDS: Final = {kind.value: kind for kind in Kind}
_IDS_AT_ONCE: Final = 500
# The conversations in which somebody typed from whom private details were hidden.
_VEILED: Final = select(message.c.conversation_id).where(message.c.veiled)


@dataclass(frozen=True, slots=True)
class ValuedFinding:
    """A finding together with its canonical value, which is what "equal" means."""

    finding: Finding
    value: str

    @property
    def start(self) -> int:
        """Where it begins in the text."""
        return self.finding.start

    @property
    def end(self) -> int:
        """Where it ends."""
        return self.finding.end


@dataclass(frozen=True, slots=True)
class UnscannedMessage:
    """A message to search: its current text and what decides which messages it is read with."""

    id: int
    text: str
    side: Side
    kind: Kind
    deleted: bool
    by_hand: tuple[Finding, ...] = ()  # what a person flagged in it
    masked: tuple[Finding, ...] = ()  # what else in it a person decided to mask
    kept: tuple[Finding, ...] = ()  # what a person keeps in it and not everywhere
    veiled: bool = False  # typed by one who is not to learn from it what an owner knows


@dataclass(frozen=True, slots=True)
class Unscanned:
    """A conversation whose texts were not searched yet, as it stood when it was read."""

    conversation_id: int
    version: int
    messages: tuple[UnscannedMessage, ...]
    hides: bool = False  # whether an owner hid private details from reviewers then


def unscanned_count(workspace: Workspace, expected: str | None = None) -> int:
    """Return how many messages were not searched for PII yet.

    Where the last search went by other rules than `expected` (see `expect_search`), all count.
    """
    query = select(func.count()).select_from(message)
    with workspace.read() as connection:
        if expected is None or get_value(connection, _SEARCHED_BY) == expected:
            query = query.join(conversation, conversation.c.id == message.c.conversation_id).where(
                conversation.c.scanned.is_(False)
            )
        return connection.execute(query).scalar_one()


@dataclass(frozen=True, slots=True)
class SearchRules:
    """What a search goes by: all of it as a fingerprint, and the known names apart.

    `rest` is the fingerprint of the same rules without names.
    """

    all: str
    rest: str
    names: tuple[str, ...]


def expect_search(
    workspace: Workspace,
    rules: SearchRules,
    mentions: Callable[[Collection[str]], Callable[[str], bool]],
) -> None:
    """Let be searched again what the last search did by other rules than these.

    That is everything, but for one case: where there are only more names than before, it is what
    holds one of the new ones. `mentions` gives, for names, what says that of a text.
    """
    with workspace.write() as connection:
        held = get_value(connection, _SEARCHED_BY)
        if held == rules.all:
            return
        again = update(conversation).where(conversation.c.scanned.is_(True)).values(scanned=False)
        added = _only_added(get_value(connection, _SEARCHED_FOR), held, rules)
        if added is None:
            connection.execute(again)
        else:
            stand_in = mentions(added)
            owners = sorted({owner for owner, text in texts(connection) if stand_in(text)})
            for start in range(0, len(owners), _IDS_AT_ONCE):
                some = conversation.c.id.in_(owners[start : start + _IDS_AT_ONCE])
                connection.execute(again.where(some))
        put_value(connection, _SEARCHED_BY, rules.all)
        put_value(connection, _SEARCHED_FOR, [rules.all, rules.rest, rules.names])


def was_searched(workspace: Workspace) -> bool:
    """Whether anything in the workspace was searched before."""
    with workspace.read() as connection:
        return get_value(connection, _SEARCHED_BY) is not None


def _only_added(before: list[Any] | None, held: str | None, rules: SearchRules) -> set[str] | None:
    """Return the names that came to be known since the search `before`, None if more changed.

    `held` tells by what rules the findings are now; they may have been brought up to date since.
    """
    if before is None or before[0] != held or before[1] != rules.rest:
        return None
    known, now = set(before[2]), set(rules.names)
    return now - known if known <= now else None


def renew_search(connection: Connection, before: str, after: str) -> None:
    """Say that what was searched by the rules `before` is now as the rules `after` want it."""
    if get_value(connection, _SEARCHED_BY) == before:
        put_value(connection, _SEARCHED_BY, after)


def search_veiled_again(connection: Connection) -> None:
    """Let wait for a search what was typed by those from whom private details were hidden.

    Also what is being searched meanwhile: see `_as_read`.
    """
    again = update(conversation).where(conversation.c.scanned, conversation.c.id.in_(_VEILED))
    connection.execute(again.values(scanned=False))


def texts(connection: Connection) -> Iterator[tuple[int, str]]:
    """Yield the conversation and the current text of every message, also of deleted ones."""
    query = select(message.c.conversation_id, current_text.label("text"))
    for row in connection.execute(query.execution_options(yield_per=5000)):
        yield row.conversation_id, row.text


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
        return _with_messages(connection, {head.id: head.version for head in heads})


def searched(connection: Connection, ids: Sequence[int]) -> list[Unscanned]:
    """Return those of these conversations that were searched, as `unscanned` gives the others."""
    heads = connection.execute(
        select(conversation.c.id, conversation.c.version)
        .where(conversation.c.scanned.is_(True), conversation.c.id.in_(ids))
        .order_by(conversation.c.id)
    ).all()
    return _with_messages(connection, {head.id: head.version for head in heads})


def _with_messages(connection: Connection, versions: Mapping[int, int]) -> list[Unscanned]:
    inside = message.c.conversation_id.in_(list(versions))
    by_hand: defaultdict[int, list[Finding]] = defaultdict(list)
    masked: defaultdict[int, list[Finding]] = defaultdict(list)
    kept: defaultdict[int, list[Finding]] = defaultdict(list)
    rows = connection.execute(
        select(finding)
        .join(message, message.c.id == finding.c.message_id)
        .where(
            inside,
            or_(finding.c.recognizer == BY_HAND, finding.c.decision != Decision.PENDING.value),
        )
        .order_by(finding.c.message_id, finding.c.start)
    ).all()
    everywhere = _decided_everywhere(
        connection, {row.value for row in rows if row.decision == Decision.KEEP.value}
    )
    for row in rows:
        if row.recognizer == BY_HAND:
            by_hand[row.message_id].append(finding_of(row))
        elif row.decision == Decision.MASK.value:
            masked[row.message_id].append(finding_of(row))
        elif everywhere.get((row.entity, row.value)) is not Decision.KEEP:
            kept[row.message_id].append(finding_of(row))
    messages: defaultdict[int, list[UnscannedMessage]] = defaultdict(list)
    hides = bool(get_value(connection, HIDDEN_FROM_REVIEWERS))
    for owner, number, text, side, kind, deleted, veiled in connection.execute(
        select(
            message.c.conversation_id,
            message.c.id,
            current_text,
            message.c.side,
            message.c.kind,
            message.c.deleted,
            message.c.veiled,
        )
        .where(inside)
        .order_by(message.c.conversation_id, message.c.position, message.c.id)
    ):
        messages[owner].append(
            UnscannedMessage(
                number,
                text,
                _SIDES[side],
                _KINDS[kind],
                deleted,
                tuple(by_hand.get(number, ())),
                tuple(masked.get(number, ())),
                tuple(kept.get(number, ())),
                veiled=veiled and hides,
            )
        )
    return [
        Unscanned(number, version, tuple(messages[number]), hides)
        for number, version in versions.items()
    ]


def finding_of(row: Row[Any]) -> Finding:
    """Return the finding of a row of its table."""
    return Finding(
        row.entity,
        row.start,
        row.end,
        row.score,
        row.recognizer,
        row.why,
        Decision(row.decision),
        row.id,
    )


def save_findings(
    workspace: Workspace,
    done: Sequence[Unscanned],
    found: Mapping[int, Sequence[ValuedFinding]],
    rules: str | None,
) -> None:
    """Store what was found in conversations: message id -> findings, only where there are any.

    A conversation that changed meanwhile keeps waiting, and all do where the search goes by other
    rules by now than those with the fingerprint `rules` (see `expect_search`). What was found
    before at the same place stays as it is; decisions made on these messages, or for all equal
    values, are taken over.
    """
    with workspace.write() as connection:
        if get_value(connection, _SEARCHED_BY) != rules:
            return
        same = _as_read(connection, done)
        replace_findings(connection, same, found)
        owners = [each.conversation_id for each in same]
        connection.execute(
            update(conversation).where(conversation.c.id.in_(owners)).values(scanned=True)
        )


def _as_read(connection: Connection, done: Sequence[Unscanned]) -> list[Unscanned]:
    """Return the conversations that are still to be searched as they were when they were read.

    Not one that changed, nor one with what was typed under another answer to whether private
    details are hidden: that answer decides by which rules it is searched, and raises no version.
    """
    ids = [each.conversation_id for each in done]
    heads = select(conversation.c.id, conversation.c.version).where(conversation.c.id.in_(ids))
    now = {row.id: row.version for row in connection.execute(heads)}
    same = [each for each in done if now.get(each.conversation_id) == each.version]
    hides = bool(get_value(connection, HIDDEN_FROM_REVIEWERS))
    if all(each.hides == hides for each in same):
        return same
    veiled = set(connection.scalars(_VEILED.where(message.c.conversation_id.in_(ids))))
    return [each for each in same if each.hides == hides or each.conversation_id not in veiled]


def replace_findings(
    connection: Connection,
    done: Sequence[Unscanned],
    found: Mapping[int, Sequence[ValuedFinding]],
) -> None:
    """As `save_findings`, inside a transaction, for conversations as they stand in it."""
    change = _compared(connection, done, found)
    for start in range(0, len(change.gone), _IDS_AT_ONCE):
        some = finding.c.id.in_(change.gone[start : start + _IDS_AT_ONCE])
        connection.execute(delete(finding).where(some))
    if change.fresh:
        connection.execute(insert(finding), change.fresh)
    for number, values in change.other.items():
        connection.execute(update(finding).where(finding.c.id == number).values(**values))
    for number, value in _renamed(connection, change).items():
        here = value_decision.c.id == number
        connection.execute(update(value_decision).where(here).values(value=value))
    if change.gone or change.fresh:
        derived.refresh(connection, _holding(done, change))


def record_findings(
    recorder: Recorder, done: Sequence[Unscanned], found: Mapping[int, Sequence[ValuedFinding]]
) -> int:
    """As `save_findings`, as part of an action; return how many findings came or went."""
    change = _compared(recorder.connection, done, found)
    for start in range(0, len(change.gone), _IDS_AT_ONCE):
        recorder.delete(finding, finding.c.id.in_(change.gone[start : start + _IDS_AT_ONCE]))
    recorder.insert_many(finding, change.fresh)
    for number, values in change.other.items():
        recorder.update(finding, finding.c.id == number, **values)
    for number, value in _renamed(recorder.connection, change).items():
        recorder.update(value_decision, value_decision.c.id == number, value=value)
    if change.gone or change.fresh:
        recorder.affected |= _holding(done, change)
    return len(change.gone) + len(change.fresh)


def add_missing(
    recorder: Recorder, conversation_id: int, found: Mapping[int, Sequence[ValuedFinding]]
) -> None:
    """Keep of findings by message id those that overlap none of what the message holds."""
    numbers = sorted(found)
    held: defaultdict[int, list[Finding]] = defaultdict(list)
    for start in range(0, len(numbers), _IDS_AT_ONCE):
        some = finding.c.message_id.in_(numbers[start : start + _IDS_AT_ONCE])
        for row in recorder.connection.execute(select(finding).where(some)):
            held[row.message_id].append(finding_of(row))
    taken = {number: Spans(some) for number, some in held.items()}
    fresh = [
        (number, each)
        for number in numbers
        for each in found[number]
        if number not in taken or not taken[number].touching(each.finding.start, each.finding.end)
    ]
    decided = decisions_for_written(recorder.connection, [each for _number, each in fresh])
    rows = [finding_row(number, each, decided) for number, each in fresh]
    recorder.insert_many(finding, rows)
    if rows:
        recorder.affected.add(conversation_id)


@dataclass(frozen=True, slots=True)
class _Change:
    """What a search finds otherwise than the one before: rows gone, new, found for other reasons.

    `messages` are those that rows went from or came to, `renamed` what another spelling than before
    now stands for in the same letters: (entity, value before) -> value.
    """

    gone: list[int]
    fresh: list[dict[str, object]]
    other: dict[int, dict[str, object]]
    messages: set[int]
    renamed: dict[tuple[str, str], str]

    def see(self, row: Row[Any], found: ValuedFinding) -> None:
        """Take notice of what a held row is found as now."""
        told = {
            "start": found.start,
            "end": found.end,
            "score": found.finding.score,
            "recognizer": found.finding.recognizer,
            "why": found.finding.why,
            "value": found.value,
        }
        if any(getattr(row, name) != value for name, value in told.items()):
            self.other[row.id] = told


def _renamed(connection: Connection, change: _Change) -> dict[int, str]:
    """Return what values the decisions for all equal ones are for now, by the ids of their rows."""
    if not change.renamed:
        return {}
    values = {value for _entity, value in change.renamed}
    taken = set(_decided_everywhere(connection, change.renamed.values()))
    renamed: dict[int, str] = {}
    for row in _value_decisions(connection, values):
        value = change.renamed.get((row.entity, row.value))
        if value is not None and (row.entity, value) not in taken:
            renamed[row.id] = value
            taken.add((row.entity, value))
    return renamed


def _holding(done: Sequence[Unscanned], change: _Change) -> set[int]:
    return {
        each.conversation_id
        for each in done
        if any(message.id in change.messages for message in each.messages)
    }


def _compared(
    connection: Connection, done: Sequence[Unscanned], found: Mapping[int, Sequence[ValuedFinding]]
) -> _Change:
    """Return how what was found in conversations differs from what they hold."""
    numbers = [each.id for some in done for each in some.messages]
    inside = message.c.conversation_id.in_([each.conversation_id for each in done])
    held = connection.execute(
        select(finding).join(message, message.c.id == finding.c.message_id).where(inside)
    ).all()
    places = {(row.message_id, row.entity, row.start, row.end, row.value): row for row in held}
    hits = {number: found[number] for number in numbers if number in found}
    decided = decisions_for_values(connection, [each for some in hits.values() for each in some])
    change = _Change([], [], {}, set(), {})
    unplaced: list[tuple[int, ValuedFinding]] = []
    for number, some in hits.items():
        for each in some:
            place = (number, each.finding.entity, each.start, each.end, each.value)
            row = places.pop(place, None)
            if row is None:
                unplaced.append((number, each))
            else:
                change.see(row, each)
    masked = {
        (row.message_id, row.entity, row.value)
        for row in held
        if row.decision == Decision.MASK.value
    }
    unplaced = _told_otherwise(places, unplaced, change)
    before = _decided_everywhere(connection, {value for _entity, value in change.renamed})
    for (entity, value), now in change.renamed.items():
        if (entity, value) in before:
            decided.setdefault((entity, now), before[entity, value])
    masked |= {
        (number, entity, change.renamed[entity, value])
        for number, entity, value in masked
        if (entity, value) in change.renamed
    }
    # A value that begins or ends elsewhere now is the same finding: what was decided of it holds,
    # and can be undone.
    left: defaultdict[tuple[int, str, str], list[Row[Any]]] = defaultdict(list)
    for row in sorted(places.values(), key=attrgetter("start"), reverse=True):
        left[row.message_id, row.entity, row.value].append(row)
    for number, each in unplaced:
        key = (number, each.finding.entity, each.value)
        change.messages.add(number)
        if left[key]:
            change.see(left[key].pop(), each)
            continue
        known = {key[1:]: Decision.MASK} if key in masked else decided
        change.fresh.append(finding_row(number, each, known))
    gone = [row for rows in left.values() for row in rows]
    change.gone.extend(row.id for row in gone)
    change.messages.update(row.message_id for row in gone)
    return change


def _told_otherwise(
    places: dict[tuple[int, str, int, int, str], Row[Any]],
    unplaced: Sequence[tuple[int, ValuedFinding]],
    change: _Change,
) -> list[tuple[int, ValuedFinding]]:
    """Return what is left to be placed once the same letters are the same finding.

    What stands for equal values may be spelled otherwise than before.
    """
    rows = {key[:4]: key for key in places}
    left: list[tuple[int, ValuedFinding]] = []
    for number, each in unplaced:
        key = rows.pop((number, each.finding.entity, each.start, each.end), None)
        if key is None:
            left.append((number, each))
            continue
        row = places.pop(key)
        change.see(row, each)
        change.renamed.setdefault((row.entity, row.value), each.value)
    return left


def decisions_for_values(
    connection: Connection, found: Sequence[ValuedFinding]
) -> dict[tuple[str, str], Decision]:
    """Return the decisions for all equal values among `found`, by (entity, value)."""
    return _decided_everywhere(connection, {each.value for each in found})


def _decided_everywhere(
    connection: Connection, values: Collection[str]
) -> dict[tuple[str, str], Decision]:
    rows = _value_decisions(connection, values)
    return {(row.entity, row.value): Decision(row.decision) for row in rows}


def _value_decisions(connection: Connection, values: Collection[str]) -> Iterator[Row[Any]]:
    ordered = sorted(values)
    for start in range(0, len(ordered), _IDS_AT_ONCE):
        some = value_decision.c.value.in_(ordered[start : start + _IDS_AT_ONCE])
        yield from connection.execute(select(value_decision).where(some).order_by("id")).all()


def decisions_for_written(
    connection: Connection, found: Sequence[ValuedFinding]
) -> dict[tuple[str, str], Decision]:
    """Return the decisions that a text which is written now takes over from equal values.

    From whom private details are hidden, only what is kept: no other value may tell by what becomes
    of it that it stands elsewhere.
    """
    decided = decisions_for_values(connection, found)
    if not held_access(connection).hides:
        return decided
    return {key: each for key, each in decided.items() if each is Decision.KEEP}


def carried_decisions(
    found: Sequence[ValuedFinding],
    decided: Mapping[tuple[str, str], Decision],
    before: Sequence[Row[Any]],
    moved: Sequence[ValuedFinding],
) -> list[Decision]:
    """Return how what is found in an edited text is decided.

    `before` are the findings of the text as it was, `moved` those that still stand in it, where
    they do, and `decided` the decisions for all equal values. What was masked stays masked: where a
    place is gone of several of one value, none of them stays open for being kept.
    """
    places = Spans(moved)
    standing = {each.finding.id for each in moved}
    held: defaultdict[tuple[str, str], set[Decision]] = defaultdict(set)
    hidden: set[tuple[str, str]] = set()
    for row in before:
        held[row.entity, row.value].add(Decision(row.decision))
        if row.decision == Decision.MASK.value and row.id not in standing:
            hidden.add((row.entity, row.value))

    def decision(each: ValuedFinding) -> Decision:
        key = (each.finding.entity, each.value)
        there = places.touching(each.start, each.end)
        if any(other.finding.decision is Decision.MASK for other in there):
            return Decision.MASK
        same = [x.finding.decision for x in there if (x.finding.entity, x.value) == key]
        open_to = Decision.MASK if key in hidden else Decision.KEEP
        if Decision.KEEP in same:
            return open_to
        known = {decided[key]} if key in decided else held.get(key, set())
        if Decision.MASK in known:
            return Decision.MASK
        return open_to if known == {Decision.KEEP} else each.finding.decision

    return [decision(each) for each in found]


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
