"""Messages belong together until the pause is longer than the gap; nothing is dropped."""

from __future__ import annotations

from datetime import timedelta

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curation.conversations import SplitRules, in_time_order, split_conversations
from curation.model import Kind, Side
from tests.conversations.tables import Said, minutes, table

FIXED = SplitRules("fixed", timedelta(minutes=30), timedelta(minutes=3))
HOUR = 3600


def split(messages: list[Said], rules: SplitRules = FIXED) -> list[int]:
    return split_conversations(table(messages), rules).tolist()


@pytest.mark.parametrize(
    ("messages", "numbers"),
    [
        pytest.param(minutes(0, 30, 61), [0, 0, 1], id="the gap"),
        pytest.param(minutes(0, 20, 40), [0, 0, 0], id="a chain of pauses"),
        pytest.param(
            [Said(0), Said(60, chat="b"), Said(120), Said(180, chat="b")],
            [0, 1, 0, 1],
            id="chats never mix",
        ),
        pytest.param(minutes(500, 0, 501), [1, 0, 1], id="in any order"),
        pytest.param(
            [
                Said(None, record=0),
                Said(None, record=0),
                Said(None, record=1),
                Said(None, record=0, chat="b"),
            ],
            [0, 0, 1, 2],
            id="a record is a conversation",
        ),
        pytest.param(
            [Said(0, record=5), Said(15 * HOUR, record=5), Said(15 * HOUR + 1, record=6)],
            [0, 0, 1],
            id="a record ignores its times",
        ),
        pytest.param(
            [Said(None), Said(None, chat="b"), Said(None)], [0, 1, 0], id="neither time nor record"
        ),
        pytest.param(
            [Said(0), Said(None, record=0), Said(None), Said(60)],
            [0, 1, 2, 0],
            id="all three ways in one chat",
        ),
        pytest.param([], [], id="no message"),
    ],
)
def test_messages_are_split(messages: list[Said], numbers: list[int]) -> None:
    found = split_conversations(table(messages), FIXED)
    assert found.tolist() == numbers
    assert found.dtype == "int64"


def test_the_numbers_are_aligned_with_the_index() -> None:
    messages = table(minutes(0, 100))
    messages.index = pd.Index([40, 7])
    assert split_conversations(messages, FIXED).to_dict() == {40: 0, 7: 1}


def test_the_table_is_left_as_it_was() -> None:
    messages = table([Said(9 * HOUR, text="早", id="2"), Said(0, quotes="早", answers="2")])
    before = messages.copy(deep=True)
    split_conversations(messages, SplitRules(limit=1))
    pd.testing.assert_frame_equal(messages, before)


def test_time_order_is_stable_and_chat_by_chat() -> None:
    messages = table(
        [
            Said(9, chat="b", text="0"),
            Said(5, text="1"),
            Said(None, chat="b", text="2", record=0),
            Said(9, chat="b", text="3"),
            Said(1, chat="b", text="4"),
        ]
    )
    ordered = in_time_order(messages)
    assert ordered["text"].tolist() == ["4", "0", "3", "2", "1"]
    assert ordered.index.tolist() == [0, 1, 2, 3, 4]
    assert ordered.dtypes.equals(messages.dtypes)


SHORT = SplitRules("fixed", timedelta(seconds=60), timedelta(seconds=180))


