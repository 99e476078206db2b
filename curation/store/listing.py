"""One page of the table of conversations: which ones, in which order, and what stands in a row."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import pandas as pd
from sqlalchemy import case, func, or_, select

from curation.model import Status, SuggestionKind
from curation.store import hiding, texts
from curation.store.conversations import emotions_of
from curation.store.duplicates import there
from curation.store.filters import condition, moment_of
from curation.store.suggestions import SuggestionState, highest_score
from curation.store.tables import chat, conversation, current_text, message, suggestion

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from sqlalchemy import Column, ColumnElement, Connection

    from curation.model import ConversationFilter
    from curation.store.workspace import Workspace

_SNIPPET: Final = 60
_BEFORE_HIT: Final = 14

Piece = tuple[str, bool]
"""A piece of a text, and whether it is a word that was searched for."""


class Snippet(NamedTuple):
    """The message of a conversation that was found, cut around the words."""

    message: int
    pieces: tuple[Piece, ...]


_status: Final = conversation.c.status

_ORDERS: Final[Mapping[str, tuple[ColumnElement[Any], ...]]] = {
    "date": (conversation.c.started_at, conversation.c.chat_id, conversation.c.sort_key),
    "queue": (conversation.c.chat_id, conversation.c.sort_key),
    "status": (
        case({status.value: place for place, status in enumerate(Status)}, value=_status),
        conversation.c.chat_id,
        conversation.c.sort_key,
    ),
    "chat": (
        select(chat.c.name).where(chat.c.id == conversation.c.chat_id).scalar_subquery(),
        conversation.c.sort_key,
    ),
    "length": (conversation.c.length,),
    "turns": (conversation.c.turns,),
    "findings": (conversation.c.undecided, conversation.c.findings),
    # Missing is least: what nothing is suggested for comes last where the surest come first.
    "score": (func.coalesce(conversation.c.suggested, 0),),
    # Undo brings no time back, so what nobody changed has none: it counts as the longest ago.
    "changed": (func.coalesce(conversation.c.changed_at, 0),),
}
ORDERS: Final = tuple(_ORDERS)

_SHOWN: Final[tuple[Column[Any], ...]] = tuple(
    conversation.c[name]
    for name in (
        *("id", "version", "status", "started_at", "length", "turns", "findings", "undecided"),
        *("edited", "changed_at", "similarity", "note"),
    )
)


def conversation_rows(
    workspace: Workspace,
    flt: ConversationFilter,
    *,
    order: str,
    descending: bool,
    page: int,
    page_size: int,
    total: int | None = None,
) -> pd.DataFrame:
    """Return one page of the table of conversations.

    Columns: id, version, status, chat, started (datetime, NaT where unknown), length, turns,
    findings, undecided, emotions (joined with a blank), opening (the first words), note, edited,
    duplicate_of (id of an earlier conversation that says nearly the same, missing for none),
    changed (datetime in UTC of the last action, NaT where there was none), hints (pairs of a
    `SuggestionKind` value and its best score, the surest first). `order` is one of ORDERS; `page`
    counts from 1. `total` is how many the filter lets through, where that is known: the pages of
    the second half are then found from the end.
    """
    with workspace.read() as connection:
        ids = _page(connection, flt, order, page, page_size, total=total, descending=descending)
        return _rows(connection, ids)


def _page(
    connection: Connection,
    flt: ConversationFilter,
    order: str,
    page: int,
    page_size: int,
    *,
    total: int | None,
    descending: bool,
) -> list[int]:
    """Return the ids of one page."""
    start, stop = (page - 1) * page_size, page * page_size
    backwards = total is not None and start > total // 2
    if backwards and total is not None:
        start, stop = max(total - stop, 0), max(total - start, 0)
    columns = (*_order_of(order, flt), conversation.c.id)
    falls = [descending] * (len(columns) - 1) + [False]
    query = (
        select(conversation.c.id)
        .where(condition(flt))
        .order_by(
            *(
                column.desc() if falling != backwards else column.asc()
                for column, falling in zip(columns, falls, strict=True)
            )
        )
        .limit(stop - start)
        .offset(start)
    )
    ids = list(connection.scalars(query))
    return ids[::-1] if backwards else ids


def _order_of(order: str, flt: ConversationFilter) -> tuple[ColumnElement[Any], ...]:
    """Return what rows are sorted by: of suggestions, by the kinds that the filter asks for."""
    if order == "score" and flt.suggestions:
        return (func.coalesce(highest_score(flt.suggestions), 0),)
    return _ORDERS[order]


def _rows(connection: Connection, ids: Sequence[int]) -> pd.DataFrame:
    """Return what the rows of some conversations show, in the order of `ids`."""
    found = connection.execute(
        select(*_SHOWN, chat.c.name.label("chat"), there.label("duplicate_of"))
        .join(chat, chat.c.id == conversation.c.chat_id)
        .where(conversation.c.id.in_(ids))
    )
    by_id = {row.id: row for row in found}
    rows = [by_id[number] for number in ids]
    emotions = emotions_of(connection, ids)
    openings = texts.openings(connection, ids)
    hints = _hints_of(connection, ids)
    for row in rows:
        if row.duplicate_of is not None:
            hints[row.id].append((SuggestionKind.NEAR_DUPLICATE.value, row.similarity or 0.0))

    def column(values: Iterable[object], dtype: Any) -> pd.Series[Any]:
        return pd.Series(list(values), dtype=dtype)

    return pd.DataFrame(
        {
            **{
                name: column((getattr(row, name) for row in rows), "int64")
                for name in ("id", "version", "length", "turns", "findings", "undecided")
            },
            "status": column((row.status for row in rows), "str"),
            "chat": column((row.chat for row in rows), "str"),
            "started": column((moment_of(row.started_at) for row in rows), "datetime64[s]"),
            "emotions": column((_distinct(emotions[number]) for number in ids), "str"),
            "opening": column((openings.get(number, "") for number in ids), "str"),
            "note": column((row.note for row in rows), "str"),
            "edited": column((row.edited for row in rows), "bool"),
            "duplicate_of": column((row.duplicate_of for row in rows), "Int64"),
            "changed": column((moment_of(row.changed_at) for row in rows), "datetime64[s]"),
            "hints": column((_best(hints[number]) for number in ids), "object"),
        }
    )


def _distinct(tags: list[tuple[int | None, str]]) -> str:
    return " ".join(dict.fromkeys(tag for _owner, tag in tags))


def _best(hints: list[tuple[str, float]]) -> tuple[tuple[str, float], ...]:
    """Return each kind once with its best score, the surest first."""
    best = dict(sorted(hints, key=lambda hint: hint[1]))
    return tuple(sorted(best.items(), key=lambda hint: -hint[1]))


def _hints_of(
    connection: Connection, ids: Sequence[int]
) -> defaultdict[int, list[tuple[str, float]]]:
    """Return kind and score of the open suggestions by conversation id."""
    found: defaultdict[int, list[tuple[str, float]]] = defaultdict(list)
    for row in connection.execute(
        select(suggestion.c.conversation_id, suggestion.c.kind, suggestion.c.score).where(
            suggestion.c.conversation_id.in_(ids),
            suggestion.c.state == SuggestionState.OPEN.value,
        )
    ):
        found[row.conversation_id].append((row.kind, row.score))
    return found


def snippets(workspace: Workspace, ids: Sequence[int], words: Sequence[str]) -> dict[int, Snippet]:
    """Return the first message of each conversation that holds one of `words`, cut around it.

    A conversation without a hit is left out.
    """
    if not words:
        return {}
    holds = or_(*(current_text.icontains(word, autoescape=True) for word in words))
    query = (
        select(message.c.id, message.c.conversation_id, current_text.label("text"))
        .where(message.c.conversation_id.in_(ids), message.c.deleted.is_(False), holds)
        .order_by(message.c.conversation_id, message.c.position, message.c.id)
    )
    find = _finder(words)
    found: dict[int, Snippet] = {}
    with workspace.read() as connection:
        if hiding.is_on():
            query = query.where(hiding.in_sight())
        for row in connection.execute(query):
            if row.conversation_id not in found:
                found[row.conversation_id] = Snippet(row.id, tuple(_cut(row.text, find)))
    return found


def _finder(words: Sequence[str]) -> Callable[[str], list[tuple[int, int]]]:
    """Return a function that gives where the words stand in a text, the longest word first."""
    longest_first = sorted(words, key=len, reverse=True)
    pattern = re.compile("|".join(re.escape(word) for word in longest_first), re.IGNORECASE)
    return lambda text: [match.span() for match in pattern.finditer(text)]


def _cut(text: str, find: Callable[[str], list[tuple[int, int]]]) -> Iterable[Piece]:
    """Yield the text around its first hit, in pieces of one line."""
    hits = find(text)
    start = max(hits[0][0] - _BEFORE_HIT, 0) if hits else 0
    end = start + _SNIPPET
    at = start
    if start:
        yield "…", False
    for first, last in hits:
        if first >= end:
            break
        if first > at:
            yield _one_line(text[at:first]), False
        yield _one_line(text[first : min(last, end)]), True
        at = min(last, end)
    if at < end:
        yield _one_line(text[at:end]), False
    if end < len(text):
        yield "…", False


def _one_line(text: str) -> str:
    return " ".join(text.split("\n"))
