"""A newer export adds only what is new, and nothing that a person touched is altered."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from curation.workflow.overlap import new_messages, new_records, owners_of_new, record_digests

Row = tuple[str | None, str, int | None, str]  # id, side, seconds, text


def table(rows: list[Row]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=pd.Index(["source_id", "side", "seconds", "text"])).astype(
        {"source_id": "object", "seconds": "Int64", "text": "object", "side": "object"}
    )


HAHA: Row = (None, "me", 5, "哈哈")


@pytest.mark.parametrize(
    ("known", "incoming", "expected"),
    [
        pytest.param([], [HAHA, HAHA], [True, True], id="everything is new in a new chat"),
        pytest.param([HAHA], [HAHA], [False], id="the same message"),
        pytest.param([HAHA, HAHA], [HAHA, HAHA], [False, False], id="two identical, both known"),
        pytest.param([HAHA], [HAHA, HAHA], [False, True], id="the second identical one is new"),
        pytest.param([HAHA], [(None, "other", 5, "哈哈")], [True], id="the other side said it"),
        pytest.param([HAHA], [(None, "me", 6, "哈哈")], [True], id="a second later"),
        pytest.param([("1", "me", 5, "哈")], [("1", "me", 5, "哈")], [False], id="same id"),
        pytest.param(
            [("1", "me", 5, "哈"), ("3", "me", 7, "嗯")],
            [("2", "me", 5, "哈"), ("3", "me", 7, "嗯")],
            [True, False],
            id="another id",
        ),
        pytest.param([("1", "me", 5, "哈")], [("2", "me", 5, "哈")], [False], id="no id in common"),
        pytest.param(
            [("1", "me", 5, "哈"), ("7437270000000000001", "me", 7, "嗯")],
            [("7437270000000000001", "me", 7, "嗯"), ("7437270000000000002", "me", 5, "哈")],
            [False, False],
            id="what another tool brought in",
        ),
        pytest.param([("1", "me", 5, "哈")], [("1", "me", 9, "嗯")], [True], id="an id made up"),
        pytest.param([("1", "me", 5, "哈")], [("1", "me", 5, "[已撤回]")], [False], id="recalled"),
        pytest.param(
            [("1", "me", 5, "哈")], [("1", "me", 28805, "哈")], [False], id="zone changed"
        ),
        pytest.param([("1", "me", 5, "哈")], [("1", "me", 6, "哈")], [False], id="rounded"),
        pytest.param([("17", "me", 5, "嗯")], [("17", "me", 9, "嗯")], [True], id="by chance"),
        pytest.param(
            [("1", "me", 5, "哈")],
            [("1", "me", 5, "哈"), ("2", "me", 5, "哈")],
            [False, True],
            id="same id and one more of the same text",
        ),
        pytest.param([("1", "me", 5, "哈")], [(None, "me", 5, "哈")], [False], id="id was lost"),
        pytest.param([(None, "me", 5, "哈")], [("1", "me", 5, "哈")], [False], id="id is told now"),
        pytest.param(
            [("1", "me", 5, "哈")],
            [("1", "me", 5, "哈"), (None, "me", 5, "哈")],
            [False, True],
            id="a known one counts once, by id or by content",
        ),
        pytest.param(
            [(None, "me", None, "哈")], [(None, "me", None, "哈")], [False], id="without times"
        ),
    ],
)
def test_new_messages(known: list[Row], incoming: list[Row], expected: list[bool]) -> None:
    assert new_messages(table(known), table(incoming)).tolist() == expected


rows = st.lists(
    st.tuples(
        st.none(), st.sampled_from(["me", "other"]), st.integers(0, 2), st.sampled_from("哈嗯")
    ),
    max_size=12,
)


@given(known=rows, more=rows)
def test_without_ids_a_newer_export_adds_exactly_the_difference(
    known: list[Row], more: list[Row]
) -> None:
    incoming = table([*known, *more])
    fresh = incoming[new_messages(table(known), incoming)]
    added = Counter(fresh[["side", "seconds", "text"]].itertuples(index=False, name=None))
    assert added == Counter((side, seconds, text) for _id, side, seconds, text in more)


def test_times_that_lost_their_seconds_are_compared_by_the_minute() -> None:
    exact = table([(None, "me", at * 61, str(at)) for at in range(30)])
    mangled = exact.assign(seconds=exact["seconds"] // 60 * 60)
    assert not new_messages(exact, mangled).any()
    assert not new_messages(mangled, exact).any()


def test_records_are_known_by_their_sides_and_texts() -> None:
    messages = pd.DataFrame(
        {
            "record": [0, 0, 1, 1, 2, 2, 3, 3],
            "side": ["other", "me"] * 3 + ["me", "other"],
            "text": ["在吗", "在", "在吗", "在", "吃了", "嗯", "吃了", "嗯"],
        }
    )
    digests = record_digests(messages)
    assert digests[0] == digests[1]
    assert len(set(digests)) == 3
    assert new_records(digests, Counter([digests[0]])) == [1, 2, 3]
    assert new_records(digests, Counter(digests.tolist())) == []


def owners(known: list[tuple[int, int, bool]], incoming: list[int]) -> list[int | None]:
    held = pd.DataFrame(known, columns=pd.Index(["time", "conversation_id", "touched"])).astype(
        {"time": "Int64"}
    )
    fresh = pd.DataFrame({"seconds": pd.array(incoming, dtype="Int64")})
    found = owners_of_new(held, fresh, timedelta(seconds=60))
    return [None if pd.isna(value) else int(value) for value in found]


@pytest.mark.parametrize(
    ("known", "incoming", "expected"),
    [
        pytest.param([(0, 7, False)], [30, 90], [7, 7], id="it goes on"),
        pytest.param([(0, 7, False)], [61], [None], id="after a long pause it is a new one"),
        pytest.param([(0, 7, False)], [60], [7], id="a pause of exactly the gap is not long"),
        pytest.param([(0, 7, True)], [30], [None], id="a touched one is never altered"),
        pytest.param([(100, 7, False)], [50], [7], id="before its start"),
        pytest.param([(0, 7, True), (50, 8, False)], [20], [8], id="rather the untouched one"),
        pytest.param([(0, 7, False), (50, 8, False)], [20, 70], [7, 8], id="the one before it"),
        pytest.param([(0, 7, False)], [30, 300], [7, None], id="some go on, some do not"),
    ],
)
def test_new_messages_continue_untouched_conversations(
    known: list[tuple[int, int, bool]], incoming: list[int], expected: list[int | None]
) -> None:
    assert owners(known, incoming) == expected
