"""What a newer or overlapping export adds to a chat, and where it belongs.

Tables of known messages are those of `store.imports.known_messages`; incoming ones are message
tables with the extra columns `side` and `seconds` (Int64).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from hashlib import sha256
from typing import TYPE_CHECKING, Final

import pandas as pd

from curation.conversations import estimate_tokens
from curation.model import UNSPOKEN_KINDS, Side

if TYPE_CHECKING:
    from collections.abc import Hashable
    from datetime import timedelta

    from curation.conversations import SplitRules

_MINUTE: Final = 60
_ZONE_STEP: Final = 900
_SHORT_NUMBER: Final = 12
_ENOUGH_TIMES: Final = 20
_UNSPOKEN: Final = [kind.value for kind in UNSPOKEN_KINDS]
OTHER_SIDE: Final = {Side.ME.value: Side.OTHER.value, Side.OTHER.value: Side.ME.value}


def new_messages(known: pd.DataFrame, incoming: pd.DataFrame) -> pd.Series[bool]:
    """Return which incoming messages of one chat are not known yet.

    A message with an id is known by it, if its time or its text agrees as well: some tools number
    every file from 1, and two such files must not swallow each other. Otherwise side, time and
    text are counted as a multiset, so that the second of two identical messages is new when only
    one was known. Two messages with different ids of one tool are never the same; ids of two tools
    say nothing about each other. They are taken for one tool's where they look alike and at least
    one of the file's ids is known.
    """
    if known.empty:
        return pd.Series(data=True, index=incoming.index)
    by_id = _known_by_id(known, incoming)
    matched = set(incoming["source_id"][by_id].tolist())
    unmatched = known[[each not in matched for each in known["source_id"].tolist()]]
    step = _MINUTE if _without_seconds(known) or _without_seconds(incoming) else 1
    looks = _looks(incoming) if matched else [""] * len(incoming)
    left: defaultdict[str, Counter[Hashable]] = defaultdict(Counter)
    for content, look in zip(_contents(unmatched, step), _looks(unmatched), strict=True):
        left[look][content] += 1
    held = [(look, left[look]) for look in sorted(left)]
    fresh = [
        not is_known and not _taken(held, content, look)
        for is_known, content, look in zip(by_id, _contents(incoming, step), looks, strict=True)
    ]
    return pd.Series(fresh, index=incoming.index, dtype="bool")


def _taken(held: list[tuple[str, Counter[Hashable]]], content: Hashable, look: str) -> bool:
    """Take one of the known messages of a content, by the look of their ids.

    Whether there was one: without an id first, then one with an id that can be another tool's.
    """
    for known_look, left in held:
        if left.get(content) and (not look or known_look != look):
            left[content] -= 1
            return True
    return False


def _known_by_id(known: pd.DataFrame, incoming: pd.DataFrame) -> list[bool]:
    """Return which incoming messages have an id that is known, with their time or their text.

    Where only the text agrees, the time is off by a second, as rounding does it, or by quarters
    of an hour, as another time zone does: a short text comes with a small number by chance.
    """
    held: dict[object, tuple[int | None, str]] = {
        number: (seconds, text)
        for number, seconds, text in zip(
            known["source_id"].tolist(), _seconds(known), known["text"].tolist(), strict=True
        )
        if isinstance(number, str)
    }
    result = []
    for number, seconds, text in zip(
        incoming["source_id"].tolist(), _seconds(incoming), incoming["text"].tolist(), strict=True
    ):
        found = held.get(number) if isinstance(number, str) else None
        result.append(found is not None and _agrees(found, (seconds, text)))
    return result


def _agrees(one: tuple[int | None, str], other: tuple[int | None, str]) -> bool:
    if one[0] == other[0]:
        return one[0] is not None or one[1] == other[1]
    if one[1] != other[1]:
        return False
    if one[0] is None or other[0] is None:
        return True
    apart = abs(one[0] - other[0])
    return apart == 1 or apart % _ZONE_STEP == 0


def _looks(messages: pd.DataFrame) -> list[str]:
    """Return how the id of each message looks, empty where there is none."""
    return [
        _look(number) if isinstance(number, str) else ""
        for number in messages["source_id"].tolist()
    ]


def _look(number: str) -> str:
    """Return the kind of an id: what one tool gives to all messages, and others do not.

    Server ids of WeChat are numbers of up to 20 digits, row numbers are short.
    """
    if number.isdecimal():
        return "long number" if len(number) > _SHORT_NUMBER else "number"
    return f"text of {len(number)}"


def _without_seconds(messages: pd.DataFrame) -> bool:
    """Return whether all times are whole minutes, as a spreadsheet program leaves them."""
    seconds = messages["seconds"].dropna()
    return len(seconds) >= _ENOUGH_TIMES and not bool((seconds % _MINUTE).any())


def _seconds(messages: pd.DataFrame) -> list[int | None]:
    seconds = messages["seconds"]
    return seconds.astype("object").where(seconds.notna(), None).tolist()


def _contents(messages: pd.DataFrame, step: int) -> list[Hashable]:
    """Return side, time in whole `step` seconds, and text of each message."""
    seconds = messages["seconds"] // step
    return list(
        zip(
            messages["side"].tolist(),
            seconds.astype("object").where(seconds.notna(), None).tolist(),
            messages["text"].tolist(),
            strict=True,
        )
    )


def record_digests(messages: pd.DataFrame, *, turned: bool = False) -> pd.Series[str]:
    """Return a digest of sides and texts for each record of one chat, indexed by record.

    `turned`: the sides of the chat changed places; a digest is made of them as they were first.
    """
    if turned:
        spoken = ~messages["kind"].isin(_UNSPOKEN)
        messages = messages.assign(
            side=messages["side"].mask(spoken, messages["side"].map(OTHER_SIDE))
        )
    return pd.Series(
        {
            record: sha256(
                "\x1e".join(
                    f"{side}\x1f{text}"
                    for side, text in zip(rows["side"], rows["text"], strict=True)
                ).encode("utf-8", "surrogatepass")
            ).hexdigest()
            for record, rows in messages.groupby("record", sort=False)
        },
        dtype="str",
    )


def new_records(digests: pd.Series[str], known: Counter[str]) -> list[Hashable]:
    """Return the records that are not known yet, counted as a multiset."""
    left = Counter(known)
    fresh: list[Hashable] = []
    for record, digest in digests.items():
        if left[digest] > 0:
            left[digest] -= 1
        else:
            fresh.append(record)
    return fresh


def owners_of_new(known: pd.DataFrame, incoming: pd.DataFrame, gap: timedelta) -> pd.Series[int]:
    """Return, for new timed messages of one chat, the conversation each one continues.

    A message continues the conversation before it (or else after it) when the pause between is
    not longer than `gap` and nobody touched that conversation; otherwise it is missing and the
    message will form a new one. Both tables are in order of time.
    """
    timed = known[known["time"].notna()]
    rows = pd.concat(
        [
            pd.DataFrame(
                {
                    "seconds": timed["time"].astype("int64"),
                    "owner": timed["conversation_id"].astype("float64"),
                    "free": ~timed["touched"],
                    "row": -1,
                }
            ),
            pd.DataFrame(
                {
                    "seconds": incoming["seconds"].astype("int64"),
                    "owner": float("nan"),
                    "free": False,
                    "row": range(len(incoming)),
                }
            ),
        ],
        ignore_index=True,
    ).sort_values("seconds", kind="stable", ignore_index=True)
    stretch = (rows["seconds"].diff() > gap.total_seconds()).cumsum()
    free_owner = rows["owner"].where(rows["free"], -rows["owner"])  # below zero: touched
    before = free_owner.groupby(stretch).ffill()
    after = free_owner.groupby(stretch).bfill()
    owner = before.where(before > 0, after.where(after > 0))
    found = pd.DataFrame({"row": rows["row"], "owner": owner})
    found = found[found["row"] >= 0].sort_values("row")
    return pd.Series(found["owner"].to_numpy(), index=incoming.index).astype("Int64")


def owners_with_room(
    owners: pd.Series[int], known: pd.DataFrame, incoming: pd.DataFrame, rules: SplitRules
) -> pd.Series[int]:
    """Return `owners` without the conversations that would grow beyond the limit of `rules`."""
    if not rules.limit or owners.isna().all():
        return owners
    wanted = owners.dropna().unique()
    held = known[known["conversation_id"].isin(wanted)]
    now = _lengths(held["text"], rules).groupby(held["conversation_id"]).sum()
    more = _lengths(incoming["text"][owners.notna()], rules).groupby(owners.dropna()).sum()
    total = more.add(now, fill_value=0)
    return owners.mask(owners.isin(total[total > rules.limit].index))


def _lengths(texts: pd.Series[str], rules: SplitRules) -> pd.Series[int]:
    count = len if rules.unit == "characters" else estimate_tokens
    return pd.Series([count(text) for text in texts.tolist()], index=texts.index, dtype="int64")
