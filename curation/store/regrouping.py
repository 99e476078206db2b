"""Putting the messages of conversations together otherwise, so that it can be undone."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any, Final

import pandas as pd
from sqlalchemy import select, update

from curation.store import suggestions
from curation.store.resplitting import NEW, dicts, groups_of
from curation.store.rows import among
from curation.store.tables import SHUFFLED, conversation, emotion_tag, message

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from sqlalchemy import Connection, RowMapping

    from curation.store.journal import Recorder

_IDS_AT_ONCE: Final = 500
_MOVED_AT_ONCE: Final = 5000

_SAID: Final = ("chat_id", "source_file_id", "status", "touched", "background")
"""What a part has of the conversation that it was part of."""


def regroup(recorder: Recorder, rows: pd.DataFrame, told: Callable[[int, int], None]) -> None:
    """Let messages form other conversations, as `resplitting.regroup` does, through a recorder.

    `rows` are those that `resplitting.changed` gives, with `touched` and `position`.

    Who touched one only lets it fall apart: no group holds messages of it and of others. What was
    said of it (status, background, emotions) then holds for each of its parts.
    """
    heads = _heads(recorder.connection, sorted(set(rows["conversation_id"].tolist())))
    groups = groups_of(rows, {number for number, head in heads.items() if not head["scanned"]})
    again = groups["source"].duplicated()
    kept, fresh = groups[~again], groups[again]
    sources = fresh["source"].tolist()
    made = recorder.insert_many(
        conversation,
        [
            {
                **NEW,
                **{name: heads[source][name] for name in _SAID},
                "sort_key": order,
                "scanned": searched,
            }
            for source, order, searched in zip(
                sources,
                fresh["order"].tolist(),
                (fresh["searched"] & ~fresh["joined"]).tolist(),
                strict=True,
            )
        ],
    )
    touched = [pair for pair in zip(sources, made, strict=True) if heads[pair[0]]["touched"]]
    _copy_tags(recorder, touched)
    owners = pd.concat([kept["source"], pd.Series(made, index=fresh.index, dtype="int64")])
    _move_recorded(recorder, rows.assign(owner=rows["group"].map(owners)), told)
    recorder.update_rows(
        conversation,
        [
            (number, {name: heads[number][name] for name in after}, after)
            for number, after in (
                (number, {"sort_key": order, "scanned": searched})
                for number, order, searched in kept[["source", "order", "searched"]].itertuples(
                    index=False
                )
            )
            if any(heads[number][name] != value for name, value in after.items())
        ],
    )
    _search_again(recorder.connection, kept.loc[kept["joined"], "source"].tolist())
    suggestions.follow(recorder.connection, heads)
    gone = sorted(set(heads) - set(kept["source"].tolist()))
    suggestions.drop_of_wholes(recorder, heads, answered=False)
    suggestions.drop_of_wholes(recorder, gone, answered=True)
    for some in _parts(gone):
        recorder.delete(conversation, conversation.c.id.in_(some))
    acted_on = {number for number, head in heads.items() if head["touched"]}
    acted_on |= {number for _source, number in touched}
    recorder.affected |= acted_on
    recorder.moved |= {*heads, *made} - acted_on


def _search_again(connection: Connection, numbers: Sequence[int]) -> None:
    """Let conversations wait for a search; no undo needs to know of it, as of the search itself."""
    for some in _parts(numbers):
        here = among(connection, conversation.c.id, some)
        connection.execute(update(conversation).where(here).values(scanned=False))


def _part(whole: RowMapping, *, order: int, searched: bool) -> dict[str, Any]:
    said = {name: whole[name] for name in _SAID}
    thrown = secrets.randbelow(SHUFFLED)
    return {**NEW, **said, "sort_key": order, "scanned": searched, "shuffle": thrown}


def _parts(numbers: Sequence[int]) -> Iterator[Sequence[int]]:
    return (numbers[at : at + _IDS_AT_ONCE] for at in range(0, len(numbers), _IDS_AT_ONCE))


def _heads(connection: Connection, numbers: Sequence[int]) -> dict[int, RowMapping]:
    columns = [conversation.c[name] for name in ("id", *_SAID, "sort_key", "scanned")]
    return {
        row["id"]: row
        for some in _parts(numbers)
        for row in connection.execute(
            select(*columns).where(among(connection, conversation.c.id, some))
        ).mappings()
    }


def _copy_tags(recorder: Recorder, parts: Sequence[tuple[int, int]]) -> None:
    """Give parts, each (the conversation it was part of, its id), the emotions of the whole."""
    whole: dict[int, list[str]] = {}
    for some in _parts(sorted({source for source, _number in parts})):
        query = select(emotion_tag.c.conversation_id, emotion_tag.c.emotion).where(
            emotion_tag.c.conversation_id.in_(some), emotion_tag.c.message_id.is_(None)
        )
        for row in recorder.connection.execute(query.order_by(emotion_tag.c.id)):
            whole.setdefault(row.conversation_id, []).append(row.emotion)
    recorder.insert_many(
        emotion_tag,
        [
            {"conversation_id": number, "message_id": None, "emotion": emotion}
            for source, number in parts
            for emotion in whole.get(source, ())
        ],
    )


def _move_recorded(
    recorder: Recorder, rows: pd.DataFrame, told: Callable[[int, int], None]
) -> None:
    """Bring messages to their `owner`, and their tags along; joined ones are numbered anew."""
    joined = rows.groupby("group")["conversation_id"].transform("nunique") > 1
    places = rows.groupby("group", sort=False).cumcount().astype("float64")
    rows = rows.assign(place=rows["position"].astype("float64").where(~joined, places))
    moving = rows[rows["owner"] != rows["conversation_id"]]
    renumbered = rows["place"] != rows["position"]
    owner, place = {"conversation_id": "owner"}, {"position": "place"}
    plain = moving[moving["place"] == moving["position"]]
    total, done = len(plain) + int(renumbered.sum()), 0
    for columns, table in ((owner, plain), ({**owner, **place}, rows[renumbered])):
        for begin in range(0, len(table), _MOVED_AT_ONCE):
            told(done, total)
            some = table.iloc[begin : begin + _MOVED_AT_ONCE]
            done += len(some)
            before = dicts(some[list(columns)])
            after = dicts(some[list(columns.values())].set_axis(list(columns), axis=1))
            ids = some["id"].tolist()
            recorder.update_rows(message, list(zip(ids, before, after, strict=True)))
    told(total, total)
    _take_along(recorder, moving[moving["touched"]])


def _take_along(recorder: Recorder, moved: pd.DataFrame) -> None:
    """Bring the tags of messages to their new conversation."""
    table = emotion_tag
    owners = dict(zip(moved["id"].tolist(), moved["owner"].tolist(), strict=True))
    said = select(table.c.id, table.c.message_id, table.c.conversation_id)
    if recorder.connection.execute(said.where(table.c.message_id.is_not(None)).limit(1)).first():
        for some in _parts(list(owners)):
            here = said.where(table.c.message_id.in_(some)).order_by(table.c.id)
            recorder.update_rows(
                table,
                [
                    (
                        row.id,
                        {"conversation_id": row.conversation_id},
                        {"conversation_id": owners[row.message_id]},
                    )
                    for row in recorder.connection.execute(here).all()
                ],
            )