@pytest.mark.parametrize(
    ("messages", "numbers"),
    [
        pytest.param([Said(0), Said(180), Said(360)], [0, 0, 0], id="one side goes on"),
        pytest.param([Said(0), Said(181)], [0, 1], id="longer than a burst"),
        pytest.param([Said(0), Said(100, me=True)], [0, 1], id="the other side speaks"),
        pytest.param(
            [Said(0, me=True), Said(70, kind=Kind.RECALL), Said(140, me=True)],
            [0, 0, 0],
            id="a notice between is not another side",
        ),
        pytest.param(
            [Said(0, me=True), Said(0, chat="b", kind=Kind.SYSTEM), Said(100, chat="b")],
            [0, 1, 1],
            id="a notice before anything was said in the chat",
        ),
        pytest.param(
            [Said(0, me=None, sender="x"), Said(100, me=None, sender="y")],
            [0, 1],
            id="who is me is not known yet",
        ),
        pytest.param(
            [Said(0, sender="x"), Said(100, sender="y")], [0, 0], id="two others are one side"
        ),
    ],
)
def test_a_pause_within_a_burst_never_splits(messages: list[Said], numbers: list[int]) -> None:
    assert split(messages, SHORT) == numbers


def test_a_side_column_says_who_speaks() -> None:
    messages = table([Said(0, me=None), Said(100, me=None)])
    messages["side"] = [Side.ME.value, Side.OTHER.value]
    assert split_conversations(messages, SHORT).tolist() == [0, 1]
    messages["side"] = [Side.ME.value, Side.ME.value]
    assert split_conversations(messages, SHORT).tolist() == [0, 0]


@pytest.mark.parametrize(
    ("messages", "numbers"),
    [
        pytest.param(
            [Said(0, id="7"), Said(5 * HOUR, answers="7")], [0, 0], id="the id of the answered"
        ),
        pytest.param(
            [Said(0, text="吃了吗"), Said(5 * HOUR, quotes="吃了吗")], [0, 0], id="the quoted text"
        ),
        pytest.param(
            [Said(0, text="吃了吗"), Said(5 * HOUR, quotes=" 吃了吗\n")],
            [0, 0],
            id="blanks around the quoted text",
        ),
        pytest.param(
            [Said(0, text="吃了吗"), Said(5 * HOUR, quotes="吃了吗", answers="gone")],
            [0, 0],
            id="the answered id is not there, its text is",
        ),
        pytest.param(
            [
                Said(0, id="7"),
                Said(60),
                Said(5 * HOUR),
                Said(5 * HOUR + 60, answers="7"),
                Said(5 * HOUR + 120),
            ],
            [0, 0, 0, 0, 0],
            id="everything between stays",
        ),
        pytest.param(
            [Said(0, id="7"), Said(3 * HOUR), Said(6 * HOUR, answers="7")],
            [0, 1, 2],
            id="another talk lies between",
        ),
        pytest.param(
            [Said(0, id="7"), Said(24 * HOUR, answers="7")], [0, 0], id="a day back at most"
        ),
        pytest.param(
            [Said(0, id="7"), Said(24 * HOUR + 1, answers="7")], [0, 1], id="more than a day back"
        ),
        pytest.param(
            [Said(0, id="7"), Said(5 * HOUR, answers="7", chat="b")], [0, 1], id="another chat"
        ),
        pytest.param(
            [Said(0, text="好"), Said(5 * HOUR, text="好"), Said(5 * HOUR + 60, quotes="好")],
            [0, 1, 1],
            id="the nearest of equal texts is answered",
        ),
        pytest.param(
            [Said(0, id="7"), Said(5 * HOUR, id="7"), Said(5 * HOUR + 60, answers="7")],
            [0, 1, 1],
            id="the nearest of equal ids is answered",
        ),
        pytest.param(
            [Said(0, text="早"), Said(5 * HOUR, text="早", quotes="早")],
            [0, 0],
            id="nobody answers himself",
        ),
        pytest.param(
            [Said(0, answers="7"), Said(5 * HOUR, id="7")], [0, 1], id="nobody answers the future"
        ),
        pytest.param(
            [Said(0, id="1"), Said(5 * HOUR, answers="1"), Said(10 * HOUR, answers="1")],
            [0, 0, 1],
            id="a long talk is not made of every reply to its beginning",
        ),
        pytest.param(
            [
                Said(0, id="1"),
                Said(5 * HOUR, id="2", answers="1"),
                Said(10 * HOUR, id="3", answers="2"),
                Said(20 * HOUR),
            ],
            [0, 0, 0, 1],
            id="a chain of replies",
        ),
        pytest.param(
            [Said(0, text="早"), Said(None, quotes="早")], [0, 1], id="a reply without a time"
        ),
        pytest.param(
            [Said(0, id="7", record=1), Said(5 * HOUR, answers="7")],
            [0, 1],
            id="a record is left alone",
        ),
    ],
)
def test_a_reply_overrides_the_gap(messages: list[Said], numbers: list[int]) -> None:
    assert split(messages) == numbers


