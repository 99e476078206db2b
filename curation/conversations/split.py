"""Message table -> conversations: by pauses, kept together by bursts and replies, within a limit.

Why these rules: two people who pause for long have left, and what comes next is another talk.
But a person who goes on writing within minutes has not left, and who answers a message of the
talk before takes that talk up again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from curation.conversations.gaps import adaptive_gap
from curation.conversations.limits import cuts_to_fit
from curation.conversations.links import LINK_REACH, reply_links
from curation.conversations.tokens import message_lengths, most_tokens
from curation.model import UNSPOKEN_KINDS, Side

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import timedelta

    from numpy.typing import NDArray

    from curation.conversations.rules import SplitRules

    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]

_UNSPOKEN: Final = [kind.value for kind in UNSPOKEN_KINDS]


def in_time_order(messages: pd.DataFrame) -> pd.DataFrame:
    """Return the table chat by chat, each in the order of time, with a fresh index.

    Chats stand in the order of their first row. Rows of equal time keep their order; rows without
    a time stand behind the timed ones of their chat, in their order.
    """
    order = _order(messages)
    if bool((order[1:] > order[:-1]).all()):
        return messages.reset_index(drop=True)
    return messages.take(order).reset_index(drop=True)


def split_conversations(
    messages: pd.DataFrame,
    rules: SplitRules,
    gaps: Mapping[str, timedelta] | None = None,
) -> pd.Series[int]:
    """Return the number of each row's conversation, from 0, with the index of `messages`.

    - A new conversation begins where the pause to the chat's previous message is longer than the
      chat's gap: that of `gaps`, else what `rules` say. No pause of `rules.burst` or less between
      two messages of one side ends a conversation.
    - A reply to a message of the stretch right before its own, at most a day back, keeps the two
      stretches together. One further back does not: what was said meanwhile is about other things.
    - A conversation longer than `rules.limit` is split at its largest pause, and again until every
      part fits or is a single turn, the run of messages of one side. Only a pause beyond the gap,
      which merely a reply had bridged, may part two messages of one side. Of equal pauses, those
      before a turn of the other side come first, then those that make parts of equal length.
    - Rows with a `record` form one conversation per chat and record, whatever their times and
      their length. Rows with neither time nor record form one conversation per chat, which only
      the limit splits.

    The table may be in any order; numbers follow the conversations' first messages in the order
    of `in_time_order`. The side of a message is its `side` where the table has that column, else
    `is_me`, else its sender; the length counts what somebody said.
    """
    if messages.empty:
        return pd.Series(0, index=messages.index, dtype="int64", name="conversation")
    order = _order(messages)
    chat = _codes(messages["chat"])[order]
    record = messages["record"]
    recorded = record.notna().to_numpy()[order]
    # A record belongs to its chat, so both make the number.
    records = _codes(record)[order]
    label = (chat * (records.max() + 1) + records) * 2 + 1
    loose = order[~recorded]
    label[~recorded] = _stretches(messages, loose, chat[~recorded], rules, gaps or {}) * 2
    numbers = np.empty(len(messages), dtype="int64")
    numbers[order] = pd.factorize(label)[0]
    return pd.Series(numbers, index=messages.index, dtype="int64", name="conversation")


def _stretches(
    messages: pd.DataFrame,
    order: Ints,
    chat: Ints,
    rules: SplitRules,
    gaps: Mapping[str, timedelta],
) -> Ints:
    """Return conversation numbers of the rows `order`, which stand by chat and time."""
    if len(order) == 0:
        return order
    times = messages["time"].to_numpy().astype("datetime64[s]")[order]
    untimed = np.isnat(times)
    seconds = np.where(untimed, 0, times.astype("int64"))
    apart = _begins(chat) | _begins(untimed)
    pause = np.where(apart | untimed, 0, np.diff(seconds, prepend=0))
    same_side = ~_begins(_sides(messages, order, chat))
    longest = np.empty(len(order))
    starts = np.flatnonzero(_begins(chat))
    names = messages["chat"].iloc[order[starts]].tolist()
    for name, first, end in zip(names, starts, [*starts[1:], len(order)], strict=True):
        given = gaps.get(name)
        longest[first:end] = (
            _gap(seconds[first:end][~untimed[first:end]], rules) if given is None else given
        ).total_seconds()
    long = ~apart & (pause > longest)
    long &= ~(same_side & (pause <= rules.burst.total_seconds()))
    begins = apart | (long & ~_bridged(messages, order, chat, seconds, apart | long))
    if rules.limit:
        lengths = _lengths(messages, order, np.cumsum(begins) - 1, rules)
        begins |= cuts_to_fit(
            begins,
            may_cut=~begins & (~same_side | long),
            pause=pause,
            human=~_mine(messages)[order],
            lengths=lengths,
            limit=rules.limit,
        )
    return np.cumsum(begins)


def _lengths(messages: pd.DataFrame, order: Ints, conversation: Ints, rules: SplitRules) -> Ints:
    """Return the length of each row; that of short conversations' rows may be an upper bound."""
    texts = messages["text"]
    spoken = ~_unspoken(messages)[order]
    lengths = np.where(spoken, message_lengths(texts, "characters")[order], 0)
    if rules.unit == "tokens":
        lengths = most_tokens(lengths)
        # Counting tokens is slow, and nearly all conversations are short however one counts.
        long = np.bincount(conversation, weights=lengths) > rules.limit
        rows = np.flatnonzero(long[conversation] & spoken)
        lengths[rows] = message_lengths(texts.iloc[order[rows]], "tokens")
    return lengths


