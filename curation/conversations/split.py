"""Messages of one chat belong together until the pause between two is long."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from datetime import timedelta

    from numpy.typing import NDArray

_PATHS = 3
"""Timed rows, rows of a record, and rows with neither are numbered apart."""


def in_time_order(messages: pd.DataFrame) -> pd.DataFrame:
    """Return the table chat by chat, each in the order of time, with a fresh index.

    Chats stand in the order of their first row. Rows of equal time keep their order; rows without
    a time stand behind the timed ones of their chat, in their order.
    """
    order = _order(messages)
    if bool((order[1:] > order[:-1]).all()):
        return messages.reset_index(drop=True)
    return messages.take(order).reset_index(drop=True)


def split_conversations(messages: pd.DataFrame, gap: timedelta) -> pd.Series[int]:
    """Return the number of each row's conversation, from 0, with the index of `messages`.

    A new conversation begins when the pause to the chat's previous message is longer than `gap`.
    Rows with a `record` form one conversation per chat and record, whatever their times. Rows with
    neither time nor record form one conversation per chat. The table may be in any order; numbers
    follow the conversations' first messages in the order of `in_time_order`.
    """
    if messages.empty:
        return pd.Series(0, index=messages.index, dtype="int64", name="conversation")
    order = _order(messages)
    chat = _codes(messages["chat"])[order]
    times = messages["time"].to_numpy()[order]
    record = messages["record"]
    recorded = record.notna().to_numpy()[order]
    timed = ~np.isnat(times) & ~recorded

    label = chat * _PATHS + 2
    # A record belongs to its chat, so both make the number.
    records = _codes(record)[order]
    label[recorded] = (chat[recorded] * (records.max() + 1) + records[recorded]) * _PATHS + 1
    label[timed] = _bursts(chat[timed], times[timed], gap) * _PATHS
    numbers = np.empty(len(messages), dtype="int64")
    numbers[order] = pd.factorize(label)[0]
    return pd.Series(numbers, index=messages.index, dtype="int64", name="conversation")


def _bursts(
    chat: NDArray[np.int64], times: NDArray[np.datetime64], gap: timedelta
) -> NDArray[np.int64]:
    """Return burst numbers of rows in time order: a new one at each new chat and long pause."""
    begins = np.ones(len(times), dtype=bool)
    begins[1:] = (chat[1:] != chat[:-1]) | (np.diff(times) > np.timedelta64(gap))
    return np.cumsum(begins)


def _order(messages: pd.DataFrame) -> NDArray[np.int64]:
    times = messages["time"].to_numpy().astype("int64")
    untimed = messages["time"].isna().to_numpy()
    return np.lexsort((times, untimed, _codes(messages["chat"])))


def _codes(values: pd.Series) -> NDArray[np.int64]:
    return np.asarray(pd.factorize(values)[0], dtype="int64")
