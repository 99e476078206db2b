"""A conversation above the limit is split at its largest pause, never inside a turn."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curation.conversations import SplitRules, estimate_tokens, split_conversations
from curation.model import Kind
from tests.conversations.tables import Said, table

FIVE = "一二三四五"


def rules(limit: int, **others: object) -> SplitRules:
    return SplitRules("fixed", timedelta(minutes=30), limit=limit, **others)  # type: ignore[arg-type]  # unit only


def split(messages: list[Said], limit: int) -> list[int]:
    return split_conversations(table(messages), rules(limit)).tolist()


def turns(*times: int, text: str = FIVE) -> list[Said]:
    """Return turns of one message each, the other side first."""
    return [Said(at, me=number % 2 == 1, text=text) for number, at in enumerate(times)]


@pytest.mark.parametrize(
    ("messages", "limit", "numbers"),
    [
        pytest.param(turns(0, 10, 20, 30), 20, [0, 0, 0, 0], id="as long as the limit"),
        pytest.param(turns(0, 10, 20, 30), 0, [0, 0, 0, 0], id="no limit"),
        pytest.param(turns(0, 10, 60, 70), 19, [0, 0, 1, 1], id="at the largest pause"),
        pytest.param(turns(0, 50, 60, 70), 19, [0, 1, 1, 1], id="wherever it is"),
        pytest.param(turns(0, 50, 60, 100, 110), 14, [0, 1, 1, 2, 2], id="and again"),
        pytest.param(
            turns(0, 10, 20, 30, 40, 50), 15, [0, 0, 1, 1, 2, 2], id="of equals, where one asks"
        ),
        pytest.param(
            turns(*range(0, 120, 10)),
            30,
            [0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1],
            id="of equals, the middle",
        ),
        pytest.param(
            [Said(0, text=FIVE), Said(900, text=FIVE), Said(910, me=True, text=FIVE)],
            10,
            [0, 0, 1],
            id="never inside a turn, however long the pause",
        ),
        pytest.param(
            [Said(0, text=FIVE * 9), Said(10, text=FIVE)], 7, [0, 0], id="one turn stays whole"
        ),
        pytest.param(
            [Said(0, text=FIVE), Said(10, text="系统" * 50, kind=Kind.SYSTEM), Said(20, text=FIVE)],
            10,
            [0, 0, 0],
            id="what nobody said ends no turn",
        ),
        pytest.param(
            [
                Said(0, text=FIVE),
                Said(10, text="系统" * 50, kind=Kind.SYSTEM),
                Said(20, me=True, text=FIVE),
            ],
            10,
            [0, 0, 0],
            id="what nobody said has no length",
        ),
        pytest.param(
            [Said(None, me=number % 2 == 1, text=FIVE) for number in range(8)],
            20,
            [0, 0, 0, 0, 1, 1, 1, 1],
            id="messages without times",
        ),
        pytest.param(
            [Said(None, me=number % 2 == 1, text=FIVE, record=1) for number in range(4)],
            5,
            [0, 0, 0, 0],
            id="a record is left alone",
        ),
        pytest.param(
            [
                Said(0, text=FIVE, id="1"),
                Said(10, me=True, text=FIVE),
                Said(7200, me=True, text=FIVE),
                Said(7210, text=FIVE, answers="1"),
            ],
            10,
            [0, 0, 1, 1],
            id="a gap that a reply had bridged, even between messages of one side",
        ),
        pytest.param(
            [*turns(0, 10, 60), *(Said(at, text=FIVE, chat="b") for at in (0, 10))],
            10,
            [0, 0, 1, 2, 2],
            id="each conversation by itself",
        ),
    ],
)
def test_long_conversations_are_split(messages: list[Said], limit: int, numbers: list[int]) -> None:
    assert split(messages, limit) == numbers


def test_the_limit_may_be_in_tokens() -> None:
    messages = turns(0, 10, 60, 70, text="今天晚上一起吃饭好不好呀")
    tokens = estimate_tokens(messages[0].text)
    assert tokens < len(messages[0].text)
    table_of = table(messages)
    at_limit = split_conversations(table_of, rules(4 * tokens, unit="tokens"))
    below = split_conversations(table_of, rules(4 * tokens - 1, unit="tokens"))
    assert at_limit.tolist() == [0, 0, 0, 0]
    assert below.tolist() == [0, 0, 1, 1]


@settings(deadline=None)
@given(
    texts=st.lists(st.text("字a1~😂", max_size=12), min_size=1, max_size=20),
    limit=st.integers(1, 60),
)
def test_parts_fit_in_tokens_and_what_fits_is_not_split(texts: list[str], limit: int) -> None:
    times = [1000 * place for place in range(len(texts))]
    messages = [
        Said(at, me=place % 2 == 1, text=text)
        for place, (at, text) in enumerate(zip(times, texts, strict=True))
    ]
    numbers = split_conversations(table(messages), rules(limit, unit="tokens")).tolist()
    counts = [estimate_tokens(text) for text in texts]
    for part in set(numbers):
        rows = [place for place, number in enumerate(numbers) if number == part]
        assert sum(counts[place] for place in rows) <= limit or len(rows) == 1
    if sum(counts) <= limit:
        assert set(numbers) == {0}


_CHAT = st.lists(
    st.tuples(st.integers(1, 1700), st.booleans(), st.integers(0, 12)), min_size=1, max_size=30
)


@settings(deadline=None)
@given(steps=_CHAT, limit=st.integers(1, 40))
def test_parts_fit_or_cannot_be_split_and_turns_stay_whole(
    steps: list[tuple[int, bool, int]], limit: int
) -> None:
    at = 0
    messages = []
    for pause, me, length in steps:
        at += pause
        messages.append(Said(at, me=me, text="字" * length))
    numbers = split(messages, limit)
    parts = [
        [said for said, number in zip(messages, numbers, strict=True) if number == part]
        for part in range(max(numbers) + 1)
    ]
    for part in parts:
        too_long = sum(len(said.text) for said in part) > limit
        assert not too_long or len({said.me for said in part}) == 1
    for before, after in pairwise(parts):
        assert before[-1].me != after[0].me


@settings(deadline=None)
@given(
    pauses=st.lists(st.integers(1, 1700), min_size=1, max_size=30, unique=True),
    limit=st.integers(1, 60),
)
def test_the_largest_pause_goes_first(pauses: list[int], limit: int) -> None:
    times = [sum(pauses[:count]) for count in range(len(pauses) + 1)]
    expected: list[int] = []

    def cut(first: int, end: int) -> None:
        """Split the messages [first, end) as the plain words say."""
        if (end - first) * len(FIVE) <= limit or end - first == 1:
            expected.extend([max(expected, default=-1) + 1] * (end - first))
            return
        place = max(range(first + 1, end), key=lambda at: times[at] - times[at - 1])
        cut(first, place)
        cut(place, end)

    cut(0, len(times))
    assert split(turns(*times), limit) == expected