def _gap(times: Ints, rules: SplitRules) -> timedelta:
    return adaptive_gap(times) if rules.mode == "adaptive" else rules.gap


def _bridged(
    messages: pd.DataFrame, order: Ints, chat: Ints, seconds: Ints, begins: Bools
) -> Bools:
    """Return which stretches, marked at their first row, a reply joins to the one before."""
    bridged = np.zeros(len(order), dtype=bool)
    replies, answered = reply_links(messages, order, chat)
    stretch = np.cumsum(begins) - 1
    near = (stretch[replies] - stretch[answered] == 1) & (
        seconds[replies] - seconds[answered] <= LINK_REACH.total_seconds()
    )
    bridged[np.flatnonzero(begins)[stretch[replies[near]]]] = True
    return bridged


def _sides(messages: pd.DataFrame, order: Ints, chat: Ints) -> Ints:
    """Return a number for the side of each row.

    What nobody said, such as a notice, is on the side of the message before: it does not stand in
    a record, so it does not end a turn either.
    """
    if "side" in messages:
        sides = _codes(messages["side"])[order]
    else:
        is_me = messages["is_me"]
        senders = _codes(messages["sender"]) + 2
        known = is_me.fillna(value=False).to_numpy(dtype="int64")
        sides = np.where(is_me.isna().to_numpy(), senders, known)[order]
    spoken = ~_unspoken(messages)[order]
    places = np.arange(len(order))
    above = np.maximum.accumulate(np.where(spoken, places, -1))
    below = np.minimum.accumulate(np.where(spoken, places, len(order))[::-1])[::-1]
    own = (above >= 0) & (chat[np.maximum(above, 0)] == chat)
    nearest = np.where(own, above, below % max(len(order), 1))
    return sides[nearest]


def _mine(messages: pd.DataFrame) -> Bools:
    if "side" in messages:
        return (messages["side"] == Side.ME.value).to_numpy()
    return messages["is_me"].fillna(value=False).to_numpy(dtype=bool)


def _unspoken(messages: pd.DataFrame) -> Bools:
    return messages["kind"].isin(_UNSPOKEN).to_numpy()


def _begins(values: NDArray[np.generic]) -> Bools:
    """Return where a value differs from the one before; the first one does."""
    begins = np.ones(len(values), dtype=bool)
    begins[1:] = values[1:] != values[:-1]
    return begins


def _order(messages: pd.DataFrame) -> Ints:
    times = messages["time"].to_numpy().astype("int64")
    untimed = messages["time"].isna().to_numpy()
    return np.lexsort((times, untimed, _codes(messages["chat"])))


def _codes(values: pd.Series) -> Ints:
    return np.asarray(pd.factorize(values)[0], dtype="int64")