def test_a_chat_has_its_own_gap_where_one_is_given() -> None:
    messages = table([*minutes(0, 40), *minutes(0, 40, chat="b")])
    given_gaps = {"b": timedelta(minutes=45)}
    for rules in (FIXED, SplitRules()):
        assert split_conversations(messages, rules, given_gaps).tolist() == [0, 1, 2, 2]


def test_each_chat_is_split_at_its_own_valley() -> None:
    # Talks of nine messages, every 20 hours, in one chat within seconds and in the other hours.
    quick = [Said(day * 20 * HOUR + line * 20) for day in range(60) for line in range(9)]
    slow = [
        Said(day * 20 * HOUR + line * 45 * 60, chat="b") for day in range(60) for line in range(9)
    ]
    numbers = split_conversations(table([*quick, *slow]), SplitRules()).tolist()
    expected = [day for day in range(60) for _line in range(9)]
    assert numbers == [*expected, *(60 + day for day in expected)]


@pytest.mark.parametrize(
    "wrong",
    [
        {"mode": "often"},
        {"unit": "words"},
        {"gap": timedelta(seconds=-1)},
        {"burst": timedelta(seconds=-1)},
        {"limit": -1},
    ],
)
def test_rules_are_checked(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"no such|below zero"):
        SplitRules(**wrong)  # type: ignore[arg-type]  # wrong on purpose


# Every message has its own time, so that the order of rows says nothing.
_MESSAGES = st.lists(
    st.builds(
        Said,
        at=st.one_of(st.none(), st.integers(0, 3 * 24 * 60).map(lambda minute: minute * 60)),
        me=st.booleans(),
        text=st.sampled_from(["嗯", "好的好的", "在吗", "哈哈哈哈哈哈"]),
        chat=st.sampled_from("ab"),
        id=st.one_of(st.none(), st.sampled_from("123")),
        answers=st.one_of(st.none(), st.none(), st.sampled_from("123")),
        quotes=st.one_of(st.none(), st.none(), st.sampled_from(["嗯", "在吗"])),
        record=st.one_of(st.none(), st.none(), st.integers(0, 2)),
        kind=st.sampled_from([Kind.TEXT, Kind.TEXT, Kind.SYSTEM]),
    ),
    max_size=25,
    unique_by=lambda said: object() if said.at is None else (said.chat, said.at),
)
_RULES = st.builds(
    SplitRules,
    mode=st.sampled_from(["adaptive", "fixed"]),
    gap=st.integers(0, 300).map(lambda count: timedelta(minutes=count)),
    burst=st.integers(0, 5).map(lambda count: timedelta(minutes=count)),
    limit=st.integers(0, 20),
    unit=st.sampled_from(["characters", "tokens"]),
)


@settings(deadline=None)
@given(messages=_MESSAGES, rules=_RULES)
def test_every_message_has_one_number_and_numbers_follow_the_time(
    messages: list[Said], rules: SplitRules
) -> None:
    said = table(messages)
    numbers = split_conversations(said, rules)
    assert len(numbers) == len(said)
    ordered = in_time_order(said.assign(conversation=numbers))
    found = ordered["conversation"].tolist()
    assert list(dict.fromkeys(found)) == list(range(len(set(found))))
    for _number, rows in ordered.groupby("conversation"):
        assert len(set(rows["chat"])) == 1
        assert len(set(rows["record"].fillna(-1))) == 1
        assert len(set(rows["time"].isna())) == 1 or rows["record"].notna().all()
    # Timed messages of a conversation have none of another conversation of the chat between them.
    timed = ordered[ordered["record"].isna() & ordered["time"].notna()]
    assert timed["conversation"].is_monotonic_increasing


