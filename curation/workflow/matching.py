"""Which chat of the workspace a chat of a file is.

Another tool may write the same chat under another name. The platform's id of a chat says most;
where it is not told, the name does; and where that is new, what was said: the same words in the
same seconds, or with the same lasting ids.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from curation.model import Kind
from curation.store import imports
from curation.store.imports import KnownChat

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import pandas as pd
    from sqlalchemy import Connection

    from curation.model import SourceFile

    Group = tuple[int, str]  # number of the file, name of the chat in it
    Place = Group | int  # a chat of this import, or the id of one that is stored

_WORDS: Final = [Kind.TEXT.value, Kind.QUOTE.value]
_TELLING: Final = 4
"""Characters of a text that is not said in the same second by chance."""
_LASTING: Final = 12
"""Characters of an id that is not one file's own numbering."""
_AT_ENDS: Final = 60
_SPREAD: Final = 120
"""How many messages are compared: at both ends, where exports overlap, and evenly between."""
_ENOUGH: Final = 3
_SHARE: Final = 0.2
"""How many of those compared must be found, and what part of those within the chat's days: a
greeting sent to everybody at once stands in many chats."""


@dataclass(frozen=True, slots=True)
class _Sample:
    """Some messages of one chat of a file."""

    pairs: tuple[tuple[int, str], ...]
    ids: tuple[str, ...]  # as long as `pairs`, empty where there is no lasting id


@dataclass(slots=True)
class _Votes:
    """Which messages of a sample each chat has."""

    found: defaultdict[Place, set[int]] = field(default_factory=lambda: defaultdict(set))

    def winner(
        self, sample: _Sample, spans: Mapping[Place, tuple[int, int]], allowed: Iterable[Place]
    ) -> Place | None:
        """Return the chat that has most of the sample, if that is enough."""
        best = max(allowed, key=lambda place: len(self.found[place]), default=None)
        if best is None or len(self.found[best]) < _ENOUGH:
            return None
        first, last = spans[best]
        within = sum(first <= seconds <= last for seconds, _text in sample.pairs)
        return best if len(self.found[best]) >= _SHARE * within else None


def match_chats(
    connection: Connection, incoming: pd.DataFrame, sources: Sequence[SourceFile]
) -> dict[Group, KnownChat]:
    """Return the stored chat of each chat of each file; what is new is made.

    `incoming` are the messages of all files with the extra columns `file` and `seconds`. Chats of
    different files are brought together as well, those of one file never.
    """
    groups = {
        (int(str(file)), str(chat)): rows
        for (file, chat), rows in incoming.groupby(["file", "chat"], sort=False)
    }
    accounts = {group: sources[group[0]].chat_ids.get(group[1], "") for group in groups}
    book = _Book(connection)
    unknown = [group for group in groups if book.known(group, accounts[group]) is None]
    alone = len({file for file, _chat in groups}) == 1 and not book.chats
    samples = {} if alone else {group: _sample(groups[group]) for group in unknown}
    votes = _votes_of_stored(connection, samples) if book.chats else defaultdict(_Votes)
    if len({file for file, _chat in groups}) > 1:
        _count_incoming(votes, samples, incoming)
    spans = book.spans() | {group: _span(rows) for group, rows in groups.items()}
    matched: dict[Group, KnownChat] = {}
    for group in groups:
        found = book.known(group, accounts[group])
        if found is None and group in samples:
            earlier = [each for each in matched if each[0] != group[0]]
            place = votes[group].winner(samples[group], spans, [*book.stored, *earlier])
            if place is not None:
                found = book.chats[place] if isinstance(place, int) else matched[place]
        if found is None:
            found = book.make(group[1])
        matched[group] = book.with_account(found, accounts[group])
    return matched


