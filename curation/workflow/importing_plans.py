"""What an import does to one chat: which messages are new, and which conversations they form."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import pandas as pd

from curation import conversations
from curation.model import UNSPOKEN_KINDS, Side
from curation.store import imports, pseudonyms
from curation.workflow.chats import pause_minutes, valley_minutes
from curation.workflow.overlap import (
    OTHER_SIDE,
    new_messages,
    new_records,
    owners_of_new,
    owners_with_room,
    record_digests,
)
from curation.workflow.settings import split_rules

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sqlalchemy import Connection

    from curation.model import GroupMode, SourceFile
    from curation.store.imports import KnownChat
    from curation.workflow.settings import Settings

_STORED_AT_ONCE: Final = 50_000  # messages; so long a person waits for the bar to move
_SMALLEST_GROUP: Final = 3  # people
_UNSPOKEN: Final = [kind.value for kind in UNSPOKEN_KINDS]


def group_chats(source: SourceFile) -> tuple[str, ...]:
    """Return the names of the group chats of a file: it says so, or three people speak in one."""
    messages = source.messages
    loose = messages["record"].isna() & ~messages["kind"].isin(_UNSPOKEN)
    people = messages.loc[loose & (messages["sender"] != ""), ["chat", "sender"]].drop_duplicates()
    counts = people.groupby("chat", sort=False).size()
    many = counts[counts >= _SMALLEST_GROUP].index.tolist()
    held = set(messages["chat"].unique().tolist())
    return tuple(sorted({*many, *(source.groups & held)}))


def prepared(source: SourceFile, number: int) -> pd.DataFrame:
    """Return the messages of a file with side, seconds and the number of their file."""
    messages = source.messages.copy()
    is_me = messages["is_me"].fillna(value=False).astype("bool")
    messages["side"] = pd.Series(Side.OTHER.value, index=messages.index).mask(is_me, Side.ME.value)
    times = messages["time"]
    messages["seconds"] = times.astype("int64").astype("Int64").mask(times.isna())
    messages["file"] = number
    for column in ("sender", "sender_name", "text"):
        messages[column] = messages[column].fillna("")
    return messages


@dataclass(slots=True)
class Plan:
    """What an import will do to one chat: new conversations, and longer ones."""

    chat: KnownChat
    fresh: pd.DataFrame  # forms new conversations; has the column `conversation`
    longer: pd.DataFrame  # continues conversations; has the column `owner`
    digests: list[str]
    valley: float  # the pause in minutes that all times of the chat suggest
    spoken: Counter[str]  # messages of the other side by sender's key, old and new
    names: frozenset[str]  # what the files call the chat

    @classmethod
    def of(
        cls, connection: Connection, chat: KnownChat, messages: pd.DataFrame, settings: Settings
    ) -> Plan:
        """Return the plan for the messages of one chat, out of all files that hold it."""
        known = imports.known_messages(connection, chat.id)
        senders = imports.senders(connection, chat.id)
        names = frozenset(str(name) for name in messages["chat"].unique())
        # From here on the chat has one name, whatever the files call it.
        messages = _on_known_sides(messages.assign(chat=chat.name), known, senders, chat)
        recorded = messages["record"].notna()
        records, digests = _new_records(
            messages[recorded], imports.known_records(connection, chat.id), turned=chat.swapped
        )
        loose = _new_loose(messages if not recorded.any() else messages[~recorded], known)
        timed = conversations.in_time_order(loose[loose["seconds"].notna()])
        valley = _valley(known, timed)
        gap = timedelta(minutes=pause_minutes(chat.gap_minutes, settings, lambda: valley))
        rules = split_rules(settings)
        if known.empty or timed.empty:
            owners = pd.Series(pd.NA, index=timed.index, dtype="Int64")
        else:
            owners = owners_with_room(owners_of_new(known, timed, gap), known, timed, rules)
        fresh = pd.concat([records, loose[loose["seconds"].isna()], timed[owners.isna()]])
        fresh = fresh.assign(
            conversation=conversations.split_conversations(fresh, rules, {chat.name: gap})
        )
        longer = timed[owners.notna()].assign(owner=owners.dropna())
        spoken = _spoken_by_others(known, senders)
        for part in (fresh, longer):
            spoken.update(_others(part, part["sender"]))
        return cls(chat, fresh, longer, digests, valley, spoken, names)

    def added_by_file(self) -> Counter[int]:
        """Return how many messages of each file are new."""
        return Counter([*self.fresh["file"].tolist(), *self.longer["file"].tolist()])

    def carry_out(
        self,
        connection: Connection,
        file_ids: Mapping[int, int],
        groups: Mapping[str, GroupMode],
    ) -> Iterator[tuple[int, int, int]]:
        """Write the plan part by part; `groups` says by name what becomes of other speakers.

        Yields after each part how many messages it had, and how many conversations it made and
        how many it lengthened.
        """
        self._set_up_chat(connection, groups)
        imports.add_records(connection, self.chat.id, self.digests)
        self.fresh["source_file_id"] = self.fresh["file"].map(file_ids)
        last = self.fresh.groupby("conversation").size().cumsum()
        part = self.fresh["conversation"].map((last - 1) // _STORED_AT_ONCE)
        for _number, messages in self.fresh.groupby(part, sort=True):
            made = imports.add_conversations(connection, self.chat.id, messages)
            yield len(messages), made, 0
        for owner, messages in self.longer.groupby("owner"):
            imports.extend_conversation(connection, self.chat.id, int(str(owner)), messages)
            yield len(messages), 0, 1
        if self.chat.is_group:
            pseudonyms.assign(connection, self.chat.id, self.spoken)

    def _set_up_chat(self, connection: Connection, groups: Mapping[str, GroupMode]) -> None:
        values: dict[str, object] = {
            "valley_minutes": self.valley,
            "is_group": self.chat.is_group,
        }
        modes = [groups[name] for name in (*sorted(self.names), self.chat.name) if name in groups]
        if modes:
            values["group_mode"] = modes[0].value
        imports.update_chat(connection, self.chat.id, **values)


def _on_known_sides(
    messages: pd.DataFrame, known: pd.DataFrame, senders: pd.DataFrame, chat: KnownChat
) -> pd.DataFrame:
    """Return the messages with the sides that their senders have in the workspace.

    Who is me in a chat was said before, and may have been set right since: by that a newer export
    is read, or it would come in a second time with its sides changed. A sender is known by the
    key, else by the name. Where a person let the two of a chat change places, those whom nobody
    knows, as in another tool's file, do the same.
    """
    if known.empty:
        return messages
    said = known[~known["kind"].isin(_UNSPOKEN)]
    spoken = (
        said[["sender_id", "side"]]
        .drop_duplicates()
        .merge(senders, left_on="sender_id", right_on="id")
    )
    by_key, by_name = (_one_side(spoken, column) for column in ("key", "name"))
    side = messages["sender"].map(by_key)
    side = side.fillna(messages["sender_name"].map(by_name))
    if chat.swapped:
        other_one = messages["side"].map(OTHER_SIDE)
        side = side.fillna(other_one if not chat.is_group else Side.OTHER.value)
    side = side.fillna(messages["side"])
    return messages.assign(side=messages["side"].where(messages["kind"].isin(_UNSPOKEN), side))


def _one_side(spoken: pd.DataFrame, column: str) -> dict[str, str]:
    """Return the side of each key or name that speaks on one side alone."""
    pairs = spoken.loc[spoken[column] != "", [column, "side"]].drop_duplicates()
    clear = pairs.drop_duplicates(column, keep=False)
    return dict(zip(clear[column].tolist(), clear["side"].tolist(), strict=True))


def _valley(known: pd.DataFrame, timed: pd.DataFrame) -> float:
    times = [known["time"].dropna().astype("int64"), timed["seconds"].astype("int64")]
    return valley_minutes(pd.concat(times).to_numpy())


def _spoken_by_others(known: pd.DataFrame, senders: pd.DataFrame) -> Counter[str]:
    """Return how many messages each sender on the other side has, by key."""
    keys = dict(zip(senders["id"].tolist(), senders["key"].tolist(), strict=True))
    return _others(known, known["sender_id"].map(keys))


def _others(messages: pd.DataFrame, keys: pd.Series[str]) -> Counter[str]:
    theirs = (messages["side"] == Side.OTHER.value) & ~messages["kind"].isin(_UNSPOKEN)
    return Counter({str(key): int(count) for key, count in keys[theirs].value_counts().items()})


def _new_records(
    messages: pd.DataFrame, known: Counter[str], *, turned: bool
) -> tuple[pd.DataFrame, list[str]]:
    """Return the messages of records that are new, and the digests of those records.

    Files are taken one after the other, so that a record that two of them hold comes in once.
    Records of different files get different numbers. `turned`: the sides changed places since
    records of the chat were remembered.
    """
    parts: list[pd.DataFrame] = []
    digests: list[str] = []
    start = 0
    seen = Counter(known)
    for _number, rows in messages.groupby("file", sort=True):
        found = record_digests(rows, turned=turned)
        fresh = new_records(found, seen)
        seen |= Counter(found.tolist())
        kept = rows[rows["record"].isin(fresh)]
        digests += found[found.index.isin(fresh)].tolist()
        parts.append(kept.assign(record=kept["record"] + start))
        start += int(rows["record"].max()) + 1
    return (pd.concat(parts) if parts else messages), digests


def _new_loose(messages: pd.DataFrame, known: pd.DataFrame) -> pd.DataFrame:
    """Return the messages outside records that are new, over files taken one after the other."""
    parts: list[pd.DataFrame] = []
    held = known[["source_id", "side", "time", "text"]].rename(columns={"time": "seconds"})
    for _number, rows in messages.groupby("file", sort=True):
        earlier = [part[["source_id", "side", "seconds", "text"]] for part in parts]
        parts.append(rows[new_messages(pd.concat([held, *earlier]), rows)])
    return pd.concat(parts) if parts else messages