@settings(deadline=None)
@given(messages=_MESSAGES, rules=_RULES, data=st.data())
def test_the_split_does_not_depend_on_the_order_of_rows(
    messages: list[Said], rules: SplitRules, data: st.DataObject
) -> None:
    timed = [each for each in messages if each.at is not None and each.record is None]
    mixed = data.draw(st.permutations(range(len(timed))))
    straight = split_conversations(table(timed), rules)
    turned = split_conversations(table([timed[place] for place in mixed]), rules)
    turned.index = pd.Index(mixed)
    pairs = set(zip(straight, turned.sort_index(), strict=True))
    assert len(pairs) == straight.nunique() == turned.nunique()


@settings(deadline=None)
@given(messages=_MESSAGES, rules=_RULES)
def test_a_conversation_split_again_stays_whole(messages: list[Said], rules: SplitRules) -> None:
    said = table(messages)
    numbers = split_conversations(said, rules)
    assert split_conversations(said, rules).equals(numbers)
    gaps = dict.fromkeys("ab", rules.gap)
    numbers = split_conversations(said, rules, gaps)
    for _number, rows in said.groupby(numbers):
        assert set(split_conversations(rows, rules, gaps)) == {0}


@settings(deadline=None)
@given(messages=_MESSAGES, rules=_RULES)
def test_gap_burst_and_replies_as_the_plain_words_say(
    messages: list[Said], rules: SplitRules
) -> None:
    timed = sorted(
        (each for each in messages if each.at is not None and each.record is None),
        key=lambda each: (each.chat, each.at),
    )
    plain = SplitRules("fixed", rules.gap, rules.burst)
    assert split(timed, plain) == _by_hand(timed, plain)


def _by_hand(messages: list[Said], rules: SplitRules) -> list[int]:
    """Return what the rules say, message by message, for timed messages in order."""
    heads = [_begins_a_stretch(messages, place, rules) for place in range(len(messages))]
    joined = set()
    for place, reply in enumerate(messages):
        answered = _answered(messages, place)
        if answered is not None and (reply.at or 0) - (messages[answered].at or 0) <= 24 * HOUR:
            between = [each for each in range(answered + 1, place + 1) if heads[each]]
            joined |= set(between if len(between) == 1 else [])
    count = -1
    return [count := count + (head and at not in joined) for at, head in enumerate(heads)]


def _begins_a_stretch(messages: list[Said], place: int, rules: SplitRules) -> bool:
    if place == 0 or messages[place].chat != messages[place - 1].chat:
        return True
    pause = timedelta(seconds=(messages[place].at or 0) - (messages[place - 1].at or 0))
    one_side = _side(messages, place) == _side(messages, place - 1)
    return pause > rules.gap and not (one_side and pause <= rules.burst)


def _side(messages: list[Said], place: int) -> bool | None:
    """Return the side of a message; a notice has that of the nearest above, or else below."""
    mine = [at for at, each in enumerate(messages) if each.chat == messages[place].chat]
    spoken = [at for at in mine if messages[at].kind is Kind.TEXT]
    above, below = [at for at in spoken if at <= place], [at for at in spoken if at > place]
    return messages[(above[-1:] or below[:1])[0]].me if spoken else None


def _answered(messages: list[Said], place: int) -> int | None:
    reply = messages[place]
    above = [at for at in range(place) if messages[at].chat == reply.chat]
    by_id = [at for at in above if reply.answers and messages[at].id == reply.answers]
    by_text = [at for at in above if reply.quotes and messages[at].text == reply.quotes]
    return max(by_id, default=max(by_text, default=None))