class _Book:
    """All chats, stored and new, by id, account and name."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.chats = {each.id: each for each in imports.known_chats(connection)}
        self.stored = tuple(self.chats)

    def known(self, group: Group, account: str) -> KnownChat | None:
        """Return the chat that account or name say; None where another account has the name."""
        if account:
            for each in self.chats.values():
                if each.account == account:
                    return each
        for each in self.chats.values():
            if each.name == group[1]:
                return None if account and each.account not in ("", account) else each
        return None

    def make(self, name: str) -> KnownChat:
        """Return a new chat called `name`, or like it where that name is taken."""
        names = {each.name for each in self.chats.values()}
        number = 1
        free = name
        while free in names:
            number += 1
            free = f"{name} ({number})"
        made = KnownChat(imports.chat_id(self._connection, free), free)
        self.chats[made.id] = made
        return made

    def with_account(self, chat: KnownChat, account: str) -> KnownChat:
        """Return the chat with an account that was not known before."""
        if account and not chat.account:
            imports.update_chat(self._connection, chat.id, account=account)
            chat = replace(chat, account=account)
            self.chats[chat.id] = chat
        return self.chats[chat.id]

    def spans(self) -> dict[Place, tuple[int, int]]:
        """Return the first and last second of each stored chat."""
        return {
            each.id: (0, 0) if each.first is None or each.last is None else (each.first, each.last)
            for each in self.chats.values()
        }


def _sample(rows: pd.DataFrame) -> _Sample:
    telling = rows[
        rows["seconds"].notna().to_numpy()
        & rows["record"].isna().to_numpy()
        & rows["kind"].isin(_WORDS).to_numpy()
        & (rows["text"].str.len() >= _TELLING).to_numpy()
    ]
    count = len(telling)
    places = {
        *range(min(_AT_ENDS, count)),
        *range(max(0, count - _AT_ENDS), count),
        *np.linspace(0, max(count - 1, 0), min(_SPREAD, count)).astype(int).tolist(),
    }
    chosen = telling.iloc[sorted(places)]
    seconds = chosen["seconds"].astype("int64").tolist()
    ids = [
        number if isinstance(number, str) and len(number) >= _LASTING else ""
        for number in chosen["source_id"].tolist()
    ]
    return _Sample(tuple(zip(seconds, chosen["text"].tolist(), strict=True)), tuple(ids))


def _span(rows: pd.DataFrame) -> tuple[int, int]:
    seconds = rows["seconds"].dropna()
    return (int(seconds.min()), int(seconds.max())) if len(seconds) else (0, 0)


def _votes_of_stored(
    connection: Connection, samples: Mapping[Group, _Sample]
) -> defaultdict[Group, _Votes]:
    votes: defaultdict[Group, _Votes] = defaultdict(_Votes)
    by_pair, by_id = _places(samples)
    seconds = {seconds for seconds, _text in by_pair}
    for chat, second, text in imports.chats_with_times(connection, seconds):
        for group, place in by_pair.get((second, text), ()):
            votes[group].found[chat].add(place)
    ids = {number for number, _text in by_id}
    for chat, number, text in imports.chats_with_ids(connection, ids):
        for group, place in by_id.get((number, text), ()):
            votes[group].found[chat].add(place)
    return votes


def _count_incoming(
    votes: defaultdict[Group, _Votes], samples: Mapping[Group, _Sample], incoming: pd.DataFrame
) -> None:
    """Count which messages of the samples stand in chats of other files of this import."""
    by_pair, by_id = _places(samples)
    seconds = incoming["seconds"].isin([seconds for seconds, _text in by_pair])
    ids = incoming["source_id"].isin([number for number, _text in by_id])
    same = incoming[seconds.to_numpy() | ids.to_numpy()]
    columns = [same[name].tolist() for name in ("file", "chat", "seconds", "text", "source_id")]
    for file, chat, second, text, number in zip(*columns, strict=True):
        held = [*by_pair.get((second, text), ()), *by_id.get((number, text), ())]
        for group, place in held:
            votes[group].found[file, chat].add(place)


def _places(
    samples: Mapping[Group, _Sample],
) -> tuple[
    dict[tuple[int, str], list[tuple[Group, int]]],
    dict[tuple[str, str], list[tuple[Group, int]]],
]:
    """Return where each (second, text) and each (lasting id, text) stands in the samples."""
    by_pair: defaultdict[tuple[int, str], list[tuple[Group, int]]] = defaultdict(list)
    by_id: defaultdict[tuple[str, str], list[tuple[Group, int]]] = defaultdict(list)
    for group, sample in samples.items():
        for place, (pair, number) in enumerate(zip(sample.pairs, sample.ids, strict=True)):
            by_pair[pair].append((group, place))
            if number:
                by_id[number, pair[1]].append((group, place))
    return dict(by_pair), dict(by_id)
