"""Which message a reply answers."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

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
    rows = messages.take(order)
    by_id = _nearest_above(chat, rows["source_id"], rows["reply_id"])
    by_text = _nearest_above(chat, rows["text"], rows["reply_to"].str.strip())
    answered = np.where(by_id >= 0, by_id, by_text)
    replies = np.flatnonzero(answered >= 0)
    return replies, answered[replies]


def _nearest_above(chat: Ints, keys: pd.Series[str], asked: pd.Series[str]) -> Ints:
    """Return, for each place, the nearest place above in its chat with the key asked for, or -1."""
    found = np.full(len(chat), -1, dtype="int64")
    askers = np.flatnonzero(asked.notna().to_numpy())
    if len(askers) == 0:
        return found
    wanted = asked.iloc[askers]
    held = np.flatnonzero(keys.isin(wanted.unique()).to_numpy())
    if len(held) == 0:
        return found
    code = pd.factorize(pd.concat([keys.iloc[held], wanted]))[0].astype("int64")
    group = chat[np.concatenate([held, askers])] * (code.max() + 1) + code
    # One number for group and place, so that the place before an asker's own is the nearest above.
    size = len(chat)
    numbers = pd.factorize(group)[0].astype("int64")
    targets = np.sort(numbers[: len(held)] * size + held)
    mine = numbers[len(held) :] * size + askers
    before = np.searchsorted(targets, mine) - 1
    nearest = targets[np.maximum(before, 0)]
    same = (before >= 0) & (nearest // size == mine // size)
    found[askers[same]] = nearest[same] % size
    return found
