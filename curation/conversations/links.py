"""Which message a reply answers."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]

LINK_REACH: Final = timedelta(hours=24)
"""How far back a reply may lie and still belong to what it answers."""


def reply_links(messages: pd.DataFrame, order: Ints, chat: Ints) -> tuple[Ints, Ints]:
    """Return the places of replies and of what each answers, as places in `order`.

    `order` holds row numbers of `messages` by chat and time, `chat` the chat's number at each
    place. A reply answers the message of its chat that its `reply_id` names; where there is no
    such message, the nearest one above whose text is what it quotes.
    """
    by_id = _nearest_above(order, chat, messages["source_id"], messages["reply_id"])
    by_text = _nearest_above(order, chat, messages["text"], messages["reply_to"])
    answered = np.where(by_id >= 0, by_id, by_text)
    replies = np.flatnonzero(answered >= 0)
    return replies, answered[replies]


def _nearest_above(order: Ints, chat: Ints, keys: pd.Series[str], asked: pd.Series[str]) -> Ints:
    """Return, for each place, the nearest place above in its chat with the key asked for, or -1."""
    found = np.full(len(order), -1, dtype="int64")
    askers = np.flatnonzero(asked.notna().to_numpy()[order])
    wanted = asked.iloc[order[askers]].str.strip()
    held = np.flatnonzero(_among(keys, wanted)[order])
    if len(askers) == 0 or len(held) == 0:
        return found
    code = pd.factorize(pd.concat([keys.iloc[order[held]], wanted]))[0].astype("int64")
    group = pd.factorize(chat[np.concatenate([held, askers])] * (code.max() + 1) + code)[0]
    # One number for group and place, so that the place before an asker's own is the nearest above.
    numbers = group.astype("int64") * len(order)
    targets = np.sort(numbers[: len(held)] + held)
    mine = numbers[len(held) :] + askers
    before = np.searchsorted(targets, mine) - 1
    nearest = targets[np.maximum(before, 0)]
    same = (before >= 0) & (nearest // len(order) == mine // len(order))
    found[askers[same]] = nearest[same] % len(order)
    return found


def _among(keys: pd.Series[str], wanted: pd.Series[str]) -> NDArray[np.bool_]:
    """Return which keys are wanted; pandas would make a Python object of each wanted one."""
    texts = pa.large_string()
    found = pc.is_in(
        pa.array(keys, type=texts, from_pandas=True),
        value_set=pa.array(wanted, type=texts, from_pandas=True),
    )
    return np.asarray(found.to_numpy(zero_copy_only=False), dtype=bool)
