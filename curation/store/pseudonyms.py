"""What stands for the names of a group's speakers in a record."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Final

from sqlalchemy import select, update

from curation.store.tables import sender

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from sqlalchemy import Connection, Row

    from curation.store.journal import Recorder

FIRST: Final = "甲乙丙丁戊己庚辛壬癸"
LATER: Final = "群友{number}"


def free(used: Collection[str]) -> Iterator[str]:
    """Yield the pseudonyms that are not in `used`, in order, without end."""
    yield from (name for name in FIRST if name not in used)
    names = (LATER.format(number=number) for number in count(len(FIRST) + 1))
    yield from (name for name in names if name not in used)


def assign(connection: Connection, chat_id: int, messages: Mapping[str, int]) -> None:
    """Give everybody in `messages` a pseudonym who has none: sender key -> how many messages.

    Who speaks most gets the first one. A person whom another tool's export calls differently is
    known by the name.
    """
    rows = _senders(connection, chat_id)
    for ids, name in _given(rows, messages):
        connection.execute(update(sender).where(sender.c.id.in_(ids)).values(pseudonym=name))


def record(recorder: Recorder, chat_id: int, messages: Mapping[str, int]) -> None:
    """As `assign`, so that it can be undone."""
    rows = _senders(recorder.connection, chat_id)
    for ids, name in _given(rows, messages):
        recorder.update(sender, sender.c.id.in_(ids), pseudonym=name)


def _senders(connection: Connection, chat_id: int) -> Sequence[Row[int, str, str, str | None]]:
    return connection.execute(
        select(sender.c.id, sender.c.key, sender.c.name, sender.c.pseudonym)
        .where(sender.c.chat_id == chat_id)
        .order_by(sender.c.id)
    ).all()


def _given(
    rows: Iterable[Row[int, str, str, str | None]], messages: Mapping[str, int]
) -> Iterator[tuple[list[int], str]]:
    """Yield the ids of senders who lack a pseudonym, and the one they get."""
    by_key: dict[str, str] = {}
    by_name: dict[str, str] = {}
    ids: dict[str, list[int]] = {}
    names: dict[str, list[str]] = {}
    real: set[str] = set()
    for row in rows:
        real |= {row.key, row.name}
        names.setdefault(row.key, []).append(row.name)
        if row.pseudonym:
            by_key.setdefault(row.key, row.pseudonym)
            by_name.setdefault(row.name, row.pseudonym)
        else:
            ids.setdefault(row.key, []).append(row.id)
    fresh = free(real | set(by_key.values()))
    for key in sorted(messages, key=lambda each: (-messages[each], each)):
        if not key or key not in ids:
            continue
        known = by_key.get(key) or next(
            (by_name[name] for name in names[key] if name and name in by_name), None
        )
        chosen = known or next(fresh)
        by_key[key] = chosen
        by_name.update((name, chosen) for name in names[key] if name)
        yield ids[key], chosen
