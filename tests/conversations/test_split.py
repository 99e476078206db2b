"""Messages belong together until the pause is longer than the gap; nothing is dropped."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curation.conversations import in_time_order, split_conversations
from curation.model import message_table

if TYPE_CHECKING:
    from collections.abc import Sequence

HALF_HOUR = timedelta(minutes=30)
Row = tuple[str, int | None, int | None]
"""Chat, minute of the day, record."""


def table(rows: Sequence[Row]) -> pd.DataFrame:
    day = pd.Timestamp("2024-05-01")
    return message_table(
        {
            "chat": [chat for chat, _, _ in rows],
            "time": [
                None if minute is None else day + pd.Timedelta(minutes=minute)
                for _, minute, _ in rows
            ],
            "record": [record for _, _, record in rows],
            "text": [str(number) for number in range(len(rows))],
        }
    )


@pytest.mark.parametrize(
    ("rows", "numbers"),
    [
        pytest.param([("a", 0, None), ("a", 30, None), ("a", 61, None)], [0, 0, 1], id="the gap"),
        pytest.param(
            [("a", 0, None), ("a", 20, None), ("a", 40, None)], [0, 0, 0], id="a chain of pauses"
        ),
        pytest.param(
            [("a", 0, None), ("b", 1, None), ("a", 2, None), ("b", 3, None)],
            [0, 1, 0, 1],
            id="chats never mix",
        ),
        pytest.param(
            [("a", 500, None), ("a", 0, None), ("a", 501, None)], [1, 0, 1], id="in any order"
        ),
        pytest.param(
            [("a", None, 0), ("a", None, 0), ("a", None, 1), ("b", None, 0)],
            [0, 0, 1, 2],
            id="a record is a conversation",
        ),
        pytest.param(
            [("a", 0, 5), ("a", 900, 5), ("a", 901, 6)], [0, 0, 1], id="a record ignores its times"
        ),
        pytest.param(
            [("a", None, None), ("b", None, None), ("a", None, None)],
            [0, 1, 0],
            id="neither time nor record",
        ),
        pytest.param(
            [("a", 0, None), ("a", None, 0), ("a", None, None), ("a", 1, None)],
            [0, 1, 2, 0],
            id="all three ways in one chat",
        ),
        pytest.param([], [], id="no message"),
    ],
)
def test_messages_are_split(rows: list[Row], numbers: list[int]) -> None:
    found = split_conversations(table(rows), HALF_HOUR)
    assert found.tolist() == numbers
    assert found.dtype == "int64"


def test_the_numbers_are_aligned_with_the_index() -> None:
    messages = table([("a", 0, None), ("a", 100, None)])
    messages.index = pd.Index([40, 7])
    assert split_conversations(messages, HALF_HOUR).to_dict() == {40: 0, 7: 1}


def test_time_order_is_stable_and_chat_by_chat() -> None:
    messages = table(
        [("b", 9, None), ("a", 5, None), ("b", None, 0), ("b", 9, None), ("b", 1, None)]
    )
    ordered = in_time_order(messages)
    assert ordered["text"].tolist() == ["4", "0", "3", "2", "1"]
    assert ordered.index.tolist() == [0, 1, 2, 3, 4]
    assert ordered.dtypes.equals(messages.dtypes)


_ROWS = st.lists(
    st.tuples(
        st.sampled_from("abc"),
        st.one_of(st.none(), st.integers(0, 300)),
        st.one_of(st.none(), st.none(), st.integers(0, 2)),
    ),
    max_size=20,
)


@settings(deadline=None)
@given(rows=_ROWS, gap=st.integers(0, 120))
def test_conversations_keep_to_one_chat_and_to_the_gap(rows: list[Row], gap: int) -> None:
    messages = in_time_order(table(rows))
    messages["conversation"] = split_conversations(messages, timedelta(minutes=gap))
    numbers = messages["conversation"].tolist()
    assert list(dict.fromkeys(numbers)) == list(range(len(set(numbers))))
    timed = messages[messages["record"].isna() & messages["time"].notna()]
    for _, rows_of_one in messages.groupby("conversation"):
        assert len(set(rows_of_one["chat"])) == 1
    for _, chat in timed.groupby("chat"):
        long_pause = chat["time"].diff() > pd.Timedelta(minutes=gap)
        begins = chat["conversation"].diff().fillna(0) != 0
        assert begins.tolist() == long_pause.tolist()


@settings(deadline=None)
@given(rows=_ROWS)
def test_the_split_does_not_depend_on_the_order_of_rows(rows: list[Row]) -> None:
    messages = table([row for row in rows if row[1] is not None])
    straight = split_conversations(messages, HALF_HOUR)
    turned = split_conversations(messages[::-1], HALF_HOUR)
    pairs = set(zip(straight, turned.sort_index(), strict=True))
    assert len(pairs) == straight.nunique()
