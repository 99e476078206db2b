"""What machines point out: written in bulk by who suggests, and kept beside what it is about.

Who suggests (see `Suggester`) asks `unlooked` for conversations, reads them, and hands what it has
to say of them to `replace_open`, some hundreds at a time, each time in a transaction of its own:

    with workspace.read() as connection:
        waiting = suggestions.unlooked(connection, suggester, limit=500)
        read = conversations.read_conversations(connection, list(waiting))
    told = [...]
    with workspace.write() as connection:
        suggestions.replace_open(connection, suggester, waiting, told)

No journal row is written: what is open is nobody's action, and it changes no version. A
conversation that changed, was merged or was split since it was looked at is given out again, so
stopping at any moment loses nothing.
"""

from __future__ import annotations

import json
from collections import defaultdict
from enum import StrEnum
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import and_, case, delete, exists, func, insert, select, update

from curation.model import Status, SuggestionKind
from curation.store.rows import among
from curation.store.tables import (
    conversation,
    current_text,
    emotion_tag,
    looked_at,
    message,
    suggestion,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from sqlalchemy import ColumnElement, Connection

    from curation.model import NewSuggestion, Suggester
    from curation.store.changes import Change
    from curation.store.journal import Recorder

Subject = tuple[int, int | None, str, str]
"""What is suggested of what: conversation, message (None: the whole), kind, label."""

_IDS_AT_ONCE: Final = 500
_COLUMNS: Final = ("conversation_id", "message_id", "kind", "label", "rule")
_WORDING: Final = ("score", "reason", "reason_values", "version")


def key_of(suggester: Suggester) -> str:
    """Return by which name it is remembered what a suggester looked at."""
    return ":".join((suggester.name, *sorted(kind.value for kind in suggester.kinds)))


def unlooked(
    connection: Connection,
    suggester: Suggester,
    limit: int | None = None,
    among: ColumnElement[bool] | None = None,
) -> dict[int, int]:
    """Return conversations that a suggester did not look at as they are: id -> version, in order.

    Those it looked at as an older version of itself count, rejected ones do not. `among` is a
    condition that they must fulfil.
    """
    unlooked = _is_unlooked(suggester)
    rows = connection.execute(
        select(conversation.c.id, conversation.c.version)
        .where(unlooked if among is None else and_(unlooked, among))
        .order_by(conversation.c.id)
        .limit(limit)
    )
    return {row.id: row.version for row in rows}


def versions(connection: Connection, numbers: Collection[int]) -> dict[int, int]:
    """Return those of some conversations that may be looked at, with their versions."""
    query = select(conversation.c.id, conversation.c.version)
    return {
        row.id: row.version
        for some in _parts(sorted(numbers))
        for row in connection.execute(
            query.where(conversation.c.id.in_(some), conversation.c.status != Status.REJECTED.value)
        )
    }


def searched(connection: Connection, limit: int) -> list[int]:
    """Return the newest conversations that were searched for private details and not rejected."""
    kept = conversation.c.scanned & (conversation.c.status != Status.REJECTED.value)
    query = select(conversation.c.id).where(kept).order_by(conversation.c.id.desc()).limit(limit)
    return list(connection.scalars(query))


def _is_unlooked(suggester: Suggester) -> ColumnElement[bool]:
    looked = exists().where(
        looked_at.c.conversation_id == conversation.c.id,
        looked_at.c.suggester == key_of(suggester),
        looked_at.c.version == conversation.c.version,
        looked_at.c.suggester_version == suggester.version,
    )
    return and_(conversation.c.status != Status.REJECTED.value, ~looked)


def replace_open(
    connection: Connection,
    suggester: Suggester,
    looked: Mapping[int, int],
    told: Iterable[NewSuggestion],
) -> int:
    """Let what a suggester says now be what is open of it in conversations; return in how many.

    `looked` are the conversations it looked at, with the versions it read; one that has another
    version by now, or is gone, is left as it is and will be given out again. Of the others, what
    is open of this suggester and its kinds becomes what is `told`: what it says again stays as the
    row it was. What a person answered stays answered, and is not told again while the text it is
    about is the same, whoever tells it; neither is an emotion that is tagged already.
    """
    there = _as_read(connection, looked)
    wanted: dict[tuple[Subject, str], NewSuggestion] = {}
    for each in told:
        if each.conversation_id in there:
            key = (_subject_of(each), each.rule)
            if key not in wanted or each.score > wanted[key].score:
                wanted[key] = each
    held = _rows_of(connection, there)
    settled = _answered(connection, held) | _tagged(connection, wanted)
    wanted = {key: each for key, each in wanted.items() if key[0] not in settled}
    gone: list[int] = []
    changed: set[int] = set()
    for row in held:
        if row["state"] != SuggestionState.OPEN.value or not _is_of(row, suggester):
            continue
        key = ((row["conversation_id"], row["message_id"], row["kind"], row["label"]), row["rule"])
        if key in wanted and _said(wanted[key], suggester) == [row[name] for name in _WORDING]:
            del wanted[key]
        else:
            gone.append(row["id"])
            changed.add(row["conversation_id"])
    for some in _parts(gone):
        connection.execute(delete(suggestion).where(suggestion.c.id.in_(some)))
    _insert(connection, suggester, list(wanted.values()))
    refresh_scores(connection, changed | {each.conversation_id for each in wanted.values()})
    _remember(connection, suggester, there)
    return len(there)


def _subject_of(each: NewSuggestion) -> Subject:
    return each.conversation_id, each.message_id, each.kind.value, each.label


def _is_of(row: Mapping[str, Any], suggester: Suggester) -> bool:
    return row["model"] == suggester.name and row["kind"] in suggester.kinds


def _said(each: NewSuggestion, suggester: Suggester) -> list[object]:
    values = json.dumps(dict(each.values), ensure_ascii=False, separators=(",", ":"))
    return [float(each.score), each.reason, values, suggester.version]


def _as_read(connection: Connection, looked: Mapping[int, int]) -> dict[int, int]:
    """Return those of the conversations that still have the version that was read."""
    there: dict[int, int] = {}
    for some in _parts(sorted(looked)):
        query = select(conversation.c.id, conversation.c.version)
        for row in connection.execute(query.where(conversation.c.id.in_(some))):
            if row.version == looked[row.id]:
                there[row.id] = row.version
    return there


def _rows_of(connection: Connection, numbers: Collection[int]) -> list[Mapping[str, Any]]:
    names = ("id", *_COLUMNS, *_WORDING, "model", "state", "digest")
    columns = [suggestion.c[name] for name in names]
    return [
        dict(row)
        for some in _parts(sorted(numbers))
        for row in connection.execute(
            select(*columns).where(suggestion.c.conversation_id.in_(some))
        ).mappings()
    ]


def _answered(connection: Connection, held: Sequence[Mapping[str, Any]]) -> set[Subject]:
    """Return what was answered about a text that is still the same."""
    answered = [row for row in held if row["state"] != SuggestionState.OPEN.value]
    places = {(row["conversation_id"], row["message_id"]) for row in answered}
    now = digests(connection, places)
    return {
        (row["conversation_id"], row["message_id"], row["kind"], row["label"])
        for row in answered
        if row["digest"] == now.get((row["conversation_id"], row["message_id"]))
    }


def _tagged(
    connection: Connection, wanted: Mapping[tuple[Subject, str], NewSuggestion]
) -> set[Subject]:
    """Return the emotions that are on conversations and their messages already."""
    emotion = SuggestionKind.EMOTION.value
    numbers = {subject[0] for subject, _rule in wanted if subject[2] == emotion}
    columns = (emotion_tag.c.conversation_id, emotion_tag.c.message_id, emotion_tag.c.emotion)
    return {
        (row.conversation_id, row.message_id, emotion, row.emotion)
        for some in _parts(sorted(numbers))
        for row in connection.execute(
            select(*columns).where(emotion_tag.c.conversation_id.in_(some))
        )
    }


def _insert(connection: Connection, suggester: Suggester, new: Sequence[NewSuggestion]) -> None:
    rows = [
        {
            **dict(zip(_COLUMNS, (*_subject_of(each), each.rule), strict=True)),
            **dict(zip(_WORDING, _said(each, suggester), strict=True)),
            "model": suggester.name,
            "state": SuggestionState.OPEN.value,
        }
        for each in new
    ]
    if rows:
        connection.execute(insert(suggestion), rows)


def _remember(connection: Connection, suggester: Suggester, looked: Mapping[int, int]) -> None:
    key = key_of(suggester)
    for some in _parts(sorted(looked)):
        here = looked_at.c.conversation_id.in_(some)
        connection.execute(delete(looked_at).where(here, looked_at.c.suggester == key))
    rows = [
        {
            "conversation_id": number,
            "suggester": key,
            "version": version,
            "suggester_version": suggester.version,
        }
        for number, version in looked.items()
    ]
    if rows:
        connection.execute(insert(looked_at), rows)


def digests(
    connection: Connection, places: Iterable[tuple[int, int | None]]
) -> dict[tuple[int, int | None], str]:
    """Return what stands for the texts of places: a message, or all that a conversation says.

    A place is (conversation, message or None). What is not there is left out.
    """
    wanted = list(places)
    messages = sorted({message_id for _number, message_id in wanted if message_id is not None})
    wholes = sorted({number for number, message_id in wanted if message_id is None})
    found: dict[tuple[int, int | None], str] = {}
    for some in _parts(messages):
        said = select(message.c.id, message.c.conversation_id, current_text.label("text"))
        for row in connection.execute(said.where(message.c.id.in_(some))):
            found[row.conversation_id, row.id] = _digest([row.text])
    for some in _parts(wholes):
        said = select(message.c.conversation_id, message.c.side, current_text.label("text"))
        lines: defaultdict[int, list[str]] = defaultdict(list)
        for row in connection.execute(
            said.where(message.c.conversation_id.in_(some), message.c.deleted.is_(False)).order_by(
                message.c.position, message.c.id
            )
        ):
            lines[row.conversation_id] += [row.side, row.text]
        found |= {(number, None): _digest(lines[number]) for number in some}
    return found


def _digest(texts: Sequence[str]) -> str:
    return blake2b("\0".join(texts).encode(errors="surrogatepass"), digest_size=8).hexdigest()


def follow(connection: Connection, numbers: Iterable[int]) -> None:
    """Let what is suggested of messages be where these are, as far as it is in conversations.

    `numbers` are the conversations that messages may have left.
    """
    owner = (
        select(message.c.conversation_id)
        .where(message.c.id == suggestion.c.message_id)
        .scalar_subquery()
    )
    for some in _parts(sorted(numbers)):
        connection.execute(
            update(suggestion)
            .where(
                suggestion.c.conversation_id.in_(some),
                suggestion.c.message_id.is_not(None),
                owner != suggestion.c.conversation_id,
            )
            .values(conversation_id=owner)
        )


def drop_of_wholes(recorder: Recorder, numbers: Iterable[int], *, answered: bool) -> None:
    """Take away what is open of whole conversations: each was about another whole.

    `answered` takes away what a person answered, too, as must be where the conversation goes.
    """
    for some in _parts(sorted(numbers)):
        here = suggestion.c.conversation_id.in_(some) & suggestion.c.message_id.is_(None)
        is_open = suggestion.c.state == SuggestionState.OPEN.value
        recorder.delete(suggestion, here if answered else here & is_open)


def forget(connection: Connection, table: str, ids: Sequence[int]) -> None:
    """Forget what is suggested of rows of `table` that are about to go, if it may be of any."""
    if table == conversation.name:
        follow(connection, ids)
        connection.execute(
            delete(suggestion).where(among(connection, suggestion.c.conversation_id, ids))
        )
    elif table == message.name:
        connection.execute(
            delete(suggestion).where(among(connection, suggestion.c.message_id, ids))
        )


def still_apply(connection: Connection, changes: Sequence[Change]) -> list[Change]:
    """Return those of some changes to suggestions whose rows are as the changes say.

    A suggester may have said something else since: that is no reason to refuse an undo.
    """
    ids = [number for _name, number, _old, _new in changes]
    query = select(suggestion).where(among(connection, suggestion.c.id, ids))
    rows = {row["id"]: row for row in connection.execute(query).mappings()}

    def applies(change: Change) -> bool:
        _name, number, old, _new = change
        if old is None or number not in rows:
            return old is None and number not in rows
        return all(rows[number][column] == value for column, value in old.items())

    return [change for change in changes if applies(change)]


class SuggestionState(StrEnum):
    """What a person answered to a suggestion."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REFUSED = "refused"


def highest_score(
    kinds: Collection[SuggestionKind] = frozenset(SuggestionKind),
) -> ColumnElement[float | None]:
    """Return the highest score of what is open of a conversation, of some kinds; NULL for none."""
    told: ColumnElement[float | None] = (
        select(func.max(suggestion.c.score))
        .where(
            suggestion.c.conversation_id == conversation.c.id,
            suggestion.c.state == SuggestionState.OPEN.value,
            suggestion.c.kind.in_(sorted(kind.value for kind in kinds)),
        )
        .scalar_subquery()
    )
    if SuggestionKind.NEAR_DUPLICATE not in kinds:
        return told
    alike = case(
        (
            and_(
                conversation.c.duplicate_of.is_not(None),
                conversation.c.not_like.is_distinct_from(conversation.c.duplicate_of),
            ),
            conversation.c.similarity,
        ),
        else_=None,
    )
    return case((told.is_(None), alike), (alike.is_(None), told), (alike > told, alike), else_=told)


def refresh_scores(connection: Connection, ids: Iterable[int]) -> None:
    """Bring the highest score of what is open of conversations up to date."""
    for some in _parts(sorted(ids)):
        here = conversation.c.id.in_(some)
        connection.execute(update(conversation).where(here).values(suggested=highest_score()))


def _parts(numbers: Sequence[int]) -> Iterator[Sequence[int]]:
    return (numbers[at : at + _IDS_AT_ONCE] for at in range(0, len(numbers), _IDS_AT_ONCE))
