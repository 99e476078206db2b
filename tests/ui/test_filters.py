from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curation.model import ConversationFilter, FindingFilter, Status
from curation.ui.filters import from_query, to_query

DAYS = st.none() | st.dates(min_value=date(1970, 1, 2))
LENGTHS = st.none() | st.integers(0, 999_999)
FILTERS = st.builds(
    ConversationFilter,
    statuses=st.lists(st.sampled_from(Status), unique=True).map(tuple),
    chats=st.lists(st.text(min_size=1), unique=True).map(tuple),
    text=st.text(),
    emotion=st.text(),
    findings=st.sampled_from(FindingFilter),
    first_day=DAYS,
    last_day=DAYS,
    min_length=LENGTHS,
    max_length=LENGTHS,
    duplicates=st.booleans(),
)


@given(FILTERS)
def test_a_filter_comes_back_from_its_address(flt: ConversationFilter) -> None:
    assert from_query(to_query(flt)) == flt


def test_a_filter_that_does_not_filter_leaves_the_address_bare() -> None:
    assert to_query(ConversationFilter()) == {}


@pytest.mark.parametrize(
    "query",
    [
        pytest.param({"status": ["gone"]}, id="status"),
        pytest.param({"from": ["2024-13-01"], "to": ["today"]}, id="days"),
        pytest.param({"min": ["-1"], "max": ["9" * 40]}, id="lengths"),
        pytest.param({"min": ["٣"]}, id="other digits"),
        pytest.param({"pii": ["?"], "q": []}, id="findings"),
    ],
)
def test_what_means_nothing_is_passed_over(query: dict[str, list[str]]) -> None:
    assert from_query(query) == ConversationFilter()
