"""What a newer or overlapping export adds to a chat, and where it belongs.

Tables of known messages are those of `store.imports.known_messages`; incoming ones are message
tables with the extra columns `side` and `seconds` (Int64).
"""

from __future__ import annotations

from collections import Counter
from hashlib import sha256
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Hashable
    from datetime import timedelta


def new_messages(known: pd.DataFrame, incoming: pd.DataFrame) -> pd.Series[bool]:
    """Return which incoming messages of one chat are not known yet.

    A message with an id is known by it, if its time or its text agrees as well: some tools number
    every file from 1, and two such files must not swallow each other. Otherwise side, time and
    text are counted as a multiset, so that the second of two identical messages is new when only
    one was known. Two messages that both have ids, and different ones, are never the same.
    """
    if known.empty:
        return pd.Series(data=True, index=incoming.index)
    timed, worded = (_with_ids(known, column) for column in ("seconds", "text"))
    by_id = [
        with_time in timed or with_text in worded
        for with_time, with_text in zip(
            _ids_with(incoming, "seconds"), _ids_with(incoming, "text"), strict=True
        )
    ]
    matched = set(incoming["source_id"][by_id].tolist())
    unmatched = known[[each not in matched for each in known["source_id"].tolist()]]
    without_id = Counter(_contents(unmatched[unmatched["source_id"].isna()]))
    with_id = Counter(_contents(unmatched[unmatched["source_id"].notna()]))
    has_ids = incoming["source_id"].notna().tolist()
    fresh = []
    for is_known, has_id, content in zip(by_id, has_ids, _contents(incoming), strict=True):
        if is_known:
            fresh.append(False)
        elif without_id[content] > 0:
            without_id[content] -= 1
            fresh.append(False)
        elif not has_id and with_id[content] > 0:
            with_id[content] -= 1
            fresh.append(False)
        else:
            fresh.append(True)
    return pd.Series(fresh, index=incoming.index, dtype="bool")


def _ids_with(messages: pd.DataFrame, column: str) -> list[Hashable]:
    """Return (id, value of the column) for each message; None where it has no id."""
    values = messages[column].astype("object")
    return [
        (number, value) if has_id else None
        for has_id, number, value in zip(
            messages["source_id"].notna().tolist(),
            messages["source_id"].tolist(),
            values.where(values.notna(), None).tolist(),
            strict=True,
        )
    ]


def _with_ids(messages: pd.DataFrame, column: str) -> set[Hashable]:
    return set(_ids_with(messages, column)) - {None}


def _contents(messages: pd.DataFrame) -> list[Hashable]:
    seconds = messages["seconds"]
    return list(
        zip(
            messages["side"].tolist(),
            seconds.astype("object").where(seconds.notna(), None).tolist(),
            messages["text"].tolist(),
            strict=True,
        )
    )


def record_digests(messages: pd.DataFrame) -> pd.Series[str]:
    """Return a digest of sides and texts for each record of one chat, indexed by record."""
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
