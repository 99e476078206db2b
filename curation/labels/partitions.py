"""What rules suggest of conversations, as a step over partitions."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

import pyarrow as pa

from curation import labels
from curation.bulk import Codec, Work
from curation.bulk.tables import from_parquet, parquet, text_column, texts_of
from curation.labels.feelings import Feeling
from curation.model import Kind, NewSuggestion, Said, Side, SuggestionKind

if TYPE_CHECKING:
    from collections.abc import Mapping


class Talks(NamedTuple):
    """What is said in conversations by their ids, and which of them are of group chats."""

    said: dict[int, list[Said]]
    groups: set[int]


def suggest_work(names: Mapping[Feeling, str]) -> Work[Talks, list[NewSuggestion]]:
    """Return the step that looks at conversations; `names` are what the person calls feelings."""
    told = json.dumps([[feeling.value, name] for feeling, name in names.items()])
    return Work(
        feelings,
        look,
        told.encode("ascii"),
        Codec(pack_talks, talks),
        Codec(pack_suggestions, suggestions),
    )


def feelings(told: bytes) -> dict[Feeling, str]:
    """Return what the person calls feelings."""
    return {Feeling(value): name for value, name in json.loads(told)}


def look(names: Mapping[Feeling, str], some: Talks) -> list[NewSuggestion]:
    """Return what the rules suggest of conversations, in their order."""
    return [
        each
        for number, talk in some.said.items()
        for each in labels.suggestions(number, talk, names, group=number in some.groups)
    ]


def pack_talks(some: Talks) -> bytes:
    """Return conversations as Parquet: a row a message, and one without for who says nothing."""
    rows = [(number, each) for number, talk in some.said.items() for each in talk or (None,)]
    said = [each for _number, each in rows]
    columns = {
        "conversation": pa.array([number for number, _each in rows], pa.int64()),
        "group": pa.array([number in some.groups for number, _each in rows], pa.bool_()),
        "message": pa.array([each and each.id for each in said], pa.int64()),
        "side": pa.array([each and each.side.value for each in said], pa.string()),
        "time": pa.array([each and each.time for each in said], pa.int64()),
        "kind": pa.array([each and each.kind.value for each in said], pa.string()),
        "text": text_column(each and each.text for each in said),
        "reply_to": text_column(each and each.reply_to for each in said),
    }
    return parquet(pa.table(columns))


def talks(content: bytes) -> Talks:
    """Return the conversations that `pack_talks` was given."""
    table = from_parquet(content)
    plain = (table[name].to_pylist() for name in table.column_names[:-2])
    some = Talks({}, set())
    for number, group, message, side, time, kind, text, reply_to in zip(
        *plain, texts_of(table["text"]), texts_of(table["reply_to"]), strict=True
    ):
        talk = some.said.setdefault(number, [])
        if group:
            some.groups.add(number)
        if message is not None:
            talk.append(Said(message, Side(side), time, Kind(kind), text or "", reply_to))
    return some


def pack_suggestions(told: list[NewSuggestion]) -> bytes:
    """Return suggestions as JSON."""
    rows = [each._replace(values=dict(each.values)) for each in told]
    return json.dumps(rows).encode("ascii")


def suggestions(content: bytes) -> list[NewSuggestion]:
    """Return the suggestions that `pack_suggestions` was given."""
    return [
        NewSuggestion(number, SuggestionKind(kind), *rest)
        for number, kind, *rest in json.loads(content)
    ]
